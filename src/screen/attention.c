/*
 * The share of what is still to come that the budget can take is found first,
 * then the relevance that this share reaches.
 */
#include "screen/attention.h"

#include <string.h>

#include "base/clock.h"
#include "forecast_private.h"

/* Years 1970 to 9999: whatever a clock says, sums stay far from the limits. */
#define TIME_MAX_S G_GINT64_CONSTANT(253402300799)
/* Days of which the number let in is known; a week and room for odd clocks. */
#define TALLIES 32

/*
 * Added to the budget left: a mail passed over for a better one that does not
 * come is a place lost. With a third the rule is within 1 % of the optimum
 * (dynamic programming over a known law of arrivals).
 */
#define SLACK (1.0 / 3)

struct tally {
	gint64 day;
	guint count;
};

struct attention {
	struct attention_limits limits;
	GTimeZone *zone;
	struct history history;
	struct tally tallies[TALLIES]; /* in order of making */
	guint n_tallies;
};

/* What may still be let in. */
struct budget {
	guint day;
	guint week;
	guint per_day;
};

static gint64
local_of(const struct attention *attention, gint64 time_us)
{
	gint64 time_s = CLAMP(time_us / CLOCK_SECOND_US, 0, TIME_MAX_S);
	int interval = g_time_zone_find_interval(attention->zone,
						 G_TIME_TYPE_UNIVERSAL, time_s);

	return time_s + g_time_zone_get_offset(attention->zone, interval);
}

struct attention *
attention_new(const struct attention_limits *limits, GTimeZone *zone)
{
	struct attention *attention = g_new0(struct attention, 1);

	attention->zone = g_time_zone_ref(zone);
	attention_set_limits(attention, limits);
	return attention;
}

void
attention_free(struct attention *attention)
{
	if (!attention)
		return;
	g_time_zone_unref(attention->zone);
	g_free(attention);
}

void
attention_set_limits(struct attention *attention,
		     const struct attention_limits *limits)
{
	g_assert(limits->tag >= 0 && limits->tag <= limits->accept &&
		 limits->accept <= 1);
	attention->limits = *limits;
}

static void
history_drop(struct history *history, guint i)
{
	struct arrival *at = &history->arrivals[i];

	history->n--;
	memmove(at, at + 1, (history->n - i) * sizeof(*at));
}

static guint
history_oldest(const struct history *history)
{
	guint oldest = 0;

	for (guint i = 1; i < history->n; i++)
		if (history->arrivals[i].order <
		    history->arrivals[oldest].order)
			oldest = i;
	return oldest;
}

/*
 * Mail under the tag threshold is never let in: remembering it would only
 * push out what matters.
 */
void
attention_learn(struct attention *attention, gint64 time_us, double relevance)
{
	struct history *history = &attention->history;
	struct arrival *at;
	guint i;

	if (!(relevance >= attention->limits.tag))
		return;
	if (history->n == ATTENTION_HISTORY)
		history_drop(history, history_oldest(history));
	i = history->n++;
	for (; i > 0 && history->arrivals[i - 1].relevance < relevance; i--)
		history->arrivals[i] = history->arrivals[i - 1];
	at = &history->arrivals[i];
	at->local_s = local_of(attention, time_us);
	at->day = civil_day(at->local_s);
	at->order = history->learned++;
	at->relevance = MIN(relevance, 1.0);
}

static struct tally *
tally_find(struct attention *attention, gint64 day)
{
	for (guint i = 0; i < attention->n_tallies; i++)
		if (attention->tallies[i].day == day)
			return &attention->tallies[i];
	return NULL;
}

static void
tally_drop(struct attention *attention, guint i)
{
	struct tally *at = &attention->tallies[i];

	attention->n_tallies--;
	memmove(at, at + 1, (attention->n_tallies - i) * sizeof(*at));
}

void
attention_admit(struct attention *attention, gint64 time_us)
{
	gint64 day = civil_day(local_of(attention, time_us));
	struct tally *tally = tally_find(attention, day);

	if (!tally) {
		if (attention->n_tallies == TALLIES)
			tally_drop(attention, 0);
		tally = &attention->tallies[attention->n_tallies++];
		*tally = (struct tally){ .day = day };
	}
	if (tally->count < G_MAXUINT)
		tally->count++;
}

