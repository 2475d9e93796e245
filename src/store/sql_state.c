#include "base/clock.h"
#include "sql_private.h"
#include "state_private.h"

static const char find_state[] =
	"SELECT seq, state, owner, lease, buyer FROM message"
	" WHERE id = ?2 AND buyer = coalesce(?1, buyer) LIMIT 1";
/* In an UPDATE, columns on the right have their old values. */
static const char set_state[] =
	"UPDATE message SET state = ?2, attempts = attempts + ?3,"
	" state_time = CASE state WHEN ?2 THEN state_time ELSE ?4 END,"
	" owner = ?5, lease = ?6, note = coalesce(?7, note)"
	" WHERE buyer = ?8 AND seq = ?1";

typedef enum state_answer (*state_rule)(const struct state_row *row,
					const struct store_change *change,
					gint64 now_us);

struct change_job {
	struct job job;
	state_rule rule;
	char *buyer;
	char *id;
	char *owner;
	char *note;
	struct store_change change; /* its strings are the above */
};

/* The row as it is, copied out so that its statement can end. */
struct found {
	gint64 seq;
	struct state_row row;
	char *owner;
	char *buyer;
};

static gboolean
find(struct sql_conn *conn, const struct store_change *change,
     struct found *found, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_state, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_or_null(query, 1, change->buyer);
	sql_bind_string(query, 2, change->id);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_END)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no message with the id '%s'", change->id);
	if (step != SQL_STEP_ROW)
		return FALSE;
	found->seq = sql_int64_at(query, 0);
	found->row.state = (enum store_state)CLAMP(
		(int)sql_int64_at(query, 1), STORE_DELIVERED, STORE_EXPIRED);
	found->owner = g_strdup(sql_text_at(query, 2));
	found->row.owner = found->owner ? found->owner : "";
	found->row.lease_until_us = sql_int64_at(query, 3);
	found->buyer = sql_string_at(query, 4);
	return TRUE;
}

static gboolean
write_state(struct sql_conn *conn, const struct found *found,
	    const struct store_change *change, gint64 now_us, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, set_state, error);
	gboolean claim = change->lease_us > 0;

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, found->seq);
	sql_bind_int64(query, 2, (int)change->state);
	sql_bind_int64(query, 3, claim);
	sql_bind_int64(query, 4, now_us);
	sql_bind_string(query, 5,
			*change->owner ? change->owner : found->row.owner);
	sql_bind_int64(query, 6, claim ? now_us + change->lease_us : 0);
	sql_bind_or_null(query, 7, *change->note ? change->note : NULL);
	sql_bind_string(query, 8, found->buyer);
	return sql_run(conn, query, error);
}

static gboolean
change_found(struct sql_conn *conn, const struct change_job *job,
	     const struct found *found, GError **error)
{
	const struct store_change *change = &job->change;
	gint64 now_us = clock_now_us();

	switch (job->rule(&found->row, change, now_us)) {
	case STATE_REFUSE:
		return state_refuse(&found->row, change, error);
	case STATE_REPEAT:
		return TRUE;
	case STATE_CHANGE:
	default:
		break;
	}
	if (!write_state(conn, found, change, now_us, error))
		return FALSE;
	if (change->state == STORE_HELD || change->state == STORE_RELEASING)
		return TRUE;
	return sql_content_drop(conn, found->buyer, found->seq, error);
}

static gboolean
change_run(struct job *base, void *conn, GError **error)
{
	struct change_job *job = (struct change_job *)(void *)base;
	struct found found = { 0 };
	gboolean ok;

	ok = find(conn, &job->change, &found, error) &&
	     change_found(conn, job, &found, error);
	g_free(found.owner);
	g_free(found.buyer);
	return ok;
}

static void
change_free(struct job *base)
{
	struct change_job *job = (struct change_job *)(void *)base;

	g_free(job->buyer);
	g_free(job->id);
	g_free(job->owner);
	g_free(job->note);
	g_free(job);
}

static gboolean
make_change(struct store *store, state_rule rule,
	    const struct store_change *change, GError **error)
{
	struct change_job *job = g_new0(struct change_job, 1);
	gboolean ok;

	job_init(&job->job);
	job->job.run = change_run;
	job->job.free = change_free;
	job->job.relief = TRUE;
	job->job.answers = TRUE;
	job->job.deadline_us = clock_monotonic_us() + store->wait_us;
	job->rule = rule;
	job->change = *change;
	job->change.buyer = job->buyer = g_strdup(change->buyer);
	job->change.id = job->id = g_strdup(change->id);
	job->change.owner = job->owner = g_strdup(change->owner);
	job->change.note = job->note = g_strdup(change->note);
	ok = queue_wait(sql_store(store)->queue, &job->job, error);
	job_unref(&job->job);
	return ok;
}

gboolean
sql_claim(struct store *store, const struct store_change *change,
	  GError **error)
{
	return make_change(store, state_claim, change, error);
}

gboolean
sql_settle(struct store *store, const struct store_change *change,
	   GError **error)
{
	return make_change(store, state_settle, change, error);
}

gboolean
sql_delete(struct store *store, const struct store_change *change,
	   GError **error)
{
	return make_change(store, state_delete, change, error);
}
