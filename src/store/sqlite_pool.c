#include "sqlite_pool_private.h"

#include "store/store.h"
#include "thread_private.h"

/* Reads are short; each connection costs a page cache. */
#define READERS_MAX 4

struct sqlite_pool {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	char *path;
	GPtrArray *idle;
	guint taken;
};

struct sqlite_pool *
sqlite_pool_new(const char *path)
{
	struct sqlite_pool *pool = g_new0(struct sqlite_pool, 1);

	pthread_mutex_init(&pool->lock, NULL);
	thread_cond_init(&pool->freed);
	pool->path = g_strdup(path);
	pool->idle = g_ptr_array_new();
	return pool;
}

void
sqlite_pool_free(struct sqlite_pool *pool)
{
	g_assert(pool->taken == 0);
	for (guint i = 0; i < pool->idle->len; i++)
		sqlite_conn_close(g_ptr_array_index(pool->idle, i));
	g_ptr_array_free(pool->idle, TRUE);
	pthread_cond_destroy(&pool->freed);
	pthread_mutex_destroy(&pool->lock);
	g_free(pool->path);
	g_free(pool);
}

static void
give_place(struct sqlite_pool *pool, struct sqlite_conn *conn)
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
take_place(struct sqlite_pool *pool, gint64 deadline_us,
	   struct sqlite_conn **conn)
{
	gboolean in_time = TRUE;

	pthread_mutex_lock(&pool->lock);
	while (pool->taken >= READERS_MAX && in_time)
		in_time = thread_cond_wait_until(&pool->freed, &pool->lock,
						 deadline_us);
	if (pool->taken >= READERS_MAX) {
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

struct sqlite_conn *
sqlite_pool_take(struct sqlite_pool *pool, gint64 deadline_us, GError **error)
{
	struct sqlite_conn *conn;

	if (!take_place(pool, deadline_us, &conn)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_TIME,
			    "%s: too many readers", pool->path);
		return NULL;
	}
	if (!conn)
		conn = sqlite_conn_open(pool->path, SQLITE_CONN_READER,
					deadline_us, error);
	if (conn)
		conn->deadline_us = deadline_us;
	else
		give_place(pool, NULL);
	return conn;
}

void
sqlite_pool_give(struct sqlite_pool *pool, struct sqlite_conn *conn,
		 gboolean failed)
{
	if (failed)
		g_clear_pointer(&conn, sqlite_conn_close);
	give_place(pool, conn);
}
