/* A buyer with four usual weeks behind them, for the tests of attention. */
#ifndef ATTENTION_WORLD_H
#define ATTENTION_WORLD_H

#include <glib.h>

#include "base/clock.h"
#include "screen/attention.h"

#define TAG    0.35
#define ACCEPT 0.65
/* Monday, 2026-01-05 00:00 UTC. */
#define START_S G_GINT64_CONSTANT(1767571200)
/* Days, hours and minutes after it. */
#define AT(d, h, m)                                                            \
	((START_S + (d)*86400LL + (h)*3600LL + (m)*60LL) * CLOCK_SECOND_US)
#define HISTORY_DAYS 28

static struct attention *
make_in(const char *zone_name, guint per_day, guint per_week)
{
	struct attention_limits limits = { per_day, per_week, TAG, ACCEPT };
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);

	g_assert_nonnull(zone);
	return attention_new(&limits, zone);
}

static struct attention *
make(guint per_day, guint per_week)
{
	return make_in("UTC", per_day, per_week);
}

/*
 * Four weeks, ending on the Sunday before day HISTORY_DAYS: each working day
 * ten arrivals from 8:30 to 17:30, of relevances 0.40, 0.45 ... 0.85 in an
 * order that differs from day to day.
 */
static void
learn_usual(struct attention *attention)
{
	for (int day = 0; day < HISTORY_DAYS; day++)
		for (int i = 0; i < 10 && day % 7 < 5; i++)
			attention_learn(attention, AT(day, 8 + i, 30),
					0.40 + 0.05 * ((7 * i + 3 * day) % 10));
}

static double
threshold(const struct attention *attention, gint64 now_us)
{
	struct attention_answer answer;

	attention_ask(attention, now_us, 0.5, &answer);
	g_assert_cmpfloat(answer.threshold, >=, TAG);
	g_assert_cmpfloat(answer.threshold, <=, 1);
	return answer.threshold;
}

/* As a screen does: ask, learn, admit. */
static gboolean
arrive(struct attention *attention, gint64 now_us, double relevance)
{
	struct attention_answer answer;

	attention_ask(attention, now_us, relevance, &answer);
	attention_learn(attention, now_us, relevance);
	if (answer.admit)
		attention_admit(attention, now_us);
	return answer.admit;
}

#endif
