#include "sqlite_schema_private.h"

#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "migration_private.h"
#include "sqlite_conn_private.h"
#include "store/store.h"

/* "PwSt", in the header of a file that is ours (file(1) can show it). */
#define APPLICATION_ID 1350005620

#define RETRY_US 5000

/* The busy handler is not asked here: two changers would wait for ever. */
static gboolean
set_wal(struct sql_conn *conn, GError **error)
{
	for (;;) {
		g_autoptr(GError) cause = NULL;
		g_autoptr(SqlQuery) query =
			sql_query(conn, "PRAGMA journal_mode=WAL", &cause);
		const char *mode = NULL;

		if (query && sql_next(conn, query, &cause) == SQL_STEP_ROW)
			mode = sql_text_at(query, 0);
		if (mode && strcmp(mode, "wal") == 0)
			return TRUE;
		if (!cause) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
				    "%s: no write-ahead log on this file "
				    "system",
				    conn->name);
			return FALSE;
		}
		if (cause->code != STORE_ERROR_BUSY ||
		    clock_monotonic_us() > conn->deadline_us) {
			g_propagate_error(error, g_steal_pointer(&cause));
			return FALSE;
		}
		g_usleep(RETRY_US);
	}
}

static gboolean
check_ours(struct sql_conn *conn, GError **error)
{
	gint64 application = 0, tables = 0;
	gboolean ok;

	/* In one transaction: another process may be making it just now. */
	ok = sql_exec(conn, "BEGIN", error) &&
	     sql_integer(conn, "PRAGMA application_id", &application, error) &&
	     sql_integer(conn, "SELECT count(*) FROM sqlite_schema", &tables,
			 error);
	sql_rollback(conn);
	if (!ok)
		return FALSE;
	if (application == APPLICATION_ID || (application == 0 && tables == 0))
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
		    "%s: a database of another program", conn->name);
	return FALSE;
}

gboolean
sqlite_schema_version(struct sql_conn *conn, guint *version, GError **error)
{
	gint64 value;

	if (!sql_integer(conn, "PRAGMA user_version", &value, error))
		return FALSE;
	*version = (guint)value;
	return TRUE;
}

static gboolean
read_version(void *handle, guint *version, GError **error)
{
	return sqlite_schema_version(handle, version, error);
}

static gboolean
run_texts(struct sql_conn *conn, const struct migration_step *step,
	  GError **error)
{
	for (guint i = 0; i < MIGRATION_TEXTS && step->sqlite[i]; i++) {
		if (!sql_exec(conn, step->sqlite[i], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
run_begun(struct sql_conn *conn, guint number,
	  const struct migration_step *step, GError **error)
{
	g_autofree char *stamp = g_strdup_printf("PRAGMA application_id=%d;"
						 "PRAGMA user_version=%u;",
						 APPLICATION_ID, number);
	guint version;

	if (!sqlite_schema_version(conn, &version, error))
		return FALSE;
	/* Another process may have been faster. */
	if (version < number &&
	    (!run_texts(conn, step, error) || !sql_exec(conn, stamp, error)))
		return FALSE;
	return sql_exec(conn, "COMMIT", error);
}

static gboolean
run_step(void *handle, guint number, const struct migration_step *step,
	 GError **error)
{
	struct sql_conn *conn = handle;

	if (!sql_exec(conn, "BEGIN IMMEDIATE", error))
		return FALSE;
	if (run_begun(conn, number, step, error))
		return TRUE;
	sql_rollback(conn);
	return FALSE;
}

gboolean
sqlite_schema_prepare(struct sql_conn *conn, GError **error)
{
	struct migration_target target = { conn, read_version, run_step };
	g_autoptr(GError) cause = NULL;
	gint64 pages;

	if (sqlite3_db_readonly(sqlite_db(conn), "main") == 1) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "%s: not permitted to write", conn->name);
		return FALSE;
	}
	if (!sql_integer(conn, "PRAGMA page_count", &pages, error))
		return FALSE;
	/* Before the first table, or it has no effect. */
	if (pages == 0 &&
	    !sql_exec(conn, "PRAGMA auto_vacuum=INCREMENTAL", error))
		return FALSE;
	if (!set_wal(conn, error) || !check_ours(conn, error))
		return FALSE;
	if (migration_run(&target, &cause)) {
		sqlite_heal(conn);
		return TRUE;
	}
	g_propagate_prefixed_error(error, g_steal_pointer(&cause),
				   "%s: ", conn->name);
	return FALSE;
}
