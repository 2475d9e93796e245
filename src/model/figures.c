#include "model/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures_private.h"
#include "model/curve.h"
#include "training_private.h"

#define RARE 0.01 /* false positive rate at which recall is told */

static guint
positives(const struct scored *scored, guint n)
{
	guint sum = 0;

	for (guint i = 0; i < n; i++)
		sum += scored[i].positive ? 1 : 0;
	return sum;
}

static gboolean
is_telling(const struct figure_row *row)
{
	return row->n >= TRAINING_GROUP_MIN &&
	       row->positive >= TRAINING_CLASS_MIN &&
	       row->n - row->positive >= TRAINING_CLASS_MIN;
}

static void
row_free(gpointer data)
{
	struct figure_row *row = data;

	g_free(row->name);
	g_free(row->baselines);
	g_free(row);
}

static struct figure_row *
row_new(const struct material *material, const char *by, const char *name)
{
	const struct evaluation *evaluation = material->evaluation;
	g_autofree struct scored *scored = part_room(evaluation);
	struct figure_row *row = g_new0(struct figure_row, 1);
	gboolean inside = strcmp(by, "language") == 0 ||
			  strcmp(by, evaluation_group(evaluation)) == 0;
	struct part part = { by, name, FALSE, inside, NULL };

	row->by = by;
	row->name = g_strdup(name != NULL ? name : "all");
	row->n = part_select(material, &part, scored);
	row->positive = positives(scored, row->n);
	row->held = part_held(material, &part);
	row->auc = metrics_auc(scored, row->n);
	row->baselines = g_new(double, evaluation->baselines->len + 1);
	for (guint i = 0; i < evaluation->baselines->len; i++) {
		part.scores =
			g_array_index(evaluation->baselines, struct baseline, i)
				.scores;
		row->baselines[i] = part.scores != NULL
					    ? part_area(material, &part)
					    : (double)NAN;
	}
	part.scores = NULL;
	part.pitches = TRUE;
	row->pitches = evaluation->kind == MODEL_OUTREACH
			       ? part_area(material, &part)
			       : (double)NAN;
	return row;
}

