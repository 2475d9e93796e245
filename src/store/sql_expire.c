#include "base/clock.h"
#include "sql_private.h"

/*
 * In one transaction: what the ballast has room for, and little enough that
 * holds between two transactions do not wait for long.
 */
#define EXPIRE_ROWS   16
#define EXPIRE_LEDGER 200

/* What a person said should not have been held waits for its release: of the
 * labels 1 alone, irrelevant, agrees with holding it. */
static const char pick_rows[] =
	"SELECT seq, buyer FROM message INDEXED BY message_held"
	" WHERE state IN (1, 2) AND state = 1 AND time < ?1"
	" AND NOT EXISTS (SELECT 1 FROM feedback"
	" WHERE feedback.buyer = message.buyer"
	" AND feedback.message = message.id AND retracted = 0"
	" AND label <> 1) LIMIT ?2";
static const char expire_row[] =
	"UPDATE message SET state = 5, state_time = ?2, note = 'by age'"
	" WHERE buyer = ?3 AND seq = ?1";
static const char forget[] =
	"DELETE FROM ledger WHERE (buyer, contact) IN"
	" (SELECT buyer, contact FROM ledger WHERE last < ?1 LIMIT ?2)";

/* What was said about a message is worth its features as long as it holds. */
static const char expire_features[] =
	"DELETE FROM features WHERE seq IN (SELECT seq FROM features"
	" WHERE time < ?1 AND NOT EXISTS (SELECT 1 FROM feedback"
	" WHERE feedback.buyer = features.buyer AND message = features.id"
	" AND retracted = 0) ORDER BY time LIMIT ?2)";

/*
 * Of the last fingerprints what nobody asks for any more, where they have a
 * table of their own. Those of a later transaction than any, which a database
 * restored elsewhere has, are not counted.
 */
#define EXPIRE_RING 500
#define RING_KEPT   "20000"
G_STATIC_ASSERT(RECENT_MAX < 10000 && RECENT_CAMPAIGN_MAX < 10000);

#define RING_PAST(kind)                                                        \
	"SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM ring"              \
	" WHERE kind = " kind " AND seq < ring_settled()"                      \
	" ORDER BY seq DESC LIMIT 1 OFFSET " RING_KEPT ") AS past"
#define RING_EXPIRE(kind)                                                      \
	"DELETE FROM ring WHERE kind = " kind " AND seq IN"                    \
	" (SELECT seq FROM ring WHERE kind = " kind " AND seq < ?1"            \
	" ORDER BY seq LIMIT ?2)"
static const char all_past[] = RING_PAST("0");
static const char touches_past[] = RING_PAST("1");
static const char expire_all[] = RING_EXPIRE("0");
static const char expire_touches[] = RING_EXPIRE("1");

/*
 * Files of models that serve nowhere and were not the last but one or two, nor
 * lately; who goes back to them puts them anew. Only keys are read.
 */
#define PACK_US (30 * CLOCK_DAY_US)
static const char expire_packs[] =
	"WITH kept AS MATERIALIZED (SELECT DISTINCT id FROM"
	" (SELECT id, time, row_number() OVER"
	" (PARTITION BY place ORDER BY seq DESC) AS nth FROM model) AS numbered"
	" WHERE nth <= 3 OR time >= ?1)"
	" DELETE FROM model_pack WHERE id IN (SELECT p.id FROM model_pack AS p"
	" LEFT JOIN kept ON kept.id = p.id WHERE kept.id IS NULL LIMIT ?2)";

struct expire_job {
	struct job job;
	gint64 before_us; /* or a number of the ring */
	guint n;	  /* how many this run found */
};

/* A row that is to expire. */
struct picked {
	gint64 seq;
	char *buyer;
};

static gboolean
pick(struct sql_conn *conn, gint64 before_us, struct picked rows[EXPIRE_ROWS],
     guint *n, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, pick_rows, error);
	enum sql_step step;
	guint found = 0;

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, before_us);
	sql_bind_int64(query, 2, EXPIRE_ROWS);
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW)
		rows[found++] = (struct picked){ sql_int64_at(query, 0),
						 sql_string_at(query, 1) };
	*n = found;
	return step == SQL_STEP_END;
}

static gboolean
expire_one(struct sql_conn *conn, const struct picked *picked, GError **error)
{
	g_autoptr(SqlQuery) row = sql_query(conn, expire_row, error);

	if (!row)
		return FALSE;
	sql_bind_int64(row, 1, picked->seq);
	sql_bind_int64(row, 2, clock_now_us());
	sql_bind_string(row, 3, picked->buyer);
	return sql_run(conn, row, error) &&
	       sql_content_drop(conn, picked->buyer, picked->seq, error);
}

