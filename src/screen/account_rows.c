#include "account_rows_private.h"

#include <string.h>

#include "base/clock.h"
#include "screen/spent.h"

#define PAGE 200

/* Of each state: most of what a buyer gets may be no outreach. */
#define ROWS_MAX 20000

struct reader {
	struct store *store;
	const struct account_need *need;
	gint64 since_us;
	const atomic_bool *stop;
	GArray *rows;
};

/* Ids sort by age: what follows one that is too old is as old. */
static gboolean
collect(struct reader *reader, const GPtrArray *messages, guint len_max)
{
	const struct account_need *need = reader->need;

	for (guint i = 0; i < messages->len; i++) {
		const struct store_message *message = messages->pdata[i];
		const struct account_row row = {
			.time_us = message->time_us,
			.relevance = spent_relevance(message),
			.admitted = spent_on(message, need->hold, need->tag),
		};

		if (row.time_us < reader->since_us ||
		    reader->rows->len == len_max)
			return FALSE;
		if (spent_asked(message, need->hold, need->tag))
			g_array_append_val(reader->rows, row);
	}
	return messages->len == PAGE;
}

/*
 * Without `since_us` in the query: the store would walk all that is older to
 * fill the last page.
 */
static gboolean
read_state(struct reader *reader, int state)
{
	const guint len_max = reader->rows->len + ATTENTION_HISTORY;
	struct store_query query = {
		.buyer = reader->need->buyer,
		.state = state,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];

	for (guint n = 0; n < ROWS_MAX; n += PAGE) {
		g_autoptr(GPtrArray) messages = NULL;
		const struct store_message *oldest;

		if (atomic_load(reader->stop))
			return FALSE;
		messages = store_list(reader->store, &query, NULL);
		if (!messages)
			return FALSE;
		if (!collect(reader, messages, len_max))
			break;
		oldest = messages->pdata[messages->len - 1];
		memcpy(last, oldest->id, sizeof(last));
		query.after_id = last;
	}
	return TRUE;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct account_row *left = a;
	const struct account_row *right = b;

	return (left->time_us > right->time_us) -
	       (left->time_us < right->time_us);
}

GArray *
account_rows_read(struct store *store, const struct account_need *need,
		  gint64 now_us, const atomic_bool *stop)
{
	/* Held and releasing go together as -1. */
	static const int states[] = { STORE_DELIVERED, -1, STORE_RELEASED,
				      STORE_DELETED, STORE_EXPIRED };
	g_autoptr(GArray) rows =
		g_array_new(FALSE, FALSE, sizeof(struct account_row));
	struct reader reader = {
		.store = store,
		.need = need,
		.since_us = now_us - ATTENTION_DAYS * CLOCK_DAY_US,
		.stop = stop,
		.rows = rows,
	};

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		if (!read_state(&reader, states[i]))
			return NULL;
	g_array_sort(rows, compare);
	if (rows->len > ATTENTION_HISTORY)
		g_array_remove_range(rows, 0, rows->len - ATTENTION_HISTORY);
	return g_steal_pointer(&rows);
}
