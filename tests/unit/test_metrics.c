/* Figures against values worked out by hand, and pairs counted one by one. */
#include <glib.h>
#include <math.h>

#include "model/metrics.h"

#define NEAR 1e-9

/* What Mann and Whitney count: positives above negatives, ties as half. */
static double
pairs_area(const struct scored *scored, guint n)
{
	double won = 0;
	double pairs = 0;

	for (guint i = 0; i < n; i++)
		for (guint k = 0; k < n; k++) {
			if (!scored[i].positive || scored[k].positive)
				continue;
			pairs++;
			if (scored[i].score > scored[k].score)
				won += 1;
			else if (scored[i].score >= scored[k].score)
				won += 0.5;
		}
	return won / pairs;
}

static void
auc_by_hand(void)
{
	static const struct {
		const char *name;
		struct scored scored[6];
		guint n;
		double area;
	} cases[] = {
		{ "perfect",
		  { { 0.9, TRUE, 0 }, { 0.8, TRUE, 1 }, { 0.1, FALSE, 2 } },
		  3,
		  1 },
		{ "upside down",
		  { { 0.1, TRUE, 0 }, { 0.8, FALSE, 1 }, { 0.9, FALSE, 2 } },
		  3,
		  0 },
		{ "three of four pairs",
		  { { 0.9, TRUE, 0 },
		    { 0.4, TRUE, 1 },
		    { 0.5, FALSE, 0 },
		    { 0.1, FALSE, 1 } },
		  4,
		  0.75 },
		{ "all tied",
		  { { 0.5, TRUE, 0 }, { 0.5, FALSE, 1 }, { 0.5, FALSE, 2 } },
		  3,
		  0.5 },
		/* pairs: 1, 1/2, 0, 1, 1, 1/2 */
		{ "some tied",
		  { { 0.7, TRUE, 0 },
		    { 0.9, TRUE, 1 },
		    { 0.6, FALSE, 0 },
		    { 0.7, FALSE, 1 },
		    { 0.9, FALSE, 2 } },
		  5,
		  4.0 / 6 },
		{ "negative scores",
		  { { -3, FALSE, 0 }, { -2, TRUE, 1 }, { -1, FALSE, 2 } },
		  3,
		  0.5 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_cmpfloat_with_epsilon(
			metrics_auc(cases[i].scored, cases[i].n).value,
			cases[i].area, NEAR);
		g_assert_cmpfloat_with_epsilon(
			pairs_area(cases[i].scored, cases[i].n), cases[i].area,
			NEAR);
	}
}

static struct scored *
random_scored(guint32 seed, guint n, guint groups, guint levels)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	struct scored *scored = g_new(struct scored, n);

	for (guint i = 0; i < n; i++) {
		gboolean positive = g_rand_boolean(dice);
		double score = g_rand_double(dice) + (positive ? 0.3 : 0);

		scored[i] = (struct scored){
			floor(score * levels) / levels, positive,
			(guint)g_rand_int_range(dice, 0, (gint32)groups)
		};
	}
	return scored;
}

/* Few levels make many ties. */
static void
auc_of_many(void)
{
	for (guint seed = 1; seed <= 20; seed++) {
		guint n = 2 + seed * 15;
		guint levels = seed % 2 ? 5 : 100000;
		g_autofree struct scored *scored =
			random_scored(seed, n, 10, levels);

		g_assert_cmpfloat_with_epsilon(metrics_auc(scored, n).value,
					       pairs_area(scored, n), NEAR);
	}
}

static void
auc_interval(void)
{
	g_autofree struct scored *few = random_scored(7, 40, 12, 1000);
	g_autofree struct scored *many = random_scored(7, 800, 200, 1000);
	struct estimate wide = metrics_auc(few, 40);
	struct estimate narrow = metrics_auc(many, 800);
	struct estimate again = metrics_auc(many, 800);

	g_assert_cmpfloat(narrow.low, <, narrow.value);
	g_assert_cmpfloat(narrow.value, <, narrow.high);
	g_assert_cmpfloat(narrow.high, <=, 1);
	g_assert_cmpfloat(wide.high - wide.low, >, narrow.high - narrow.low);
	/* Hanley and McNeil (1982) give about 0.03 at 800 of this area. */
	g_assert_cmpfloat(narrow.high - narrow.low, >, 0.03);
	g_assert_cmpfloat(narrow.high - narrow.low, <, 0.10);
	g_assert_cmpfloat(again.low, ==, narrow.low);
	g_assert_cmpfloat(again.high, ==, narrow.high);
}

/* The order in which examples come says nothing. */
static void
auc_order(void)
{
	g_autofree struct scored *scored = random_scored(3, 200, 20, 50);
	struct estimate before = metrics_auc(scored, 200);
	struct estimate after;

	for (guint i = 0; i < 100; i++) {
		struct scored other = scored[i];

		scored[i] = scored[199 - i];
		scored[199 - i] = other;
	}
	after = metrics_auc(scored, 200);
	g_assert_cmpfloat_with_epsilon(after.value, before.value, NEAR);
	g_assert_cmpfloat_with_epsilon(after.low, before.low, NEAR);
	g_assert_cmpfloat_with_epsilon(after.high, before.high, NEAR);
}

