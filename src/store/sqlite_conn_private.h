/*
 * One connection to the database file, used by one thread at a time, with its
 * statements prepared once. sqlite3.h stays in the sqlite*.c files; this
 * header names its two structs only.
 */
#ifndef STORE_SQLITE_CONN_PRIVATE_H
#define STORE_SQLITE_CONN_PRIVATE_H

#include <glib.h>

struct sqlite3;
struct sqlite3_stmt;
struct sqlite_sums;

struct sqlite_conn {
	struct sqlite3 *db;
	char *path;
	gint64 deadline_us; /* of waiting for locks; readers: of all work */
	GArray *statements;
	struct sqlite_sums *sums; /* the writer's while it runs, else NULL */
};

enum sqlite_conn_kind { SQLITE_CONN_WRITER, SQLITE_CONN_READER };

struct sqlite_conn *sqlite_conn_open(const char *path,
				     enum sqlite_conn_kind kind,
				     gint64 deadline_us, GError **error);
void sqlite_conn_close(struct sqlite_conn *conn);

/* Runs texts that give no rows. */
gboolean sqlite_exec(struct sqlite_conn *conn, const char *sql, GError **error);

/* The integer that a PRAGMA or a query of one row and column gives. */
gboolean sqlite_integer(struct sqlite_conn *conn, const char *sql,
			gint64 *value, GError **error);

/* Sets the error from the connection's last one; always FALSE. */
gboolean sqlite_fail(struct sqlite_conn *conn, GError **error);

/* Ends the transaction, if there is one, without trace. */
void sqlite_rollback(struct sqlite_conn *conn);

/*
 * A statement of this connection, reset and unbound when it goes out of
 * scope. `sql` must be a static text: it is the key of the cache.
 */
typedef struct sqlite3_stmt SqliteQuery;
SqliteQuery *sqlite_query(struct sqlite_conn *conn, const char *sql,
			  GError **error);
void sqlite_query_end(SqliteQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SqliteQuery, sqlite_query_end)

/* The text must live until the query ends; NULL is "". */
void sqlite_bind_string(SqliteQuery *query, int column, const char *text);
void sqlite_bind_or_null(SqliteQuery *query, int column, const char *text);

enum sqlite_step { SQLITE_STEP_ROW, SQLITE_STEP_END, SQLITE_STEP_FAILED };
enum sqlite_step sqlite_next(struct sqlite_conn *conn, SqliteQuery *query,
			     GError **error);

/* For a statement without rows. */
gboolean sqlite_run(struct sqlite_conn *conn, SqliteQuery *query,
		    GError **error);

#endif
