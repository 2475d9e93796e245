/* What nobody waits for: notes of delivered mail, and contacts. */

#include "base/clock.h"
#include "sql_private.h"

static const enum store_state any_state[2] = { STORE_DELIVERED, STORE_EXPIRED };
static const char deliver_row[] =
	"UPDATE message SET state = 0, state_time = ?2, note = ?3"
	" WHERE buyer = ?4 AND seq = ?1 AND owner = ''";
static const char insert_contact[] =
	"INSERT INTO ledger (buyer, contact, first, last)"
	" VALUES (?1, ?2, ?3, ?3) ON CONFLICT (buyer, contact)"
	" DO UPDATE SET last = excluded.last"
	" WHERE excluded.last > ledger.last";

struct note_job {
	struct job job;
	struct store_message *message;
};

struct contact_job {
	struct job job;
	char *buyer;
	char *contact;
	gint64 time_us;
};

/* The hold of it was committed when its caller had given it up already. */
static gboolean
deliver_held(struct sql_conn *conn, const struct store_message *message,
	     gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, deliver_row, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_int64(query, 2, message->state_us);
	sql_bind_string(query, 3, message->note);
	sql_bind_string(query, 4, message->buyer);
	if (!sql_run(conn, query, error))
		return FALSE;
	return sql_changes(conn) == 0 ||
	       sql_content_drop(conn, message->buyer, seq, error);
}

static gboolean
note_run(struct job *base, void *conn, GError **error)
{
	struct note_job *job = (struct note_job *)(void *)base;
	char first[ID_LEN + 1];
	struct sql_same same;

	if (!sql_row_same(conn, job->message, &same, error))
		return FALSE;
	if (same.state == STORE_HELD)
		return deliver_held(conn, job->message, same.seq, error);
	if (!sql_row_repeat(conn, job->message, any_state, first, error))
		return FALSE;
	if (same.state >= 0 || *first)
		return TRUE;
	return sql_row_add(conn, job->message, "", &same, error);
}

static void
note_free(struct job *base)
{
	struct note_job *job = (struct note_job *)(void *)base;

	store_message_free(job->message);
	g_free(job);
}

void
sql_note(struct store *store, const struct store_message *message)
{
	struct note_job *job = g_new0(struct note_job, 1);

	job_init(&job->job);
	job->job.run = note_run;
	job->job.free = note_free;
	job->message = sql_row_copy(store, message);
	job->job.weight = sql_row_weight(job->message);
	job->message->state = STORE_DELIVERED;
	if (job->message->state_us == 0)
		job->message->state_us = clock_now_us();
	queue_post(sql_store(store)->queue, &job->job);
}

static gboolean
contact_run(struct job *base, void *conn, GError **error)
{
	struct contact_job *job = (struct contact_job *)(void *)base;
	g_autoptr(SqlQuery) query = sql_query(conn, insert_contact, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, job->buyer);
	sql_bind_string(query, 2, job->contact);
	sql_bind_int64(query, 3, job->time_us);
	return sql_run(conn, query, error);
}

static void
contact_free(struct job *base)
{
	struct contact_job *job = (struct contact_job *)(void *)base;

	g_free(job->buyer);
	g_free(job->contact);
	g_free(job);
}

void
sql_contact(struct store *store, const char *buyer, const char *contact,
	    gint64 time_us)
{
	struct contact_job *job = g_new0(struct contact_job, 1);

	job_init(&job->job);
	job->job.run = contact_run;
	job->job.free = contact_free;
	job->job.weight = ROW_BYTES;
	job->buyer = g_strdup(buyer);
	job->contact = g_strdup(contact);
	job->time_us = time_us;
	queue_post(sql_store(store)->queue, &job->job);
}

static gboolean
fence_run(struct job *job, void *conn, GError **error)
{
	(void)job;
	(void)conn;
	(void)error;
	return TRUE;
}

static void
fence_free(struct job *job)
{
	g_free(job);
}

gboolean
sql_flush(struct store *store, gint64 deadline_us, GError **error)
{
	struct job *job = g_new0(struct job, 1);
	gboolean ok;

	job_init(job);
	job->run = fence_run;
	job->free = fence_free;
	job->deadline_us = deadline_us;
	ok = queue_wait_last(sql_store(store)->queue, job, error);
	job_unref(job);
	return ok;
}
