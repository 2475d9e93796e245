#include "model/curve.h"

#include <math.h>
#include <stdlib.h>

#define COST_STEPS 100
#define COST_PER   1000

static int
by_score_falling(const void *a, const void *b)
{
	const struct scored *x = a;
	const struct scored *y = b;

	return (x->score < y->score) - (x->score > y->score);
}

/* Counts at and above one distinct score. */
struct step {
	double score;
	guint positive;
	guint negative;
};

/* One step a distinct score, highest first; counts add up. */
static GArray *
steps_new(const struct scored *scored, guint n)
{
	GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct step));
	g_autofree struct scored *sorted =
		g_memdup2(scored, n * sizeof scored[0]);
	struct step step = { 0, 0, 0 };

	if (n > 0)
		qsort(sorted, n, sizeof sorted[0], by_score_falling);
	for (guint i = 0; i < n; i++) {
		step.score = sorted[i].score;
		if (sorted[i].positive)
			step.positive++;
		else
			step.negative++;
		if (i + 1 == n || sorted[i + 1].score < step.score)
			g_array_append_val(steps, step);
	}
	return steps;
}

/* The last step has them all. */
static struct step
steps_total(const GArray *steps)
{
	struct step none = { 0, 0, 0 };

	return steps->len > 0
		       ? g_array_index(steps, struct step, steps->len - 1)
		       : none;
}

static void
add_point(GArray *points, double x, double y, double threshold)
{
	struct curve_point point = { x, y, threshold };

	g_array_append_val(points, point);
}

GArray *
curve_roc(const struct scored *scored, guint n)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(struct curve_point));
	g_autoptr(GArray) steps = steps_new(scored, n);
	struct step all = steps_total(steps);

	if (all.positive == 0 || all.negative == 0)
		return points;
	add_point(points, 0, 0, (double)INFINITY);
	for (guint i = 0; i < steps->len; i++) {
		const struct step *step = &g_array_index(steps, struct step, i);

		add_point(points, (double)step->negative / all.negative,
			  (double)step->positive / all.positive, step->score);
	}
	return points;
}

GArray *
curve_pr(const struct scored *scored, guint n)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(struct curve_point));
	g_autoptr(GArray) steps = steps_new(scored, n);
	struct step all = steps_total(steps);

	for (guint i = 0; all.positive > 0 && i < steps->len; i++) {
		const struct step *step = &g_array_index(steps, struct step, i);

		add_point(points, (double)step->positive / all.positive,
			  (double)step->positive /
				  (step->positive + step->negative),
			  step->score);
	}
	return points;
}

double
curve_average_precision(const struct scored *scored, guint n)
{
	g_autoptr(GArray) points = curve_pr(scored, n);
	double sum = 0;
	double recall = 0;

	for (guint i = 0; i < points->len; i++) {
		const struct curve_point *point =
			&g_array_index(points, struct curve_point, i);

		sum += (point->x - recall) * point->y;
		recall = point->x;
	}
	return points->len > 0 ? sum : (double)NAN;
}

double
curve_recall_at(const struct scored *scored, guint n, double rate)
{
	g_autoptr(GArray) points = curve_roc(scored, n);
	double recall = points->len > 0 ? 0 : (double)NAN;

	for (guint i = 0; i < points->len; i++) {
		const struct curve_point *point =
			&g_array_index(points, struct curve_point, i);

		if (point->x <= rate)
			recall = point->y;
	}
	return recall;
}

double
curve_cost_at(const struct scored *scored, guint n, double threshold,
	      const struct curve_cost *cost)
{
	struct metrics_point point = metrics_at(scored, n, threshold);

	if (n == 0)
		return (double)NAN;
	return (point.false_positive * cost->false_positive +
		point.false_negative * cost->false_negative) *
	       COST_PER / n;
}

GArray *
curve_costs(const struct scored *scored, guint n, const struct curve_cost *cost)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(struct curve_point));

	for (guint i = 0; n > 0 && i <= COST_STEPS; i++) {
		double threshold = (double)i / COST_STEPS;

		add_point(points, threshold,
			  curve_cost_at(scored, n, threshold, cost), threshold);
	}
	return points;
}
