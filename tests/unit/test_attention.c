/*
 * Attention: what is counted, when, and for whom. What the threshold does is in
 * test_attention_threshold.c, and whole years in test_attention_year.c.
 */
#include <glib.h>
#include <math.h>

#include "attention_world.h"

static guint
day_left(const struct attention *attention, gint64 now_us)
{
	struct attention_answer answer;

	attention_ask(attention, now_us, 0.5, &answer);
	return answer.day_left;
}

static guint
week_left(const struct attention *attention, gint64 now_us)
{
	struct attention_answer answer;

	attention_ask(attention, now_us, 0.5, &answer);
	return answer.week_left;
}

static void
no_cap_is_the_matrix(void)
{
	g_autoptr(Attention) attention = make(0, 0);

	learn_usual(attention);
	for (int i = 0; i < 50; i++) {
		g_assert_true(arrive(attention, AT(28, 9, i), TAG));
		g_assert_false(arrive(attention, AT(28, 9, i), TAG - 0.01));
	}
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), ==, TAG);
	g_assert_cmpuint(day_left(attention, AT(28, 9, 0)), ==, G_MAXUINT);
	g_assert_cmpuint(week_left(attention, AT(28, 9, 0)), ==, G_MAXUINT);
}

/* Half a budget (rounded up) at the tag threshold, the rest at accept. */
static void
first_week_keeps_half(void)
{
	static const struct {
		guint per_day;
		guint per_week;
		int tagged; /* let in at the tag threshold */
		int all;
	} cases[] = {
		{ 1, 0, 1, 1 },	  { 2, 0, 1, 2 },  { 3, 0, 2, 3 },
		{ 10, 0, 5, 10 }, { 0, 3, 2, 3 },  { 0, 20, 10, 20 },
		{ 6, 4, 2, 4 },	  { 4, 20, 2, 4 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Attention) attention =
			make(cases[i].per_day, cases[i].per_week);
		int n = 0;

		for (int k = 0; k < 30; k++)
			n += arrive(attention, AT(1, 9, k), TAG);
		g_assert_cmpint(n, ==, cases[i].tagged);
		for (int k = 0; k < 30; k++)
			n += arrive(attention, AT(1, 10, k), ACCEPT);
		g_assert_cmpint(n, ==, cases[i].all);
	}
}

static void
used_up_lets_nothing_in(void)
{
	g_autoptr(Attention) attention = make(2, 0);
	struct attention_answer answer;

	attention_admit(attention, AT(28, 9, 0));
	attention_admit(attention, AT(28, 9, 1));
	attention_admit(attention, AT(28, 9, 2));
	attention_ask(attention, AT(28, 10, 0), 1, &answer);
	g_assert_false(answer.admit);
	g_assert_cmpfloat(answer.threshold, ==, 1);
	g_assert_cmpuint(answer.day_left, ==, 0);
	g_assert_cmpuint(day_left(attention, AT(29, 0, 0)), ==, 2);
}

static void
unknown_is_never_hidden(void)
{
	static const double unknown[] = { -1, NAN, -HUGE_VAL };
	g_autoptr(Attention) attention = make(1, 0);
	struct attention_answer answer;

	attention_admit(attention, AT(28, 9, 0));
	for (guint i = 0; i < G_N_ELEMENTS(unknown); i++) {
		attention_learn(attention, AT(28, 9, 0), unknown[i]);
		attention_ask(attention, AT(28, 9, 1), unknown[i], &answer);
		g_assert_true(answer.admit);
	}
}

/* Two a day leave the week's ten to the days that come, not to today. */
static void
both_caps_hold(void)
{
	g_autoptr(Attention) attention = make(2, 5);
	int n = 0;

	learn_usual(attention);
	for (int day = 28; day < 35; day++) {
		int today = 0;

		for (int i = 0; i < 40; i++)
			today += arrive(attention, AT(day, 9, i), 0.99);
		g_assert_cmpint(today, <=, 2);
		n += today;
	}
	g_assert_cmpint(n, ==, 5);
	g_assert_cmpuint(week_left(attention, AT(35, 0, 0)), ==, 5);
}

