#include "sql_task_private.h"

#include "base/clock.h"

static const char message_there[] =
	"SELECT 1 FROM message WHERE buyer = ?1 AND id = ?2";

struct task_job {
	struct job job;
	sql_task run;
	struct sql_cargo cargo;
	struct sql_answer answer;
};

static gboolean
task_run(struct job *base, void *conn, GError **error)
{
	struct task_job *job = (struct task_job *)(void *)base;

	job->answer = (struct sql_answer){ 0 };
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
sql_task_run(struct store *store, sql_task run, struct sql_cargo cargo,
	     struct sql_answer *answer, GError **error)
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
	ok = queue_wait(sql_store(store)->queue, &job->job, error);
	if (ok && answer)
		*answer = job->answer;
	job_unref(&job->job);
	return ok;
}

GPtrArray *
sql_rows(struct sql_conn *conn, SqlQuery *query, sql_row read,
	 GDestroyNotify free, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free);
	enum sql_step step;

	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW)
		g_ptr_array_add(rows, read(query));
	return step == SQL_STEP_END ? g_steal_pointer(&rows) : NULL;
}

gboolean
sql_first(struct sql_conn *conn, SqlQuery *query, sql_row read, gpointer *found,
	  GError **error)
{
	enum sql_step step = sql_next(conn, query, error);

	if (step == SQL_STEP_FAILED)
		return FALSE;
	*found = step == SQL_STEP_ROW ? read(query) : NULL;
	return TRUE;
}

gpointer
sql_read(struct store *store, sql_reader read, gconstpointer asked,
	 GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	g_autoptr(GError) failure = NULL;
	gpointer answer;

	if (!conn)
		return NULL;
	answer = read(conn, asked, &failure);
	sql_pool_give(pool, conn,
		      failure && failure->code != STORE_ERROR_NOT_FOUND);
	if (failure)
		g_propagate_error(error, g_steal_pointer(&failure));
	return answer;
}

void
sql_id_at(SqlQuery *query, int column, char id[ID_LEN + 1])
{
	const char *text = sql_text_at(query, column);

	g_strlcpy(id, text ? text : "", ID_LEN + 1);
}

gboolean
sql_message_there(struct sql_conn *conn, const char *buyer, const char *id,
		  GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, message_there, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, buyer);
	sql_bind_string(query, 2, id);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_END)
		sql_not_found("message", id, error);
	return step == SQL_STEP_ROW;
}
