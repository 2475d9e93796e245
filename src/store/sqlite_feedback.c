#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "sqlite_private.h"

#define FEEDBACK_COLUMNS                                                       \
	"buyer, id, message, label, time, giver, source, retracted,"           \
	" retracted_by"

static const char message_there[] =
	"SELECT 1 FROM message WHERE buyer = ?1 AND id = ?2";
static const char find_id[] = "SELECT " FEEDBACK_COLUMNS " FROM feedback"
			      " WHERE buyer = ?1 AND id = ?2";
static const char find_active[] =
	"SELECT " FEEDBACK_COLUMNS " FROM feedback"
	" WHERE buyer = ?1 AND message = ?2 AND retracted = 0";
static const char insert_feedback[] =
	"INSERT INTO feedback (buyer, id, message, label, time, giver, source)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char retract[] =
	"UPDATE feedback SET retracted = ?3, retracted_by = ?4"
	" WHERE buyer = ?1 AND message = ?2 AND retracted = 0";
static const char list_feedback[] =
	"SELECT " FEEDBACK_COLUMNS " FROM feedback"
	" WHERE (?1 IS NULL OR buyer = ?1) AND time >= ?2"
	" AND (retracted = 0 OR NOT ?3) ORDER BY time, id";

struct feedback_job {
	struct job job;
	struct store_feedback *feedback;
	char id[ID_LEN + 1]; /* the one it goes by */
};

static struct store_feedback *
read_row(SqliteQuery *query)
{
	struct store_feedback *feedback = g_new0(struct store_feedback, 1);
	const char *id = (const char *)sqlite3_column_text(query, 1);

	feedback->buyer = sqlite_string_at(query, 0);
	g_strlcpy(feedback->id, id ? id : "", sizeof(feedback->id));
	feedback->message = sqlite_string_at(query, 2);
	feedback->label =
		(enum store_label)CLAMP(sqlite3_column_int(query, 3),
					STORE_RELEVANT, STORE_NOT_OUTREACH);
	feedback->time_us = sqlite3_column_int64(query, 4);
	feedback->by = sqlite_string_at(query, 5);
	feedback->source = sqlite_string_at(query, 6);
	feedback->retracted_us = sqlite3_column_int64(query, 7);
	feedback->retracted_by = sqlite_string_at(query, 8);
	return feedback;
}

/* The row that the text finds for a buyer and an id, or NULL. */
static gboolean
find(struct sqlite_conn *conn, const char *sql, const char *buyer,
     const char *id, struct store_feedback **found, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, buyer);
	sqlite_bind_string(query, 2, id);
	step = sqlite_next(conn, query, error);
	*found = step == SQLITE_STEP_ROW ? read_row(query) : NULL;
	return step != SQLITE_STEP_FAILED;
}

static gboolean
check_message(struct sqlite_conn *conn, const struct store_feedback *feedback,
	      GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, message_there, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, feedback->buyer);
	sqlite_bind_string(query, 2, feedback->message);
	step = sqlite_next(conn, query, error);
	if (step == SQLITE_STEP_END)
		sqlite_not_found("message", feedback->message, error);
	return step == SQLITE_STEP_ROW;
}

static gboolean
retract_active(struct sqlite_conn *conn, const struct store_feedback *feedback,
	       GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, retract, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, feedback->buyer);
	sqlite_bind_string(query, 2, feedback->message);
	sqlite3_bind_int64(query, 3, feedback->time_us);
	sqlite_bind_string(query, 4, feedback->by);
	return sqlite_run(conn, query, error);
}

static gboolean
insert(struct sqlite_conn *conn, const struct store_feedback *feedback,
       GError **error)
{
	g_autoptr(SqliteQuery) query =
		sqlite_query(conn, insert_feedback, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, feedback->buyer);
	sqlite_bind_string(query, 2, feedback->id);
	sqlite_bind_string(query, 3, feedback->message);
	sqlite3_bind_int(query, 4, (int)feedback->label);
	sqlite3_bind_int64(query, 5, feedback->time_us);
	sqlite_bind_string(query, 6, feedback->by);
	sqlite_bind_string(query, 7, feedback->source);
	return sqlite_run(conn, query, error);
}

