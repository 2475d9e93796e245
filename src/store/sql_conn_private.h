/*
 * One connection to a database, used by one thread at a time, with its
 * statements prepared once. What SQL there is, is the same for all databases
 * as far as it can be; the rest is in the backend, of which there are two.
 */
#ifndef STORE_SQL_CONN_PRIVATE_H
#define STORE_SQL_CONN_PRIVATE_H

#include <glib.h>

struct sql_backend;
struct sql_finder;
struct sql_sums;

struct sql_conn {
	const struct sql_backend *backend;
	char *name;	    /* of the database, for people; no password in it */
	gint64 deadline_us; /* of waiting for locks; readers: of all work */
	GArray *statements;
	struct sql_sums *sums; /* the writer's while it runs, else NULL */
	/* The next transactions wait for each other's end, of all that insist:
	 * where others change the same rows none would come through. */
	gboolean insists;
};

enum sql_conn_kind { SQL_CONN_WRITER, SQL_CONN_READER };

/* A statement; a backend embeds it as its first member. */
struct sql_query {
	struct sql_conn *conn;
};
typedef struct sql_query SqlQuery; /* for g_autoptr(SqlQuery) */

enum sql_step { SQL_STEP_ROW, SQL_STEP_END, SQL_STEP_FAILED };

/* Contracts are those of the functions below that have the names. */
struct sql_backend {
	guint readers; /* at once, of a process */
	/* What a transaction ran into may be gone when it is begun again. */
	gboolean contended;
	/* Kept with each message; else they are made when asked for, since all
	 * nodes would wait for each other at one row. */
	gboolean sums_of_all;
	/* Tables may lie on several machines, by the buyer or another key. */
	gboolean split;
	const struct sql_finder *finder;
	gboolean folds; /* has contains(): sqlite_contains_private.h */
	struct sql_conn *(*open)(const char *place, enum sql_conn_kind kind,
				 gint64 deadline_us, GError **error);
	void (*close)(struct sql_conn *conn);
	/* Whether one that lay idle can be used; NULL: always. */
	gboolean (*alive)(struct sql_conn *conn);

	/* The writer's transaction, and a reader's of one state of the data. */
	gboolean (*begin)(struct sql_conn *conn, GError **error);
	gboolean (*look)(struct sql_conn *conn, GError **error);
	gboolean (*commit)(struct sql_conn *conn, GError **error);
	void (*rollback)(struct sql_conn *conn);
	gboolean (*exec)(struct sql_conn *conn, const char *sql,
			 GError **error);
	/* Within a transaction: with its commit, who listens hears of it;
	 * NULL: nobody can. */
	gboolean (*tell)(struct sql_conn *conn, GError **error);
	gint64 (*changes)(struct sql_conn *conn);
	/* The `seq` of the row that was added last; NULL: the statement gives
	 * it (SQL_RETURNING). */
	gint64 (*added)(struct sql_conn *conn);

	struct sql_query *(*prepare)(struct sql_conn *conn, const char *sql,
				     gboolean once, GError **error);
	void (*finalize)(struct sql_query *query);
	void (*reset)(struct sql_query *query);
	int (*places)(struct sql_query *query);
	int (*columns)(struct sql_query *query);
	void (*bind_text)(struct sql_query *query, int place, const char *text);
	void (*bind_int64)(struct sql_query *query, int place, gint64 value);
	void (*bind_double)(struct sql_query *query, int place, double value);
	void (*bind_blob)(struct sql_query *query, int place, const void *data,
			  gsize size);
	enum sql_step (*next)(struct sql_query *query, GError **error);
	const char *(*text_at)(struct sql_query *query, int column);
	gint64 (*int64_at)(struct sql_query *query, int column);
	double (*double_at)(struct sql_query *query, int column);
	const void *(*blob_at)(struct sql_query *query, int column,
			       gsize *size);

	gboolean (*version)(struct sql_conn *conn, guint *version,
			    GError **error);
	gboolean (*bytes)(struct sql_conn *conn, guint64 *bytes,
			  GError **error);
	gboolean (*check)(struct sql_conn *conn, GError **error);
};

/* The common part; and its end, when the backend's statements can still end. */
void sql_conn_init(struct sql_conn *conn, const struct sql_backend *backend,
		   const char *name, gint64 deadline_us);
void sql_conn_clear(struct sql_conn *conn);

/* NULL is nothing. */
void sql_conn_close(struct sql_conn *conn);

extern const struct sql_backend sqlite_backend;
extern const struct sql_backend pg_backend;

/* The text for the database of this connection. */
const char *sql_for(const struct sql_conn *conn, const char *sqlite,
		    const char *pg);

/* Runs texts that give no rows. */
gboolean sql_exec(struct sql_conn *conn, const char *sql, GError **error);

/* The integer that a query of one row and column gives. */
gboolean sql_integer(struct sql_conn *conn, const char *sql, gint64 *value,
		     GError **error);

/* For several reads of one state; sql_rollback() ends it. */
gboolean sql_look(struct sql_conn *conn, GError **error);

/* Ends the transaction, if there is one, without trace. */
void sql_rollback(struct sql_conn *conn);

/* Within a transaction: store_await() of every node ends with its commit. */
gboolean sql_tell(struct sql_conn *conn, GError **error);

/* Rows that the last statement changed. */
gint64 sql_changes(struct sql_conn *conn);

/*
 * A statement of this connection, reset and unbound when it goes out of
 * scope. `sql` must be a static text: it is the key of the cache. Places are
 * written ?1, ?2 ...
 */
SqlQuery *sql_query(struct sql_conn *conn, const char *sql, GError **error);
void sql_query_end(SqlQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SqlQuery, sql_query_end)

/* One that was put together, and is used once; sql_query_free() ends it. */
SqlQuery *sql_query_once(struct sql_conn *conn, const char *sql,
			 GError **error);
void sql_query_free(SqlQuery *query);

/* Texts and data must live until the query ends; a NULL text is "". */
void sql_bind_string(SqlQuery *query, int place, const char *text);
void sql_bind_or_null(SqlQuery *query, int place, const char *text);
void sql_bind_int64(SqlQuery *query, int place, gint64 value);
void sql_bind_double(SqlQuery *query, int place, double value);
void sql_bind_blob(SqlQuery *query, int place, const void *data, gsize size);
int sql_places(SqlQuery *query);

enum sql_step sql_next(struct sql_conn *conn, SqlQuery *query, GError **error);

/* Of the row that sql_next() gave; texts and data live until the next. */
const char *sql_text_at(SqlQuery *query, int column);
gint64 sql_int64_at(SqlQuery *query, int column);
double sql_double_at(SqlQuery *query, int column);
const void *sql_blob_at(SqlQuery *query, int column, gsize *size);
int sql_columns(SqlQuery *query);

/* For a statement without rows. */
gboolean sql_run(struct sql_conn *conn, SqlQuery *query, GError **error);

/*
 * For one that adds a row, whose `seq` it gives. Its text is made of that of an
 * INSERT: SQLite, which knows the last row's number anyway, carries out a
 * RETURNING as a trigger, and then copies each page that the INSERT changes.
 */
#define SQL_ADDING(name, insert)                                               \
	static const char name[] = insert;                                     \
	static const char name##_pg[] = insert " RETURNING seq"
gboolean sql_run_adding(struct sql_conn *conn, SqlQuery *query, gint64 *seq,
			GError **error);

#endif
