#include "model/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DRAWS 500
#define SEED  20231
#define Z95   1.959963985

#define STRATA 5

/* A scored example with how often a draw has its group. */
struct weighed {
	double score;
	gboolean positive;
	guint group;
	guint stratum;
	double weight;
};

static int
by_score(const void *a, const void *b)
{
	const struct weighed *x = a;
	const struct weighed *y = b;

	if (x->stratum != y->stratum)
		return x->stratum < y->stratum ? -1 : 1;
	return (x->score > y->score) - (x->score < y->score);
}

/* Pairs that the positive wins, and all, of one stratum. */
struct pairs {
	double won;
	double all;
};

/* `sorted` by score, rising; all of one stratum. */
static struct pairs
pairs_of(const struct weighed *sorted, guint n)
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
	return (struct pairs){ sum, positives * below };
}

/* `sorted` by stratum, then score. */
static double
area(const struct weighed *sorted, guint n)
{
	struct pairs sum = { 0, 0 };

	for (guint from = 0, to = 0; from < n; from = to) {
		struct pairs own;

		while (to < n && sorted[to].stratum == sorted[from].stratum)
			to++;
		own = pairs_of(sorted + from, to - from);
		sum.won += own.won;
		sum.all += own.all;
	}
	return sum.won / sum.all;
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

/* `strata` NULL: one for all. */
static struct estimate
area_estimate(const struct scored *scored, const guint *strata, guint n)
{
	g_autofree struct weighed *sorted = g_new(struct weighed, n + 1);
	double areas[DRAWS];
	struct estimate estimate = { NAN, NAN, NAN };
	guint groups = 0;
	guint told;

	for (guint i = 0; i < n; i++) {
		sorted[i] =
			(struct weighed){ scored[i].score, scored[i].positive,
					  scored[i].group,
					  strata != NULL ? strata[i] : 0, 1 };
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
metrics_auc(const struct scored *scored, guint n)
{
	return area_estimate(scored, NULL, n);
}

static int
by_size(const void *a, const void *b)
{
	guint x = *(const guint *)a;
	guint y = *(const guint *)b;

	return (x > y) - (x < y);
}

struct estimate
metrics_auc_matched(const struct scored *scored, const guint *sizes, guint n)
{
	g_autofree guint *sorted = g_new(guint, n + 1);
	g_autofree guint *strata = g_new0(guint, n + 1);

	for (guint i = 0; i < n; i++)
		sorted[i] = sizes[i];
	qsort(sorted, n, sizeof sorted[0], by_size);
	for (guint cut = 1; n > 0 && cut < STRATA; cut++) {
		guint bound = sorted[(gsize)cut * n / STRATA];

		for (guint i = 0; i < n; i++)
			strata[i] += sizes[i] >= bound ? 1 : 0;
	}
	return area_estimate(scored, strata, n);
}

/* The deviation of 95 % of means of `n` figures, in standard errors. */
static double
student_95(guint n)
{
	/* Of 1, 2, ... degrees of freedom. */
	static const double table[] = { 12.706, 4.303, 3.182, 2.776, 2.571,
					2.447,	2.365, 2.306, 2.262, 2.228,
					2.201,	2.179, 2.160, 2.145, 2.131,
					2.120,	2.110, 2.101, 2.093, 2.086,
					2.080,	2.074, 2.069, 2.064, 2.060,
					2.056,	2.052, 2.048, 2.045, 2.042 };
	const guint freedom = n - 1;

	if (freedom <= G_N_ELEMENTS(table))
		return table[freedom - 1];
	return Z95 + (Z95 * Z95 * Z95 + Z95) / (4.0 * freedom);
}

struct estimate
metrics_mean(const double *values, guint n)
{
	const double errors = n < 2 ? NAN : student_95(n);
	struct estimate mean = { 0, NAN, NAN };
	double squares = 0;

	for (guint i = 0; i < n; i++) {
		mean.value += values[i];
		squares += values[i] * values[i];
	}
	mean.value = n > 0 ? mean.value / n : NAN;
	if (n < 2)
		return mean;
	squares = MAX(squares / n - mean.value * mean.value, 0) / (n - 1);
	mean.low = mean.value - errors * sqrt(squares);
	mean.high = MIN(mean.value + errors * sqrt(squares), 1);
	return mean;
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

/* Sums of scores are kept apart from means, which would round. */
static void
bins_fill(const struct scored *scored, guint n,
	  struct metrics_bin bins[METRICS_BINS], double sums[METRICS_BINS])
{
	memset(bins, 0, sizeof bins[0] * METRICS_BINS);
	for (guint i = 0; i < METRICS_BINS; i++)
		sums[i] = 0;
	for (guint i = 0; i < n; i++) {
		guint bin = (guint)CLAMP(scored[i].score * METRICS_BINS, 0,
					 METRICS_BINS - 1);

		sums[bin] += scored[i].score;
		bins[bin].n++;
		bins[bin].positive += scored[i].positive ? 1 : 0;
	}
}

void
metrics_bins(const struct scored *scored, guint n,
	     struct metrics_bin bins[METRICS_BINS])
{
	double sums[METRICS_BINS];

	bins_fill(scored, n, bins, sums);
	for (guint i = 0; i < METRICS_BINS; i++)
		bins[i].mean = bins[i].n > 0 ? sums[i] / bins[i].n : NAN;
}

double
metrics_calibration(const struct scored *scored, guint n)
{
	struct metrics_bin bins[METRICS_BINS];
	double sums[METRICS_BINS];
	double gap = 0;

	bins_fill(scored, n, bins, sums);
	for (guint i = 0; i < METRICS_BINS; i++)
		gap += fabs(sums[i] - bins[i].positive);
	return n > 0 ? gap / n : NAN;
}
