/*
 * Reading connections. A handle is bound to no thread, since libmilter moves
 * the callbacks of one session between threads: it is taken for one call.
 */
#ifndef STORE_SQL_POOL_PRIVATE_H
#define STORE_SQL_POOL_PRIVATE_H

#include "sql_conn_private.h"

struct sql_pool;

/* `place` as the backend takes it, `name` for people. */
struct sql_pool *sql_pool_new(const struct sql_backend *backend,
			      const char *place, const char *name);
void sql_pool_free(struct sql_pool *pool);

/* Its reads end at the deadline. STORE_ERROR_TIME when none became free. */
struct sql_conn *sql_pool_take(struct sql_pool *pool, gint64 deadline_us,
			       GError **error);

/* `failed`: the last call failed, and the connection may be the cause. */
void sql_pool_give(struct sql_pool *pool, struct sql_conn *conn,
		   gboolean failed);

#endif
