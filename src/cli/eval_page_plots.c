/* The report's other plots, each with what it shows in words and numbers. */
#include <math.h>
#include <string.h>

#include "base/html.h"
#include "eval_page_private.h"
#include "model/curve.h"

static void
put_bin(GString *out, guint place, const struct metrics_bin *bin)
{
	struct estimate share = metrics_share(bin->positive, bin->n);

	g_string_append(out, "<tr><td>");
	html_number(out, place / 10.0, 1);
	g_string_append(out, " to ");
	html_number(out, (place + 1) / 10.0, 1);
	g_string_append(out, "</td>");
	html_count(out, bin->n);
	html_cell(out, bin->mean, 3);
	html_cell(out, share.value, 3);
	g_string_append(out, "</tr>\n");
}

void
eval_figure_calibration(const struct eval_section *section)
{
	static const char caption[] =
		"Ten bins of score: what was said against what came true, with "
		"95 % intervals; larger dots hold more mail. On the dotted "
		"line probabilities mean what they say.";
	const struct evaluation *evaluation = section->result->evaluation;
	g_autofree struct scored *scored = figures_probabilities(evaluation);
	g_autoptr(GArray) points =
		g_array_new(FALSE, FALSE, sizeof(struct plot_point));
	g_autofree char *id = eval_plot_id(section, "calibration");
	const struct plot_series series = { NULL, 0, PLOT_POINTS, points };
	const struct plot plot = { .id = id,
				   .title = "Calibration",
				   .desc = caption,
				   .x = { "mean score", 0, 1, 0.2, 1 },
				   .y = { "share of the class", 0, 1, 0.2, 1 },
				   .series = &series,
				   .n_series = 1,
				   .diagonal = TRUE };
	struct metrics_bin bins[METRICS_BINS];

	metrics_bins(scored, evaluation->judged->len, bins);
	for (guint i = 0; i < METRICS_BINS; i++) {
		struct estimate share =
			metrics_share(bins[i].positive, bins[i].n);
		const struct plot_point point = {
			bins[i].mean, share.value, share.low, share.high,
			2 + 5 * sqrt((double)bins[i].n /
				     MAX(evaluation->judged->len, 1))
		};

		if (bins[i].n > 0)
			g_array_append_val(points, point);
	}
	eval_figure_open(section, plot.title, caption);
	plot_draw(section->out, &plot);
	html_table_open(section->out, NULL,
			"score|judged|mean score|of the class");
	for (guint i = 0; i < METRICS_BINS; i++)
		put_bin(section->out, i, &bins[i]);
	html_table_close(section->out);
	eval_figure_close(section);
}

/* What a strip shows: a kind of mail, or for relevance a grade. */
struct strip_of {
	const GArray *judged;
	enum corpus_kind kind;
	int grade; /* -1: of the kind, whatever its grade */
};

static gboolean
strip_has(const struct strip_of *of, const struct judged *judged)
{
	return of->grade >= 0 ? judged->grade == of->grade
			      : judged->kind == of->kind;
}

/* Shares of each bar; returns how many there are. */
static guint
strip_fill(struct plot_strip *strip, const struct strip_of *of)
{
	guint n = 0;

	for (guint i = 0; i < of->judged->len; i++) {
		const struct judged *judged =
			&g_array_index(of->judged, struct judged, i);
		guint bar = (guint)CLAMP(judged->probability * PLOT_BARS, 0,
					 PLOT_BARS - 1);

		if (!strip_has(of, judged))
			continue;
		strip->bars[bar]++;
		n++;
	}
	for (guint i = 0; n > 0 && i < PLOT_BARS; i++)
		strip->bars[i] /= n;
	return n;
}

static void
strip_add(GArray *strips, const struct strip_of *of, const char *name,
	  gboolean positive)
{
	struct plot_strip strip = { .look = positive ? 0 : 2 };
	guint n = strip_fill(&strip, of);

	if (of->grade < 0 && of->kind == KIND_FRAUD)
		strip.look = 1;
	strip.name = g_strdup_printf("%s, %u", name, n);
	if (n > 0)
		g_array_append_val(strips, strip);
	else
		g_free(strip.name);
}

static GArray *
strips_new(const struct evaluation *evaluation)
{
	GArray *strips = g_array_new(FALSE, TRUE, sizeof(struct plot_strip));
	struct strip_of of = { evaluation->judged, KIND_OUTREACH, -1 };

	for (int i = 0; evaluation->kind == MODEL_RELEVANCE && i < 4; i++) {
		g_autofree char *name = g_strdup_printf("grade %d", i);

		of.grade = i;
		strip_add(strips, &of, name, i >= JUDGED_RELEVANT);
	}
	for (guint i = 0; evaluation->kind == MODEL_OUTREACH && corpus_kinds[i];
	     i++) {
		of.kind = (enum corpus_kind)i;
		of.judged = of.kind == KIND_FRAUD ? evaluation->frauds
						  : evaluation->judged;
		strip_add(strips, &of, corpus_kinds[i],
			  corpus_kind_sells(of.kind));
	}
	return strips;
}