static gboolean
expire_run(struct job *base, void *conn, GError **error)
{
	struct expire_job *job = (struct expire_job *)(void *)base;
	struct picked rows[EXPIRE_ROWS] = { 0 };
	gboolean ok = pick(conn, job->before_us, rows, &job->n, error);

	for (guint i = 0; i < EXPIRE_ROWS; i++) {
		ok = ok && (i >= job->n || expire_one(conn, &rows[i], error));
		g_free(rows[i].buyer);
	}
	return ok;
}

static gboolean
delete_some(struct sql_conn *conn, const char *sql, struct expire_job *job,
	    int limit, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, job->before_us);
	sql_bind_int64(query, 2, limit);
	if (!sql_run(conn, query, error))
		return FALSE;
	job->n = (guint)sql_changes(conn);
	return TRUE;
}

static gboolean
forget_run(struct job *base, void *conn, GError **error)
{
	return delete_some(conn, forget, (struct expire_job *)(void *)base,
			   EXPIRE_LEDGER, error);
}

static gboolean
features_run(struct job *base, void *conn, GError **error)
{
	return delete_some(conn, expire_features,
			   (struct expire_job *)(void *)base, EXPIRE_ROWS,
			   error);
}

static gboolean
packs_run(struct job *base, void *conn, GError **error)
{
	return delete_some(conn, expire_packs,
			   (struct expire_job *)(void *)base, EXPIRE_ROWS,
			   error);
}

static gboolean
ring_run(struct job *base, void *conn, GError **error)
{
	return delete_some(conn, expire_all, (struct expire_job *)(void *)base,
			   EXPIRE_RING, error);
}

static gboolean
ring_touches_run(struct job *base, void *conn, GError **error)
{
	return delete_some(conn, expire_touches,
			   (struct expire_job *)(void *)base, EXPIRE_RING,
			   error);
}

static void
expire_free(struct job *job)
{
	g_free(job);
}

/* Job after job, until one finds nothing. */
static gboolean
repeat(struct store *store,
       gboolean (*run)(struct job *job, void *conn, GError **error),
       gint64 before_us, guint *total, GError **error)
{
	guint n = 1;

	while (n > 0) {
		struct expire_job *job = g_new0(struct expire_job, 1);
		gboolean ok;

		job_init(&job->job);
		job->job.run = run;
		job->job.free = expire_free;
		job->job.relief = TRUE;
		job->job.deadline_us = clock_monotonic_us() + store->wait_us;
		job->before_us = before_us;
		ok = queue_wait(sql_store(store)->queue, &job->job, error);
		n = ok ? job->n : 0;
		job_unref(&job->job);
		if (!ok)
			return FALSE;
		*total += n;
	}
	return TRUE;
}

/* The number before which nothing is asked for, or 0. */
static gboolean
find_past(struct sql_pool *pool, const char *sql, gint64 deadline_us,
	  gint64 *past, GError **error)
{
	struct sql_conn *conn = sql_pool_take(pool, deadline_us, error);
	gboolean ok = TRUE;

	if (!conn)
		return FALSE;
	*past = 0;
	if (conn->backend->split)
		ok = sql_integer(conn, sql, past, error);
	sql_pool_give(pool, conn, !ok);
	return ok;
}

static gboolean
expire_ring(struct store *store, GError **error)
{
	static const struct {
		const char *past;
		gboolean (*run)(struct job *job, void *conn, GError **error);
	} kinds[] = { { all_past, ring_run },
		      { touches_past, ring_touches_run } };
	struct sql_pool *pool = sql_store(store)->pool;
	guint gone = 0;

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		gint64 past;

		if (!find_past(pool, kinds[i].past,
			       clock_monotonic_us() + store->wait_us, &past,
			       error))
			return FALSE;
		if (past > 0 &&
		    !repeat(store, kinds[i].run, past, &gone, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
sql_expire(struct store *store, gint64 before_us, gint64 ledger_before_us,
	   guint *expired, GError **error)
{
	const gint64 now_us = clock_now_us();
	guint rows = 0, contacts = 0, features = 0, packs = 0;

	if (!repeat(store, expire_run, before_us, &rows, error) ||
	    !repeat(store, forget_run, ledger_before_us, &contacts, error) ||
	    !repeat(store, features_run, now_us - STORE_FEATURES_US, &features,
		    error) ||
	    !repeat(store, packs_run, now_us - PACK_US, &packs, error) ||
	    !expire_ring(store, error))
		return FALSE;
	*expired = rows;
	return TRUE;
}
