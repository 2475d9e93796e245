/* How good the judgements of a corpus are, as text or as JSON. */
#include "eval_private.h"

#include <math.h>
#include <stdio.h>

#include "print_private.h"
#include "screen/screen.h"

#define MISTAKES	10
#define MISTAKE_REASONS 4

static void
print_estimate(const char *name, struct estimate estimate)
{
	char text[3][G_ASCII_DTOSTR_BUF_SIZE];

	if (isnan(estimate.value)) {
		printf("  %-24s not told: one class is missing\n", name);
		return;
	}
	printf("  %-24s %s", name,
	       g_ascii_formatd(text[0], sizeof text[0], "%.4f",
			       estimate.value));
	if (!isnan(estimate.low))
		printf("  (%s .. %s)",
		       g_ascii_formatd(text[1], sizeof text[1], "%.4f",
				       estimate.low),
		       g_ascii_formatd(text[2], sizeof text[2], "%.4f",
				       estimate.high));
	putchar('\n');
}

static void
print_point(const struct metrics_point *point, double threshold)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(text, sizeof text, "%.2f", threshold);
	printf(" at %s: %u right, %u wrong, %u missed, %u left alone\n", text,
	       point->true_positive, point->false_positive,
	       point->false_negative, point->true_negative);
	print_estimate("precision", point->precision);
	print_estimate("recall", point->recall);
}

static const struct figure_row *
pooled(const struct figures *figures)
{
	return figures->rows->pdata[0];
}

static void
print_figures(const struct eval_result *result)
{
	const struct evaluation *evaluation = result->evaluation;
	const struct figures *figures = result->figures;
	struct estimate error = { figures->calibration, NAN, NAN };

	printf("%s: %u judgements\n", model_kinds[evaluation->kind],
	       evaluation->judged->len);
	print_estimate("ROC AUC", pooled(figures)->auc);
	for (guint i = 0; i < G_N_ELEMENTS(figures->points); i++)
		print_point(&figures->points[i], evaluation->thresholds[i]);
	print_estimate("calibration error", error);
	if (!evaluation->seen)
		eval_figures_print(figures);
	if (result->streams)
		eval_stream_print(result->streams, evaluation->thresholds);
}

static json_t *
json_point(const struct metrics_point *point, double threshold)
{
	json_t *object = json_object();

	json_object_set_new(object, "threshold", json_real(threshold));
	json_object_set_new(object, "precision",
			    eval_json_estimate(point->precision));
	json_object_set_new(object, "recall",
			    eval_json_estimate(point->recall));
	json_object_set_new(object, "true_positive",
			    json_integer(point->true_positive));
	json_object_set_new(object, "false_positive",
			    json_integer(point->false_positive));
	json_object_set_new(object, "false_negative",
			    json_integer(point->false_negative));
	json_object_set_new(object, "true_negative",
			    json_integer(point->true_negative));
	return object;
}

static void
print_figures_json(const struct eval_result *result)
{
	const struct evaluation *evaluation = result->evaluation;
	const struct figures *figures = result->figures;
	guint n = evaluation->judged->len;
	json_t *object = json_object();
	json_t *points = json_array();

	for (guint i = 0; i < G_N_ELEMENTS(figures->points); i++)
		json_array_append_new(points,
				      json_point(&figures->points[i],
						 evaluation->thresholds[i]));
	json_object_set_new(object, "kind",
			    json_string(model_kinds[evaluation->kind]));
	json_object_set_new(object, "examples", json_integer(n));
	json_object_set_new(object, "auc",
			    eval_json_estimate(pooled(figures)->auc));
	json_object_set_new(object, "calibration_error",
			    n > 0 ? json_real(figures->calibration)
				  : json_null());
	json_object_set_new(object, "thresholds", points);
	eval_figures_json(figures, object);
	if (result->streams)
		json_object_set_new(object, "history",
				    eval_stream_json(result->streams,
						     evaluation->thresholds));
	print_json(object);
}

double
eval_wrongness(const struct judged *judged)
{
	return judged->positive ? 1 - judged->probability : judged->probability;
}

/* Nearer to the other label than to its own. */
static gboolean
is_mistake(const struct judged *judged)
{
	return eval_wrongness(judged) >= 0.5;
}