/* The highest bar of all. */
static double
strips_high(const GArray *strips)
{
	double high = 0;

	for (guint i = 0; i < strips->len; i++)
		for (guint k = 0; k < PLOT_BARS; k++)
			high = MAX(high,
				   g_array_index(strips, struct plot_strip, i)
					   .bars[k]);
	return high > 0 ? high : 1;
}

static void
table_strips(GString *out, const GArray *strips)
{
	g_autoptr(GString) heads = g_string_new("score");

	for (guint i = 0; i < strips->len; i++) {
		const char *name =
			g_array_index(strips, struct plot_strip, i).name;

		g_string_append_printf(heads, "|%.*s", (int)strcspn(name, ","),
				       name);
	}
	html_table_open(out, "Share of each, in percent.", heads->str);
	for (guint bar = 0; bar < PLOT_BARS; bar += 2) {
		g_string_append(out, "<tr><td>");
		html_number(out, (double)bar / PLOT_BARS, 1);
		g_string_append(out, " to ");
		html_number(out, (double)(bar + 2) / PLOT_BARS, 1);
		g_string_append(out, "</td>");
		for (guint i = 0; i < strips->len; i++) {
			const double *bars =
				g_array_index(strips, struct plot_strip, i)
					.bars;

			html_cell(out, 100 * (bars[bar] + bars[bar + 1]), 1);
		}
		g_string_append(out, "</tr>\n");
	}
	html_table_close(out);
}

void
eval_figure_scores(const struct eval_section *section)
{
	const double *thresholds = section->result->evaluation->thresholds;
	gboolean outreach = section->result->evaluation->kind == MODEL_OUTREACH;
	const struct plot_mark marks[] = { { thresholds[0], NULL },
					   { thresholds[1], NULL } };
	g_autoptr(GArray) strips = strips_new(section->result->evaluation);
	g_autoptr(GString) caption = g_string_new(
		outreach ? "Where the scores of each kind of mail lie"
			 : "Where the scores of each grade lie");
	g_autofree char *id = eval_plot_id(section, "scores");
	struct plot_strips plot = {
		.id = id,
		.title = outreach ? "Scores by kind" : "Scores by grade",
		.label = "score",
		.high = strips_high(strips),
		.strips = (const struct plot_strip *)(void *)strips->data,
		.n = strips->len,
		.marks = marks,
		.n_marks = G_N_ELEMENTS(marks)
	};

	g_string_append(caption,
			"; the number is how many there are. Dotted: the two "
			"thresholds. A bar as high as the strip is ");
	html_number(caption, 100 * plot.high, 0);
	g_string_append(caption, " % of them.");
	plot.desc = caption->str;
	eval_figure_open_wide(section, plot.title, caption->str);
	if (strips->len > 0)
		plot_draw_strips(section->out, &plot);
	g_string_append(section->out, "<div>");
	table_strips(section->out, strips);
	eval_figure_close_wide(section);
	for (guint i = 0; i < strips->len; i++)
		g_free(g_array_index(strips, struct plot_strip, i).name);
}

/* A held mail that was wanted is the dear error of both kinds. */
static struct curve_cost
costs_of(const struct eval_section *section)
{
	struct curve_cost cost = { section->eval->cost, 1 };

	if (section->result->evaluation->kind == MODEL_RELEVANCE)
		cost = (struct curve_cost){ 1, section->eval->cost };
	return cost;
}

static void
table_costs(const struct eval_section *section, const struct scored *scored)
{
	static const double places[] = { 0.1, 0.2, 0.35, 0.5, 0.65,
					 0.8, 0.9, 0.95, 0.99 };
	gboolean outreach = section->result->evaluation->kind == MODEL_OUTREACH;
	const struct curve_cost cost = costs_of(section);
	guint n = section->result->evaluation->judged->len;
	GString *out = section->out;

	html_table_open(out, NULL,
			outreach ? "threshold|wanted mail held|pitches let in|"
				   "cost of 1,000"
				 : "threshold|relevant held|irrelevant let in|"
				   "cost of 1,000");
	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		struct metrics_point point = metrics_at(scored, n, places[i]);

		g_string_append(out, "<tr>");
		html_cell(out, places[i], 2);
		html_count(out, outreach ? point.false_positive
					 : point.false_negative);
		html_count(out, outreach ? point.false_negative
					 : point.false_positive);
		html_cell(out, curve_cost_at(scored, n, places[i], &cost), 0);
		g_string_append(out, "</tr>\n");
	}
	html_table_close(out);
}

/* 1, 2 or 5 times a power of ten, so that about four ticks fit. */
static double
step_for(double high)
{
	static const double steps[] = { 1, 2, 5, 10 };
	double power = pow(10, floor(log10(MAX(high, 1e-9) / 4)));

	for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
		if (high / (steps[i] * power) <= 5)
			return steps[i] * power;
	return 10 * power;
}

