/*
 * Rows of mail that is long gone: they leave in small transactions, the oldest
 * first, with all that hangs on them.
 */
#include "base/clock.h"
#include "sql_private.h"

/* In one transaction; see EXPIRE_ROWS. A server has room for more. */
#define FORGET_ROWS    "32"
#define FORGET_ROWS_PG "128"
#define FORGET_DAYS    200

/*
 * The next rows to go. What is held stays, what has or names a body, since that
 * of several has the name of the first, and what somebody has given a label
 * that holds.
 */
#define GONE                                                                   \
	"WITH gone AS MATERIALIZED (SELECT buyer, seq, id, time FROM message"  \
	" INDEXED BY message_time WHERE time >= ?1 AND time < ?2"              \
	" AND state NOT IN (1, 2) AND content = '' AND NOT EXISTS"             \
	" (SELECT 1 FROM feedback WHERE feedback.buyer = message.buyer"        \
	" AND feedback.message = message.id AND retracted = 0)"                \
	" AND NOT EXISTS (SELECT 1 FROM content"                               \
	" WHERE content.id = message.buyer || '/' || message.id)"
#define GONE_END(limit) " ORDER BY time, id, buyer LIMIT " limit ")"

/* SQLite gives a number again once no higher one is there, and readers go on
 * behind the highest they saw: that row stays. */
#define GONE_SQLITE                                                            \
	GONE " AND seq < (SELECT max(seq) FROM message)" GONE_END(FORGET_ROWS)

/* How many, and the time of the last; then what they have, and themselves. */
static const char count_rows[] =
	GONE_SQLITE " SELECT count(*), max(time) FROM gone";
static const char *const forget_rows[] = {
	GONE_SQLITE " DELETE FROM touch WHERE seq IN (SELECT seq FROM gone)",
	GONE_SQLITE " DELETE FROM features WHERE (buyer, id) IN"
		    " (SELECT buyer, id FROM gone)",
	GONE_SQLITE " DELETE FROM gleaned WHERE (buyer, message) IN"
		    " (SELECT buyer, id FROM gone)",
	GONE_SQLITE " DELETE FROM message WHERE seq IN (SELECT seq FROM gone)",
};

/* All of it at one go: a question is worth as much as many rows. */
static const char forget_rows_pg[] = GONE GONE_END(
	FORGET_ROWS_PG) ", touches AS (DELETE FROM touch USING gone"
			" WHERE touch.buyer = gone.buyer AND touch.seq = "
			"gone.seq"
			" RETURNING origin, author, touch.seq),"
			" sides AS MATERIALIZED (SELECT origin AS side, seq "
			"FROM touches"
			" UNION ALL SELECT author::text, seq FROM touches),"
			" kins AS (DELETE FROM kin USING sides"
			" WHERE kin.side = sides.side AND kin.seq = sides.seq),"
			" vectors AS (DELETE FROM features USING gone"
			" WHERE features.buyer = gone.buyer AND features.id = "
			"gone.id),"
			" readings AS (DELETE FROM gleaned USING gone"
			" WHERE gleaned.buyer = gone.buyer AND gleaned.message "
			"= gone.id),"
			" messages AS (DELETE FROM message USING gone"
			" WHERE message.buyer = gone.buyer AND message.seq = "
			"gone.seq"
			" RETURNING message.time)"
			" SELECT count(*), max(time) FROM messages";

/* Days of which nothing is left. */
static const char forget_days[] =
	"DELETE FROM flow WHERE (buyer, day, priority) IN"
	" (SELECT buyer, day, priority FROM flow WHERE day < ?1"
	" AND delivered = 0 AND tagged = 0 AND held = 0 LIMIT ?2)";

struct forget_job {
	struct job job;
	gint64 since_us; /* where an earlier one has ended */
	gint64 before_us;
	gint64 last_us; /* where this one does */
	guint n;
};

static void
bind(SqlQuery *query, const struct forget_job *job)
{
	sql_bind_int64(query, 1, job->since_us);
	sql_bind_int64(query, 2, job->before_us);
}

