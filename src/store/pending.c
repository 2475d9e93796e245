#include <string.h>

#include "store_private.h"

struct store_pending *
store_pending_copy(const struct store_pending *pending)
{
	struct store_pending *copy = g_memdup2(pending, sizeof(*pending));

	copy->buyer = g_strdup(pending->buyer);
	copy->message = g_strdup(pending->message);
	copy->by = g_strdup(pending->by);
	copy->ended_by = g_strdup(pending->ended_by);
	copy->note = g_strdup(pending->note);
	return copy;
}

void
store_pending_free(struct store_pending *pending)
{
	if (!pending)
		return;
	g_free(pending->buyer);
	g_free(pending->message);
	g_free(pending->by);
	g_free(pending->ended_by);
	g_free(pending->note);
	g_free(pending);
}

gboolean
store_pending_same(const struct store_pending *a, const struct store_pending *b)
{
	return a->kind == b->kind && strcmp(a->message, b->message) == 0;
}

gboolean
store_pending_add(struct store *store, struct store_pending *pending,
		  GError **error)
{
	g_assert(id_valid(pending->id) && pending->buyer && pending->message &&
		 pending->ended_us == 0);
	if (pending->time_us == 0)
		pending->time_us = clock_now_us();
	return store->driver->review->pend(store, pending, error);
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
store_pending_end(struct store *store, enum store_pending_kind kind,
		  const char *buyer, const char *message, const char *by,
		  const char *note, GError **error)
{
	struct store_ending ending = { kind, buyer, message, by ? by : "",
				       note ? note : "" };

	g_assert(buyer && message);
	return store->driver->review->end(store, &ending, error);
}
/* NOLINTEND(readability-function-size) */

GPtrArray *
store_pending_list(struct store *store, enum store_pending_kind kind,
		   const char *buyer, gint64 now_us, GError **error)
{
	return store->driver->review->pending(store, kind, buyer, now_us,
					      error);
}
