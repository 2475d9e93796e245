#include "sqlite_writer_private.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "sqlite_private.h"
#include "sqlite_sum_private.h"
#include "store/store.h"
#include "thread_private.h"

/* Between two looks at the queue while another process has the lock. */
#define LOCK_SLICE_US G_GINT64_CONSTANT(50000)

/* How long pages are given back to the file system at one go. */
#define GIVE_BACK_US CLOCK_SECOND_US

/* SQLite's default, which no store of ours changes. */
#define SQLITE_PAGE_BYTES 4096

struct sqlite_writer {
	struct sqlite_conn *conn;
	struct queue *queue;
	const struct space *space;
	GThread *thread;
};

/* A file replaced or removed under us would take writes that nobody finds. */
static gboolean
check_place(struct sqlite_conn *conn, GError **error)
{
	int moved = 0;

	sqlite3_file_control(conn->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	if (!moved)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
		    "%s: the file was moved or deleted", conn->path);
	return FALSE;
}

static gboolean
begin(struct sqlite_conn *conn, gint64 deadline_us, GError **error)
{
	conn->deadline_us = deadline_us;
	sqlite_sums_forget(conn->sums);
	return check_place(conn, error) &&
	       sqlite_exec(conn, "BEGIN IMMEDIATE", error);
}

