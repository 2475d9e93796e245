#include <sqlite3.h>
#include <string.h>

#include "pack_private.h"
#include "sqlite_schema_private.h"
#include "store/store.h"

static const char quick[] = "PRAGMA quick_check(1)";
static const char whole[] = "PRAGMA integrity_check(8)";
static const char bodiless[] =
	"SELECT buyer || '/' || id FROM message WHERE state IN (1, 2)"
	" AND NOT EXISTS (SELECT 1 FROM body WHERE body.buyer = message.buyer"
	" AND body.id = message.id) LIMIT 1";
static const char bodies[] = "SELECT buyer || '/' || id, size, frame FROM body";

/* A check gives one row "ok", or a row for each thing found. */
static gboolean
check(struct sqlite_conn *conn, const char *sql, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);
	const char *found;

	if (!query || sqlite_next(conn, query, error) == SQLITE_STEP_FAILED)
		return FALSE;
	found = (const char *)sqlite3_column_text(query, 0);
	if (found && strcmp(found, "ok") == 0)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN, "%s: %s",
		    conn->path, found ? found : "no answer");
	return FALSE;
}

gboolean
sqlite_check_quick(struct sqlite_conn *conn, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (check(conn, quick, &cause) ||
	    g_error_matches(cause, STORE_ERROR, STORE_ERROR_TIME))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}

static gboolean
check_bodies(struct sqlite_conn *conn, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, bodies, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	while ((step = sqlite_next(conn, query, error)) == SQLITE_STEP_ROW) {
		const void *frame = sqlite3_column_blob(query, 2);
		int size = sqlite3_column_bytes(query, 2);
		gint64 unpacked = sqlite3_column_int64(query, 1);
		g_autoptr(GBytes) bytes =
			unpack(frame, (gsize)size, (guint64)unpacked, error);

		if (!bytes) {
			g_prefix_error(
				error, "%s: message %s: ", conn->path,
				(const char *)sqlite3_column_text(query, 0));
			return FALSE;
		}
	}
	return step == SQLITE_STEP_END;
}

static gboolean
check_bodiless(struct sqlite_conn *conn, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, bodiless, error);

	if (!query)
		return FALSE;
	switch (sqlite_next(conn, query, error)) {
	case SQLITE_STEP_ROW:
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
			    "%s: message %s is held, its body is not there",
			    conn->path,
			    (const char *)sqlite3_column_text(query, 0));
		return FALSE;
	case SQLITE_STEP_END:
		return TRUE;
	case SQLITE_STEP_FAILED:
	default:
		return FALSE;
	}
}

gboolean
sqlite_check_whole(struct sqlite_conn *conn, GError **error)
{
	return check(conn, whole, error) && check_bodiless(conn, error) &&
	       check_bodies(conn, error);
}
