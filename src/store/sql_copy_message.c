/*
 * Messages, the oldest first, each with its bytes, features and place in a
 * campaign. They go the way that new ones go, so that all sums are right.
 */
#include <string.h>

#include "sql_copy_private.h"

/* In one transaction: so many, or until their bytes are so many. */
#define BATCH_ROWS  100
#define BATCH_BYTES ((gsize)4 << 20)

static const char next_rows[] =
	"SELECT " COLUMNS ", seq, content, owner, lease FROM message"
	" WHERE (id, buyer) > (?1, ?2) ORDER BY id, buyer LIMIT ?3";
static const char find_subject[] =
	"SELECT subject FROM touch WHERE buyer = ?1 AND seq = ?2";
static const char find_features[] =
	"SELECT frame FROM features WHERE buyer = ?1 AND id = ?2";
static const char find_frame[] =
	"SELECT content.size, frame.bytes FROM content"
	" JOIN frame ON frame.seq = content.frame WHERE content.id = ?1";
static const char find_there[] = "SELECT seq, state, state_time FROM message"
				 " WHERE buyer = ?1 AND id = ?2";
static const char set_lease[] =
	"UPDATE message SET owner = ?3, lease = ?4, attempts = ?5"
	" WHERE buyer = ?1 AND id = ?2";
static const char set_state[] =
	"UPDATE message SET state = ?3, state_time = ?4, note = ?5"
	" WHERE buyer = ?1 AND id = ?2";

/* One message as it lies in its store. */
struct row {
	struct store_message *message;
	gint64 seq;
	char *content;
	GBytes *frame; /* of the content; NULL: it has none */
	gint64 size;
	char *owner;
	gint64 lease_us;
};

static void
row_free(gpointer data)
{
	struct row *row = data;

	store_message_free(row->message);
	g_free(row->content);
	g_free(row->owner);
	g_bytes_unref(row->frame);
	g_free(row);
}

static gpointer
read_row(SqlQuery *query)
{
	struct row *row = g_new0(struct row, 1);

	row->message = sql_row_read(query);
	row->seq = sql_int64_at(query, COLUMN_N);
	row->content = sql_string_at(query, COLUMN_N + 1);
	row->owner = sql_string_at(query, COLUMN_N + 2);
	row->lease_us = sql_int64_at(query, COLUMN_N + 3);
	return row;
}

static GBytes *
bytes_at(SqlQuery *query, int column)
{
	gsize size;
	const void *data = sql_blob_at(query, column, &size);

	return g_bytes_new(data, size);
}

static gboolean
read_subject(struct sql_conn *conn, struct row *row, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_subject, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, row->message->buyer);
	sql_bind_int64(query, 2, row->seq);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_ROW)
		row->message->subject_key = (guint64)sql_int64_at(query, 0);
	return step != SQL_STEP_FAILED;
}

static gboolean
read_features(struct sql_conn *conn, struct row *row, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_features, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, row->message->buyer);
	sql_bind_string(query, 2, row->message->id);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_ROW)
		row->message->features = bytes_at(query, 0);
	return step != SQL_STEP_FAILED;
}

static gboolean
read_frame(struct sql_conn *conn, struct row *row, GError **error)
{
	g_autoptr(SqlQuery) query = NULL;
	enum sql_step step;

	if (*row->content == '\0')
		return TRUE;
	query = sql_query(conn, find_frame, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, row->content);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_ROW) {
		row->size = sql_int64_at(query, 0);
		row->frame = bytes_at(query, 1);
	}
	return step != SQL_STEP_FAILED;
}

struct asked {
	const char *id;
	const char *buyer;
};

/* Rows that have room in one transaction; the first always has. */
static gboolean
fill_rows(struct sql_conn *conn, GPtrArray *rows, GError **error)
{
	gsize bytes = 0;

	for (guint i = 0; i < rows->len; i++) {
		struct row *row = rows->pdata[i];

		if (!read_subject(conn, row, error) ||
		    !read_features(conn, row, error) ||
		    !read_frame(conn, row, error))
			return FALSE;
		bytes += row->frame ? g_bytes_get_size(row->frame) : 0;
		if (bytes > BATCH_BYTES)
			g_ptr_array_set_size(rows, (gint)i + 1);
	}
	return TRUE;
}

/* In one state of the store: bytes must not go while they are read. */
static gpointer
read_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	if (!sql_look(conn, error))
		return NULL;
	query = sql_query(conn, next_rows, error);
	if (query) {
		sql_bind_string(query, 1, asked->id);
		sql_bind_string(query, 2, asked->buyer);
		sql_bind_int64(query, 3, BATCH_ROWS);
		rows = sql_rows(conn, query, read_row, row_free, error);
	}
	if (rows && !fill_rows(conn, rows, error))
		g_clear_pointer(&rows, g_ptr_array_unref);
	if (query)
		sql_query_end(query);
	sql_rollback(conn);
	return g_steal_pointer(&rows);
}

/* What the other store has of a message; `state` is -1 when nothing. */
struct there {
	gint64 seq;
	int state;
	gint64 state_us;
};