static gboolean
commit(struct sqlite_conn *conn, GError **error)
{
	return sqlite_sums_write(conn, error) &&
	       sqlite_documents_purge(conn, error) &&
	       sqlite_exec(conn, "COMMIT", error);
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
run_begun(struct sqlite_conn *conn, struct job *job, GError **error)
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
undo(struct sqlite_conn *conn, const GPtrArray *batch)
{
	sqlite_rollback(conn);
	for (guint i = 0; i < batch->len; i++) {
		struct job *job = g_ptr_array_index(batch, i);

		g_clear_error(&job->error);
	}
}

/* Runs all that somebody waits for; the others leave the batch. */
static gboolean
run_wanted(struct sqlite_writer *writer, GPtrArray *batch)
{
	guint i = 0;

	while (i < batch->len) {
		struct job *job = g_ptr_array_index(batch, i);

		if (queue_any_left(writer->queue, &job, 1)) {
			g_ptr_array_remove_index(batch, i);
			queue_finish(writer->queue, &job, 1);
			continue;
		}
		if (!run_begun(writer->conn, job, NULL))
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
commit_together(struct sqlite_writer *writer, GPtrArray *batch)
{
	struct sqlite_conn *conn = writer->conn;

	gboolean ok = run_wanted(writer, batch);

	if (ok && queue_any_left(writer->queue, (struct job **)batch->pdata,
				 batch->len)) {
		undo(conn, batch);
		ok = begin(conn, clock_monotonic_us() + LOCK_SLICE_US, NULL) &&
		     run_wanted(writer, batch);
	}
	if (ok && commit(conn, NULL))
		return TRUE;
	undo(conn, batch);
	return FALSE;
}

/* TRUE, and nothing is written, when nobody waits for it any more. */
static gboolean
commit_alone(struct sqlite_writer *writer, struct job *job, GError **error)
{
	struct sqlite_conn *conn = writer->conn;
	gint64 now_us = clock_monotonic_us();
	gboolean left = queue_any_left(writer->queue, &job, 1);

	if (left)
		return TRUE;
	if (!begin(conn,
		   CLAMP(job->deadline_us, now_us + LOCK_SLICE_US,
			 now_us + CLOCK_SECOND_US),
		   error))
		return FALSE;
	if (run_begun(conn, job, error)) {
		left = queue_any_left(writer->queue, &job, 1);
		if (!left && commit(conn, error))
			return TRUE;
	}
	g_clear_error(&job->error);
	sqlite_rollback(conn);
	return left;
}

/* How much larger the file will be when the log's pages are at their place. */
static guint64
owed(struct sqlite_conn *conn)
{
	gint64 pages = 0, page_size = 0, wanted;
	struct stat st;

	if (!sqlite_integer(conn, "PRAGMA page_count", &pages, NULL) ||
	    !sqlite_integer(conn, "PRAGMA page_size", &page_size, NULL) ||
	    stat(conn->path, &st) < 0)
		return 0;
	wanted = pages * page_size;
	return wanted > st.st_size ? (guint64)(wanted - st.st_size) : 0;
}

/*
 * Empties the log, unless the disk has no room for what it owes: a checkpoint
 * that fails has used up what was left, and given nothing.
 */
static void
settle_log(struct sqlite_writer *writer)
{
	struct sqlite_conn *conn = writer->conn;

	if (space_left(writer->space) < owed(conn))
		return;
	conn->deadline_us = clock_monotonic_us() + LOCK_SLICE_US;
	sqlite3_wal_checkpoint_v2(conn->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
				  NULL, NULL);
}

/* Free pages of the file go back to the file system while the disk is low. */
static void
give_back(struct sqlite_writer *writer)
{
	gint64 until_us = clock_monotonic_us() + GIVE_BACK_US;
	gint64 free_pages = 0;

	settle_log(writer);
	while (space_low(writer->space) && clock_monotonic_us() < until_us &&
	       sqlite_integer(writer->conn, "PRAGMA freelist_count",
			      &free_pages, NULL) &&
	       free_pages > 0 &&
	       sqlite_exec(writer->conn, "PRAGMA incremental_vacuum(64)", NULL))
		settle_log(writer);
	space_keep(writer->space);
}

/* What grows the store is not begun on a disk that has no room for it. */
static gboolean
check_room(struct sqlite_writer *writer, const struct job *job, GError **error)
{
	if (job->relief ||
	    space_check(writer->space, job->weight, owed(writer->conn), NULL))
		return TRUE;
	give_back(writer);
	return space_check(writer->space, job->weight, owed(writer->conn),
			   error);
}

static gboolean
is_full(const GError *error)
{
	return g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL);
}

/* A job of its own transaction; one that may make room gets the ballast. */
static void
commit_somehow(struct sqlite_writer *writer, struct job *job)
{
	g_autoptr(GError) failure = NULL;
	gboolean ok;

	if (!check_room(writer, job, &job->error))
		return;
	ok = commit_alone(writer, job, &failure);
	if (!ok && is_full(failure) && job->relief &&
	    space_spill(writer->space)) {
		g_clear_error(&failure);
		ok = commit_alone(writer, job, &failure);
	}
	if (!ok && is_full(failure)) {
		g_clear_error(&failure);
		settle_log(writer);
		ok = commit_alone(writer, job, &failure);
	}
	if (!ok)
		job->error = g_steal_pointer(&failure);
}

/* Within the begun transaction, which is rolled back when there is none. */
static gboolean
has_room(struct sqlite_writer *writer, const GPtrArray *batch)
{
	guint64 weight = 0;

	for (guint i = 0; i < batch->len; i++) {
		const struct job *job = g_ptr_array_index(batch, i);

		if (!job->relief)
			weight += job->weight;
	}
	if (weight == 0 ||
	    space_check(writer->space, weight, owed(writer->conn), NULL))
		return TRUE;
	sqlite_rollback(writer->conn);
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

static void
run_alone(struct sqlite_writer *writer, const GPtrArray *batch)
{
	for (guint i = 0; i < batch->len; i++) {
		struct job *job = g_ptr_array_index(batch, i);

		commit_somehow(writer, job);
		queue_finish(writer->queue, &job, 1);
	}
}

static void
run_batch(struct sqlite_writer *writer, GPtrArray *batch)
{
	gboolean relief = any_relief(batch);

	if (has_room(writer, batch) && commit_together(writer, batch))
		queue_finish(writer->queue, (struct job **)batch->pdata,
			     batch->len);
	else
		run_alone(writer, batch);
	if (relief && !space_at_ease(writer->space))
		give_back(writer);
}

static void
refuse_batch(struct sqlite_writer *writer, const GPtrArray *batch,
	     const GError *refusal)
{
	for (guint i = 0; i < batch->len; i++) {
		struct job *job = g_ptr_array_index(batch, i);

		job->error = g_error_copy(refusal);
	}
	queue_finish(writer->queue, (struct job **)batch->pdata, batch->len);
}

static void
work(struct sqlite_writer *writer)
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
		sqlite_rollback(writer->conn);
}

static gpointer
writer_thread(gpointer data)
{
	struct sqlite_writer *writer = data;

	while (queue_ready(writer->queue))
		work(writer);
	return NULL;
}

struct sqlite_writer *
sqlite_writer_start(struct sqlite_conn *conn, struct queue *queue,
		    const struct space *space, GError **error)
{
	struct sqlite_writer *writer = g_new0(struct sqlite_writer, 1);

	writer->conn = conn;
	writer->queue = queue;
	writer->space = space;
	sqlite3_wal_autocheckpoint(
		conn->db, (int)(space_log_max(space) / SQLITE_PAGE_BYTES));
	conn->sums = sqlite_sums_new();
	writer->thread =
		thread_start("store-writer", writer_thread, writer, error);
	if (!writer->thread) {
		g_clear_pointer(&conn->sums, sqlite_sums_free);
		g_clear_pointer(&writer, g_free);
	}
	return writer;
}

void
sqlite_writer_stop(struct sqlite_writer *writer)
{
	g_thread_join(writer->thread);
	g_clear_pointer(&writer->conn->sums, sqlite_sums_free);
	sqlite_conn_close(writer->conn);
	g_free(writer);
}
