#include "forecast_private.h"

#include <math.h>

/*
 * Every weekday must have been seen once before the forecast is trusted; or
 * so many mails came that the history will never reach back a week.
 */
#define SEEN_DAYS     7
#define SEEN_ARRIVALS 4

/*
 * One set for every buyer. What simulated years let in moves by under 0.2 %
 * when any of them is halved or doubled.
 */
/* Days after which an arrival counts half. */
#define HALF_LIFE 14.0
/* How much the mean day weighs against a weekday, in days. */
#define DAY_PRIOR 0.25
/* How much an even day weighs against the hours seen, in arrivals. */
#define HOUR_PRIOR 2.0
/* How many arrivals, yesterday and today, weigh as much as the four weeks. */
#define LEVEL_PRIOR 10.0
/* A day counts as at most so many usual ones: a campaign is no habit. */
#define BURST 2.0

static gint64
floor_div(gint64 a, gint64 b)
{
	return a / b - (a % b < 0);
}

gint64
civil_day(gint64 local_s)
{
	return floor_div(local_s, DAY_S);
}

/* Day 0 was a Thursday. */
gint64
civil_week(gint64 day)
{
	return floor_div(day + 3, WEEKDAYS);
}

guint
civil_weekday(gint64 day)
{
	return (guint)(day + 3 - WEEKDAYS * civil_week(day));
}

static guint
hour_of(gint64 local_s)
{
	return (guint)((local_s - civil_day(local_s) * DAY_S) / 3600);
}

/* Age in days of an arrival that counts, or -1. */
static int
age_of(const struct forecast *forecast, const struct arrival *arrival)
{
	gint64 age = forecast->today - arrival->day;

	if (arrival->local_s > forecast->now_s || age > ATTENTION_DAYS)
		return -1;
	return (int)age;
}

/*
 * Older days weigh less, and so do arrivals of a day with far too many. What
 * is usual is told by the days with mail that are over, the fullest left out.
 */
static void
forecast_weigh(struct forecast *forecast)
{
	double n[ATTENTION_DAYS + 1] = { 0 };
	double sum = 0;
	double fullest = 0;
	double days = 0;
	double most;

	for (guint i = 0; i < forecast->history->n; i++) {
		int age = age_of(forecast, &forecast->history->arrivals[i]);

		if (age >= 0)
			n[age]++;
	}
	for (guint i = 1; i <= ATTENTION_DAYS; i++) {
		sum += n[i];
		fullest = MAX(fullest, n[i]);
		days += n[i] > 0;
	}
	most = days > 1 ? BURST * (sum - fullest) / (days - 1) : BURST * sum;
	for (guint i = 0; i <= ATTENTION_DAYS; i++) {
		forecast->seen[i] = exp2(-(double)i / HALF_LIFE);
		forecast->weight[i] =
			forecast->seen[i] * (n[i] > most ? most / n[i] : 1);
	}
}

static void
forecast_count(struct forecast *forecast)
{
	for (guint i = 0; i < forecast->history->n; i++) {
		const struct arrival *arrival = &forecast->history->arrivals[i];
		int age = age_of(forecast, arrival);
		gint64 day = forecast->today - age;

		if (age < 0)
			continue;
		forecast->n++;
		forecast->first = MIN(forecast->first, day);
		forecast->total += forecast->weight[age];
		forecast->weekday[civil_weekday(day)] += forecast->weight[age];
		forecast->hour[hour_of(arrival->local_s)] +=
			forecast->weight[age];
	}
}

/* From sums of weights to shares, smoothed over neighbours. */
static void
forecast_hours(struct forecast *forecast)
{
	const guint now = hour_of(forecast->now_s);
	const gint64 into =
		forecast->now_s - civil_day(forecast->now_s) * DAY_S;
	double seen[HOURS];

	for (guint i = 0; i < HOURS; i++)
		seen[i] = forecast->hour[i];
	for (guint i = 0; i < HOURS; i++)
		forecast->hour[i] = (seen[i] / 2 + seen[(i + 1) % HOURS] / 4 +
				     seen[(i + HOURS - 1) % HOURS] / 4 +
				     HOUR_PRIOR / HOURS) /
				    (forecast->total + HOUR_PRIOR);
	for (guint i = 0; i < now; i++)
		forecast->done += forecast->hour[i];
	forecast->done += forecast->hour[now] *
			  (double)(into - (gint64)now * 3600) / 3600;
}

/* From sums of weights to arrivals a day; silent days count as seen. */
static void
forecast_weekdays(struct forecast *forecast)
{
	double days[WEEKDAYS] = { 0 };
	double all = 0;

	for (gint64 day = forecast->first; day <= forecast->today; day++) {
		double seen = forecast->seen[forecast->today - day] *
			      (day == forecast->today ? forecast->done : 1);

		days[civil_weekday(day)] += seen;
		all += seen;
	}
	for (guint i = 0; i < WEEKDAYS; i++)
		forecast->weekday[i] =
			(forecast->weekday[i] +
			 DAY_PRIOR * forecast->total / MAX(all, 1)) /
			(days[i] + DAY_PRIOR);
}

/*
 * A rate that shifts (a trade fair, a holiday) shows yesterday and today; as
 * the mean of a gamma prior around the usual level, so that a few mails more
 * or less say little.
 */
static void
forecast_level(struct forecast *forecast)
{
	double expected =
		forecast->weekday[civil_weekday(forecast->today - 1)] +
		forecast->weekday[civil_weekday(forecast->today)] *
			forecast->done;
	double came = 0;

	for (guint i = 0; i < forecast->history->n; i++) {
		int age = age_of(forecast, &forecast->history->arrivals[i]);

		if (age == 0 || age == 1)
			came += forecast->weight[age] / forecast->seen[age];
	}
	forecast->level = (LEVEL_PRIOR + came) / (LEVEL_PRIOR + expected);
}

gboolean
forecast_make(struct forecast *forecast, const struct history *history,
	      gint64 now_s)
{
	*forecast = (struct forecast){
		.now_s = now_s,
		.history = history,
		.today = civil_day(now_s),
		.first = civil_day(now_s),
	};
	forecast_weigh(forecast);
	forecast_count(forecast);
	if (forecast->n < SEEN_ARRIVALS ||
	    (forecast->today - forecast->first < SEEN_DAYS &&
	     history->n < ATTENTION_HISTORY))
		return FALSE;
	forecast_hours(forecast);
	forecast_weekdays(forecast);
	forecast_level(forecast);
	return TRUE;
}

double
forecast_rest(const struct forecast *forecast, gint64 day)
{
	double whole = forecast->level * forecast->weekday[civil_weekday(day)];

	return day == forecast->today ? whole * (1 - forecast->done) : whole;
}

double
forecast_relevance(const struct forecast *forecast, double share)
{
	const struct history *history = forecast->history;
	double better = 0;

	for (guint i = 0; i < history->n && share < 1; i++) {
		int age = age_of(forecast, &history->arrivals[i]);

		better += age < 0 ? 0 : forecast->weight[age];
		if (better > share * forecast->total)
			return history->arrivals[i].relevance;
	}
	return 0;
}
