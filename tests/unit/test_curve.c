/* Curves, costs, bins and matched lengths against values worked out by hand. */
#include <glib.h>
#include <math.h>

#include "model/curve.h"

#define NEAR 1e-9

/* Falling: + - + - -, so two of the class and three others. */
static const struct scored five[] = {
	{ 0.9, TRUE, 0 },  { 0.8, FALSE, 0 }, { 0.7, TRUE, 0 },
	{ 0.4, FALSE, 0 }, { 0.2, FALSE, 0 },
};

static void
assert_points(const GArray *points, const double (*wanted)[2], guint n)
{
	g_assert_cmpuint(points->len, ==, n);
	for (guint i = 0; i < n; i++) {
		const struct curve_point *point =
			&g_array_index(points, struct curve_point, i);

		g_test_message("point %u", i);
		g_assert_cmpfloat_with_epsilon(point->x, wanted[i][0], NEAR);
		g_assert_cmpfloat_with_epsilon(point->y, wanted[i][1], NEAR);
	}
}

static void
roc_by_hand(void)
{
	static const double wanted[][2] = { { 0, 0 },	      { 0, 0.5 },
					    { 1.0 / 3, 0.5 }, { 1.0 / 3, 1 },
					    { 2.0 / 3, 1 },   { 1, 1 } };
	g_autoptr(GArray) points = curve_roc(five, G_N_ELEMENTS(five));

	assert_points(points, wanted, G_N_ELEMENTS(wanted));
	g_assert_cmpfloat(
		g_array_index(points, struct curve_point, 2).threshold, ==,
		0.8);
}

/* Ties are one step: a threshold cannot part them. */
static void
roc_ties(void)
{
	static const struct scored tied[] = { { 0.5, TRUE, 0 },
					      { 0.5, FALSE, 0 },
					      { 0.1, FALSE, 0 } };
	static const double wanted[][2] = { { 0, 0 }, { 0.5, 1 }, { 1, 1 } };
	g_autoptr(GArray) points = curve_roc(tied, G_N_ELEMENTS(tied));

	assert_points(points, wanted, G_N_ELEMENTS(wanted));
}

static void
pr_by_hand(void)
{
	static const double wanted[][2] = {
		{ 0.5, 1 }, { 0.5, 0.5 }, { 1, 2.0 / 3 }, { 1, 0.5 }, { 1, 0.4 }
	};
	g_autoptr(GArray) points = curve_pr(five, G_N_ELEMENTS(five));

	assert_points(points, wanted, G_N_ELEMENTS(wanted));
	/* half of the class at precision 1, the other half at 2/3 */
	g_assert_cmpfloat_with_epsilon(
		curve_average_precision(five, G_N_ELEMENTS(five)), 5.0 / 6,
		NEAR);
}

static void
recall_at_rate(void)
{
	static const struct {
		double rate;
		double recall;
	} cases[] = { { 0, 0.5 }, { 0.3, 0.5 }, { 0.34, 1 }, { 1, 1 } };

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("false positive rate %g", cases[i].rate);
		g_assert_cmpfloat_with_epsilon(
			curve_recall_at(five, G_N_ELEMENTS(five),
					cases[i].rate),
			cases[i].recall, NEAR);
	}
}

static void
cost_by_hand(void)
{
	static const struct curve_cost cost = { 20, 1 };
	static const struct {
		double threshold;
		double cost; /* of five; told for 1,000 */
	} cases[] = {
		{ 0, 60 },    /* all held: three wanted ones */
		{ 0.3, 40 },  /* two wanted ones */
		{ 0.75, 21 }, /* one wanted one, one pitch let in */
		{ 0.85, 1 },  { 1, 2 },
	};
	g_autoptr(GArray) points = curve_costs(five, G_N_ELEMENTS(five), &cost);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint at = (guint)(cases[i].threshold * 100 + 0.5);

		g_test_message("threshold %g", cases[i].threshold);
		g_assert_cmpfloat_with_epsilon(
			curve_cost_at(five, G_N_ELEMENTS(five),
				      cases[i].threshold, &cost),
			cases[i].cost * 200, NEAR);
		g_assert_cmpfloat_with_epsilon(
			g_array_index(points, struct curve_point, at).y,
			cases[i].cost * 200, NEAR);
	}
	g_assert_cmpuint(points->len, ==, 101);
}

static void
untold(void)
{
	static const struct curve_cost cost = { 20, 1 };
	static const struct scored one_class[] = { { 0.1, FALSE, 0 },
						   { 0.9, FALSE, 0 } };
	g_autoptr(GArray) roc = curve_roc(one_class, 2);
	g_autoptr(GArray) pr = curve_pr(one_class, 2);
	g_autoptr(GArray) none = curve_costs(NULL, 0, &cost);

	g_assert_cmpuint(roc->len + pr->len + none->len, ==, 0);
	g_assert_true(isnan(curve_average_precision(one_class, 2)));
	g_assert_true(isnan(curve_recall_at(one_class, 2, 0.5)));
	g_assert_true(isnan(curve_cost_at(NULL, 0, 0.5, &cost)));
}