static void
auc_untold(void)
{
	static const struct scored one_class[] = { { 0.1, TRUE, 0 },
						   { 0.9, TRUE, 1 } };
	static const struct scored one_group[] = { { 0.1, FALSE, 0 },
						   { 0.9, TRUE, 0 } };
	const struct scored broken[] = { { (double)NAN, TRUE, 0 },
					 { (double)NAN, FALSE, 1 },
					 { 0.5, FALSE, 2 } };
	struct estimate estimate = metrics_auc(one_class, 2);

	g_assert_true(isnan(estimate.value));
	g_assert_true(isnan(estimate.low) && isnan(estimate.high));
	g_assert_true(isnan(metrics_auc(NULL, 0).value));
	estimate = metrics_auc(one_group, 2);
	g_assert_cmpfloat(estimate.value, ==, 1);
	g_assert_true(isnan(estimate.low) && isnan(estimate.high));
	metrics_auc(broken, G_N_ELEMENTS(broken)); /* comes to an end */
}

/* Newcombe (1998), table I, method 3, and the closed form at the ends. */
static void
wilson_known(void)
{
	static const struct {
		guint k, n;
		double low, high;
	} cases[] = {
		{ 81, 263, 0.2553, 0.3662 }, { 15, 148, 0.0624, 0.1605 },
		{ 0, 20, 0.0000, 0.1611 },   { 1, 29, 0.0061, 0.1718 },
		{ 0, 10, 0.0000, 0.2775 },   { 10, 10, 0.7225, 1.0000 },
		{ 5, 10, 0.2366, 0.7634 },   { 1, 1, 0.2065, 1.0000 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct estimate share = metrics_share(cases[i].k, cases[i].n);

		g_test_message("%u of %u", cases[i].k, cases[i].n);
		g_assert_cmpfloat_with_epsilon(share.low, cases[i].low, 6e-5);
		g_assert_cmpfloat_with_epsilon(share.high, cases[i].high, 6e-5);
		g_assert_cmpfloat_with_epsilon(
			share.value, (double)cases[i].k / cases[i].n, NEAR);
	}
	g_assert_true(isnan(metrics_share(0, 0).value));
	g_assert_true(isnan(metrics_share(0, 0).low));
}

static void
point_counts(void)
{
	static const struct scored scored[] = {
		{ 0.80, TRUE, 0 },  { 0.95, TRUE, 0 },	{ 0.79, TRUE, 0 },
		{ 0.90, FALSE, 0 }, { 0.10, FALSE, 0 }, { 0.20, FALSE, 0 },
		{ 0.30, FALSE, 0 },
	};
	struct metrics_point point = metrics_at(scored, 7, 0.80);

	g_assert_cmpuint(point.true_positive, ==, 2);
	g_assert_cmpuint(point.false_negative, ==, 1);
	g_assert_cmpuint(point.false_positive, ==, 1);
	g_assert_cmpuint(point.true_negative, ==, 3);
	g_assert_cmpfloat_with_epsilon(point.precision.value, 2.0 / 3, NEAR);
	g_assert_cmpfloat_with_epsilon(point.recall.value, 2.0 / 3, NEAR);
	point = metrics_at(scored, 7, 2);
	g_assert_true(isnan(point.precision.value));
	g_assert_cmpfloat(point.recall.value, ==, 0);
}

static void
calibration_known(void)
{
	/* the bin of 0.9: 1.9 said, 1 came; the bin of 0: 0.1 said, 0 came */
	static const struct scored off[] = { { 0.95, TRUE, 0 },
					     { 0.95, FALSE, 0 },
					     { 0.05, FALSE, 0 },
					     { 0.05, FALSE, 0 } };
	/* side by side, and their gaps must not make up for each other */
	static const struct scored two_bins[] = { { 0.85, TRUE, 0 },
						  { 0.95, FALSE, 0 } };
	static const struct scored ends[] = { { 0.0, FALSE, 0 },
					      { 1.0, TRUE, 0 } };
	struct scored even[100];

	for (guint i = 0; i < 100; i++)
		even[i] = (struct scored){ 0.25, i % 4 == 0, 0 };
	g_assert_cmpfloat_with_epsilon(metrics_calibration(off, 4), 0.25, NEAR);
	g_assert_cmpfloat_with_epsilon(metrics_calibration(two_bins, 2), 0.55,
				       NEAR);
	g_assert_cmpfloat_with_epsilon(metrics_calibration(ends, 2), 0, NEAR);
	g_assert_cmpfloat_with_epsilon(metrics_calibration(even, 100), 0, NEAR);
	g_assert_true(isnan(metrics_calibration(NULL, 0)));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/metrics/auc/by hand", auc_by_hand);
	g_test_add_func("/metrics/auc/against pairs", auc_of_many);
	g_test_add_func("/metrics/auc/interval", auc_interval);
	g_test_add_func("/metrics/auc/any order", auc_order);
	g_test_add_func("/metrics/auc/cannot be told", auc_untold);
	g_test_add_func("/metrics/wilson", wilson_known);
	g_test_add_func("/metrics/counts at a threshold", point_counts);
	g_test_add_func("/metrics/calibration error", calibration_known);
	return g_test_run();
}
