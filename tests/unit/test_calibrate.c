/* Platt's sigmoid: what it must find again, and what it must survive. */
#include <glib.h>
#include <math.h>

#include "model/calibrate.h"

#define STEPS 161
#define TIMES 400

/* Decisions -4..4, each of the class as often as the sigmoid says. */
static struct sigmoid
fit_of(const struct sigmoid *truth)
{
	g_autofree double *decisions = g_new(double, STEPS *TIMES);
	g_autofree gboolean *y = g_new(gboolean, STEPS * TIMES);
	guint n = 0;

	for (guint i = 0; i < STEPS; i++) {
		double decision = -4 + 8.0 * i / (STEPS - 1);
		guint of_class =
			(guint)lround(TIMES * sigmoid_apply(truth, decision));

		for (guint k = 0; k < TIMES; k++) {
			decisions[n] = decision;
			y[n++] = k < of_class;
		}
	}
	return sigmoid_fit(decisions, y, n);
}

static void
finds_again(void)
{
	static const struct sigmoid truths[] = {
		{ -1, 0 }, { -2, 0.5 }, { -0.4, -1 }, { -6, 2 }, { 1.5, 0.3 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(truths); i++) {
		struct sigmoid found = fit_of(&truths[i]);

		g_test_message("a %g b %g: found %g, %g", truths[i].a,
			       truths[i].b, found.a, found.b);
		g_assert_cmpfloat_with_epsilon(found.a, truths[i].a,
					       0.02 * fabs(truths[i].a));
		g_assert_cmpfloat_with_epsilon(found.b, truths[i].b, 0.03);
	}
}

/* The mean probability of what it was fitted on is the share of the class. */
static void
keeps_the_share(void)
{
	static const double decisions[] = { -3, -2, -1, -1, 0, 0, 1, 1, 2, 4 };
	static const gboolean y[] = { 0, 0, 0, 1, 0, 1, 0, 1, 1, 1 };
	struct sigmoid sigmoid = sigmoid_fit(decisions, y, 10);
	double sum = 0;

	for (guint i = 0; i < 10; i++)
		sum += sigmoid_apply(&sigmoid, decisions[i]);
	g_assert_cmpfloat_with_epsilon(sum, 5, 0.01);
	g_assert_cmpfloat(sigmoid.a, <, 0);
}

static void
rises(void)
{
	static const struct sigmoid sigmoid = { -6.4, 0.05 };
	double last = -1;

	for (int i = -2000; i <= 2000; i++) {
		double p = sigmoid_apply(&sigmoid, i / 100.0);

		g_assert_cmpfloat(p, >=, last);
		g_assert_cmpfloat(p, >=, 0);
		g_assert_cmpfloat(p, <=, 1);
		last = p;
	}
	g_assert_cmpfloat_with_epsilon(sigmoid_apply(&sigmoid, 0.05 / 6.4), 0.5,
				       1e-12);
}

static void
ends_are_probabilities(void)
{
	static const double decisions[] = { 0,	   1e-300,	700,	 1e6,
					    1e300, G_MAXDOUBLE, HUGE_VAL };
	static const struct sigmoid sigmoids[] = { { -1, 0 },
						   { -1e6, 1e6 },
						   { -1e-6, -1e6 } };

	for (guint i = 0; i < G_N_ELEMENTS(sigmoids); i++)
		for (guint k = 0; k < G_N_ELEMENTS(decisions); k++) {
			double up = sigmoid_apply(&sigmoids[i], decisions[k]);
			double down =
				sigmoid_apply(&sigmoids[i], -decisions[k]);

			g_assert_true(up >= 0 && up <= 1);
			g_assert_true(down >= 0 && down <= 1);
			g_assert_cmpfloat(down, <=, up);
		}
}

/* Odd data gives a sigmoid of numbers, whatever it is worth. */
static void
fits_are_finite(void)
{
	static const struct {
		const char *name;
		double decisions[4];
		gboolean y[4];
		guint n;
	} cases[] = {
		{ "nothing", { 0 }, { 0 }, 0 },
		{ "one example", { 1 }, { TRUE }, 1 },
		{ "one class", { 1, 2, 3, 4 }, { 1, 1, 1, 1 }, 4 },
		{ "the other class", { 1, 2, 3, 4 }, { 0, 0, 0, 0 }, 4 },
		{ "one decision", { 5, 5, 5, 5 }, { 1, 0, 1, 0 }, 4 },
		{ "apart", { -2, -1, 1, 2 }, { 0, 0, 1, 1 }, 4 },
		{ "far apart", { -1e8, -1e7, 1e7, 1e8 }, { 0, 0, 1, 1 }, 4 },
		{ "huge", { -1e300, -1, 1, 1e300 }, { 0, 1, 0, 1 }, 4 },
		{ "tiny", { -1e-300, 0, 0, 1e-300 }, { 0, 1, 0, 1 }, 4 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct sigmoid sigmoid =
			sigmoid_fit(cases[i].decisions, cases[i].y, cases[i].n);

		g_test_message("%s: %g, %g", cases[i].name, sigmoid.a,
			       sigmoid.b);
		g_assert_true(isfinite(sigmoid.a));
		g_assert_true(isfinite(sigmoid.b));
	}
}

/* Targets short of 0 and 1 keep a perfect split from being called certain. */
static void
never_certain(void)
{
	static const double decisions[] = { -2, -1, 1, 2 };
	static const gboolean y[] = { 0, 0, 1, 1 };
	struct sigmoid sigmoid = sigmoid_fit(decisions, y, 4);

	g_assert_cmpfloat(sigmoid.a, <, 0);
	g_assert_cmpfloat(sigmoid_apply(&sigmoid, 2), <, 0.95);
	g_assert_cmpfloat(sigmoid_apply(&sigmoid, 1), >, 0.6);
	g_assert_cmpfloat(sigmoid_apply(&sigmoid, -2), >, 0.05);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/calibrate/finds a sigmoid again", finds_again);
	g_test_add_func("/calibrate/keeps the share", keeps_the_share);
	g_test_add_func("/calibrate/rises with the decision", rises);
	g_test_add_func("/calibrate/extreme decisions", ends_are_probabilities);
	g_test_add_func("/calibrate/odd data", fits_are_finite);
	g_test_add_func("/calibrate/never certain of few", never_certain);
	return g_test_run();
}
