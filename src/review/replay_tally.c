/* How much outreach would reach the inbox, by day and week of the buyer. */
#include "base/clock.h"
#include "replay_private.h"

void
tally_open(struct tally *tally, const struct profile *profile)
{
	const char *zone = profile->digest.zone;

	tally->profile = profile;
	tally->zone = zone ? g_time_zone_new_identifier(zone) : NULL;
	if (!tally->zone)
		tally->zone = g_time_zone_new_utc();
	tally->days = g_hash_table_new(NULL, NULL);
	tally->weeks = g_hash_table_new(NULL, NULL);
}

void
tally_close(struct tally *tally)
{
	g_clear_pointer(&tally->days, g_hash_table_unref);
	g_clear_pointer(&tally->weeks, g_hash_table_unref);
	g_clear_pointer(&tally->zone, g_time_zone_unref);
}

static void
count_up(GHashTable *counts, gint key)
{
	const guint n = GPOINTER_TO_UINT(
		g_hash_table_lookup(counts, GINT_TO_POINTER(key)));

	g_hash_table_insert(counts, GINT_TO_POINTER(key),
			    GUINT_TO_POINTER(n + 1));
}

/* As attention asks: surely outreach, let in for its scores. */
static gboolean
is_spending(const struct tally *tally, const struct store_message *row,
	    const struct outcome *outcome)
{
	return outcome->way != REPLAY_UNKNOWN && outcome->gate == GATE_NONE &&
	       outcome->verdict != VERDICT_QUARANTINE &&
	       outcome->outreach >= tally->profile->hold && !row_is_ruled(row);
}

void
tally_add(struct tally *tally, const struct store_message *row,
	  const struct outcome *outcome)
{
	g_autoptr(GDateTime) utc = NULL;
	g_autoptr(GDateTime) date = NULL;

	if (!is_spending(tally, row, outcome))
		return;
	utc = g_date_time_new_from_unix_utc(row->time_us / CLOCK_SECOND_US);
	date = utc ? g_date_time_to_timezone(utc, tally->zone) : NULL;
	if (!date)
		return;
	count_up(tally->days, g_date_time_get_year(date) * 1000 +
				      g_date_time_get_day_of_year(date));
	count_up(tally->weeks, g_date_time_get_week_numbering_year(date) * 100 +
				       g_date_time_get_week_of_year(date));
}

/* Those with more than the cap, which is none when it is 0. */
static guint
count_over(GHashTable *counts, guint cap)
{
	GHashTableIter iter;
	gpointer value;
	guint over = 0;

	g_hash_table_iter_init(&iter, counts);
	while (cap > 0 && g_hash_table_iter_next(&iter, NULL, &value))
		over += GPOINTER_TO_UINT(value) > cap;
	return over;
}

void
tally_sum(const struct tally *tally, gint64 since_us, gint64 now_us,
	  struct replay_budget *budget)
{
	const gint64 span_us = now_us - since_us;
	GHashTableIter iter;
	gpointer value;

	*budget = (struct replay_budget){
		.days = (guint)CLAMP((span_us + CLOCK_DAY_US - 1) /
					     CLOCK_DAY_US,
				     1, G_MAXINT),
		.days_over = count_over(tally->days, tally->profile->per_day),
		.weeks_over =
			count_over(tally->weeks, tally->profile->per_week),
	};
	g_hash_table_iter_init(&iter, tally->days);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		budget->admitted += GPOINTER_TO_UINT(value);
		budget->most = MAX(budget->most, GPOINTER_TO_UINT(value));
	}
}
