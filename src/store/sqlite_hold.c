#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "pack_private.h"
#include "sqlite_private.h"

/* Of a row beside its body, about. */
#define ROW_BYTES 2048

static const char by_id[] = "SELECT state, rcpt = ?3 AND digest = ?4"
			    " FROM message WHERE buyer = ?1 AND id = ?2";
static const char by_digest[] =
	"SELECT id FROM message WHERE buyer = ?1 AND digest = ?2"
	" AND rcpt = ?3 AND time > ?4 AND state BETWEEN ?5 AND ?6"
	" ORDER BY seq LIMIT 1";
/* What is replaced can only be a note of the same message. */
static const char insert_row[] = "INSERT OR REPLACE INTO message (" COLUMNS
				 ") VALUES (" COLUMN_PLACES ")";
static const enum store_state any_state[2] = { STORE_DELIVERED, STORE_EXPIRED };
static const char insert_body[] =
	"INSERT OR REPLACE INTO body (buyer, id, size, frame)"
	" VALUES (?1, ?2, ?3, ?4)";
static const char insert_contact[] =
	"INSERT INTO ledger (buyer, contact, first, last)"
	" VALUES (?1, ?2, ?3, ?3) ON CONFLICT (buyer, contact)"
	" DO UPDATE SET last = excluded.last WHERE excluded.last > last";

struct hold_job {
	struct job job;
	GPtrArray *messages; /* after the run, repeats have the first's id */
	GBytes *frame;
	gint64 size;
	guint repeats;
};

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

/* A row of this id: its state, or -1; CONFLICT when it is another message. */
static gboolean
find_by_id(struct sqlite_conn *conn, const struct store_message *message,
	   int *state, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, by_id, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, message->buyer);
	sqlite_bind_string(query, 2, message->id);
	sqlite_bind_string(query, 3, message->rcpt);
	sqlite_bind_string(query, 4, message->digest);
	step = sqlite_next(conn, query, error);
	if (step == SQLITE_STEP_FAILED)
		return FALSE;
	if (step == SQLITE_STEP_ROW && !sqlite3_column_int(query, 1)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "id %s is that of another message", message->id);
		return FALSE;
	}
	*state = step == SQLITE_STEP_ROW ? sqlite3_column_int(query, 0) : -1;
	return TRUE;
}

/* The id of an earlier row with the same repeat key, or "". */
static gboolean
find_by_digest(struct sqlite_conn *conn, const struct store_message *message,
	       const enum store_state states[2], char id[ID_LEN + 1],
	       GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, by_digest, error);
	enum sqlite_step step;
	const char *found;

	if (!query)
		return FALSE;
	id[0] = '\0';
	if (!message->digest || !*message->digest)
		return TRUE;
	sqlite_bind_string(query, 1, message->buyer);
	sqlite_bind_string(query, 2, message->digest);
	sqlite_bind_string(query, 3, message->rcpt);
	sqlite3_bind_int64(query, 4, message->time_us - STORE_REPEAT_US);
	sqlite3_bind_int(query, 5, (int)states[0]);
	sqlite3_bind_int(query, 6, (int)states[1]);
	step = sqlite_next(conn, query, error);
	if (step == SQLITE_STEP_ROW) {
		found = (const char *)sqlite3_column_text(query, 0);
		g_strlcpy(id, found, ID_LEN + 1);
	}
	return step != SQLITE_STEP_FAILED;
}

static gboolean
add_row(struct sqlite_conn *conn, const struct store_message *message,
	GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_row, error);

	if (!query)
		return FALSE;
	sqlite_row_bind(query, message);
	return sqlite_run(conn, query, error);
}

static gboolean
add_body(struct sqlite_conn *conn, const struct hold_job *job,
	 const struct store_message *message, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_body, error);
	gsize size;
	const void *frame = g_bytes_get_data(job->frame, &size);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, message->buyer);
	sqlite_bind_string(query, 2, message->id);
	sqlite3_bind_int64(query, 3, job->size);
	sqlite3_bind_blob64(query, 4, frame, size, SQLITE_STATIC);
	return sqlite_run(conn, query, error);
}

/*
 * A repeat is only what is held now: of delivered, deleted or released mail
 * nobody has the bytes, and a release that comes back through the filter must
 * not count on the row it is leaving. A "delivered" row of the same id is
 * replaced, of another id it stays.
 */
static gboolean
hold_one(struct sqlite_conn *conn, struct hold_job *job,
	 struct store_message *message, GError **error)
{
	static const enum store_state held[2] = { STORE_HELD, STORE_HELD };
	char first[ID_LEN + 1];
	int state;