/* Whether it is there, by its id or by what it says; its id then. */
static gboolean
find_repeat(struct sqlite_conn *conn, struct feedback_job *job,
	    gboolean *repeat, GError **error)
{
	const struct store_feedback *new = job->feedback;
	g_autoptr(StoreFeedback) own = NULL;
	g_autoptr(StoreFeedback) active = NULL;

	if (!find(conn, find_id, new->buyer, new->id, &own, error))
		return FALSE;
	if (own && !store_feedback_same(own, new)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "id %s is that of other feedback", new->id);
		return FALSE;
	}
	if (!own &&
	    !find(conn, find_active, new->buyer, new->message, &active, error))
		return FALSE;
	*repeat = own || (active && active->label == new->label);
	memcpy(job->id, *repeat && active ? active->id : new->id,
	       sizeof(job->id));
	return TRUE;
}

static gboolean
add_run(struct job *base, void *conn, GError **error)
{
	struct feedback_job *job = (struct feedback_job *)(void *)base;
	gboolean repeat;

	if (!find_repeat(conn, job, &repeat, error))
		return FALSE;
	return repeat || (check_message(conn, job->feedback, error) &&
			  retract_active(conn, job->feedback, error) &&
			  insert(conn, job->feedback, error));
}

static gboolean
undo_run(struct job *base, void *data, GError **error)
{
	struct feedback_job *job = (struct feedback_job *)(void *)base;
	struct sqlite_conn *conn = data;

	if (!retract_active(conn, job->feedback, error))
		return FALSE;
	return sqlite3_changes(conn->db) > 0 ||
	       sqlite_not_found("active feedback on a message",
				job->feedback->message, error);
}

static void
feedback_free(struct job *base)
{
	struct feedback_job *job = (struct feedback_job *)(void *)base;

	store_feedback_free(job->feedback);
	g_free(job);
}

static struct feedback_job *
feedback_job(gboolean (*run)(struct job *job, void *conn, GError **error),
	     const struct store_feedback *feedback)
{
	struct feedback_job *job = g_new0(struct feedback_job, 1);

	job_init(&job->job);
	job->job.run = run;
	job->job.free = feedback_free;
	job->job.weight = ROW_BYTES;
	job->job.answers = TRUE;
	job->job.deadline_us = clock_monotonic_us() + STORE_WAIT_US;
	job->feedback = store_feedback_copy(feedback);
	return job;
}

gboolean
sqlite_feedback_add(struct store *store, struct store_feedback *feedback,
		    GError **error)
{
	struct feedback_job *job = feedback_job(add_run, feedback);
	gboolean ok;

	ok = queue_wait(sqlite_store(store)->queue, &job->job, error);
	if (ok)
		memcpy(feedback->id, job->id, sizeof(job->id));
	job_unref(&job->job);
	return ok;
}

gboolean
sqlite_feedback_undo(struct store *store, const char *buyer,
		     const char *message, const char *by, GError **error)
{
	g_autoptr(StoreFeedback) what = g_new0(struct store_feedback, 1);
	struct feedback_job *job;
	gboolean ok;

	what->buyer = g_strdup(buyer);
	what->message = g_strdup(message);
	what->by = g_strdup(by);
	what->time_us = clock_now_us();
	job = feedback_job(undo_run, what);
	ok = queue_wait(sqlite_store(store)->queue, &job->job, error);
	job_unref(&job->job);
	return ok;
}

static GPtrArray *
list_in(struct sqlite_conn *conn, const char *buyer, gint64 since_us,
	gboolean active_only, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, list_feedback, error);
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_feedback_free);
	enum sqlite_step step;

	if (!query)
		return NULL;
	sqlite_bind_or_null(query, 1, buyer);
	sqlite3_bind_int64(query, 2, since_us);
	sqlite3_bind_int(query, 3, active_only);
	while ((step = sqlite_next(conn, query, error)) == SQLITE_STEP_ROW)
		g_ptr_array_add(rows, read_row(query));
	return step == SQLITE_STEP_END ? g_steal_pointer(&rows) : NULL;
}

GPtrArray *
sqlite_feedback_list(struct store *store, const char *buyer, gint64 since_us,
		     gboolean active_only, GError **error)
{
	struct sqlite_pool *pool = sqlite_store(store)->pool;
	struct sqlite_conn *conn = sqlite_pool_take(
		pool, clock_monotonic_us() + STORE_WAIT_US, error);
	GPtrArray *rows;

	if (!conn)
		return NULL;
	rows = list_in(conn, buyer, since_us, active_only, error);
	sqlite_pool_give(pool, conn, rows == NULL);
	return rows;
}