/* Twice the lowest cost of doing nothing: all let in, or all kept out. */
static struct plot_axis
cost_axis(const GArray *points)
{
	struct plot_axis axis = { "cost of 1,000 mails", 0, 1, 1, 0 };
	double first = 1;
	double last = 1;
	double high;

	if (points->len > 0) {
		first = g_array_index(points, struct plot_point, 0).y;
		last = g_array_index(points, struct plot_point, points->len - 1)
			       .y;
	}
	high = MAX(1.5 * MIN(first, last), 1);
	axis.step = step_for(high);
	axis.high = ceil(high / axis.step) * axis.step;
	return axis;
}

/* Where the curve is lowest; the first such place. */
static double
lowest(const GArray *points)
{
	guint best = 0;

	for (guint i = 1; i < points->len; i++)
		if (g_array_index(points, struct plot_point, i).y <
		    g_array_index(points, struct plot_point, best).y)
			best = i;
	return points->len > 0
		       ? g_array_index(points, struct plot_point, best).x
		       : 0;
}

static char *
cost_caption(const struct eval_section *section)
{
	gboolean outreach = section->result->evaluation->kind == MODEL_OUTREACH;
	char ratio[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(ratio, sizeof ratio, "%g", section->eval->cost);
	return g_strdup_printf(
		"%s costs %s times %s, which costs 1. Counted on this mail's "
		"mix of kinds.",
		outreach ? "A held mail that was wanted"
			 : "Under the threshold pitches are held: a relevant "
			   "one",
		ratio,
		outreach ? "a let-in pitch" : "an irrelevant one let in");
}

void
eval_figure_cost(const struct eval_section *section)
{
	const struct evaluation *evaluation = section->result->evaluation;
	gboolean outreach = evaluation->kind == MODEL_OUTREACH;
	g_autofree struct scored *scored = figures_probabilities(evaluation);
	const struct curve_cost cost = costs_of(section);
	g_autoptr(GArray) points = eval_points(
		curve_costs(scored, evaluation->judged->len, &cost));
	g_autofree char *id = eval_plot_id(section, "cost");
	g_autofree char *caption = cost_caption(section);
	const struct plot_series series = { NULL, 0, PLOT_LINE, points };
	const struct plot_mark marks[] = {
		{ evaluation->thresholds[outreach ? 1 : 0], "in use" },
		{ lowest(points), "least" },
	};
	const struct plot plot = { .id = id,
				   .title = "Cost against threshold",
				   .desc = caption,
				   .x = { "threshold", 0, 1, 0.2, 1 },
				   .y = cost_axis(points),
				   .series = &series,
				   .n_series = 1,
				   .marks = marks,
				   .n_marks = G_N_ELEMENTS(marks) };

	eval_figure_open(section, plot.title, caption);
	plot_draw(section->out, &plot);
	table_costs(section, scored);
	eval_figure_close(section);
}

static struct plot_axis
learning_axis(const GArray *learning)
{
	struct plot_axis axis = { "mean AUC", 0.9, 1, 0.02, 2 };

	for (guint i = 0; i < learning->len; i++)
		axis.low = MIN(
			axis.low,
			floor(g_array_index(learning, struct learning, i).low *
			      20) /
				20);
	if (axis.low < 0.85)
		axis.step = 0.1;
	else if (axis.low < 0.9)
		axis.step = 0.05;
	if (axis.step > 0.09)
		axis.low = floor(axis.low * 10) / 10;
	return axis;
}

void
eval_figure_learning(const struct eval_section *section)
{
	static const char caption[] =
		"Mean AUC of the groups held out, when the others' mail is "
		"learned from in part; three draws, the whiskers from the "
		"least to the highest. A curve that still rises says that more "
		"mail would help.";
	const GArray *learning = section->result->evaluation->learning;
	g_autoptr(GArray) points =
		g_array_new(FALSE, FALSE, sizeof(struct plot_point));
	g_autofree char *id = eval_plot_id(section, "learning");
	const struct plot_series series = { NULL, 0, PLOT_DOTS, points };
	const struct plot plot = { .id = id,
				   .title = "Learning curve",
				   .desc = caption,
				   .x = { "learned from, percent", 0, 100, 25,
					  0 },
				   .y = learning_axis(learning),
				   .series = &series,
				   .n_series = 1 };

	if (learning->len == 0)
		return;
	for (guint i = 0; i < learning->len; i++) {
		const struct learning *own =
			&g_array_index(learning, struct learning, i);
		const struct plot_point point = { own->percent, own->mean,
						  own->low, own->high, 0 };

		g_array_append_val(points, point);
	}
	eval_figure_open_wide(section, plot.title, caption);
	plot_draw(section->out, &plot);
	g_string_append(section->out, "<div>");
	html_table_open(section->out, NULL, "percent|mean AUC|least|highest");
	for (guint i = 0; i < learning->len; i++) {
		const struct learning *own =
			&g_array_index(learning, struct learning, i);

		g_string_append(section->out, "<tr>");
		html_count(section->out, own->percent);
		html_cell(section->out, own->mean, 3);
		html_cell(section->out, own->low, 3);
		html_cell(section->out, own->high, 3);
		g_string_append(section->out, "</tr>\n");
	}
	html_table_close(section->out);
	eval_figure_close_wide(section);
}
