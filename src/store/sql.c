#include "base/clock.h"
#include "pack_private.h"
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
	store->packers = packers_new();
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

guint64
sql_dropped(struct store *store)
{
	return queue_dropped(sql_store(store)->queue);
}

gboolean
sql_verify(struct store *store, GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	gboolean ok;

	if (!conn)
		return FALSE;
	conn->deadline_us = G_MAXINT64;
	ok = conn->backend->check(conn, error);
	sql_pool_give(pool, conn, !ok);
	return ok;
}

guint64
sql_store_clear(struct sql_store *store)
{
	guint64 dropped;

	queue_close(store->queue, clock_monotonic_us() + CLOSE_US);
	if (store->writer)
		sql_writer_stop(store->writer);
	dropped = queue_free(store->queue);
	sql_pool_free(store->pool);
	recent_free(store->recent);
	recent_free(store->touches);
	haystacks_free(store->haystacks);
	packers_free(store->packers);
	return dropped;
}
