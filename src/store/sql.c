#include "base/clock.h"
#include "sql_private.h"

#define CLOSE_US (5 * CLOCK_SECOND_US)

void
sql_store_init(struct sql_store *store, const struct sql_backend *backend,
	       const char *place, const char *name)
{
	store->pool = sql_pool_new(backend, place, name);
	store->queue = queue_new();
	store->recent = recent_new(RECENT_MAX);
	store->touches = recent_new(RECENT_CAMPAIGN_MAX);
	store->haystacks = haystacks_new(HAYSTACKS_MAX);
}

gboolean
sql_store_start(struct sql_store *store, struct sql_conn *writer,
		const struct sql_room *room, GError **error)
{
	g_autoptr(GError) failure = NULL;

	store->writer = sql_writer_start(writer, store->queue, room, &failure);
	if (store->writer)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s: %s",
		    writer->name, failure->message);
	return FALSE;
}

void
sql_store_clear(struct sql_store *store)
{
	queue_close(store->queue, clock_monotonic_us() + CLOSE_US);
	if (store->writer)
		sql_writer_stop(store->writer);
	queue_free(store->queue);
	sql_pool_free(store->pool);
	recent_free(store->recent);
	recent_free(store->touches);
	haystacks_free(store->haystacks);
}
