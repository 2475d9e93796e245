/*
 * What most calls of the driver come down to: a write that its caller waits
 * for, and a read that gives rows.
 */
#ifndef STORE_SQLITE_TASK_PRIVATE_H
#define STORE_SQLITE_TASK_PRIVATE_H

#include "sqlite_private.h"

/* What a write has found or made. */
struct sqlite_answer {
	char id[ID_LEN + 1];
	guint n;
};

/*
 * Within a transaction; again if that was rolled back, with an empty answer.
 * NOT_FOUND and CONFLICT: nothing was written.
 */
typedef gboolean (*sqlite_task)(struct sqlite_conn *conn, gconstpointer what,
				struct sqlite_answer *answer, GError **error);

/* A copy of all that a task needs, which it takes; `weight` in bytes. */
struct sqlite_cargo {
	gpointer what;
	GDestroyNotify free;
	gsize weight; /* 0: a row's */
};

/* Runs it in the writer's next transaction and waits for the commit. The answer
 * (may be NULL) is untouched on failure. */
gboolean sqlite_task_run(struct store *store, sqlite_task run,
			 struct sqlite_cargo cargo,
			 struct sqlite_answer *answer, GError **error);

/* A row as it is, the caller's. */
typedef gpointer (*sqlite_row)(SqliteQuery *query);

/* All rows, in an array that frees its elements. */
GPtrArray *sqlite_rows(struct sqlite_conn *conn, SqliteQuery *query,
		       sqlite_row read, GDestroyNotify free, GError **error);

/* The first row, or NULL when there is none. */
gboolean sqlite_first(struct sqlite_conn *conn, SqliteQuery *query,
		      sqlite_row read, gpointer *found, GError **error);

/* On a connection for reading. NULL is an error; another than NOT_FOUND closes
 * the connection. */
typedef gpointer (*sqlite_reader)(struct sqlite_conn *conn, gconstpointer asked,
				  GError **error);
gpointer sqlite_read(struct store *store, sqlite_reader read,
		     gconstpointer asked, GError **error);

/* The column's text cut to an id. */
void sqlite_id_at(SqliteQuery *query, int column, char id[ID_LEN + 1]);

/* NOT_FOUND unless the buyer has such a message, in whatever state. */
gboolean sqlite_message_there(struct sqlite_conn *conn, const char *buyer,
			      const char *id, GError **error);

#endif
