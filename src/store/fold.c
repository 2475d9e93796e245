#include "store_private.h"

/* store_fold_list() without a limit. */
#define FOLD_LIMIT 50

void
store_fold_free(struct store_fold *fold)
{
	if (!fold)
		return;
	store_message_free(fold->top);
	g_free(fold);
}

void
store_flow_free(struct store_flow *flow)
{
	if (!flow)
		return;
	g_free(flow->priority);
	g_free(flow);
}

/* Labelled so it is 4 more, and nothing else is over 1. */
gboolean
store_fold_wanted(const struct store_fold *fold)
{
	return fold->regret > 1.5;
}

GPtrArray *
store_fold_list(struct store *store, const struct store_fold_query *query,
		struct store_fold_total *total, GError **error)
{
	struct store_fold_query given = *query;
	GPtrArray *rows;
	struct store_fold_total all = { 0 };

	g_assert(given.buyer && given.order <= STORE_ORDER_VENDOR);
	if (given.limit == 0)
		given.limit = FOLD_LIMIT;
	if (given.text && *given.text == '\0')
		given.text = NULL;
	rows = store->driver->review->folds(store, &given, &all, error);
	if (rows && total)
		*total = all;
	return rows;
}

GPtrArray *
store_flow_near(struct store *store, const char *buyer, double tag,
		gint64 since_us, GError **error)
{
	const struct store_span span = {
		buyer, tag, MAX(since_us, 0) / CLOCK_DAY_US * CLOCK_DAY_US
	};

	return store->driver->review->near(store, &span, error);
}

GPtrArray *
store_flow_list(struct store *store, const char *buyer, gint64 since_us,
		GError **error)
{
	gint64 since_day_us = MAX(since_us, 0) / CLOCK_DAY_US * CLOCK_DAY_US;

	return store->driver->review->flow(store, buyer, since_day_us, error);
}
