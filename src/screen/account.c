#include "account_private.h"

#include <string.h>

#include "base/clock.h"
#include "screen/verdict.h"
#include "store/store.h"

#define PAGE 500

/* Of each state; a buyer who gets more in four weeks is judged by the last. */
#define ROWS_MAX 20000

/* What one stored message was. */
struct arrival {
	gint64 time_us;
	double relevance;
	gboolean admitted;
};

struct attention_limits
account_limits(const struct profile *profile)
{
	return (struct attention_limits){
		.per_day = profile->per_day,
		.per_week = profile->per_week,
		.tag = profile->tag,
		.accept = profile->accept,
	};
}

GTimeZone *
account_zone(const struct profile *profile)
{
	const char *name = profile->digest.zone;
	GTimeZone *zone = name ? g_time_zone_new_identifier(name) : NULL;

	return zone ? zone : g_time_zone_new_utc();
}

/* A ruling's mail is outside of the budget, whether held or let in. */
static gboolean
is_ruled(const struct store_message *row)
{
	return row->reasons && strstr(row->reasons, "\"ruling: ") != NULL;
}

/* Mail that the budget is asked about: surely outreach, and good enough. */
static gboolean
is_arrival(const struct profile *profile, const struct store_message *row)
{
	return (!row->gate || !*row->gate) && row->outreach >= profile->hold &&
	       row->relevance >= profile->tag && !is_ruled(row);
}

static void
collect(const struct profile *profile, const GPtrArray *rows, GArray *arrivals)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct store_message *row = rows->pdata[i];
		const struct arrival arrival = {
			.time_us = row->time_us,
			.relevance = row->relevance,
			.admitted = g_strcmp0(row->verdict,
					      verdict_name(
						      VERDICT_QUARANTINE)) != 0,
		};

		if (is_arrival(profile, row))
			g_array_append_val(arrivals, arrival);
	}
}

static gboolean
collect_state(struct store *store, const struct profile *profile, int state,
	      gint64 since_us, GArray *arrivals, GError **error)
{
	struct store_query query = {
		.buyer = profile->id,
		.state = state,
		.since_us = since_us,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];

	for (guint n = 0; n < ROWS_MAX; n += PAGE) {
		g_autoptr(GPtrArray) rows = store_list(store, &query, error);
		const struct store_message *oldest;

		if (!rows)
			return FALSE;
		collect(profile, rows, arrivals);
		if (rows->len < PAGE)
			break;
		oldest = rows->pdata[rows->len - 1];
		memcpy(last, oldest->id, sizeof(last));
		query.after_id = last;
	}
	return TRUE;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct arrival *left = a;
	const struct arrival *right = b;

	return (left->time_us > right->time_us) -
	       (left->time_us < right->time_us);
}

gboolean
account_load(const char *store_url, const struct profile *profile,
	     gint64 now_us, struct attention *attention, GError **error)
{
	/* Held and releasing go together as -1. */
	static const int states[] = { STORE_DELIVERED, -1, STORE_RELEASED,
				      STORE_DELETED, STORE_EXPIRED };
	g_autoptr(GArray) arrivals =
		g_array_new(FALSE, FALSE, sizeof(struct arrival));
	g_autoptr(Store) store = store_open(store_url, error);
	const gint64 since_us = now_us - ATTENTION_DAYS * CLOCK_DAY_US;

	for (gsize i = 0; store && i < G_N_ELEMENTS(states); i++) {
		if (!collect_state(store, profile, states[i], since_us,
				   arrivals, error))
			return FALSE;
	}
	g_array_sort(arrivals, compare);
	for (guint i = 0; i < arrivals->len; i++) {
		const struct arrival *arrival =
			&g_array_index(arrivals, struct arrival, i);

		attention_learn(attention, arrival->time_us,
				arrival->relevance);
		if (arrival->admitted)
			attention_admit(attention, arrival->time_us);
	}
	return store != NULL;
}
