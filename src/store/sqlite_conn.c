#include "sqlite_conn_private.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "sqlite_contains_private.h"
#include "store/store.h"

/* Between two tries for a lock: short at first, then kinder to the holder. */
#define LOCK_RETRY_US	   500
#define LOCK_RETRY_LONG_US 2000
#define LOCK_RETRY_SHORT   10

/* A reader looks at its deadline every so many steps of SQLite's machine. */
#define DEADLINE_STEPS 4000

struct statement {
	const char *sql;
	struct sqlite3_stmt *query;
};

/*
 * FULL: only it syncs the log at each commit. Freed pages of mail are zeroed
 * only where that costs no page more (FAST): a full disk must not stop a
 * deletion.
 */
static const char settings[] = "PRAGMA synchronous=FULL;"
			       "PRAGMA secure_delete=FAST;"
			       "PRAGMA temp_store=MEMORY;"
			       "PRAGMA trusted_schema=OFF;"
			       "PRAGMA cell_size_check=ON;"
			       "PRAGMA journal_size_limit=8388608;"
			       "PRAGMA cache_size=-1000;";

/* There are several readers: what they keep is memory of the daemon. */
static const char reader_settings[] = "PRAGMA query_only=ON;"
				      "PRAGMA cache_size=-250;";

static int
code_of(int rc, int system_errno)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return STORE_ERROR_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_ERROR_BUSY;
	case SQLITE_INTERRUPT:
		return STORE_ERROR_TIME;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_SCHEMA:
	case SQLITE_ERROR:
		return STORE_ERROR_BROKEN;
	case SQLITE_IOERR:
		if (system_errno == ENOSPC || system_errno == EDQUOT)
			return STORE_ERROR_FULL;
		return STORE_ERROR_AWAY;
	default:
		return STORE_ERROR_AWAY;
	}
}

gboolean
sqlite_fail(struct sqlite_conn *conn, GError **error)
{
	int rc = sqlite3_extended_errcode(conn->db);
	int system_errno = sqlite3_system_errno(conn->db);
	int code = code_of(rc, system_errno);

	if ((rc & 0xff) == SQLITE_IOERR && system_errno != 0)
		g_set_error(error, STORE_ERROR, code, "%s: %s (%d): %s",
			    conn->path, sqlite3_errmsg(conn->db), rc,
			    g_strerror(system_errno));
	else
		g_set_error(error, STORE_ERROR, code, "%s: %s (%d)", conn->path,
			    sqlite3_errmsg(conn->db), rc);
	return FALSE;
}

static int
wait_for_lock(void *data, int tries)
{
	struct sqlite_conn *conn = data;
	gint64 left = conn->deadline_us - clock_monotonic_us();
	gint64 pause =
		tries < LOCK_RETRY_SHORT ? LOCK_RETRY_US : LOCK_RETRY_LONG_US;

	if (left <= 0)
		return 0;
	g_usleep((gulong)MIN(left, pause));
	return 1;
}

static int
past_deadline(void *data)
{
	const struct sqlite_conn *conn = data;

	return clock_monotonic_us() > conn->deadline_us;
}

static void
statement_clear(gpointer data)
{
	struct statement *statement = data;

	sqlite3_finalize(statement->query);
}

struct sqlite_conn *
sqlite_conn_open(const char *path, enum sqlite_conn_kind kind,
		 gint64 deadline_us, GError **error)
{
	struct sqlite_conn *conn = g_new0(struct sqlite_conn, 1);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	gboolean ok;

	conn->path = g_strdup(path);
	conn->deadline_us = deadline_us;
	conn->statements = g_array_new(FALSE, FALSE, sizeof(struct statement));
	g_array_set_clear_func(conn->statements, statement_clear);
	ok = sqlite3_open_v2(path, &conn->db, flags, NULL) == SQLITE_OK;
	g_assert(conn->db);
	if (ok) {
		sqlite3_busy_handler(conn->db, wait_for_lock, conn);
		sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		ok = sqlite_exec(conn, settings, error);
	} else {
		sqlite_fail(conn, error);
	}
	if (ok && kind == SQLITE_CONN_READER) {
		sqlite3_progress_handler(conn->db, DEADLINE_STEPS,
					 past_deadline, conn);
		ok = sqlite_exec(conn, reader_settings, error) &&
		     sqlite_contains_add(conn, error);
	}
	if (!ok)
		g_clear_pointer(&conn, sqlite_conn_close);
	return conn;
}

void
sqlite_conn_close(struct sqlite_conn *conn)
{
	if (!conn)
		return;
	g_array_free(conn->statements, TRUE);
	g_assert(sqlite3_close(conn->db) == SQLITE_OK);
	g_free(conn->path);
	g_free(conn);
}

gboolean
sqlite_exec(struct sqlite_conn *conn, const char *sql, GError **error)
{
	if (sqlite3_exec(conn->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return TRUE;
	return sqlite_fail(conn, error);
}

gboolean
sqlite_integer(struct sqlite_conn *conn, const char *sql, gint64 *value,
	       GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);

	if (!query || sqlite_next(conn, query, error) == SQLITE_STEP_FAILED)
		return FALSE;
	*value = sqlite3_column_int64(query, 0);
	return TRUE;
}

void
sqlite_rollback(struct sqlite_conn *conn)
{
	if (!sqlite3_get_autocommit(conn->db))
		sqlite_exec(conn, "ROLLBACK", NULL);
}

SqliteQuery *
sqlite_query(struct sqlite_conn *conn, const char *sql, GError **error)
{
	struct statement statement = { sql, NULL };

	for (guint i = 0; i < conn->statements->len; i++) {
		statement =
			g_array_index(conn->statements, struct statement, i);
		if (statement.sql == sql)
			return statement.query;
	}
	statement.sql = sql;
	if (sqlite3_prepare_v3(conn->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &statement.query, NULL) != SQLITE_OK) {
		sqlite_fail(conn, error);
		return NULL;
	}
	g_array_append_val(conn->statements, statement);
	return statement.query;
}

void
sqlite_query_end(SqliteQuery *query)
{
	sqlite3_reset(query);
	sqlite3_clear_bindings(query);
}

void
sqlite_bind_string(SqliteQuery *query, int column, const char *text)
{
	sqlite3_bind_text(query, column, text ? text : "", -1, SQLITE_STATIC);
}

void
sqlite_bind_or_null(SqliteQuery *query, int column, const char *text)
{
	sqlite3_bind_text(query, column, text, -1, SQLITE_STATIC);
}

enum sqlite_step
sqlite_next(struct sqlite_conn *conn, SqliteQuery *query, GError **error)
{
	switch (sqlite3_step(query)) {
	case SQLITE_ROW:
		return SQLITE_STEP_ROW;
	case SQLITE_DONE:
		return SQLITE_STEP_END;
	default:
		sqlite_fail(conn, error);
		return SQLITE_STEP_FAILED;
	}
}

gboolean
sqlite_run(struct sqlite_conn *conn, SqliteQuery *query, GError **error)
{
	return sqlite_next(conn, query, error) != SQLITE_STEP_FAILED;
}
