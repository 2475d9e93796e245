#include "model/evaluation.h"

static void
baseline_clear(gpointer data)
{
	struct baseline *baseline = data;

	g_free(baseline->scores);
}

struct evaluation *
evaluation_new(enum model_kind kind)
{
	struct evaluation *evaluation = g_new0(struct evaluation, 1);
	gboolean outreach = kind == MODEL_OUTREACH;

	evaluation->kind = kind;
	evaluation->judged = g_array_new(FALSE, TRUE, sizeof(struct judged));
	evaluation->frauds = g_array_new(FALSE, TRUE, sizeof(struct judged));
	evaluation->baselines =
		g_array_new(FALSE, TRUE, sizeof(struct baseline));
	g_array_set_clear_func(evaluation->baselines, baseline_clear);
	evaluation->learning =
		g_array_new(FALSE, TRUE, sizeof(struct learning));
	evaluation->thresholds[0] = outreach ? 0.50 : 0.35;
	evaluation->thresholds[1] = outreach ? 0.80 : 0.65;
	return evaluation;
}

void
evaluation_free(struct evaluation *evaluation)
{
	if (evaluation == NULL)
		return;
	g_array_unref(evaluation->judged);
	g_array_unref(evaluation->frauds);
	g_array_unref(evaluation->baselines);
	g_array_unref(evaluation->learning);
	g_free(evaluation);
}

const char *
evaluation_group(const struct evaluation *evaluation)
{
	return evaluation->kind == MODEL_OUTREACH ? "author" : "buyer";
}

const char *
judged_group(const struct judged *judged)
{
	return judged->profile != NULL ? judged->profile : judged->author;
}

gboolean
judged_unwanted(const struct judged *judged)
{
	const GArray *grades;

	if (judged->profile == NULL || judged->mail == NULL)
		return FALSE;
	grades = judged->mail->grades;
	for (guint i = 0; i < grades->len; i++)
		if (g_array_index(grades, struct corpus_grade, i).grade > 0)
			return FALSE;
	return judged->grade == 0;
}

const char *
judged_language(const struct judged *judged)
{
	return judged->mail != NULL ? judged->mail->language : "";
}
