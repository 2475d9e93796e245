#include "sqlite_conn_private.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "sqlite_contains_private.h"
#include "sqlite_schema_private.h"
#include "sqlite_search_private.h"
#include "store/store.h"

/* Between two tries for a lock: short at first, then kinder to the holder. */
#define LOCK_RETRY_US	   500
#define LOCK_RETRY_LONG_US 2000
#define LOCK_RETRY_SHORT   10

/* A reader looks at its deadline every so many steps of SQLite's machine. */
#define DEADLINE_STEPS 4000

struct sqlite_query {
	struct sql_query base;
	struct sqlite3_stmt *statement;
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

static const char begin_text[] = "BEGIN IMMEDIATE";
static const char look_text[] = "BEGIN";
static const char commit_text[] = "COMMIT";
static const char rollback_text[] = "ROLLBACK";

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
sqlite_fail(struct sql_conn *conn, GError **error)
{
	struct sqlite3 *db = sqlite_db(conn);
	int rc = sqlite3_extended_errcode(db);
	int system_errno = sqlite3_system_errno(db);
	int code = code_of(rc, system_errno);

	if ((rc & 0xff) == SQLITE_IOERR && system_errno != 0)
		g_set_error(error, STORE_ERROR, code, "%s: %s (%d): %s",
			    conn->name, sqlite3_errmsg(db), rc,
			    g_strerror(system_errno));
	else
		g_set_error(error, STORE_ERROR, code, "%s: %s (%d)", conn->name,
			    sqlite3_errmsg(db), rc);
	return FALSE;
}

static int
wait_for_lock(void *data, int tries)
{
	struct sql_conn *conn = data;
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
	const struct sql_conn *conn = data;

	return clock_monotonic_us() > conn->deadline_us;
}

static struct sqlite3_stmt *
statement_of(struct sql_query *query)
{
	return ((struct sqlite_query *)(void *)query)->statement;
}

static gboolean
run_text(struct sql_conn *conn, const char *sql, GError **error)
{
	if (sqlite3_exec(sqlite_db(conn), sql, NULL, NULL, NULL) == SQLITE_OK)
		return TRUE;
	return sqlite_fail(conn, error);
}

/* A file replaced or removed under us would take writes that nobody finds. */
static gboolean
check_place(struct sql_conn *conn, GError **error)
{
	int moved = 0;

	sqlite3_file_control(sqlite_db(conn), "main", SQLITE_FCNTL_HAS_MOVED,
			     &moved);
	if (!moved)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
		    "%s: the file was moved or deleted", conn->name);
	return FALSE;
}

static gboolean
run_prepared(struct sql_conn *conn, const char *sql, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	return query && sql_run(conn, query, error);
}

static gboolean
begin(struct sql_conn *conn, GError **error)
{
	return check_place(conn, error) &&
	       run_prepared(conn, begin_text, error);
}

static gboolean
look(struct sql_conn *conn, GError **error)
{
	return run_prepared(conn, look_text, error);
}

static gboolean
commit(struct sql_conn *conn, GError **error)
{
	return sqlite_documents_purge(conn, error) &&
	       run_prepared(conn, commit_text, error);
}

static void
rollback(struct sql_conn *conn)
{
	if (!sqlite3_get_autocommit(sqlite_db(conn)) &&
	    !run_prepared(conn, rollback_text, NULL))
		run_text(conn, rollback_text, NULL);
}

static gint64
changes(struct sql_conn *conn)
{
	return sqlite3_changes(sqlite_db(conn));
}

static gint64
added(struct sql_conn *conn)
{
	return sqlite3_last_insert_rowid(sqlite_db(conn));
}

static struct sql_query *
prepare(struct sql_conn *conn, const char *sql, gboolean once, GError **error)
{
	struct sqlite_query *query;
	struct sqlite3_stmt *statement;

	if (sqlite3_prepare_v3(sqlite_db(conn), sql, -1,
			       once ? 0 : SQLITE_PREPARE_PERSISTENT, &statement,
			       NULL) != SQLITE_OK) {
		sqlite_fail(conn, error);
		return NULL;
	}
	query = g_new(struct sqlite_query, 1);
	query->base.conn = conn;
	query->statement = statement;
	return &query->base;
}

static void
finalize(struct sql_query *query)
{
	sqlite3_finalize(statement_of(query));
	g_free(query);
}

static void
reset(struct sql_query *query)
{
	sqlite3_reset(statement_of(query));
	sqlite3_clear_bindings(statement_of(query));
}

static int
places(struct sql_query *query)
{
	return sqlite3_bind_parameter_count(statement_of(query));
}

