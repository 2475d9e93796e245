/* Attention: what moves the threshold, edge by edge. */
#include <glib.h>

#include "attention_world.h"

/* Nothing comes: the threshold falls until the day is over. */
static void
falls_over_the_day(void)
{
	g_autoptr(Attention) attention = make(3, 0);
	double last = 1;

	learn_usual(attention);
	g_assert_cmpfloat(threshold(attention, AT(28, 7, 0)), >=, 0.65);
	for (int hour = 0; hour < 24; hour++) {
		double now = threshold(attention, AT(28, hour, 0));

		g_assert_cmpfloat(now, <=, last);
		last = now;
	}
	g_assert_cmpfloat(last, ==, TAG);
	g_assert_cmpfloat(threshold(attention, AT(29, 7, 0)), >, 0.5);
}

static void
rises_as_it_is_spent(void)
{
	g_autoptr(Attention) attention = make(4, 0);
	double last = 0;

	learn_usual(attention);
	for (int i = 0; i < 4; i++) {
		double now = threshold(attention, AT(28, 9, 0));

		g_assert_cmpfloat(now, >, last);
		last = now;
		attention_admit(attention, AT(28, 9, 0));
	}
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), ==, 1);
}

static void
asking_changes_nothing(void)
{
	g_autoptr(Attention) attention = make(3, 10);
	double first;

	learn_usual(attention);
	first = threshold(attention, AT(28, 9, 0));
	for (int i = 0; i < 100; i++)
		g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), ==,
				  first);
}

/* All alike: first come, first served, and no more than the budget. */
static void
ties_are_first_come(void)
{
	g_autoptr(Attention) attention = make(3, 0);
	int n = 0;

	for (int day = 0; day < HISTORY_DAYS; day++)
		for (int i = 0; i < 10; i++)
			attention_learn(attention, AT(day, 8 + i, 0), 0.5);
	for (int i = 0; i < 3; i++)
		g_assert_true(arrive(attention, AT(28, 8, i), 0.5));
	for (int i = 0; i < 20; i++)
		n += arrive(attention, AT(28, 9, i), 0.5);
	g_assert_cmpint(n, ==, 0);
}

/* A whole campaign does not take the place of what is better and comes. */
static void
burst_leaves_room(void)
{
	g_autoptr(Attention) attention = make(3, 0);
	int n = 0;

	learn_usual(attention);
	for (int i = 0; i < 40; i++)
		n += arrive(attention, AT(28, 9, i), 0.66);
	g_assert_cmpint(n, <, 3);
	g_assert_true(arrive(attention, AT(28, 11, 0), 0.9));
}

/* A campaign of last week weighs as two usual days, however large it was. */
static void
burst_is_no_habit(void)
{
	g_autoptr(Attention) attention = make(0, 12);
	double plain;

	learn_usual(attention);
	plain = threshold(attention, AT(28, 9, 0));
	for (int i = 0; i < 240; i++)
		attention_learn(attention, AT(24, 14, i / 4), 0.95);
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), >=, plain);
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), <, 0.9);
}

/* A holiday: the week's budget is spread over fewer days, so it is easier. */
static void
silence_makes_it_easier(void)
{
	g_autoptr(Attention) busy = make(0, 8);
	g_autoptr(Attention) silent = make(0, 8);
	double monday;

	learn_usual(busy);
	learn_usual(silent);
	monday = threshold(silent, AT(28, 8, 0));
	for (int i = 0; i < 10; i++)
		attention_learn(busy, AT(28, 8 + i, 30), 0.40 + 0.05 * i);
	g_assert_cmpfloat(threshold(silent, AT(29, 8, 0)), <, monday);
	g_assert_cmpfloat(threshold(silent, AT(29, 8, 0)), <=,
			  threshold(busy, AT(29, 8, 0)));
	g_assert_cmpfloat(threshold(silent, AT(32, 16, 0)), ==, TAG);
}

