#include "base/clock.h"
#include "sql_private.h"

/* Older mail does not count. */
#define NEAR_US (30 * CLOCK_DAY_US)

/* `vendor <> ''` is what tells SQLite that the partial index will do. */
static const char vendor_buyer[] =
	"SELECT count(*) FROM (SELECT 1 FROM message WHERE vendor = ?1"
	" AND vendor <> '' AND buyer = ?2 LIMIT ?3) AS seen";
static const char vendor_all[] =
	"SELECT count(*) FROM (SELECT 1 FROM message WHERE vendor = ?1"
	" AND vendor <> '' LIMIT ?3) AS seen";
static const char newer_rows[] =
	"SELECT * FROM (SELECT seq, time, fingerprint, buyer FROM message"
	" WHERE seq > ?1 ORDER BY seq DESC LIMIT ?2) AS newer ORDER BY seq";
static const char newer_rows_pg[] = SQL_RING_NEWER("0");
static const char insert_ring[] =
	"INSERT INTO ring (kind, time, fingerprint, buyer, campaign)"
	" VALUES (?1, ?2, ?3, ?4, ?5)";

static gboolean
count_vendor(struct sql_conn *conn, const struct store_likeness *likeness,
	     guint *seen, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(
		conn, likeness->buyer ? vendor_buyer : vendor_all, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, likeness->vendor);
	if (likeness->buyer)
		sql_bind_string(query, 2, likeness->buyer);
	sql_bind_int64(query, 3, STORE_VENDOR_SEEN_MAX);
	if (sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	*seen = (guint)(int)sql_int64_at(query, 0);
	return TRUE;
}

/*
 * Rows are read outside the lock of `recent`: a slow disk must not stop those
 * who have nothing to read. Two who read the same rows add them once.
 */
gboolean
sql_recent_read(struct sql_conn *conn, const char *sql, struct recent *recent,
		GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	g_autoptr(GArray) rows = NULL;
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, (gint64)recent_seq(recent));
	sql_bind_int64(query, 2, (int)recent_max(recent));
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		const char *buyer = sql_text_at(query, 3);
		struct recent_row row = {
			.seq = (guint64)sql_int64_at(query, 0),
			.time_us = sql_int64_at(query, 1),
			.fingerprint = (guint64)sql_int64_at(query, 2),
			.buyer = recent_buyer(buyer ? buyer : ""),
		};

		if (!rows)
			rows = g_array_new(FALSE, FALSE, sizeof(row));
		g_array_append_val(rows, row);
	}
	if (rows)
		recent_add(recent, (struct recent_row *)(void *)rows->data,
			   rows->len);
	return step == SQL_STEP_END;
}

gboolean
sql_ring_add(struct sql_conn *conn, const struct store_message *message,
	     int kind, GError **error)
{
	g_autoptr(SqlQuery) query = NULL;

	if (message->fingerprint == 0)
		return TRUE;
	query = sql_query(conn, insert_ring, error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, kind);
	sql_bind_int64(query, 2, message->time_us);
	sql_bind_int64(query, 3, (gint64)message->fingerprint);
	sql_bind_string(query, 4, message->buyer);
	sql_bind_string(query, 5, message->campaign);
	return sql_run(conn, query, error);
}

static gboolean
history_all(struct sql_store *store, struct sql_conn *conn,
	    const struct store_likeness *likeness, struct store_history *found,
	    GError **error)
{
	if (*likeness->vendor != '\0' &&
	    !count_vendor(conn, likeness, &found->vendor_seen, error))
		return FALSE;
	if (likeness->fingerprint != 0 &&
	    !sql_recent_read(conn, sql_for(conn, newer_rows, newer_rows_pg),
			     store->recent, error))
		return FALSE;
	recent_count(store->recent, likeness, clock_now_us() - NEAR_US, found);
	return sql_touch_find(conn, store->touches, likeness, found, error);
}

/* In one transaction: each begins and ends with locks of the file. */
static gboolean
history_in(struct sql_store *store, struct sql_conn *conn,
	   const struct store_likeness *likeness, struct store_history *found,
	   GError **error)
{
	gboolean ok = sql_look(conn, error) &&
		      history_all(store, conn, likeness, found, error);

	sql_rollback(conn);
	return ok;
}

gboolean
sql_history(struct store *store, const struct store_likeness *likeness,
	    gint64 deadline_us, struct store_history *history, GError **error)
{
	struct sql_store *sql = sql_store(store);
	struct sql_conn *conn = sql_pool_take(sql->pool, deadline_us, error);
	struct store_history found = { 0 };
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = history_in(sql, conn, likeness, &found, error);
	sql_pool_give(sql->pool, conn, !ok);
	if (ok)
		*history = found;
	return ok;
}
