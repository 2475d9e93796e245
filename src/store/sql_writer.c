#include "sql_writer_private.h"

#include "base/clock.h"
#include "sql_private.h"
#include "sql_sum_private.h"
#include "store/store.h"
#include "thread_private.h"

/* Between two looks at the queue while another process has the lock. */
#define LOCK_SLICE_US G_GINT64_CONSTANT(50000)

/*
 * Who runs into others tries again, after a while that is twice as long each
 * time: all jobs of a transaction together, since one transaction a job takes
 * long; then each alone, for as long as somebody waits for it, and what nobody
 * waits for so often.
 */
#define TRIES_TOGETHER 4
#define TRIES_MAX      20
#define PAUSE_US       1000

/* Transactions that wait for their turn after one that ran into others. */
#define INSISTING 8

struct sql_writer {
	struct sql_conn *conn;
	struct queue *queue;
	const struct sql_room *room;
	GThread *thread;
	guint insisting; /* so many transactions more */
	gboolean away;	 /* the last could not begin: there is nobody there */
};

static gboolean
begin(struct sql_conn *conn, gint64 deadline_us, GError **error)
{
	conn->deadline_us = deadline_us;
	sql_sums_forget(conn->sums);
	return conn->backend->begin(conn, error);
}

static gboolean
commit(struct sql_conn *conn, GError **error)
{
	return sql_sums_write(conn, error) &&
	       conn->backend->commit(conn, error);
}

/* Nothing was written: the answer is no, and the transaction is sound. */
static gboolean
is_answer(const struct job *job, const GError *error)
{
	if (!job->answers)
		return FALSE;
	return g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND) ||
	       g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT);
}

/* An answer stays with the job; FALSE is a failure of the transaction. */
static gboolean
run_begun(struct sql_conn *conn, struct job *job, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (job->run(job, conn, &failure))
		return TRUE;
	if (is_answer(job, failure)) {
		job->error = g_steal_pointer(&failure);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

static void
undo(struct sql_conn *conn, const GPtrArray *batch)
{
	sql_rollback(conn);
	for (guint i = 0; i < batch->len; i++) {
		struct job *job = g_ptr_array_index(batch, i);

		g_clear_error(&job->error);
	}
}

/* Whether others were in the way, and may not be again; after a while. */
static gboolean
is_contended(struct sql_writer *writer, const GError *error, guint try)
{
	if (!writer->conn->backend->contended ||
	    !g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY))
		return FALSE;
	writer->insisting = INSISTING;
	writer->conn->insists = TRUE;
	g_usleep((gulong)g_random_int_range(0, PAUSE_US << MIN(try, 5)));
	return TRUE;
}

static void
went_well(struct sql_writer *writer)
{
	if (writer->insisting > 0)
		writer->insisting--;
	writer->conn->insists = writer->insisting > 0;
}

/* Runs all that somebody waits for; the others leave the batch. */
static gboolean
run_wanted(struct sql_writer *writer, GPtrArray *batch, GError **error)
{
	guint i = 0;

	while (i < batch->len) {
		struct job *job = g_ptr_array_index(batch, i);

		if (queue_any_left(writer->queue, &job, 1)) {
			g_ptr_array_remove_index(batch, i);
			queue_finish(writer->queue, &job, 1);
			continue;
		}
		if (!run_begun(writer->conn, job, error))
			return FALSE;
		i++;
	}
	return TRUE;
}

/*
 * All jobs of a begun transaction. Whoever gives up while they are run looks
 * for another way for the mail: without him they are run once more. Not again
 * and again, since time runs out for those who still wait: who gives up then
 * is like one who gives up during the commit.
 */
static gboolean
commit_together(struct sql_writer *writer, GPtrArray *batch, GError **error)
{
	struct sql_conn *conn = writer->conn;
	gboolean ok = run_wanted(writer, batch, error);

	if (ok && queue_any_left(writer->queue, (struct job **)batch->pdata,
				 batch->len)) {
		undo(conn, batch);
		ok = begin(conn, clock_monotonic_us() + LOCK_SLICE_US, error) &&
		     run_wanted(writer, batch, error);
	}
	if (ok && commit(conn, error)) {
		went_well(writer);
		return TRUE;
	}
	undo(conn, batch);
	return FALSE;
}

/* The transaction is begun for the first time. */
static gboolean
commit_all(struct sql_writer *writer, GPtrArray *batch)
{
	for (guint try = 0;; try++) {
		g_autoptr(GError) failure = NULL;

		if (commit_together(writer, batch, &failure))
			return TRUE;
		if (try + 1 >= TRIES_TOGETHER ||
		    !is_contended(writer, failure, try) ||
		    !begin(writer->conn, clock_monotonic_us() + LOCK_SLICE_US,
			   NULL))
			return FALSE;
	}
}

/* TRUE, and nothing is written, when nobody waits for it any more. `error` is
 * not NULL. */
static gboolean
commit_alone(struct sql_writer *writer, struct job *job, GError **error)
{
	struct sql_conn *conn = writer->conn;
	gint64 now_us = clock_monotonic_us();
	gboolean left = queue_any_left(writer->queue, &job, 1);

	writer->away = FALSE;
	if (left)
		return TRUE;
	if (!begin(conn,
		   CLAMP(job->deadline_us, now_us + LOCK_SLICE_US,
			 now_us + CLOCK_SECOND_US),
		   error)) {
		writer->away =
			conn->backend->contended &&
			!g_error_matches(*error, STORE_ERROR, STORE_ERROR_BUSY);
		return FALSE;
	}
	if (run_begun(conn, job, error)) {
		left = queue_any_left(writer->queue, &job, 1);
		if (!left && commit(conn, error)) {
			went_well(writer);
			return TRUE;
		}
	}
	g_clear_error(&job->error);
	sql_rollback(conn);
	return left;
}

/* What grows the store is not begun where there is no room for it. */
static gboolean
check_room(struct sql_writer *writer, const struct job *job, GError **error)
{
	const struct sql_room *room = writer->room;

	if (!room || job->relief ||
	    room->fits(room, writer->conn, job->weight, NULL))
		return TRUE;
	room->give_back(room, writer->conn);
	return room->fits(room, writer->conn, job->weight, error);
}

static gboolean
is_full(const GError *error)
{
	return g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL);
}

