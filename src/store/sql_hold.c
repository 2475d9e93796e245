#include <string.h>

#include "base/clock.h"
#include "pack_private.h"
#include "sql_private.h"

/*
 * A row that was claimed, or that a repeat counts on, has an owner: it is not
 * only its first caller's to take back.
 */
static const char count_on_row[] =
	"UPDATE message SET owner = ?3"
	" WHERE buyer = ?1 AND id = ?2 AND owner = ''";
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

/* Goes by the id of the row that is held already. */
static gboolean
repeat_one(struct sql_conn *conn, struct store_message *message,
	   const char *first, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_on_row, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, first);
	sql_bind_string(query, 3, message->id);
	if (!sql_run(conn, query, error))
		return FALSE;
	g_strlcpy(message->id, first, sizeof(message->id));
	return TRUE;
}

/*
 * The row of one that is not held. Its key is taken where it was the first of
 * a hold before, was delivered after all, and others of that hold are here.
 */
static gboolean
keep_one(struct sql_conn *conn, struct hold_job *job,
	 const struct store_message *message, const struct sql_same *same,
	 GError **error)
{
	if (!job->content) {
		job->content =
			g_strconcat(message->buyer, "/", message->id, NULL);
		job->shared = same->state >= 0;
	}
	job->refs++;
	return sql_row_add(conn, message, job->content, same, error);
}

/*
 * A repeat is only what is held now: of delivered, deleted or released mail
 * nobody has the bytes, and a release that comes back through the filter must
 * not count on the row it is leaving. A "delivered" row of the same id is
 * replaced, of another id it stays.
 */
static gboolean
hold_one(struct sql_conn *conn, struct hold_job *job,
	 struct store_message *message, GError **error)
{
	static const enum store_state held[2] = { STORE_HELD, STORE_HELD };
	char first[ID_LEN + 1];
	struct sql_same same;

	if (!sql_row_same(conn, message, &same, error))
		return FALSE;
	if (same.state > (int)STORE_DELIVERED) {
		job->repeats++;
		return TRUE;
	}
	if (!sql_row_repeat(conn, message, held, first, error))
		return FALSE;
	if (*first) {
		job->repeats++;
		return repeat_one(conn, message, first, error);
	}
	return keep_one(conn, job, message, &same, error);
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
	struct sql_content content;

	hold_reset(job);
	for (guint i = 0; i < job->messages->len; i++) {
		if (!hold_one(conn, job, g_ptr_array_index(job->messages, i),
			      error))
			return FALSE;
	}
	content = (struct sql_content){ job->content, job->refs, job->size,
					job->frame };
	if (job->refs == 0)
		return TRUE;
	return job->shared ? sql_content_share(conn, &content, error)
			   : sql_content_add(conn, &content, error);
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
hold_new(struct store *store, const struct store_copy *copy)
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
			sql_row_copy(store, copy->messages[i]);

		if (message->state_us == 0)
			message->state_us = clock_now_us();
		job->job.weight += sql_row_weight(message);
		g_ptr_array_add(job->messages, message);
		g_array_append_vals(job->ids, message->id, 1);
	}
	job->size = (gint64)g_bytes_get_size(copy->bytes);
	job->frame = packers_pack(sql_store(store)->packers, copy->bytes);
	job->job.weight += g_bytes_get_size(job->frame);
	return job;
}

gboolean
sql_hold(struct store *store, const struct store_copy *copy, guint *repeats,
	 GError **error)
{
	struct hold_job *job = hold_new(store, copy);
	gboolean ok;

	ok = queue_wait(sql_store(store)->queue, &job->job, error);
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
