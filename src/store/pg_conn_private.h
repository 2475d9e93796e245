/*
 * A connection to PostgreSQL. libpq-fe.h stays in the pg_*.c files; this
 * header names its structs only. No call waits longer than its deadline, for a
 * stopped server would hang libpq's own waiting for ever.
 */
#ifndef STORE_PG_CONN_PRIVATE_H
#define STORE_PG_CONN_PRIVATE_H

#include "sql_conn_private.h"

struct pg_conn;
struct pg_result;

struct pg_connection {
	struct sql_conn base;
	struct pg_conn *pg; /* NULL while there is none */
	char *place;
	enum sql_conn_kind kind;
	guint generation; /* statements are prepared anew in each */
	guint names;
	gint64 changes;
	guint64 xid;	/* of the writer's transaction */
	gboolean begun; /* a transaction: no other connection can go on in it */
};

static inline struct pg_connection *
pg_connection(struct sql_conn *conn)
{
	return (struct pg_connection *)(void *)conn;
}

/* A connection for the call to come; makes it anew where it was lost, but not
 * within a transaction: what comes next there belongs to what was lost. */
gboolean pg_ready(struct pg_connection *conn, GError **error);

/* Gives it up: what is under way there is taken back by the server. */
void pg_drop(struct pg_connection *conn);

/*
 * After something was sent: its last result, the caller's; others of it are
 * freed. NULL, and the connection is dropped when it can be used no more.
 */
struct pg_result *pg_answer(struct pg_connection *conn, GError **error);

/* Texts that give no rows, or the last one's row. */
struct pg_result *pg_exec(struct pg_connection *conn, const char *sql,
			  GError **error);

/* The work of one call may not take longer. */
gint64 pg_deadline(const struct pg_connection *conn);

#endif
