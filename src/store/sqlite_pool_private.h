/*
 * Reading connections. A handle is bound to no thread, since libmilter moves
 * the callbacks of one session between threads: it is taken for one call.
 */
#ifndef STORE_SQLITE_POOL_PRIVATE_H
#define STORE_SQLITE_POOL_PRIVATE_H

#include "sqlite_conn_private.h"

struct sqlite_pool;

struct sqlite_pool *sqlite_pool_new(const char *path);
void sqlite_pool_free(struct sqlite_pool *pool);

/* Its reads end at the deadline. STORE_ERROR_TIME when none became free. */
struct sqlite_conn *sqlite_pool_take(struct sqlite_pool *pool,
				     gint64 deadline_us, GError **error);

/* `failed`: the last call failed, and the connection may be the cause. */
void sqlite_pool_give(struct sqlite_pool *pool, struct sqlite_conn *conn,
		      gboolean failed);

#endif
