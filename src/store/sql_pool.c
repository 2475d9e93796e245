#include "sql_pool_private.h"

#include "store/store.h"
#include "thread_private.h"

struct sql_pool {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	const struct sql_backend *backend;
	char *place;
	char *name;
	GPtrArray *idle;
	guint taken;
};

struct sql_pool *
sql_pool_new(const struct sql_backend *backend, const char *place,
	     const char *name)
{
	struct sql_pool *pool = g_new0(struct sql_pool, 1);

	pthread_mutex_init(&pool->lock, NULL);
	thread_cond_init(&pool->freed);
	pool->backend = backend;
	pool->place = g_strdup(place);
	pool->name = g_strdup(name);
	pool->idle = g_ptr_array_new();
	return pool;
}

void
sql_pool_free(struct sql_pool *pool)
{
	g_assert(pool->taken == 0);
	for (guint i = 0; i < pool->idle->len; i++)
		sql_conn_close(g_ptr_array_index(pool->idle, i));
	g_ptr_array_free(pool->idle, TRUE);
	pthread_cond_destroy(&pool->freed);
	pthread_mutex_destroy(&pool->lock);
	g_free(pool->place);
	g_free(pool->name);
	g_free(pool);
}

static void
give_place(struct sql_pool *pool, struct sql_conn *conn)
{
	pthread_mutex_lock(&pool->lock);
	if (conn)
		g_ptr_array_add(pool->idle, conn);
	pool->taken--;
	pthread_mutex_unlock(&pool->lock);
	/* Whoever wakes wants the lock at once: it is free by now. */
	pthread_cond_signal(&pool->freed);
}

/* An idle connection, or NULL and the right to open one. */
static gboolean
take_place(struct sql_pool *pool, gint64 deadline_us, struct sql_conn **conn)
{
	gboolean in_time = TRUE;

	pthread_mutex_lock(&pool->lock);
	while (pool->taken >= pool->backend->readers && in_time)
		in_time = thread_cond_wait_until(&pool->freed, &pool->lock,
						 deadline_us);
	if (pool->taken >= pool->backend->readers) {
		pthread_mutex_unlock(&pool->lock);
		return FALSE;
	}
	pool->taken++;
	/* The one used last has the warmest cache. */
	*conn = pool->idle->len == 0 ? NULL
				     : g_ptr_array_steal_index(
					       pool->idle, pool->idle->len - 1);
	pthread_mutex_unlock(&pool->lock);
	return TRUE;
}

struct sql_conn *
sql_pool_take(struct sql_pool *pool, gint64 deadline_us, GError **error)
{
	struct sql_conn *conn;

	if (!take_place(pool, deadline_us, &conn)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_TIME,
			    "%s: too many readers", pool->name);
		return NULL;
	}
	if (conn && pool->backend->alive && !pool->backend->alive(conn))
		g_clear_pointer(&conn, sql_conn_close);
	if (!conn)
		conn = pool->backend->open(pool->place, SQL_CONN_READER,
					   deadline_us, error);
	if (conn)
		conn->deadline_us = deadline_us;
	else
		give_place(pool, NULL);
	return conn;
}

void
sql_pool_give(struct sql_pool *pool, struct sql_conn *conn, gboolean failed)
{
	if (failed)
		g_clear_pointer(&conn, sql_conn_close);
	give_place(pool, conn);
}