static gboolean
count(struct sql_conn *conn, struct forget_job *job, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(
		conn, sql_for(conn, count_rows, forget_rows_pg), error);

	if (!query)
		return FALSE;
	bind(query, job);
	if (sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	job->n = (guint)sql_int64_at(query, 0);
	job->last_us = job->n > 0 ? sql_int64_at(query, 1) : job->since_us;
	return TRUE;
}

static gboolean
drop(struct sql_conn *conn, const char *sql, const struct forget_job *job,
     GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	bind(query, job);
	return sql_run(conn, query, error);
}

static gboolean
rows_run(struct job *base, void *data, GError **error)
{
	struct forget_job *job = (struct forget_job *)(void *)base;
	struct sql_conn *conn = data;
	gboolean ok = count(conn, job, error);

	if (conn->backend->split || !ok || job->n == 0)
		return ok;
	for (guint i = 0; ok && i < G_N_ELEMENTS(forget_rows); i++)
		ok = drop(conn, forget_rows[i], job, error);
	return ok;
}

static gboolean
days_run(struct job *base, void *conn, GError **error)
{
	struct forget_job *job = (struct forget_job *)(void *)base;
	g_autoptr(SqlQuery) query = sql_query(conn, forget_days, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, job->before_us);
	sql_bind_int64(query, 2, FORGET_DAYS);
	if (!sql_run(conn, query, error))
		return FALSE;
	job->n = (guint)sql_changes(conn);
	return TRUE;
}

static void
forget_free(struct job *job)
{
	g_free(job);
}

/* What the store is asked for, and how far it is. */
struct forgetting {
	struct store *store;
	gint64 since_us;
	gint64 before_us;
	guint n;
};

static gboolean
forget_some(struct forgetting *forgetting,
	    gboolean (*run)(struct job *job, void *conn, GError **error),
	    guint *n, GError **error)
{
	struct forget_job *job = g_new0(struct forget_job, 1);
	gboolean ok;

	job_init(&job->job);
	job->job.run = run;
	job->job.free = forget_free;
	job->job.relief = TRUE;
	job->job.deadline_us =
		clock_monotonic_us() + forgetting->store->wait_us;
	job->since_us = forgetting->since_us;
	job->before_us = forgetting->before_us;
	ok = queue_wait(sql_store(forgetting->store)->queue, &job->job, error);
	if (ok) {
		*n = job->n;
		forgetting->since_us = MAX(forgetting->since_us, job->last_us);
	}
	job_unref(&job->job);
	return ok;
}

/* Half of the time is for others, who wait for the file's lock, or read. */
static void
rest(gint64 begun_us)
{
	const gint64 took_us = clock_monotonic_us() - begun_us;

	g_usleep((gulong)CLAMP(took_us, 0, CLOCK_SECOND_US));
}

/* TRUE, and `left`, at the deadline. */
static gboolean
forget_all(struct forgetting *forgetting,
	   gboolean (*run)(struct job *job, void *conn, GError **error),
	   gint64 deadline_us, gboolean *left, GError **error)
{
	guint n = 1;

	while (n > 0) {
		const gint64 begun_us = clock_monotonic_us();

		*left = begun_us >= deadline_us;
		if (*left)
			return TRUE;
		if (!forget_some(forgetting, run, &n, error))
			return FALSE;
		forgetting->n += n;
		if (n > 0)
			rest(begun_us);
	}
	return TRUE;
}

gboolean
sql_forget(struct store *store, gint64 before_us, gint64 deadline_us,
	   guint *forgotten, GError **error)
{
	struct forgetting rows = { store, G_MININT64, before_us, 0 };
	struct forgetting days = { store, 0, before_us, 0 };
	gboolean left;

	if (!forget_all(&rows, rows_run, deadline_us, &left, error) ||
	    (!left && !forget_all(&days, days_run, deadline_us, &left, error)))
		return FALSE;
	*forgotten = rows.n;
	return TRUE;
}