static void
changed_budget_counts_what_was(void)
{
	static const struct {
		guint per_day;
		guint left;
	} cases[] = { { 5, 2 }, { 3, 0 }, { 1, 0 }, { 0, G_MAXUINT } };
	g_autoptr(Attention) attention = make(3, 0);

	for (int i = 0; i < 3; i++)
		attention_admit(attention, AT(28, 9, i));
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct attention_limits limits = { cases[i].per_day, 0, TAG,
						   ACCEPT };

		attention_set_limits(attention, &limits);
		g_assert_cmpuint(day_left(attention, AT(28, 10, 0)), ==,
				 cases[i].left);
	}
}

static void
clock_jumps_refill_nothing(void)
{
	static const int jumps[] = { -1, -6, -400, 1, 7, 4000 };
	g_autoptr(Attention) attention = make(3, 10);
	double before;

	learn_usual(attention);
	attention_admit(attention, AT(28, 9, 0));
	before = threshold(attention, AT(28, 9, 0));
	for (guint i = 0; i < G_N_ELEMENTS(jumps); i++) {
		gint64 there = AT(28 + jumps[i], 9, 0);

		g_assert_cmpuint(day_left(attention, there), ==, 3);
		attention_admit(attention, there);
		g_assert_cmpuint(day_left(attention, there), ==, 2);
		attention_undo(attention, there);
		g_assert_cmpuint(day_left(attention, AT(28, 9, 0)), ==, 2);
	}
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), ==, before);
	attention_learn(attention, AT(4000, 9, 0), 0.9);
	for (int i = 0; i < 50; i++)
		attention_learn(attention, AT(28, 10, i), 0.9);
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), ==, before);
}

/* Seconds since 1970, and whether they share a day and a week in the zone. */
static void
days_are_the_buyers(void)
{
	static const struct {
		const char *name;
		const char *zone;
		gint64 admitted_s;
		gint64 asked_s;
		gboolean same_day;
		gboolean same_week;
	} cases[] = {
		{ "before and after midnight", "America/New_York", 1767675540,
		  1767675660, FALSE, TRUE },
		{ "midnight in London is no midnight here", "America/New_York",
		  1767657540, 1767657660, TRUE, TRUE },
		{ "the 25 hours of a day in autumn", "America/New_York",
		  1793505660, 1793595540, TRUE, TRUE },
		{ "the day after them", "America/New_York", 1793505660,
		  1793595660, FALSE, FALSE },
		{ "the 23 hours of a day in spring", "America/New_York",
		  1772946060, 1773028740, TRUE, TRUE },
		{ "the day after them", "America/New_York", 1772946060,
		  1773028860, FALSE, FALSE },
		{ "half an hour zone", "Asia/Kolkata", 1767637740, 1767637860,
		  FALSE, TRUE },
		{ "New Year within a week", "Europe/Berlin", 1798757940,
		  1798761660, FALSE, TRUE },
		{ "Sunday and Monday", "Europe/Berlin", 1768172340, 1768172460,
		  FALSE, FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Attention) attention = make_in(cases[i].zone, 2, 9);
		gint64 asked_us = cases[i].asked_s * CLOCK_SECOND_US;

		g_test_message("%s", cases[i].name);
		attention_admit(attention,
				cases[i].admitted_s * CLOCK_SECOND_US);
		g_assert_cmpuint(day_left(attention, asked_us), ==,
				 cases[i].same_day ? 1 : 2);
		g_assert_cmpuint(week_left(attention, asked_us), ==,
				 cases[i].same_week ? 8 : 9);
	}
}

static void
undo_takes_back_one_of_its_day(void)
{
	g_autoptr(Attention) attention = make(3, 10);

	attention_undo(attention, AT(28, 9, 0));
	g_assert_cmpuint(day_left(attention, AT(28, 9, 0)), ==, 3);
	attention_admit(attention, AT(28, 9, 0));
	attention_admit(attention, AT(29, 9, 0));
	attention_undo(attention, AT(28, 12, 0));
	attention_undo(attention, AT(28, 12, 0));
	g_assert_cmpuint(day_left(attention, AT(28, 13, 0)), ==, 3);
	g_assert_cmpuint(day_left(attention, AT(29, 13, 0)), ==, 2);
	g_assert_cmpuint(week_left(attention, AT(29, 13, 0)), ==, 9);
}

