/* What an older program wrote into a store that has sums: see migration.c. */
#include <sqlite3.h>

#include "base/clock.h"
#include "sqlite_schema_private.h"

/* How many days are looked at: such a program ends soon after its upgrade. */
#define DAYS 7

/* Nobody may wait long for it; the next who opens the store tries again. */
#define HEAL_US (CLOCK_SECOND_US / 4)

/* In one statement, which sees one state of the store. */
static const char lacks[] =
	"SELECT (SELECT coalesce(sum(n), 0) FROM fold)"
	" <> (SELECT count(*) FROM message WHERE state = 1)"
	" OR (SELECT coalesce(sum(delivered + tagged + held), 0) FROM flow"
	" WHERE buyer = '' AND day >= ?1)"
	" <> (SELECT count(*) FROM message WHERE time >= ?1)";

static const char *const forget[] = {
	"DELETE FROM fold WHERE ?1",
	"DELETE FROM flow WHERE day >= ?1",
};
static const char *const count[] = {
	"INSERT INTO fold (buyer, key, n, first, last, rank, top, vendor)"
	" SELECT buyer, key, n, first, last, rank, id, vendor FROM"
	" (SELECT *, count(*) OVER whole AS n, min(time) OVER whole AS first,"
	" max(time) OVER whole AS last, row_number() OVER"
	" (PARTITION BY buyer, key ORDER BY rank DESC, id DESC) AS place"
	" FROM waiting WHERE ?1 WINDOW whole AS (PARTITION BY buyer, key))"
	" WHERE place = 1",
	"INSERT INTO flow SELECT buyer, day, priority, sum(delivered),"
	" sum(tagged), sum(held), sum(released), sum(relevant) FROM fate"
	" WHERE seq IN (SELECT seq FROM message WHERE time >= ?1)"
	" GROUP BY buyer, day, priority",
	"INSERT INTO flow SELECT '', day, priority, sum(delivered),"
	" sum(tagged), sum(held), sum(released), sum(relevant) FROM flow"
	" WHERE day >= ?1 GROUP BY day, priority",
};

static gboolean
run(struct sql_conn *conn, const char *sql, gint64 day_us, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, day_us);
	return sql_run(conn, query, error);
}

static gboolean
is_lacking(struct sql_conn *conn, gint64 day_us)
{
	g_autoptr(SqlQuery) query = sql_query(conn, lacks, NULL);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, day_us);
	return sql_next(conn, query, NULL) == SQL_STEP_ROW &&
	       (int)sql_int64_at(query, 0) != 0;
}

static gboolean
count_again(struct sql_conn *conn, gint64 day_us)
{
	for (guint i = 0; i < G_N_ELEMENTS(forget); i++) {
		if (!run(conn, forget[i], day_us, NULL))
			return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(count); i++) {
		if (!run(conn, count[i], day_us, NULL))
			return FALSE;
	}
	return sql_exec(conn, "COMMIT", NULL);
}

void
sqlite_heal(struct sql_conn *conn)
{
	const gint64 now_us = clock_now_us();
	const gint64 day_us =
		(now_us / CLOCK_DAY_US - (DAYS - 1)) * CLOCK_DAY_US;
	const gint64 deadline_us = conn->deadline_us;

	if (!is_lacking(conn, day_us))
		return;
	conn->deadline_us = MIN(deadline_us, clock_monotonic_us() + HEAL_US);
	if (sql_exec(conn, "BEGIN IMMEDIATE", NULL) &&
	    (!is_lacking(conn, day_us) || !count_again(conn, day_us)))
		sql_rollback(conn);
	conn->deadline_us = deadline_us;
}
