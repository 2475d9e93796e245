/* What a new message adds to the sums of the queue: see migration.c. */
#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "sqlite_private.h"

/* Let in although it is outreach, rather than not. */
#define OUTREACH 0.5

/* An update is half of what an upsert costs, and nearly always all. */
static const char raise_flow[] =
	"UPDATE flow SET delivered = delivered + ?4, tagged = tagged + ?5,"
	" held = held + ?6, released = released + ?7, relevant = relevant + ?8"
	" WHERE buyer = ?1 AND day = ?2 AND priority = ?3";
static const char insert_flow[] =
	"INSERT INTO flow (buyer, day, priority, delivered, tagged, held,"
	" released, relevant) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char add_fold[] =
	"INSERT INTO fold (buyer, key, n, first, last, rank, top, vendor)"
	" SELECT buyer, key, 1, time, time, rank, id, vendor FROM waiting"
	" WHERE seq = ?1 ON CONFLICT (buyer, key) DO UPDATE SET"
	" n = n + 1, first = min(first, excluded.first),"
	" last = max(last, excluded.last),"
	" (rank, top, vendor) = (SELECT excluded.rank, excluded.top,"
	" excluded.vendor WHERE (excluded.rank, excluded.top) > (rank, top)"
	" UNION ALL SELECT rank, top, vendor LIMIT 1)";

static gboolean
is(const char *verdict, const char *word)
{
	return verdict && strcmp(verdict, word) == 0;
}

/* As the view `fate` has it. */
static gboolean
flow_run(struct sqlite_conn *conn, const char *sql, const char *buyer,
	 const struct store_message *message, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);
	gboolean held = message->state != STORE_DELIVERED;
	gboolean tagged = !held && is(message->verdict, "tag");
	gboolean relevant = !held && is(message->verdict, "deliver") &&
			    message->outreach >= OUTREACH;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, buyer);
	sqlite3_bind_int64(query, 2,
			   message->time_us / CLOCK_DAY_US * CLOCK_DAY_US);
	sqlite_bind_string(query, 3, message->priority);
	sqlite3_bind_int(query, 4, !held && !tagged);
	sqlite3_bind_int(query, 5, tagged);
	sqlite3_bind_int(query, 6, held);
	sqlite3_bind_int(query, 7, message->state == STORE_RELEASED);
	sqlite3_bind_int(query, 8, relevant);
	return sqlite_run(conn, query, error);
}

static gboolean
flow_add(struct sqlite_conn *conn, const char *buyer,
	 const struct store_message *message, GError **error)
{
	if (!flow_run(conn, raise_flow, buyer, message, error))
		return FALSE;
	return sqlite3_changes(conn->db) > 0 ||
	       flow_run(conn, insert_flow, buyer, message, error);
}

static gboolean
fold_add(struct sqlite_conn *conn, gint64 seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, add_fold, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	return sqlite_run(conn, query, error);
}

gboolean
sqlite_sum_add(struct sqlite_conn *conn, const struct store_message *message,
	       gint64 seq, GError **error)
{
	return flow_add(conn, message->buyer, message, error) &&
	       flow_add(conn, "", message, error) &&
	       (message->state != STORE_HELD || fold_add(conn, seq, error));
}