/* They point into one array: equally wrong ones stay in its order. */
static int
by_wrongness(gconstpointer a, gconstpointer b)
{
	const struct judged *x = *(const struct judged *const *)a;
	const struct judged *y = *(const struct judged *const *)b;
	double left = eval_wrongness(x);
	double right = eval_wrongness(y);

	if (left < right || left > right)
		return left < right ? 1 : -1;
	return (x > y) - (x < y);
}

GPtrArray *
eval_worst(const struct evaluation *evaluation, guint max)
{
	GPtrArray *worst = g_ptr_array_new();

	for (guint i = 0; i < evaluation->judged->len; i++)
		g_ptr_array_add(worst, &g_array_index(evaluation->judged,
						      struct judged, i));
	g_ptr_array_sort(worst, by_wrongness);
	g_ptr_array_set_size(worst, (gint)MIN(worst->len, max));
	return worst;
}

/* What moved this score: reasons of the kind in question only. */
static void
print_reasons(const char *kind, const GPtrArray *reasons)
{
	guint shown = 0;

	for (guint i = 0; reasons && i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];
		char weight[G_ASCII_DTOSTR_BUF_SIZE];

		if (!g_str_has_prefix(reason->name, kind) ||
		    shown++ == MISTAKE_REASONS)
			continue;
		printf("         %s  ",
		       g_ascii_formatd(weight, sizeof weight, "%+6.2f",
				       reason->weight));
		print_text(reason->name, FALSE);
		putchar('\n');
		if (shown == MISTAKE_REASONS)
			return;
	}
}

static void
print_mistake(const struct eval_result *result, const struct judged *judged)
{
	g_autoptr(GPtrArray) reasons = result->why(judged, result->data);
	char score[16];

	printf("    %s  ", print_share(judged->probability, score));
	print_text(judged->mail != NULL ? judged->mail->name : judged->source,
		   FALSE);
	printf("  (%s", corpus_kinds[judged->kind]);
	if (judged->profile != NULL)
		printf(", %s for %s",
		       judged->positive ? "relevant" : "not relevant",
		       judged->profile);
	puts(")");
	print_reasons(model_kinds[result->evaluation->kind], reasons);
}

static json_t *
json_reasons(const GPtrArray *reasons)
{
	json_t *list = json_array();

	for (guint i = 0; reasons && i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];
		json_t *entry = json_object();

		json_object_set_new(entry, "name",
				    print_json_text(reason->name));
		json_object_set_new(entry, "weight", json_real(reason->weight));
		json_array_append_new(list, entry);
	}
	return list;
}

static void
print_mistake_json(const struct eval_result *result,
		   const struct judged *judged)
{
	g_autoptr(GPtrArray) reasons = result->why(judged, result->data);
	json_t *object = json_object();

	json_object_set_new(object, "mistake",
			    json_string(model_kinds[result->evaluation->kind]));
	json_object_set_new(
		object, "file",
		print_json_text(judged->mail ? judged->mail->path : ""));
	json_object_set_new(object, "label", json_boolean(judged->positive));
	json_object_set_new(object, "score", json_real(judged->probability));
	json_object_set_new(object, "wrong", json_boolean(is_mistake(judged)));
	json_object_set_new(object, "profile",
			    print_json_text(judged->profile));
	json_object_set_new(object, "reasons", json_reasons(reasons));
	print_json(object);
}

/* What is not wrong is listed too, but not called a mistake. */
static void
print_heading(const struct judged *last, const struct judged *judged)
{
	if (last == NULL && is_mistake(judged))
		puts("  the worst mistakes");
	else if (last == NULL)
		puts("  no mistakes; the nearest to one");
	else if (is_mistake(last) && !is_mistake(judged))
		puts("  no mistakes, but near to one");
}

static void
print_mistakes(const struct eval_result *result, gboolean json)
{
	g_autoptr(GPtrArray) worst = eval_worst(result->evaluation, MISTAKES);
	const struct judged *last = NULL;

	for (guint i = 0; i < worst->len; i++) {
		const struct judged *judged = worst->pdata[i];

		if (json) {
			print_mistake_json(result, judged);
		} else {
			print_heading(last, judged);
			print_mistake(result, judged);
		}
		last = judged;
	}
}

void
eval_print(const struct eval_result *result, gboolean json)
{
	if (json)
		print_figures_json(result);
	else
		print_figures(result);
	print_mistakes(result, json);
}