/* Where others commit at once, what they ran into is tried again. */
static gboolean
commit_tried(struct sql_writer *writer, struct job *job, GError **error)
{
	for (guint i = 0;; i++) {
		g_autoptr(GError) failure = NULL;

		if (commit_alone(writer, job, &failure))
			return TRUE;
		if ((i >= TRIES_MAX &&
		     clock_monotonic_us() >= job->deadline_us) ||
		    !is_contended(writer, failure, i)) {
			g_propagate_error(error, g_steal_pointer(&failure));
			return FALSE;
		}
	}
}

/* A job of its own transaction; one that may make room gets the ballast. */
static void
commit_somehow(struct sql_writer *writer, struct job *job)
{
	const struct sql_room *room = writer->room;
	g_autoptr(GError) failure = NULL;
	gboolean ok;

	if (!check_room(writer, job, &job->error))
		return;
	ok = commit_tried(writer, job, &failure);
	if (!ok && room && is_full(failure) && job->relief &&
	    room->spill(room)) {
		g_clear_error(&failure);
		ok = commit_tried(writer, job, &failure);
	}
	if (!ok && room && is_full(failure)) {
		g_clear_error(&failure);
		room->settle(room, writer->conn);
		ok = commit_tried(writer, job, &failure);
	}
	if (!ok)
		job->error = g_steal_pointer(&failure);
}

/* Within the begun transaction, which is rolled back when there is none. */
static gboolean
has_room(struct sql_writer *writer, const GPtrArray *batch)
{
	guint64 weight = 0;

	for (guint i = 0; i < batch->len; i++) {
		const struct job *job = g_ptr_array_index(batch, i);

		if (!job->relief)
			weight += job->weight;
	}
	if (!writer->room || weight == 0 ||
	    writer->room->fits(writer->room, writer->conn, weight, NULL))
		return TRUE;
	sql_rollback(writer->conn);
	return FALSE;
}

static gboolean
any_relief(const GPtrArray *batch)
{
	for (guint i = 0; i < batch->len; i++) {
		const struct job *job = g_ptr_array_index(batch, i);

		if (job->relief)
			return TRUE;
	}
	return FALSE;
}

/* A server that does not answer would be waited for by each. */
static void
run_alone(struct sql_writer *writer, const GPtrArray *batch)
{
	g_autoptr(GError) refusal = NULL;

	for (guint i = 0; i < batch->len; i++) {
		struct job *job = g_ptr_array_index(batch, i);

		if (refusal)
			job->error = g_error_copy(refusal);
		else
			commit_somehow(writer, job);
		if (writer->away && job->error && !refusal)
			refusal = g_error_copy(job->error);
		queue_finish(writer->queue, &job, 1);
	}
}

static void
run_batch(struct sql_writer *writer, GPtrArray *batch)
{
	gboolean relief = any_relief(batch);

	if (has_room(writer, batch) && commit_all(writer, batch))
		queue_finish(writer->queue, (struct job **)batch->pdata,
			     batch->len);
	else
		run_alone(writer, batch);
	if (relief && writer->room)
		writer->room->ease(writer->room, writer->conn);
}

static void
refuse_batch(struct sql_writer *writer, const GPtrArray *batch,
	     const GError *refusal)
{
	for (guint i = 0; i < batch->len; i++) {
		struct job *job = g_ptr_array_index(batch, i);

		job->error = g_error_copy(refusal);
	}
	queue_finish(writer->queue, (struct job **)batch->pdata, batch->len);
}

static void
work(struct sql_writer *writer)
{
	g_autoptr(GPtrArray) batch = g_ptr_array_new();
	g_autoptr(GError) refusal = NULL;
	gboolean busy;

	begin(writer->conn, clock_monotonic_us() + LOCK_SLICE_US, &refusal);
	busy = g_error_matches(refusal, STORE_ERROR, STORE_ERROR_BUSY);
	queue_blocked(writer->queue, busy);
	if (busy)
		return;
	/* Only now, so that all that came while we waited share one fsync. */
	queue_take(writer->queue, batch);
	if (refusal)
		refuse_batch(writer, batch, refusal);
	else if (batch->len > 0)
		run_batch(writer, batch);
	else
		sql_rollback(writer->conn);
}

static gpointer
writer_thread(gpointer data)
{
	struct sql_writer *writer = data;

	while (queue_ready(writer->queue))
		work(writer);
	return NULL;
}

struct sql_writer *
sql_writer_start(struct sql_conn *conn, struct queue *queue,
		 const struct sql_room *room, GError **error)
{
	struct sql_writer *writer = g_new0(struct sql_writer, 1);

	writer->conn = conn;
	writer->queue = queue;
	writer->room = room;
	conn->sums = sql_sums_new();
	writer->thread =
		thread_start("store-writer", writer_thread, writer, error);
	if (!writer->thread) {
		g_clear_pointer(&conn->sums, sql_sums_free);
		g_clear_pointer(&writer, g_free);
	}
	return writer;
}

void
sql_writer_stop(struct sql_writer *writer)
{
	g_thread_join(writer->thread);
	g_clear_pointer(&writer->conn->sums, sql_sums_free);
	sql_conn_close(writer->conn);
	g_free(writer);
}
