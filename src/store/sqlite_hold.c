#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "pack_private.h"
#include "sqlite_private.h"

/* Of a row beside its body, about. */
#define ROW_BYTES 2048

static const char by_id[] = "SELECT seq, state, rcpt = ?3 AND digest = ?4"
			    " FROM message WHERE buyer = ?1 AND id = ?2";
static const char by_digest[] =
	"SELECT id FROM message WHERE buyer = ?1 AND digest = ?2"
	" AND rcpt = ?3 AND time > ?4 AND state BETWEEN ?5 AND ?6"
	" ORDER BY seq LIMIT 1";
/* What is replaced can only be a note of the same message. */
static const char insert_row[] = "INSERT OR REPLACE INTO message (" COLUMNS
				 ", content) VALUES (" COLUMN_PLACES ", ?27)";
static const enum store_state any_state[2] = { STORE_DELIVERED, STORE_EXPIRED };
/*
 * A row that was claimed, or that a repeat counts on, has an owner: it is not
 * only its first caller's to take back.
 */
static const char count_on_row[] =
	"UPDATE message SET owner = ?3"
	" WHERE buyer = ?1 AND id = ?2 AND owner = ''";
static const char deliver_row[] =
	"UPDATE message SET state = 0, state_time = ?2, note = ?3"
	" WHERE seq = ?1 AND owner = ''";
static const char insert_contact[] =
	"INSERT INTO ledger (buyer, contact, first, last)"
	" VALUES (?1, ?2, ?3, ?3) ON CONFLICT (buyer, contact)"
	" DO UPDATE SET last = excluded.last WHERE excluded.last > last";

struct hold_job {
	struct job job;
	GPtrArray *messages; /* after the run, repeats have the first's id */
	GArray *ids;	     /* and what their ids were before */
	GBytes *frame;
	gint64 size;
	char *content; /* the key of the bytes, or NULL while nobody has them */
	guint refs;
	gboolean shared; /* there may be bytes of this key */
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

/* The row that has a message's id; `state` is -1 when there is none. */
struct same {
	gint64 seq;
	int state;
};

/* CONFLICT when the row is another message. */
static gboolean
find_by_id(struct sqlite_conn *conn, const struct store_message *message,
	   struct same *same, GError **error)
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
	if (step == SQLITE_STEP_ROW && !sqlite3_column_int(query, 2)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "id %s is that of another message", message->id);
		return FALSE;
	}
	*same = (struct same){ .state = -1 };
	if (step == SQLITE_STEP_ROW)
		*same = (struct same){ sqlite3_column_int64(query, 0),
				       sqlite3_column_int(query, 1) };
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
	const char *content, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_row, error);

	if (!query)
		return FALSE;
	sqlite_row_bind(query, message);
	sqlite_bind_string(query, COLUMN_N + 1, content);
	return sqlite_run(conn, query, error);
}

/* Goes by the id of the row that is held already. */
static gboolean
repeat_one(struct sqlite_conn *conn, struct store_message *message,
	   const char *first, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, count_on_row, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, message->buyer);
	sqlite_bind_string(query, 2, first);
	sqlite_bind_string(query, 3, message->id);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	g_strlcpy(message->id, first, sizeof(message->id));
	return TRUE;
}

/*
 * The row of one that is not held. Its key is taken where it was the first of
 * a hold before, was delivered after all, and others of that hold are here.
 */
static gboolean
keep_one(struct sqlite_conn *conn, struct hold_job *job,
	 const struct store_message *message, gboolean known, GError **error)
{
	if (!job->content) {
		job->content =
			g_strconcat(message->buyer, "/", message->id, NULL);
		job->shared = known;
	}
	job->refs++;
	return add_row(conn, message, job->content, error);
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
	struct same same;

	if (!find_by_id(conn, message, &same, error))
		return FALSE;
	if (same.state > (int)STORE_DELIVERED) {
		job->repeats++;
		return TRUE;
	}
	if (!find_by_digest(conn, message, held, first, error))
		return FALSE;
	if (*first) {
		job->repeats++;
		return repeat_one(conn, message, first, error);
	}
	return keep_one(conn, job, message, same.state >= 0, error);
}

/* As before any run: one that was rolled back may have left its marks. */
static void
hold_reset(struct hold_job *job)
{
	job->repeats = 0;
	job->refs = 0;
	g_clear_pointer(&job->content, g_free);
	for (guint i = 0; i < job->messages->len; i++) {
		struct store_message *message =
			g_ptr_array_index(job->messages, i);

		memcpy(message->id,
		       job->ids->data + (gsize)i * sizeof(message->id),
		       sizeof(message->id));
	}
}

static gboolean
hold_run(struct job *base, void *conn, GError **error)
{
	struct hold_job *job = (struct hold_job *)(void *)base;
	struct sqlite_content content;

	hold_reset(job);
	for (guint i = 0; i < job->messages->len; i++) {
		if (!hold_one(conn, job, g_ptr_array_index(job->messages, i),
			      error))
			return FALSE;
	}
	content = (struct sqlite_content){ job->content, job->refs, job->size,
					   job->frame };
	if (job->refs == 0)
		return TRUE;
	return job->shared ? sqlite_content_share(conn, &content, error)
			   : sqlite_content_add(conn, &content, error);
}

static void
hold_free(struct job *base)
{
	struct hold_job *job = (struct hold_job *)(void *)base;

	g_ptr_array_free(job->messages, TRUE);
	g_array_free(job->ids, TRUE);
	g_bytes_unref(job->frame);
	g_free(job->content);
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
	job->ids = g_array_new(FALSE, FALSE, sizeof(copy->messages[0]->id));
	for (guint i = 0; i < copy->n; i++) {
		struct store_message *message =
			store_message_copy(copy->messages[i]);

		if (message->state_us == 0)
			message->state_us = clock_now_us();
		g_ptr_array_add(job->messages, message);
		g_array_append_vals(job->ids, message->id, 1);
	}
	job->size = (gint64)g_bytes_get_size(copy->bytes);
	job->frame = pack(copy->bytes);
	job->job.weight =
		g_bytes_get_size(job->frame) + (gsize)copy->n * ROW_BYTES;
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

/* The hold of it was committed when its caller had given it up already. */
static gboolean
deliver_held(struct sqlite_conn *conn, const struct store_message *message,
	     gint64 seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, deliver_row, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	sqlite3_bind_int64(query, 2, message->state_us);
	sqlite_bind_string(query, 3, message->note);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	return sqlite3_changes(conn->db) == 0 ||
	       sqlite_content_drop(conn, seq, error);
}

static gboolean
note_run(struct job *base, void *conn, GError **error)
{
	struct note_job *job = (struct note_job *)(void *)base;
	char first[ID_LEN + 1];
	struct same same;

	if (!find_by_id(conn, job->message, &same, error))
		return FALSE;
	if (same.state == STORE_HELD)
		return deliver_held(conn, job->message, same.seq, error);
	if (!find_by_digest(conn, job->message, any_state, first, error))
		return FALSE;
	if (same.state >= 0 || *first)
		return TRUE;
	return add_row(conn, job->message, "", error);
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
