#include "base/clock.h"
#include "sql_private.h"
#include "sqlite_schema_private.h"

static const char count_states[] =
	"SELECT state, count(*) FROM message GROUP BY state";
/* Delivered, tagged, held: disjoint. */
static const char count_day[] =
	"SELECT sum(CASE WHEN state = 0 AND verdict <> 'tag' THEN 1 ELSE 0 "
	"END),"
	" sum(CASE WHEN state = 0 AND verdict = 'tag' THEN 1 ELSE 0 END),"
	" sum(CASE WHEN state <> 0 THEN 1 ELSE 0 END)"
	" FROM message WHERE time >= ?1";
static const char count_contacts[] = "SELECT count(*) FROM ledger";
static const char oldest_held[] =
	"SELECT min(time) FROM message INDEXED BY message_held"
	" WHERE state IN (1, 2) AND state = 1";
/* Of what sql_expire() would pick once it is old enough. */
static const char oldest_expiring[] =
	"SELECT min(time) FROM message INDEXED BY message_held"
	" WHERE state IN (1, 2) AND state = 1"
	" AND NOT EXISTS (SELECT 1 FROM feedback"
	" WHERE feedback.buyer = message.buyer"
	" AND feedback.message = message.id AND retracted = 0"
	" AND label <> 1)";

static gboolean
read_states(struct sql_conn *conn, struct store_stats *stats, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_states, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		int state = (int)sql_int64_at(query, 0);

		if (state >= 0 && state <= STORE_EXPIRED)
			stats->states[state] = (guint64)sql_int64_at(query, 1);
	}
	return step == SQL_STEP_END;
}

static gboolean
read_day(struct sql_conn *conn, struct store_stats *stats, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_day, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, clock_now_us() - CLOCK_DAY_US);
	if (sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	stats->delivered_day = (guint64)sql_int64_at(query, 0);
	stats->tagged_day = (guint64)sql_int64_at(query, 1);
	stats->held_day = (guint64)sql_int64_at(query, 2);
	return TRUE;
}

static gboolean
read_all(struct sql_conn *conn, struct store_stats *stats, GError **error)
{
	gint64 contacts;

	if (!read_states(conn, stats, error) || !read_day(conn, stats, error) ||
	    !sql_integer(conn, count_contacts, &contacts, error) ||
	    !sql_integer(conn, oldest_held, &stats->oldest_held_us, error) ||
	    !sql_integer(conn, oldest_expiring, &stats->oldest_expiring_us,
			 error) ||
	    !conn->backend->version(conn, &stats->schema, error) ||
	    !conn->backend->bytes(conn, &stats->bytes, error))
		return FALSE;
	stats->contacts = (guint64)contacts;
	return TRUE;
}

gboolean
sql_stats(struct store *store, struct store_stats *stats, GError **error)
{
	struct sql_store *sql = sql_store(store);
	struct sql_conn *conn;
	gboolean ok;

	if (!sql_there(store, error))
		return FALSE;
	conn = sql_pool_take(sql->pool, clock_monotonic_us() + store->wait_us,
			     error);
	if (!conn)
		return FALSE;
	ok = read_all(conn, stats, error);
	sql_pool_give(sql->pool, conn, !ok);
	return ok;
}
