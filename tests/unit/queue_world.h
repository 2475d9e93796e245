/* Held mail of campaigns, and the queue as it should be. */
#ifndef TESTS_QUEUE_WORLD_H
#define TESTS_QUEUE_WORLD_H

#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/pending.h"
#include "store/queue.h"

#define DAY (G_GINT64_CONSTANT(20000) * CLOCK_DAY_US)

/* A held message of a campaign of one letter, or none; its id, the caller's. */
struct held {
	const char *buyer;
	const char *campaign;
	double outreach;
	double relevance;
};

static inline struct store_message *
message_of(const struct held *held, guint n)
{
	struct store_message *message = kit_message(held->buyer, n);

	kit_set(&message->campaign, held->campaign);
	message->outreach = held->outreach;
	message->relevance = held->relevance;
	message->time_us = DAY + n;
	return message;
}

static inline char *
hold_message(struct store *store, struct store_message *message)
{
	g_autoptr(GBytes) bytes = kit_bytes(100, 1);

	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	return g_strdup(message->id);
}

static inline char *
hold(struct store *store, const char *buyer, const char *campaign, guint n)
{
	const struct held held = { buyer, campaign, 0.9, 0.1 + n / 1e4 };
	g_autoptr(StoreMessage) message = message_of(&held, n);

	return hold_message(store, message);
}

static inline char *
hold_judged(struct store *store, double outreach, double relevance, guint n)
{
	const struct held held = { "priya", "", outreach, relevance };
	g_autoptr(StoreMessage) message = message_of(&held, n);

	return hold_message(store, message);
}

static GPtrArray *
folds_of(struct store *store, const struct store_fold_query *query,
	 guint total_wanted)
{
	GPtrArray *rows = NULL;
	struct store_fold_total total = { G_MAXUINT, 0 };

	KIT_DO((rows = store_fold_list(store, query, &total, &error)));
	g_assert_cmpuint(total.folds, ==, total_wanted);
	return rows;
}

/* The campaigns (or ids) of priya's queue are these, in this order. */
static inline void
assert_queue(struct store *store, const struct store_fold_query *query,
	     const char *wanted)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GString) found = g_string_new(NULL);

	KIT_DO((rows = store_fold_list(store, query, NULL, &error)));
	for (guint i = 0; i < rows->len; i++) {
		const struct store_fold *fold = rows->pdata[i];
		const char *name = fold->top->campaign;

		g_string_append_printf(found, "%s%s:%u", i ? " " : "",
				       *name ? name : fold->top->from_name,
				       fold->n);
	}
	g_assert_cmpstr(found->str, ==, wanted);
}

#endif
