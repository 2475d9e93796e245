#include "sqlite_schema_private.h"

#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "sql_schema_private.h"
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

gboolean
sqlite_schema_find(struct sql_conn *conn, guint *version, GError **error)
{
	gint64 application;

	if (!sql_integer(conn, "PRAGMA application_id", &application, error))
		return FALSE;
	*version = 0;
	return application != APPLICATION_ID ||
	       sqlite_schema_version(conn, version, error);
}

static const char *const *
texts(const struct migration_step *step)
{
	return step->sqlite;
}

static char *
stamp(guint number)
{
	return g_strdup_printf("PRAGMA application_id=%d;"
			       "PRAGMA user_version=%u;",
			       APPLICATION_ID, number);
}

static const struct sql_schema schema = {
	.begin = "BEGIN IMMEDIATE",
	.texts = texts,
	.stamp = stamp,
};

gboolean
sqlite_schema_prepare(struct sql_conn *conn, GError **error)
{
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
	if (!set_wal(conn, error) || !check_ours(conn, error) ||
	    !sql_schema_migrate(&schema, conn, error))
		return FALSE;
	sqlite_heal(conn);
	return TRUE;
}