void
attention_undo(struct attention *attention, gint64 time_us)
{
	struct tally *tally =
		tally_find(attention, civil_day(local_of(attention, time_us)));

	if (tally && tally->count > 0)
		tally->count--;
}

void
attention_forget_before(struct attention *attention, gint64 time_us)
{
	struct history *history = &attention->history;
	gint64 local_s = local_of(attention, time_us);

	for (guint i = history->n; i-- > 0;)
		if (history->arrivals[i].local_s < local_s)
			history_drop(history, i);
	for (guint i = attention->n_tallies; i-- > 0;)
		if (attention->tallies[i].day < civil_day(local_s))
			tally_drop(attention, i);
}

static guint
left_of(guint cap, guint64 used)
{
	if (cap == 0)
		return G_MAXUINT;
	return used < cap ? cap - (guint)used : 0;
}

static struct budget
budget_left(const struct attention *attention, gint64 today)
{
	const gint64 week = civil_week(today);
	guint64 in_day = 0;
	guint64 in_week = 0;

	for (guint i = 0; i < attention->n_tallies; i++) {
		const struct tally *tally = &attention->tallies[i];

		if (tally->day == today)
			in_day += tally->count;
		if (civil_week(tally->day) == week)
			in_week += tally->count;
	}
	return (struct budget){
		.day = left_of(attention->limits.per_day, in_day),
		.week = left_of(attention->limits.per_week, in_week),
		.per_day = left_of(attention->limits.per_day, 0),
	};
}

/*
 * What the rest of the week would use when a share of all arrivals is let in:
 * a day cannot use more than its own cap.
 */
static double
week_use(const struct forecast *forecast, const struct budget *left,
	 double share)
{
	const gint64 end =
		forecast->today + WEEKDAYS - civil_weekday(forecast->today);
	double use = MIN(share * forecast_rest(forecast, forecast->today),
			 (double)left->day);

	for (gint64 day = forecast->today + 1; day < end; day++)
		use += MIN(share * forecast_rest(forecast, day),
			   (double)left->per_day);
	return use;
}

/* The share of what is still to come that the budget can take, 0..1. */
static double
share_of(const struct forecast *forecast, const struct budget *left)
{
	double today = forecast_rest(forecast, forecast->today);
	double low = 0;
	double high = MIN(1, (left->day + SLACK) / MAX(today, 1e-9));

	if (left->week == G_MAXUINT ||
	    week_use(forecast, left, high) <= left->week + SLACK)
		return high;
	for (guint i = 0; i < 24; i++) {
		double middle = (low + high) / 2;

		if (week_use(forecast, left, middle) <= left->week + SLACK)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Half of a budget, rounded up, is still there to be tried with. */
static gboolean
first_half(guint cap, guint left)
{
	return left > cap / 2;
}

static double
threshold_of(const struct attention *attention, gint64 now_s,
	     const struct budget *left)
{
	const struct attention_limits *limits = &attention->limits;
	struct forecast forecast;

	if (left->day == 0 || left->week == 0)
		return 1;
	if (left->day == G_MAXUINT && left->week == G_MAXUINT)
		return limits->tag;
	if (forecast_make(&forecast, &attention->history, now_s))
		return MAX(forecast_relevance(&forecast,
					      share_of(&forecast, left)),
			   limits->tag);
	return first_half(limits->per_day, left->day) &&
			       first_half(limits->per_week, left->week)
		       ? limits->tag
		       : limits->accept;
}

void
attention_ask(const struct attention *attention, gint64 now_us,
	      double relevance, struct attention_answer *answer)
{
	const gint64 now_s = local_of(attention, now_us);
	const struct budget left = budget_left(attention, civil_day(now_s));
	const double threshold = threshold_of(attention, now_s, &left);
	const gboolean some = left.day > 0 && left.week > 0;

	*answer = (struct attention_answer){
		.admit = !(relevance >= 0) || (some && relevance >= threshold),
		.threshold = threshold,
		.day_left = left.day,
		.week_left = left.week,
	};
}
