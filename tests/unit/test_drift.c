/* The alarm when a week's scores are not as they were. */
#include <glib.h>
#include <math.h>

#include "base/clock.h"
#include "review/drift.h"
#include "store/store.h"

#define NOW (G_GINT64_CONSTANT(1795305600000000))

/* A week in which every other mail was outreach, of little relevance. */
#define USUAL(week, n)                                                         \
	{ week, n, 0.9, 0.2 },                                                 \
	{                                                                      \
		week, n, 0.1, -1                                               \
	}

/* Mails of one week: how many, and what the models said. */
struct part {
	guint week;
	guint n;
	double outreach;
	double relevance;
};

static GPtrArray *
rows_of(const struct part *parts, guint n)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);

	for (guint i = 0; i < n; i++)
		for (guint k = 0; k < parts[i].n; k++) {
			struct store_message *row =
				g_new0(struct store_message, 1);

			row->time_us = NOW - parts[i].week * 7 * CLOCK_DAY_US -
				       (gint64)k * CLOCK_SECOND_US;
			row->outreach = parts[i].outreach;
			row->relevance = parts[i].relevance;
			g_ptr_array_add(rows, row);
		}
	return rows;
}

static void
test_table(void)
{
	static const struct {
		const char *name;
		struct part parts[8];
		gboolean outreach, relevance;
	} cases[] = {
		{ "as before",
		  { USUAL(0, 50), USUAL(1, 50), USUAL(2, 50) },
		  FALSE,
		  FALSE },
		{ "nothing but outreach",
		  { { 0, 100, 0.9, 0.2 }, USUAL(1, 50), USUAL(2, 50) },
		  TRUE,
		  FALSE },
		{ "all relevant at once",
		  { { 0, 100, 0.9, 0.9 },
		    { 0, 100, 0.1, -1 },
		    USUAL(1, 100),
		    USUAL(2, 100) },
		  FALSE,
		  TRUE },
		{ "none, and then every other one",
		  { USUAL(0, 15), { 1, 30, 0.1, -1 }, { 2, 30, 0.1, -1 } },
		  TRUE,
		  FALSE },
		{ "all, and then every other one",
		  { USUAL(0, 15), { 1, 30, 0.9, 0.2 }, { 2, 30, 0.9, 0.2 } },
		  TRUE,
		  FALSE },
		{ "too few to tell",
		  { { 0, DRIFT_MIN - 1, 0.9, 0.9 },
		    { 1, 100, 0.1, -1 },
		    { 2, 100, 0.1, -1 } },
		  FALSE,
		  FALSE },
		{ "no weeks before", { { 0, 100, 0.9, 0.9 } }, FALSE, FALSE },
		{ "one week before is no range",
		  { { 0, 100, 0.9, 0.9 }, { 1, 100, 0.1, 0.1 } },
		  FALSE,
		  FALSE },
		{ "what was not judged does not count",
		  { USUAL(0, 50),
		    { 0, 500, -1, -1 },
		    USUAL(1, 50),
		    USUAL(2, 50) },
		  FALSE,
		  FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) rows =
			rows_of(cases[i].parts, G_N_ELEMENTS(cases[i].parts));
		struct drift drift;

		drift_check(rows, NULL, NOW, &drift);
		if (drift.outreach.out != cases[i].outreach)
			g_error("%s: outreach", cases[i].name);
		if (drift.relevance.out != cases[i].relevance)
			g_error("%s: relevance", cases[i].name);
	}
}

/* The same share in all weeks, as few mails as tell anything: what is out? */
static double
false_alarms(GRand *dice, double share)
{
	enum { TIMES = 2000, WEEKS = DRIFT_WEEKS + 1 };
	struct part parts[WEEKS];
	g_autoptr(GPtrArray) rows = NULL;
	guint out = 0;

	for (guint week = 0; week < WEEKS; week++)
		parts[week] = (struct part){ week, DRIFT_MIN, 0, -1 };
	rows = rows_of(parts, WEEKS);
	for (guint i = 0; i < TIMES; i++) {
		struct drift drift;

		for (guint k = 0; k < rows->len; k++) {
			struct store_message *row = rows->pdata[k];

			row->outreach = g_rand_double(dice) < share ? 0.9 : 0.1;
		}
		drift_check(rows, NULL, NOW, &drift);
		out += drift.outreach.out ? 1 : 0;
	}
	return (double)out / TIMES;
}

static void
test_chance(void)
{
	static const double shares[] = { 0.05, 0.1, 0.5, 0.9, 0.95 };
	g_autoptr(GRand) dice = g_rand_new_with_seed(30);

	for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
		const double share = false_alarms(dice, shares[i]);

		if (share > 0.02)
			g_error("%.0f %% of outreach every week is out in "
				"%.1f %% of them",
				100 * shares[i], 100 * share);
	}
}

static void
test_card(void)
{
	static const struct part parts[] = { { 0, 100, 0.9, 0.4 } };
	g_autoptr(GPtrArray) rows = rows_of(parts, G_N_ELEMENTS(parts));
	g_autoptr(Card) card = card_new();
	struct drift drift;

	card_add_metric(card, "score-p05", (struct estimate){ 0.1, NAN, NAN });
	card_add_metric(card, "score-p95", (struct estimate){ 0.5, NAN, NAN });
	drift_check(rows, card, NOW, &drift);
	g_assert_false(drift.relevance.out);
	g_assert_cmpuint(drift.n, ==, 100);
	((struct card_metric *)card->metrics->pdata[1])->estimate.value = 0.3;
	drift_check(rows, card, NOW, &drift);
	g_assert_true(drift.relevance.out);
	g_assert_cmpfloat_with_epsilon(drift.relevance.high, 0.3, 1e-9);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/drift/weeks", test_table);
	g_test_add_func("/drift/chance", test_chance);
	g_test_add_func("/drift/range-of-the-card", test_card);
	return g_test_run();
}