static void
bins_by_hand(void)
{
	static const struct scored scored[] = {
		{ 0.02, FALSE, 0 },
		{ 0.08, TRUE, 0 },
		{ 0.55, TRUE, 0 },
		{ 1.0, TRUE, 0 },
	};
	struct metrics_bin bins[METRICS_BINS];

	metrics_bins(scored, G_N_ELEMENTS(scored), bins);
	g_assert_cmpuint(bins[0].n, ==, 2);
	g_assert_cmpuint(bins[0].positive, ==, 1);
	g_assert_cmpfloat_with_epsilon(bins[0].mean, 0.05, NEAR);
	g_assert_cmpuint(bins[5].n, ==, 1);
	g_assert_cmpuint(bins[9].n, ==, 1);
	g_assert_cmpfloat(bins[9].mean, ==, 1);
	g_assert_cmpuint(bins[1].n, ==, 0);
	g_assert_true(isnan(bins[1].mean));
}

/*
 * Ten mails in five strata of two. A score that is the length ranks every
 * pair across strata rightly and every pair inside one wrongly.
 */
static void
matched_by_hand(void)
{
	struct scored scored[10];
	guint sizes[10];

	for (guint i = 0; i < 10; i++) {
		sizes[i] = i * 10;
		scored[i] = (struct scored){ i, i % 2 == 0 && i > 0, 0 };
	}
	/* 4 of the class (2, 4, 6, 8); each stratum {2k, 2k + 1} has its pair
	 * but the first, and loses it. */
	g_assert_cmpfloat_with_epsilon(
		metrics_auc_matched(scored, sizes, 10).value, 0, NEAR);
	g_assert_cmpfloat(metrics_auc(scored, 10).value, >, 0.4);
	/* One wins: a pair of four. */
	scored[8].score = 100;
	g_assert_cmpfloat_with_epsilon(
		metrics_auc_matched(scored, sizes, 10).value, 0.25, NEAR);
}

/* All of one length: nothing is lost by matching it. */
static void
matched_alike(void)
{
	const guint sizes[] = { 7, 7, 7, 7, 7 };

	g_assert_cmpfloat_with_epsilon(
		metrics_auc_matched(five, sizes, 5).value,
		metrics_auc(five, 5).value, NEAR);
	g_assert_true(isnan(metrics_auc_matched(NULL, NULL, 0).value));
}

static void
mean_by_hand(void)
{
	static const double values[] = { 0.8, 0.9, 1.0 };
	struct estimate mean = metrics_mean(values, 3);
	/* squares: 0.02 / 3 over 2, so the error is 0.0577 */
	double half = 4.303 * sqrt(0.02 / 3 / 2);

	g_assert_cmpfloat_with_epsilon(mean.value, 0.9, NEAR);
	g_assert_cmpfloat_with_epsilon(mean.low, 0.9 - half, 1e-6);
	g_assert_cmpfloat(mean.high, ==, 1);
	mean = metrics_mean(values, 1);
	g_assert_cmpfloat(mean.value, ==, 0.8);
	g_assert_true(isnan(mean.low));
	g_assert_true(isnan(metrics_mean(values, 0).value));
}

/* Out of a normal distribution: how often the interval holds the mean. */
static double
coverage(GRand *dice, guint n)
{
	enum { TIMES = 20000 };
	guint held = 0;

	for (guint i = 0; i < TIMES; i++) {
		double values[60];
		struct estimate mean;

		for (guint k = 0; k < n; k++) {
			/* Box and Muller; far from 1, where it is cut. */
			const double radius =
				sqrt(-2 * log(1 - g_rand_double(dice)));

			values[k] = -10 + radius * cos(2 * G_PI *
						       g_rand_double(dice));
		}
		mean = metrics_mean(values, n);
		held += mean.low <= -10 && -10 <= mean.high;
	}
	return (double)held / TIMES;
}

static void
mean_interval_holds(void)
{
	static const guint sizes[] = { 2, 3, 5, 8, 10, 18, 31, 32, 60 };
	g_autoptr(GRand) dice = g_rand_new_with_seed(1908);

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		const double share = coverage(dice, sizes[i]);

		/* Three standard errors of 20,000 draws are 0.005. */
		if (!(fabs(share - 0.95) < 0.005))
			g_error("of %u figures %.3f of the intervals hold the "
				"mean",
				sizes[i], share);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/curve/roc", roc_by_hand);
	g_test_add_func("/curve/roc/ties", roc_ties);
	g_test_add_func("/curve/precision and recall", pr_by_hand);
	g_test_add_func("/curve/recall at a false positive rate",
			recall_at_rate);
	g_test_add_func("/curve/cost", cost_by_hand);
	g_test_add_func("/curve/cannot be told", untold);
	g_test_add_func("/curve/bins of calibration", bins_by_hand);
	g_test_add_func("/curve/lengths matched", matched_by_hand);
	g_test_add_func("/curve/lengths all alike", matched_alike);
	g_test_add_func("/curve/mean of groups", mean_by_hand);
	g_test_add_func("/curve/mean/interval", mean_interval_holds);
	return g_test_run();
}
