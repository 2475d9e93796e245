#include <sqlite3.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "sqlite_private.h"
#include "sqlite_schema_private.h"

static const char count_states[] =
	"SELECT state, count(*) FROM message GROUP BY state";
/* Delivered, tagged, held: disjoint. */
static const char count_day[] =
	"SELECT total(state = 0 AND verdict <> 'tag'),"
	" total(state = 0 AND verdict = 'tag'), total(state <> 0)"
	" FROM message WHERE time >= ?1";
static const char count_contacts[] = "SELECT count(*) FROM ledger";
static const char oldest_held[] =
	"SELECT min(time) FROM message INDEXED BY message_held"
	" WHERE state IN (1, 2) AND state = 1";

static gboolean
read_states(struct sqlite_conn *conn, struct store_stats *stats, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, count_states, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	while ((step = sqlite_next(conn, query, error)) == SQLITE_STEP_ROW) {
		int state = sqlite3_column_int(query, 0);

		if (state >= 0 && state <= STORE_EXPIRED)
			stats->states[state] =
				(guint64)sqlite3_column_int64(query, 1);
	}
	return step == SQLITE_STEP_END;
}

static gboolean
read_day(struct sqlite_conn *conn, struct store_stats *stats, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, count_day, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, clock_now_us() - CLOCK_DAY_US);
	if (sqlite_next(conn, query, error) != SQLITE_STEP_ROW)
		return FALSE;
	stats->delivered_day = (guint64)sqlite3_column_int64(query, 0);
	stats->tagged_day = (guint64)sqlite3_column_int64(query, 1);
	stats->held_day = (guint64)sqlite3_column_int64(query, 2);
	return TRUE;
}

static guint64
file_bytes(const char *database, const char *suffix)
{
	g_autofree char *path = g_strconcat(database, suffix, NULL);
	struct stat st;

	return stat(path, &st) == 0 ? (guint64)st.st_size : 0;
}

static gboolean
read_all(struct sqlite_conn *conn, struct store_stats *stats, GError **error)
{
	gint64 contacts;

	if (!read_states(conn, stats, error) || !read_day(conn, stats, error) ||
	    !sqlite_integer(conn, count_contacts, &contacts, error) ||
	    !sqlite_integer(conn, oldest_held, &stats->oldest_held_us, error) ||
	    !sqlite_schema_version(conn, &stats->schema, error))
		return FALSE;
	stats->contacts = (guint64)contacts;
	stats->bytes =
		file_bytes(conn->path, "") + file_bytes(conn->path, "-wal");
	return TRUE;
}

gboolean
sqlite_stats(struct store *store, struct store_stats *stats, GError **error)
{
	struct sqlite_store *sqlite = sqlite_store(store);
	struct sqlite_conn *conn = sqlite_pool_take(
		sqlite->pool, clock_monotonic_us() + store->wait_us, error);
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = read_all(conn, stats, error);
	sqlite_pool_give(sqlite->pool, conn, !ok);
	stats->dropped = queue_dropped(sqlite->queue);
	return ok;
}