/* Asked before a row is made: hundreds of senders have a mail or two. */
static gboolean
is_large(const struct evaluation *evaluation, const char *by, const char *name)
{
	guint n = 0;

	for (guint i = 0; i < evaluation->judged->len; i++)
		if (strcmp(part_name(part_judged(evaluation, i), by), name) ==
		    0)
			n++;
	return n >= TRAINING_GROUP_MIN;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

/* A row for each name that judgements have, in order. */
static void
add_rows(struct figures *figures, const struct material *material,
	 const char *by)
{
	const struct evaluation *evaluation = material->evaluation;
	g_autoptr(GHashTable) names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	gboolean choose = evaluation->kind == MODEL_OUTREACH &&
			  strcmp(by, evaluation_group(evaluation)) == 0;
	GList *sorted;

	for (guint i = 0; i < evaluation->judged->len; i++)
		g_hash_table_add(
			names,
			g_strdup(part_name(part_judged(evaluation, i), by)));
	sorted = g_list_sort(g_hash_table_get_keys(names), by_name);
	for (GList *at = sorted; at != NULL; at = at->next) {
		struct figure_row *row;

		if (*(const char *)at->data == '\0' ||
		    (choose && !is_large(evaluation, by, at->data)))
			continue;
		row = row_new(material, by, at->data);
		if (choose && !is_telling(row))
			row_free(row);
		else
			g_ptr_array_add(figures->rows, row);
	}
	g_list_free(sorted);
}

static void
add_mean(struct figures *figures, const struct evaluation *evaluation)
{
	g_autofree double *values = g_new(double, figures->rows->len + 1);
	guint n = 0;

	for (guint i = 0; i < figures->rows->len; i++) {
		const struct figure_row *row = figures->rows->pdata[i];

		if (strcmp(row->by, evaluation_group(evaluation)) == 0 &&
		    is_telling(row))
			values[n++] = row->auc.value;
	}
	figures->mean = metrics_mean(values, n);
	/* Of two groups t is 12.7; NaN stays. */
	figures->mean.low = MAX(0, figures->mean.low);
	figures->groups = n;
}

/* How a judge's groups compare with ours: the mean of its own, and who wins. */
static void
compare_groups(const struct figures *figures, guint place,
	       struct figure_baseline *own)
{
	const char *group = evaluation_group(figures->evaluation);
	double sum = 0;

	for (guint i = 0; i < figures->rows->len; i++) {
		const struct figure_row *row = figures->rows->pdata[i];
		double theirs = row->baselines[place];

		if (strcmp(row->by, group) != 0 || !is_telling(row) ||
		    isnan(theirs))
			continue;
		own->of++;
		own->won += row->auc.value > theirs ? 1 : 0;
		sum += theirs;
	}
	own->mean = own->of > 0 ? sum / own->of : (double)NAN;
}

static void
add_baseline(struct figures *figures, const struct material *material,
	     gint place)
{
	const struct evaluation *evaluation = figures->evaluation;
	struct figure_baseline own = { .baseline = NULL };
	g_autofree struct scored *scored = part_room(evaluation);
	g_autofree double *ours = NULL;
	struct part part = { .by = "all" };

	if (place >= 0) {
		own.baseline = &g_array_index(evaluation->baselines,
					      struct baseline, (guint)place);
		part.scores = own.baseline->scores;
	}
	own.mean = figures->mean.value;
	if (place < 0 || part.scores != NULL)
		own.n = part_select(material, &part, scored);
	own.auc = metrics_auc(scored, own.n);
	own.average_precision = curve_average_precision(scored, own.n);
	own.recall = curve_recall_at(scored, own.n, RARE);
	own.ours = own.auc.value;
	if (place >= 0) {
		compare_groups(figures, (guint)place, &own);
		ours = g_new(double, evaluation->judged->len + 1);
		for (guint i = 0; i < evaluation->judged->len; i++)
			ours[i] =
				part.scores == NULL || isnan(part.scores[i])
					? (double)NAN
					: part_judged(evaluation, i)->decision;
		part.scores = ours;
		own.ours = part_area(material, &part);
	}
	g_array_append_val(figures->baselines, own);
}

static void
add_kind(struct figures *figures, const GArray *judged, enum corpus_kind kind)
{
	const double *thresholds = figures->evaluation->thresholds;
	struct figure_kind own = { .kind = kind };
	guint low = 0;

	for (guint i = 0; i < judged->len; i++) {
		const struct judged *one =
			&g_array_index(judged, struct judged, i);

		if (one->kind != kind)
			continue;
		own.n++;
		own.positive = one->positive;
		own.mean += one->probability;
		low += one->probability >= thresholds[0] ? 1 : 0;
		own.high_n += one->probability >= thresholds[1] ? 1 : 0;
	}
	if (own.n == 0)
		return;
	own.mean /= own.n;
	own.low = metrics_share(low, own.n);
	own.high = metrics_share(own.high_n, own.n);
	g_array_append_val(figures->kinds, own);
}

static struct figure_buyer *
buyer_find(GArray *buyers, const char *profile)
{
	struct figure_buyer fresh = { .profile = profile };

	for (guint i = 0; i < buyers->len; i++) {
		struct figure_buyer *buyer =
			&g_array_index(buyers, struct figure_buyer, i);

		if (strcmp(buyer->profile, profile) == 0)
			return buyer;
	}
	g_array_append_val(buyers, fresh);
	return &g_array_index(buyers, struct figure_buyer, buyers->len - 1);
}

static int
by_profile(gconstpointer a, gconstpointer b)
{
	const struct figure_buyer *x = a;
	const struct figure_buyer *y = b;

	return strcmp(x->profile, y->profile);
}

/* Sums of scores, until all are in, stand where the means will. */
static void
buyer_count(struct figure_buyer *buyer, const struct judged *judged,
	    const double thresholds[2])
{
	int grade = CLAMP(judged->grade, 0, 3);

	buyer->n[grade]++;
	buyer->mean[grade] += judged->probability;
	buyer->low[grade] += judged->probability >= thresholds[0] ? 1 : 0;
	buyer->high[grade] += judged->probability >= thresholds[1] ? 1 : 0;
}

static void
add_buyers(struct figures *figures)
{
	const struct evaluation *evaluation = figures->evaluation;

	for (guint i = 0; i < evaluation->judged->len; i++) {
		const struct judged *judged = part_judged(evaluation, i);

		if (judged->profile != NULL)
			buyer_count(
				buyer_find(figures->buyers, judged->profile),
				judged, evaluation->thresholds);
	}
	for (guint i = 0; i < figures->buyers->len; i++) {
		struct figure_buyer *buyer =
			&g_array_index(figures->buyers, struct figure_buyer, i);

		/* None of a grade: 0 / 0 is not told. */
		for (guint k = 0; k < G_N_ELEMENTS(buyer->n); k++)
			buyer->mean[k] /= buyer->n[k];
	}
	g_array_sort(figures->buyers, by_profile);
}

static void
add_relevance(struct figures *figures, const struct material *material)
{
	const struct evaluation *evaluation = figures->evaluation;
	g_autofree struct scored *scored =
		figures_decisions(figures->evaluation);
	guint n = evaluation->judged->len;
	g_autofree guint *words = g_new(guint, n + 1);
	guint unwanted = 0;
	guint under = 0;

	for (guint i = 0; i < n; i++) {
		const struct judged *judged = part_judged(evaluation, i);

		words[i] = judged->words;
		scored[i].group = material->group[i];
		if (!judged_unwanted(judged))
			continue;
		unwanted++;
		under += judged->probability <= evaluation->thresholds[0] ? 1
									  : 0;
	}
	figures->matched = metrics_auc_matched(scored, words, n);
	figures->unwanted = metrics_share(under, unwanted);
	add_buyers(figures);
}

static void
add_all(struct figures *figures, const struct material *material)
{
	static const char *const parts[] = { "known by", "source", "language",
					     "kind" };
	const struct evaluation *evaluation = figures->evaluation;
	g_autofree struct scored *scored = figures_probabilities(evaluation);
	guint n = evaluation->judged->len;

	g_ptr_array_add(figures->rows, row_new(material, "all", NULL));
	for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
		add_rows(figures, material, parts[i]);
	add_rows(figures, material, evaluation_group(evaluation));
	add_mean(figures, evaluation);
	for (gint i = -1; i < (gint)evaluation->baselines->len; i++)
		add_baseline(figures, material, i);
	for (guint i = 0; corpus_kinds[i] != NULL; i++) {
		add_kind(figures, evaluation->judged, (enum corpus_kind)i);
		add_kind(figures, evaluation->frauds, (enum corpus_kind)i);
	}
	for (guint i = 0; i < G_N_ELEMENTS(figures->points); i++)
		figures->points[i] =
			metrics_at(scored, n, evaluation->thresholds[i]);
	figures->calibration = metrics_calibration(scored, n);
	if (evaluation->kind == MODEL_RELEVANCE)
		add_relevance(figures, material);
	figures->average_precision =
		g_array_index(figures->baselines, struct figure_baseline, 0)
			.average_precision;
}

struct figures *
figures_new(const struct evaluation *evaluation)
{
	const struct estimate untold = { (double)NAN, (double)NAN,
					 (double)NAN };
	struct figures *figures = g_new0(struct figures, 1);
	struct material material;

	figures->evaluation = evaluation;
	figures->rows = g_ptr_array_new_with_free_func(row_free);
	figures->kinds = g_array_new(FALSE, TRUE, sizeof(struct figure_kind));
	figures->buyers = g_array_new(FALSE, TRUE, sizeof(struct figure_buyer));
	figures->baselines =
		g_array_new(FALSE, TRUE, sizeof(struct figure_baseline));
	figures->matched = untold;
	figures->unwanted = untold;
	material_open(&material, evaluation);
	add_all(figures, &material);
	material_close(&material);
	return figures;
}

void
figures_free(struct figures *figures)
{
	if (figures == NULL)
		return;
	g_ptr_array_unref(figures->rows);
	g_array_unref(figures->kinds);
	g_array_unref(figures->buyers);
	g_array_unref(figures->baselines);
	g_free(figures);
}

static struct scored *
scored_all(const struct evaluation *evaluation, gboolean probabilities)
{
	struct scored *scored = part_room(evaluation);

	for (guint i = 0; i < evaluation->judged->len; i++) {
		const struct judged *judged = part_judged(evaluation, i);

		scored[i] = (struct scored){ probabilities ? judged->probability
							   : judged->decision,
					     judged->positive, 0 };
	}
	return scored;
}

struct scored *
figures_decisions(const struct evaluation *evaluation)
{
	return scored_all(evaluation, FALSE);
}

struct scored *
figures_probabilities(const struct evaluation *evaluation)
{
	return scored_all(evaluation, TRUE);
}
