#include "sqlite_task_private.h"

#include <sqlite3.h>

#include "base/clock.h"

static const char message_there[] =
	"SELECT 1 FROM message WHERE buyer = ?1 AND id = ?2";

struct task_job {
	struct job job;
	sqlite_task run;
	struct sqlite_cargo cargo;
	struct sqlite_answer answer;
};

static gboolean
task_run(struct job *base, void *conn, GError **error)
{
	struct task_job *job = (struct task_job *)(void *)base;

	job->answer = (struct sqlite_answer){ 0 };
	return job->run(conn, job->cargo.what, &job->answer, error);
}

static void
task_free(struct job *base)
{
	struct task_job *job = (struct task_job *)(void *)base;

	job->cargo.free(job->cargo.what);
	g_free(job);
}

gboolean
sqlite_task_run(struct store *store, sqlite_task run, struct sqlite_cargo cargo,
		struct sqlite_answer *answer, GError **error)
{
	struct task_job *job = g_new0(struct task_job, 1);
	gboolean ok;

	job_init(&job->job);
	job->job.run = task_run;
	job->job.free = task_free;
	job->job.weight = cargo.weight ? cargo.weight : ROW_BYTES;
	job->job.answers = TRUE;
	job->job.deadline_us = clock_monotonic_us() + store->wait_us;
	job->run = run;
	job->cargo = cargo;
	ok = queue_wait(sqlite_store(store)->queue, &job->job, error);
	if (ok && answer)
		*answer = job->answer;
	job_unref(&job->job);
	return ok;
}

GPtrArray *
sqlite_rows(struct sqlite_conn *conn, SqliteQuery *query, sqlite_row read,
	    GDestroyNotify free, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free);
	enum sqlite_step step;

	while ((step = sqlite_next(conn, query, error)) == SQLITE_STEP_ROW)
		g_ptr_array_add(rows, read(query));
	return step == SQLITE_STEP_END ? g_steal_pointer(&rows) : NULL;
}

gboolean
sqlite_first(struct sqlite_conn *conn, SqliteQuery *query, sqlite_row read,
	     gpointer *found, GError **error)
{
	enum sqlite_step step = sqlite_next(conn, query, error);

	if (step == SQLITE_STEP_FAILED)
		return FALSE;
	*found = step == SQLITE_STEP_ROW ? read(query) : NULL;
	return TRUE;
}

gpointer
sqlite_read(struct store *store, sqlite_reader read, gconstpointer asked,
	    GError **error)
{
	struct sqlite_pool *pool = sqlite_store(store)->pool;
	struct sqlite_conn *conn = sqlite_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	g_autoptr(GError) failure = NULL;
	gpointer answer;

	if (!conn)
		return NULL;
	answer = read(conn, asked, &failure);
	sqlite_pool_give(pool, conn,
			 failure && failure->code != STORE_ERROR_NOT_FOUND);
	if (failure)
		g_propagate_error(error, g_steal_pointer(&failure));
	return answer;
}

void
sqlite_id_at(SqliteQuery *query, int column, char id[ID_LEN + 1])
{
	const char *text = (const char *)sqlite3_column_text(query, column);

	g_strlcpy(id, text ? text : "", ID_LEN + 1);
}

gboolean
sqlite_message_there(struct sqlite_conn *conn, const char *buyer,
		     const char *id, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, message_there, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, buyer);
	sqlite_bind_string(query, 2, id);
	step = sqlite_next(conn, query, error);
	if (step == SQLITE_STEP_END)
		sqlite_not_found("message", id, error);
	return step == SQLITE_STEP_ROW;
}
