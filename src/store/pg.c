#include "base/clock.h"
#include "pg_private.h"

#define OPEN_US (5 * CLOCK_SECOND_US)

struct pg_store {
	struct sql_store base;
	char *place;
	struct pg_listener *listener;
};

static guint64
pg_close(struct store *base)
{
	struct pg_store *store = (struct pg_store *)(void *)base;
	const guint64 dropped = sql_store_clear(&store->base);

	pg_listener_free(store->listener);
	g_free(store->place);
	g_free(store);
	return dropped;
}

static gboolean
start(struct pg_store *store, GError **error)
{
	struct sql_conn *conn =
		pg_backend.open(store->place, SQL_CONN_WRITER,
				clock_monotonic_us() + OPEN_US, error);

	if (!conn)
		return FALSE;
	if (pg_schema_prepare(conn, error) &&
	    sql_store_start(&store->base, conn, NULL, error))
		return TRUE;
	sql_conn_close(conn);
	return FALSE;
}

/* `rest` is what follows "postgresql:". */
static struct store *
pg_open(const char *rest, GError **error)
{
	struct pg_store *store = g_new0(struct pg_store, 1);
	g_autofree char *name = NULL;

	store->place = g_strconcat("postgresql:", rest, NULL);
	store->listener = pg_listener_new(store->place);
	name = pg_name(store->place);
	sql_store_init(&store->base, &pg_backend, store->place, name);
	if (start(store, error))
		return &store->base.base;
	pg_close(&store->base.base);
	return NULL;
}

static gboolean
pg_await(struct store *base, gint64 deadline_us)
{
	struct pg_store *store = (struct pg_store *)(void *)base;

	return pg_listener_await(store->listener, deadline_us);
}

const struct store_driver store_postgres = {
	.scheme = "postgresql",
	.shared = TRUE,
	.await = pg_await,
	.open = pg_open,
	.look = pg_place_look,
	.keep_older = pg_keep_older,
	.close = pg_close,
	SQL_STORE_CALLS,
};