static gboolean
look_there(struct sql_conn *conn, const struct store_message *message,
	   struct there *there, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_there, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->id);
	step = sql_next(conn, query, error);
	*there = (struct there){ .state = -1 };
	if (step == SQL_STEP_ROW)
		*there = (struct there){ sql_int64_at(query, 0),
					 (int)sql_int64_at(query, 1),
					 sql_int64_at(query, 2) };
	return step != SQL_STEP_FAILED;
}

static gboolean
write_lease(struct sql_conn *conn, const struct row *row, GError **error)
{
	g_autoptr(SqlQuery) query = NULL;

	if (*row->owner == '\0' && row->lease_us == 0)
		return TRUE;
	query = sql_query(conn, set_lease, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, row->message->buyer);
	sql_bind_string(query, 2, row->message->id);
	sql_bind_string(query, 3, row->owner);
	sql_bind_int64(query, 4, row->lease_us);
	sql_bind_int64(query, 5, row->message->attempts);
	return sql_run(conn, query, error);
}

static gboolean
add(struct sql_conn *conn, const struct row *row, GError **error)
{
	const struct sql_same none = { .state = -1 };
	const struct sql_content content = { row->content, 1, row->size,
					     row->frame };

	if (row->frame && !sql_content_share(conn, &content, error))
		return FALSE;
	return sql_row_add(conn, row->message, row->frame ? row->content : "",
			   &none, error) &&
	       write_lease(conn, row, error);
}

static gboolean
is_kept(int state)
{
	return state == STORE_HELD || state == STORE_RELEASING;
}

/* It has gone on since: bytes are let go, never got back. */
static gboolean
change(struct sql_conn *conn, const struct row *row, const struct there *there,
       GError **error)
{
	const struct store_message *message = row->message;
	g_autoptr(SqlQuery) query = sql_query(conn, set_state, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->id);
	sql_bind_int64(query, 3, (int)message->state);
	sql_bind_int64(query, 4, message->state_us);
	sql_bind_string(query, 5, message->note);
	if (!sql_run(conn, query, error) || !write_lease(conn, row, error))
		return FALSE;
	return !is_kept(there->state) || is_kept((int)message->state) ||
	       sql_content_drop(conn, message->buyer, there->seq, error);
}

static gboolean
goes_on(const struct store_message *message, const struct there *there)
{
	return message->state_us > there->state_us &&
	       (int)message->state != there->state &&
	       (is_kept(there->state) || !is_kept((int)message->state));
}

struct batch {
	GPtrArray *rows;
	guint added;
	guint changed;
};

static void
batch_free(gpointer data)
{
	struct batch *batch = data;

	g_ptr_array_unref(batch->rows);
	g_free(batch);
}

static gboolean
write_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	  GError **error)
{
	const struct batch *batch = what;
	guint changed = 0;

	for (guint i = 0; i < batch->rows->len; i++) {
		const struct row *row = batch->rows->pdata[i];
		struct there there;

		if (!look_there(conn, row->message, &there, error))
			return FALSE;
		if (there.state < 0) {
			if (!add(conn, row, error))
				return FALSE;
			answer->n++;
		} else if (goes_on(row->message, &there)) {
			if (!change(conn, row, &there, error))
				return FALSE;
			changed++;
		}
	}
	g_snprintf(answer->id, sizeof(answer->id), "%u", changed);
	return TRUE;
}

static gsize
weight_of(const GPtrArray *rows)
{
	gsize weight = 0;

	for (guint i = 0; i < rows->len; i++) {
		const struct row *row = rows->pdata[i];

		weight += sql_row_weight(row->message) +
			  (row->frame ? g_bytes_get_size(row->frame) : 0);
	}
	return weight;
}

static gboolean
write_rows(struct sql_copying *copying, GPtrArray *rows, GError **error)
{
	struct batch *batch = g_new0(struct batch, 1);
	struct sql_cargo cargo = { batch, batch_free, weight_of(rows) };
	struct sql_answer answer = { 0 };

	batch->rows = g_ptr_array_ref(rows);
	if (!sql_task_run(copying->to, write_run, cargo, &answer, error))
		return FALSE;
	copying->copied.seen += rows->len;
	copying->copied.added += answer.n;
	copying->copied.changed += g_ascii_strtoull(answer.id, NULL, 10);
	return TRUE;
}

gboolean
sql_copy_messages(struct sql_copying *copying, GError **error)
{
	g_autofree char *id = g_strdup("");
	g_autofree char *buyer = g_strdup("");

	for (;;) {
		const struct asked asked = { id, buyer };
		g_autoptr(GPtrArray) rows =
			sql_read(copying->from, read_in, &asked, error);
		const struct row *last;

		if (!rows)
			return FALSE;
		if (rows->len == 0)
			return TRUE;
		if (!write_rows(copying, rows, error))
			return FALSE;
		last = rows->pdata[rows->len - 1];
		g_free(id);
		g_free(buyer);
		id = g_strdup(last->message->id);
		buyer = g_strdup(last->message->buyer);
		sql_copy_tell(copying);
	}
}
