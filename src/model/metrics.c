#include "model/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DRAWS 500
#define SEED  20231
#define BINS  10
#define Z95   1.959963985

/* A scored example with how often a draw has its group. */
struct weighed {
	double score;
	gboolean positive;
	guint group;
	double weight;
};

static int
by_score(const void *a, const void *b)
{
	const struct weighed *x = a;
	const struct weighed *y = b;

	return (x->score > y->score) - (x->score < y->score);
}

/* `sorted` by score, rising. */
static double
area(const struct weighed *sorted, guint n)
{
	double below = 0; /* negatives under this score */
	double sum = 0;
	double positives = 0;

	for (guint i = 0; i < n;) {
		double tied_positive = 0;
		double tied_negative = 0;
		guint k = i;

		do {
			if (sorted[k].positive)
				tied_positive += sorted[k].weight;
			else
				tied_negative += sorted[k].weight;
		} while (++k < n && sorted[k].score <= sorted[i].score);
		sum += tied_positive * (below + tied_negative / 2);
		below += tied_negative;
		positives += tied_positive;
		i = k;
	}
	return sum / (positives * below);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Draws groups with replacement; returns how many draws gave a figure. */
static guint
draw_areas(struct weighed *sorted, guint n, guint groups, double *areas)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(SEED);
	g_autofree double *times = g_new(double, groups + 1);
	guint told = 0;

	for (guint draw = 0; draw < DRAWS; draw++) {
		double value;

		memset(times, 0, groups * sizeof times[0]);
		for (guint i = 0; i < groups; i++)
			times[g_rand_int_range(dice, 0, (gint32)groups)] += 1;
		for (guint i = 0; i < n; i++)
			sorted[i].weight = times[sorted[i].group];
		value = area(sorted, n);
		if (isfinite(value))
			areas[told++] = value;
	}
	return told;
}

struct estimate
metrics_auc(const struct scored *scored, guint n)
{
	g_autofree struct weighed *sorted = g_new(struct weighed, n + 1);
	double areas[DRAWS];
	struct estimate estimate = { NAN, NAN, NAN };
	guint groups = 0;
	guint told;

	for (guint i = 0; i < n; i++) {
		sorted[i] =
			(struct weighed){ scored[i].score, scored[i].positive,
					  scored[i].group, 1 };
		groups = MAX(groups, scored[i].group + 1);
	}
	qsort(sorted, n, sizeof sorted[0], by_score);
	estimate.value = area(sorted, n);
	told = groups > 1 ? draw_areas(sorted, n, groups, areas) : 0;
	if (!isfinite(estimate.value) || told == 0)
		return estimate;
	qsort(areas, told, sizeof areas[0], by_value);
	estimate.low = areas[(guint)(0.025 * (told - 1))];
	estimate.high = areas[(guint)(0.975 * (told - 1))];
	return estimate;
}

struct estimate
metrics_share(guint k, guint n)
{
	double p;
	double z2;
	double centre;
	double half;

	if (n == 0)
		return (struct estimate){ NAN, NAN, NAN };
	p = (double)k / n;
	z2 = Z95 * Z95 / n;
	centre = (p + z2 / 2) / (1 + z2);
	half = Z95 * sqrt(p * (1 - p) / n + z2 / (4.0 * n)) / (1 + z2);
	return (struct estimate){ p, MAX(centre - half, 0),
				  MIN(centre + half, 1) };
}

struct metrics_point
metrics_at(const struct scored *scored, guint n, double threshold)
{
	struct metrics_point point = { 0 };

	for (guint i = 0; i < n; i++) {
		gboolean said = scored[i].score >= threshold;

		if (scored[i].positive && said)
			point.true_positive++;
		else if (scored[i].positive)
			point.false_negative++;
		else if (said)
			point.false_positive++;
		else
			point.true_negative++;
	}
	point.precision =
		metrics_share(point.true_positive,
			      point.true_positive + point.false_positive);
	point.recall =
		metrics_share(point.true_positive,
			      point.true_positive + point.false_negative);
	return point;
}

double
metrics_calibration(const struct scored *scored, guint n)
{
	double scores[BINS] = { 0 };
	double positives[BINS] = { 0 };
	double gap = 0;

	for (guint i = 0; i < n; i++) {
		guint bin = (guint)CLAMP(scored[i].score * BINS, 0, BINS - 1);

		scores[bin] += scored[i].score;
		positives[bin] += scored[i].positive ? 1 : 0;
	}
	for (guint i = 0; i < BINS; i++)
		gap += fabs(scores[i] - positives[i]);
	return n > 0 ? gap / n : NAN;
}