	if (!find_by_id(conn, message, &state, error))
		return FALSE;
	if (state > (int)STORE_DELIVERED) {
		job->repeats++;
		return TRUE;
	}
	if (!find_by_digest(conn, message, held, first, error))
		return FALSE;
	if (*first) {
		g_strlcpy(message->id, first, sizeof(message->id));
		job->repeats++;
		return TRUE;
	}
	return add_row(conn, message, error) &&
	       add_body(conn, job, message, error);
}

static gboolean
hold_run(struct job *base, void *conn, GError **error)
{
	struct hold_job *job = (struct hold_job *)(void *)base;

	job->repeats = 0;
	for (guint i = 0; i < job->messages->len; i++) {
		if (!hold_one(conn, job, g_ptr_array_index(job->messages, i),
			      error))
			return FALSE;
	}
	return TRUE;
}

static void
hold_free(struct job *base)
{
	struct hold_job *job = (struct hold_job *)(void *)base;

	g_ptr_array_free(job->messages, TRUE);
	g_bytes_unref(job->frame);
	g_free(job);
}

static struct hold_job *
hold_new(const struct store_copy *copy)
{
	struct hold_job *job = g_new0(struct hold_job, 1);

	job_init(&job->job);
	job->job.run = hold_run;
	job->job.free = hold_free;
	job->job.deadline_us = copy->deadline_us;
	job->messages = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	for (guint i = 0; i < copy->n; i++) {
		struct store_message *message =
			store_message_copy(copy->messages[i]);

		if (message->state_us == 0)
			message->state_us = clock_now_us();
		g_ptr_array_add(job->messages, message);
	}
	job->size = (gint64)g_bytes_get_size(copy->bytes);
	job->frame = pack(copy->bytes);
	job->job.weight = copy->n * (g_bytes_get_size(job->frame) + ROW_BYTES);
	return job;
}

gboolean
sqlite_hold(struct store *store, const struct store_copy *copy, guint *repeats,
	    GError **error)
{
	struct hold_job *job = hold_new(copy);
	gboolean ok;

	ok = queue_wait(sqlite_store(store)->queue, &job->job, error);
	for (guint i = 0; ok && i < copy->n; i++) {
		const struct store_message *kept =
			g_ptr_array_index(job->messages, i);

		memcpy(copy->messages[i]->id, kept->id, sizeof(kept->id));
	}
	if (ok)
		*repeats = job->repeats;
	job_unref(&job->job);
	return ok;
}

static gboolean
note_run(struct job *base, void *conn, GError **error)
{
	struct note_job *job = (struct note_job *)(void *)base;
	char first[ID_LEN + 1];
	int state;

	if (!find_by_id(conn, job->message, &state, error) ||
	    !find_by_digest(conn, job->message, any_state, first, error))
		return FALSE;
	if (state >= 0 || *first)
		return TRUE;
	return add_row(conn, job->message, error);
}

static void
note_free(struct job *base)
{
	struct note_job *job = (struct note_job *)(void *)base;

	store_message_free(job->message);
	g_free(job);
}

void
sqlite_note(struct store *store, const struct store_message *message)
{
	struct note_job *job = g_new0(struct note_job, 1);

	job_init(&job->job);
	job->job.run = note_run;
	job->job.free = note_free;
	job->job.weight = ROW_BYTES;
	job->message = store_message_copy(message);
	job->message->state = STORE_DELIVERED;
	if (job->message->state_us == 0)
		job->message->state_us = clock_now_us();
	queue_post(sqlite_store(store)->queue, &job->job);
}

static gboolean
contact_run(struct job *base, void *conn, GError **error)
{
	struct contact_job *job = (struct contact_job *)(void *)base;
	g_autoptr(SqliteQuery) query =
		sqlite_query(conn, insert_contact, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, job->buyer);
	sqlite_bind_string(query, 2, job->contact);
	sqlite3_bind_int64(query, 3, job->time_us);
	return sqlite_run(conn, query, error);
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
sqlite_contact(struct store *store, const char *buyer, const char *contact,
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
	queue_post(sqlite_store(store)->queue, &job->job);
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
sqlite_flush(struct store *store, gint64 deadline_us, GError **error)
{
	struct job *job = g_new0(struct job, 1);
	gboolean ok;

	job_init(job);
	job->run = fence_run;
	job->free = fence_free;
	job->deadline_us = deadline_us;
	ok = queue_wait_last(sqlite_store(store)->queue, job, error);
	job_unref(job);
	return ok;
}