static void
forgets_what_is_older(void)
{
	g_autoptr(Attention) attention = make(2, 0);

	learn_usual(attention);
	attention_admit(attention, AT(27, 9, 0));
	attention_admit(attention, AT(28, 9, 0));
	attention_forget_before(attention, AT(28, 9, 30));
	g_assert_cmpuint(day_left(attention, AT(27, 9, 0)), ==, 2);
	g_assert_cmpuint(day_left(attention, AT(28, 9, 0)), ==, 1);
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), ==, ACCEPT);
	g_assert_cmpfloat(threshold(attention, AT(29, 9, 0)), ==, TAG);
}

/* More than is remembered: the first learned goes, the newest speak. */
static void
history_is_bounded(void)
{
	g_autoptr(Attention) attention = make(5, 0);
	const int n = 4 * ATTENTION_HISTORY;

	for (int i = 0; i < n; i++)
		attention_learn(attention, AT(0, 0, i * 28 * 1440 / n),
				i < n / 2 ? 0.9 : 0.5);
	g_assert_cmpfloat(threshold(attention, AT(28, 0, 0)), ==, 0.5);
	for (int i = 0; i < 1000; i++)
		attention_admit(attention, AT(i, 12, 0));
	g_assert_cmpuint(day_left(attention, AT(999, 13, 0)), ==, 4);
}

/* What would never be let in does not push out what would. */
static void
noise_is_not_remembered(void)
{
	g_autoptr(Attention) attention = make(3, 0);
	double before;

	learn_usual(attention);
	before = threshold(attention, AT(28, 9, 0));
	for (int i = 0; i < 2 * ATTENTION_HISTORY; i++)
		attention_learn(attention, AT(27, 9, 0), TAG - 0.01);
	g_assert_cmpfloat(threshold(attention, AT(28, 9, 0)), ==, before);
}

static void
odd_times_and_numbers(void)
{
	static const gint64 times[] = { G_MININT64, -1, 0, G_MAXINT64 };
	g_autoptr(Attention) attention = make_in("America/New_York", 3, 9);

	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		attention_learn(attention, times[i], HUGE_VAL);
		attention_learn(attention, times[i], 2);
		g_assert_true(arrive(attention, times[i], 1));
		threshold(attention, times[i]);
		attention_undo(attention, times[i]);
	}
	attention_forget_before(attention, G_MAXINT64);
	learn_usual(attention);
	for (int i = 0; i < 300; i++)
		attention_learn(attention, AT(27, 9, 0), 2);
	g_assert_true(arrive(attention, AT(28, 7, 0), 1));
	attention_free(NULL);
}

static const struct {
	const char *path;
	GTestFunc run;
} tests[] = {
	{ "no cap is the matrix alone", no_cap_is_the_matrix },
	{ "the first week keeps half", first_week_keeps_half },
	{ "a budget used up lets nothing in", used_up_lets_nothing_in },
	{ "unknown relevance is never hidden", unknown_is_never_hidden },
	{ "both caps hold", both_caps_hold },
	{ "a changed budget counts what was", changed_budget_counts_what_was },
	{ "clock jumps refill nothing", clock_jumps_refill_nothing },
	{ "days are the buyer's", days_are_the_buyers },
	{ "undo takes back one of its day", undo_takes_back_one_of_its_day },
	{ "forgets what is older", forgets_what_is_older },
	{ "the history is bounded", history_is_bounded },
	{ "noise is not remembered", noise_is_not_remembered },
	{ "odd times and numbers", odd_times_and_numbers },
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path =
			g_strdup_printf("/attention/%s", tests[i].path);

		g_test_add_func(path, tests[i].run);
	}
	return g_test_run();
}
