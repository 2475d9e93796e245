/* Curves over all thresholds, ours beside the other judges'. */
#include <math.h>

#include "base/html.h"
#include "eval_page_private.h"
#include "model/curve.h"

#define JUDGES_MAX 3

/* Rows of a table below a curve. */
#define PLACES 6

/* The model and the baselines that have a curve. */
struct judges {
	const char *names[JUDGES_MAX];
	struct scored *scored[JUDGES_MAX];
	guint n[JUDGES_MAX];
	guint count;
};

static struct scored *
baseline_scored(const struct evaluation *evaluation,
		const struct baseline *baseline, guint *n)
{
	struct scored *scored =
		g_new(struct scored, evaluation->judged->len + 1);

	*n = 0;
	for (guint i = 0; i < evaluation->judged->len; i++)
		if (!isnan(baseline->scores[i]))
			scored[(*n)++] = (struct scored){
				baseline->scores[i],
				g_array_index(evaluation->judged, struct judged,
					      i)
					.positive,
				0
			};
	return scored;
}

static void
judges_open(struct judges *judges, const struct evaluation *evaluation)
{
	judges->count = 1;
	judges->names[0] = "pitchward";
	judges->scored[0] = figures_decisions(evaluation);
	judges->n[0] = evaluation->judged->len;
	for (guint i = 0; i < evaluation->baselines->len; i++) {
		const struct baseline *baseline = &g_array_index(
			evaluation->baselines, struct baseline, i);
		guint at = judges->count;

		if (baseline->scores == NULL || baseline->by != NULL ||
		    at == JUDGES_MAX)
			continue;
		judges->names[at] = baseline->brief;
		judges->scored[at] =
			baseline_scored(evaluation, baseline, &judges->n[at]);
		judges->count++;
	}
}

static void
judges_close(struct judges *judges)
{
	for (guint i = 0; i < judges->count; i++)
		g_free(judges->scored[i]);
}

/* What differs between the two curves over all thresholds. */
struct curve_look {
	const char *id;
	const char *heading;
	const char *caption;
	const char *x;
	const char *y;
	gboolean diagonal;
	enum plot_corner legend;
	GArray *(*curve)(const struct scored *scored, guint n);
	/* The table below it: what each judge has at given places. */
	const char *column;
	double places[PLACES];
	double (*at)(const struct scored *scored, guint n, double place);
};

static void
draw_curves(const struct eval_section *section, const struct curve_look *look,
	    const struct judges *judges)
{
	g_autofree char *id = eval_plot_id(section, look->id);
	struct plot_series series[JUDGES_MAX];
	GArray *points[JUDGES_MAX];
	const struct plot plot = { .id = id,
				   .title = look->heading,
				   .desc = look->caption,
				   .x = { look->x, 0, 1, 0.2, 1 },
				   .y = { look->y, 0, 1, 0.2, 1 },
				   .series = series,
				   .n_series = judges->count,
				   .diagonal = look->diagonal,
				   .legend = look->legend };

	for (guint i = 0; i < judges->count; i++) {
		points[i] = eval_points(
			look->curve(judges->scored[i], judges->n[i]));
		series[i] = (struct plot_series){ judges->names[i], i,
						  PLOT_LINE, points[i] };
	}
	plot_draw(section->out, &plot);
	for (guint i = 0; i < judges->count; i++)
		g_array_unref(points[i]);
}

/* A column a judge. */
static void
table_judges(const struct eval_section *section, const struct curve_look *look,
	     const struct judges *judges)
{
	g_autoptr(GString) heads = g_string_new(look->column);

	for (guint i = 0; i < judges->count; i++)
		g_string_append_printf(heads, "|%s", judges->names[i]);
	html_table_open(section->out, NULL, heads->str);
	for (guint i = 0; i < PLACES; i++) {
		g_string_append(section->out, "<tr>");
		html_cell(section->out, look->places[i], 3);
		for (guint k = 0; k < judges->count; k++)
			html_cell(section->out,
				  look->at(judges->scored[k], judges->n[k],
					   look->places[i]),
				  3);
		g_string_append(section->out, "</tr>\n");
	}
	html_table_close(section->out);
}

static void
put_figure(const struct eval_section *section, const struct curve_look *look)
{
	struct judges judges;

	judges_open(&judges, section->result->evaluation);
	eval_figure_open(section, look->heading, look->caption);
	draw_curves(section, look, &judges);
	table_judges(section, look, &judges);
	eval_figure_close(section);
	judges_close(&judges);
}

void
eval_figure_roc(const struct eval_section *section)
{
	static const struct curve_look look = {
		"roc",
		"ROC curve",
		"Found share of the class against the share of other mail "
		"that is taken for it, over all thresholds. The dotted "
		"diagonal is chance.",
		"false positive rate",
		"true positive rate",
		TRUE,
		PLOT_BOTTOM_RIGHT,
		curve_roc,
		"found at false rate",
		{ 0.001, 0.005, 0.01, 0.02, 0.05, 0.1 },
		curve_recall_at
	};

	put_figure(section, &look);
}

/* The best precision at a recall of at least `recall`. */
static double
precision_at(const struct scored *scored, guint n, double recall)
{
	g_autoptr(GArray) points = curve_pr(scored, n);
	double best = (double)NAN;

	for (guint i = 0; i < points->len; i++) {
		const struct curve_point *point =
			&g_array_index(points, struct curve_point, i);

		if (point->x >= recall && !(best >= point->y))
			best = point->y;
	}
	return best;
}

void
eval_figure_pr(const struct eval_section *section)
{
	static const struct curve_look look = {
		"pr",
		"Precision and recall",
		"How much of what is taken for the class belongs to it, "
		"against how much of the class is found.",
		"recall",
		"precision",
		FALSE,
		PLOT_BOTTOM_LEFT,
		curve_pr,
		"precision at recall",
		{ 0.5, 0.6, 0.7, 0.8, 0.9, 0.95 },
		precision_at
	};

	put_figure(section, &look);
}