static int
columns(struct sql_query *query)
{
	return sqlite3_column_count(statement_of(query));
}

static void
bind_text(struct sql_query *query, int place, const char *text)
{
	sqlite3_bind_text(statement_of(query), place, text, -1, SQLITE_STATIC);
}

static void
bind_int64(struct sql_query *query, int place, gint64 value)
{
	sqlite3_bind_int64(statement_of(query), place, value);
}

static void
bind_double(struct sql_query *query, int place, double value)
{
	sqlite3_bind_double(statement_of(query), place, value);
}

static void
bind_blob(struct sql_query *query, int place, const void *data, gsize size)
{
	sqlite3_bind_blob64(statement_of(query), place, data, size,
			    SQLITE_STATIC);
}

static enum sql_step
next(struct sql_query *query, GError **error)
{
	switch (sqlite3_step(statement_of(query))) {
	case SQLITE_ROW:
		return SQL_STEP_ROW;
	case SQLITE_DONE:
		return SQL_STEP_END;
	default:
		sqlite_fail(query->conn, error);
		return SQL_STEP_FAILED;
	}
}

static const char *
text_at(struct sql_query *query, int column)
{
	return (const char *)sqlite3_column_text(statement_of(query), column);
}

static gint64
int64_at(struct sql_query *query, int column)
{
	return sqlite3_column_int64(statement_of(query), column);
}

static double
double_at(struct sql_query *query, int column)
{
	return sqlite3_column_double(statement_of(query), column);
}

static const void *
blob_at(struct sql_query *query, int column, gsize *size)
{
	const void *data = sqlite3_column_blob(statement_of(query), column);

	*size = (gsize)sqlite3_column_bytes(statement_of(query), column);
	return data;
}

static guint64
file_bytes(const char *database, const char *suffix)
{
	g_autofree char *path = g_strconcat(database, suffix, NULL);
	struct stat st;

	return stat(path, &st) == 0 ? (guint64)st.st_size : 0;
}

static gboolean
bytes(struct sql_conn *conn, guint64 *size, GError **error)
{
	(void)error;
	*size = file_bytes(conn->name, "") + file_bytes(conn->name, "-wal");
	return TRUE;
}

static void
close_conn(struct sql_conn *conn)
{
	struct sqlite3 *db = sqlite_db(conn);

	sql_conn_clear(conn);
	g_assert(sqlite3_close(db) == SQLITE_OK);
	g_free(conn);
}

static gboolean
set_up(struct sql_conn *conn, enum sql_conn_kind kind, GError **error)
{
	struct sqlite3 *db = sqlite_db(conn);

	sqlite3_busy_handler(db, wait_for_lock, conn);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (!run_text(conn, settings, error))
		return FALSE;
	if (kind == SQL_CONN_WRITER)
		return TRUE;
	sqlite3_progress_handler(db, DEADLINE_STEPS, past_deadline, conn);
	return run_text(conn, reader_settings, error) &&
	       sqlite_contains_add(conn, error);
}

static struct sql_conn *
open_conn(const char *path, enum sql_conn_kind kind, gint64 deadline_us,
	  GError **error)
{
	struct sqlite_conn *conn = g_new0(struct sqlite_conn, 1);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	gboolean ok;

	sql_conn_init(&conn->base, &sqlite_backend, path, deadline_us);
	ok = sqlite3_open_v2(path, &conn->db, flags, NULL) == SQLITE_OK;
	g_assert(conn->db);
	if (!ok)
		sqlite_fail(&conn->base, error);
	if (ok && set_up(&conn->base, kind, error))
		return &conn->base;
	close_conn(&conn->base);
	return NULL;
}

const struct sql_backend sqlite_backend = {
	.readers = 4, /* reads are short; each costs a page cache */
	.sums_of_all = TRUE,
	.folds = TRUE,
	.finder = &sqlite_finder,
	.open = open_conn,
	.close = close_conn,
	.begin = begin,
	.look = look,
	.commit = commit,
	.rollback = rollback,
	.exec = run_text,
	.changes = changes,
	.added = added,
	.prepare = prepare,
	.finalize = finalize,
	.reset = reset,
	.places = places,
	.columns = columns,
	.bind_text = bind_text,
	.bind_int64 = bind_int64,
	.bind_double = bind_double,
	.bind_blob = bind_blob,
	.next = next,
	.text_at = text_at,
	.int64_at = int64_at,
	.double_at = double_at,
	.blob_at = blob_at,
	.version = sqlite_schema_version,
	.bytes = bytes,
	.check = sqlite_check_whole,
};
