/*
 * What most calls of the driver come down to: a write that its caller waits
 * for, and a read that gives rows.
 */
#ifndef STORE_SQL_TASK_PRIVATE_H
#define STORE_SQL_TASK_PRIVATE_H

#include "sql_private.h"

/* What a write has found or made. */
struct sql_answer {
	char id[ID_LEN + 1];
	guint n;
};

/*
 * Within a transaction; again if that was rolled back, with an empty answer.
 * NOT_FOUND and CONFLICT: nothing was written.
 */
typedef gboolean (*sql_task)(struct sql_conn *conn, gconstpointer what,
			     struct sql_answer *answer, GError **error);

/* A copy of all that a task needs, which it takes; `weight` in bytes. */
struct sql_cargo {
	gpointer what;
	GDestroyNotify free;
	gsize weight; /* 0: a row's */
};

/* Runs it in the writer's next transaction and waits for the commit. The answer
 * (may be NULL) is untouched on failure. */
gboolean sql_task_run(struct store *store, sql_task run, struct sql_cargo cargo,
		      struct sql_answer *answer, GError **error);

/* A row as it is, the caller's. */
typedef gpointer (*sql_row)(SqlQuery *query);

/* All rows, in an array that frees its elements. */
GPtrArray *sql_rows(struct sql_conn *conn, SqlQuery *query, sql_row read,
		    GDestroyNotify free, GError **error);

/* The first row, or NULL when there is none. */
gboolean sql_first(struct sql_conn *conn, SqlQuery *query, sql_row read,
		   gpointer *found, GError **error);

/* On a connection for reading. NULL is an error; another than NOT_FOUND closes
 * the connection. */
typedef gpointer (*sql_reader)(struct sql_conn *conn, gconstpointer asked,
			       GError **error);
gpointer sql_read(struct store *store, sql_reader read, gconstpointer asked,
		  GError **error);

/* The column's text cut to an id. */
void sql_id_at(SqlQuery *query, int column, char id[ID_LEN + 1]);

/* NOT_FOUND unless the buyer has such a message, in whatever state. */
gboolean sql_message_there(struct sql_conn *conn, const char *buyer,
			   const char *id, GError **error);

#endif