/* After a month away nothing is known: as in the first week. */
static void
month_away_is_a_new_start(void)
{
	g_autoptr(Attention) attention = make(2, 0);

	learn_usual(attention);
	g_assert_cmpfloat(threshold(attention, AT(60, 9, 0)), ==, TAG);
	attention_admit(attention, AT(60, 9, 0));
	g_assert_cmpfloat(threshold(attention, AT(60, 9, 0)), ==, ACCEPT);
}

/* The weekend is known to be silent: Friday spends what the week has left. */
static void
friday_expects_no_weekend(void)
{
	g_autoptr(Attention) attention = make(0, 3);

	learn_usual(attention);
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), >=, 0.8);
	g_assert_cmpfloat(threshold(attention, AT(32, 15, 30)), <=, 0.45);
}

static void
raised_tag_is_kept(void)
{
	const struct attention_limits limits = { 3, 0, 0.6, 0.7 };
	g_autoptr(Attention) attention = make(3, 0);
	struct attention_answer answer;

	learn_usual(attention);
	attention_set_limits(attention, &limits);
	attention_ask(attention, AT(28, 23, 0), 0.59, &answer);
	g_assert_false(answer.admit);
	g_assert_cmpfloat(answer.threshold, ==, 0.6);
}

/* Twice as many since yesterday: harder, before the four weeks show it. */
static void
shifted_rate_is_seen(void)
{
	g_autoptr(Attention) usual = make(3, 0);
	g_autoptr(Attention) fair = make(3, 0);

	learn_usual(usual);
	learn_usual(fair);
	for (int i = 0; i < 40; i++) {
		double relevance = 0.40 + 0.05 * (i % 10);

		attention_learn(fair, AT(28, 8 + i / 4, 15 * (i % 4)),
				relevance);
		if (i % 4 == 0)
			attention_learn(usual, AT(28, 8 + i / 4, 30),
					0.40 + 0.05 * (i / 4));
	}
	g_assert_cmpfloat(threshold(fair, AT(29, 9, 0)), >,
			  threshold(usual, AT(29, 9, 0)));
}

/*
 * A Friday on which everything comes takes no more than a day's budget: the
 * week has places left for the mails of Monday.
 */
static void
full_day_takes_its_cap(void)
{
	g_autoptr(Attention) attention = make(2, 10);

	for (int day = 0; day < HISTORY_DAYS; day++)
		for (int i = 0; i < (day % 7 == 4 ? 40 : 1); i++)
			attention_learn(attention, AT(day, 9, i),
					0.40 + 0.01 * ((i + day) % 50));
	g_assert_cmpfloat(threshold(attention, AT(28, 8, 0)), ==, TAG);
	g_assert_cmpfloat(threshold(attention, AT(32, 8, 0)), >, 0.7);
}

/* So many that the history is never a week long: it is believed all the same.
 */
static void
flood_is_forecast(void)
{
	g_autoptr(Attention) attention = make(5, 0);

	for (int day = 0; day < 5; day++)
		for (int i = 0; i < 240; i++)
			attention_learn(attention, AT(day, 8, 2 * i),
					0.40 + 0.002 * ((i * 7) % 240));
	g_assert_cmpfloat(threshold(attention, AT(5, 8, 0)), >, 0.8);
}

static const struct {
	const char *path;
	GTestFunc run;
} tests[] = {
	{ "the threshold falls over the day", falls_over_the_day },
	{ "the threshold rises as it is spent", rises_as_it_is_spent },
	{ "asking changes nothing", asking_changes_nothing },
	{ "ties are first come", ties_are_first_come },
	{ "a burst leaves room for better", burst_leaves_room },
	{ "a burst is no habit", burst_is_no_habit },
	{ "silence makes it easier", silence_makes_it_easier },
	{ "a month away is a new start", month_away_is_a_new_start },
	{ "Friday expects no weekend", friday_expects_no_weekend },
	{ "a raised tag threshold is kept", raised_tag_is_kept },
	{ "a shifted rate is seen", shifted_rate_is_seen },
	{ "a full day takes its cap", full_day_takes_its_cap },
	{ "a flood is forecast", flood_is_forecast },
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strdup_printf(
			"/attention/threshold/%s", tests[i].path);

		g_test_add_func(path, tests[i].run);
	}
	return g_test_run();
}
