#include <sqlite3.h>

#include "base/clock.h"
#include "sqlite_private.h"

/* Older mail does not count. */
#define NEAR_US (30 * CLOCK_DAY_US)

/* `vendor <> ''` is what tells SQLite that the partial index will do. */
static const char vendor_buyer[] =
	"SELECT count(*) FROM (SELECT 1 FROM message WHERE vendor = ?1"
	" AND vendor <> '' AND buyer = ?2 LIMIT ?3)";
static const char vendor_all[] =
	"SELECT count(*) FROM (SELECT 1 FROM message WHERE vendor = ?1"
	" AND vendor <> '' LIMIT ?3)";
static const char newer_rows[] =
	"SELECT * FROM (SELECT seq, time, fingerprint, buyer FROM message"
	" WHERE seq > ?1 ORDER BY seq DESC LIMIT ?2) ORDER BY seq";

static const char begin[] = "BEGIN";
static const char end[] = "COMMIT";

static gboolean
step(struct sqlite_conn *conn, const char *sql, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);

	return query && sqlite_run(conn, query, error);
}

static gboolean
count_vendor(struct sqlite_conn *conn, const struct store_likeness *likeness,
	     guint *seen, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(
		conn, likeness->buyer ? vendor_buyer : vendor_all, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, likeness->vendor);
	if (likeness->buyer)
		sqlite_bind_string(query, 2, likeness->buyer);
	sqlite3_bind_int(query, 3, STORE_VENDOR_SEEN_MAX);
	if (sqlite_next(conn, query, error) != SQLITE_STEP_ROW)
		return FALSE;
	*seen = (guint)sqlite3_column_int(query, 0);
	return TRUE;
}

/*
 * Rows are read outside the lock of `recent`: a slow disk must not stop those
 * who have nothing to read. Two who read the same rows add them once.
 */
gboolean
sqlite_recent_read(struct sqlite_conn *conn, const char *sql,
		   struct recent *recent, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);
	g_autoptr(GArray) rows = NULL;
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, (gint64)recent_seq(recent));
	sqlite3_bind_int(query, 2, (int)recent_max(recent));
	while ((step = sqlite_next(conn, query, error)) == SQLITE_STEP_ROW) {
		const char *buyer = (const char *)sqlite3_column_text(query, 3);
		struct recent_row row = {
			.seq = (guint64)sqlite3_column_int64(query, 0),
			.time_us = sqlite3_column_int64(query, 1),
			.fingerprint = (guint64)sqlite3_column_int64(query, 2),
			.buyer = recent_buyer(buyer ? buyer : ""),
		};

		if (!rows)
			rows = g_array_new(FALSE, FALSE, sizeof(row));
		g_array_append_val(rows, row);
	}
	if (rows)
		recent_add(recent, (struct recent_row *)(void *)rows->data,
			   rows->len);
	return step == SQLITE_STEP_END;
}

static gboolean
history_all(struct sqlite_store *store, struct sqlite_conn *conn,
	    const struct store_likeness *likeness, struct store_history *found,
	    GError **error)
{
	if (*likeness->vendor != '\0' &&
	    !count_vendor(conn, likeness, &found->vendor_seen, error))
		return FALSE;
	if (likeness->fingerprint != 0 &&
	    !sqlite_recent_read(conn, newer_rows, store->recent, error))
		return FALSE;
	recent_count(store->recent, likeness, clock_now_us() - NEAR_US, found);
	return sqlite_touch_find(conn, store->touches, likeness, found, error);
}

/* In one transaction: each begins and ends with locks of the file. */
static gboolean
history_in(struct sqlite_store *store, struct sqlite_conn *conn,
	   const struct store_likeness *likeness, struct store_history *found,
	   GError **error)
{
	return step(conn, begin, error) &&
	       history_all(store, conn, likeness, found, error) &&
	       step(conn, end, error);
}

gboolean
sqlite_history(struct store *store, const struct store_likeness *likeness,
	       gint64 deadline_us, struct store_history *history,
	       GError **error)
{
	struct sqlite_store *sqlite = sqlite_store(store);
	struct sqlite_conn *conn =
		sqlite_pool_take(sqlite->pool, deadline_us, error);
	struct store_history found = { 0 };
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = history_in(sqlite, conn, likeness, &found, error);
	sqlite_pool_give(sqlite->pool, conn, !ok);
	if (ok)
		*history = found;
	return ok;
}
