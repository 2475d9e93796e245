#include <string.h>

#include "pack_private.h"
#include "sql_private.h"

static const char by_id[] = "SELECT seq, state, rcpt = ?3 AND digest = ?4"
			    " FROM message WHERE buyer = ?1 AND id = ?2";
static const char by_digest[] =
	"SELECT id FROM message WHERE buyer = ?1 AND digest = ?2"
	" AND rcpt = ?3 AND time > ?4 AND state BETWEEN ?5 AND ?6"
	" ORDER BY seq LIMIT 1";
SQL_ADDING(insert_row, "INSERT INTO message (" COLUMNS
		       ", content) VALUES (" COLUMN_PLACES ", ?29)");
/* Not INSERT OR REPLACE: that deletes without the triggers. */
static const char delete_row[] =
	"DELETE FROM message WHERE buyer = ?2 AND seq = ?1";

/* The first of the string fields is the buyer, bound among the key. */
#define FIRST_STRING 10

void
sql_row_bind(SqlQuery *query, const struct store_message *message)
{
	sql_bind_int64(query, 1, message->time_us);
	sql_bind_int64(query, 2, (gint64)message->fingerprint);
	sql_bind_string(query, 3, message->buyer);
	sql_bind_string(query, 4, message->id);
	sql_bind_int64(query, 5, (int)message->state);
	sql_bind_int64(query, 6, message->state_us);
	sql_bind_int64(query, 7, message->attempts);
	sql_bind_int64(query, 8, message->size);
	sql_bind_double(query, 9, message->outreach);
	sql_bind_double(query, 10, message->relevance);
	for (int i = 1; i < STORE_STRINGS; i++)
		sql_bind_string(query, FIRST_STRING + i,
				STORE_STRING(message, i));
	sql_bind_int64(query, FIRST_STRING + STORE_STRINGS, message->touch);
}

char *
sql_string_at(SqlQuery *query, int column)
{
	const char *text = sql_text_at(query, column);

	return g_strdup(text ? text : "");
}

struct store_message *
sql_row_read(SqlQuery *query)
{
	struct store_message *message = g_new0(struct store_message, 1);
	const char *id = sql_text_at(query, 3);

	message->time_us = sql_int64_at(query, 0);
	message->fingerprint = (guint64)sql_int64_at(query, 1);
	message->buyer = sql_string_at(query, 2);
	g_strlcpy(message->id, id ? id : "", sizeof(message->id));
	message->state = (enum store_state)CLAMP(
		(int)sql_int64_at(query, 4), STORE_DELIVERED, STORE_EXPIRED);
	message->state_us = sql_int64_at(query, 5);
	message->attempts = (guint)sql_int64_at(query, 6);
	message->size = sql_int64_at(query, 7);
	message->outreach = sql_double_at(query, 8);
	message->relevance = sql_double_at(query, 9);
	for (int i = 1; i < STORE_STRINGS; i++)
		STORE_STRING(message, i) =
			sql_string_at(query, FIRST_STRING - 1 + i);
	message->touch =
		(guint)sql_int64_at(query, FIRST_STRING - 1 + STORE_STRINGS);
	return message;
}

gboolean
sql_row_same(struct sql_conn *conn, const struct store_message *message,
	     struct sql_same *same, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, by_id, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->id);
	sql_bind_string(query, 3, message->rcpt);
	sql_bind_string(query, 4, message->digest);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_FAILED)
		return FALSE;
	if (step == SQL_STEP_ROW && !(int)sql_int64_at(query, 2)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "id %s is that of another message", message->id);
		return FALSE;
	}
	*same = (struct sql_same){ .state = -1 };
	if (step == SQL_STEP_ROW)
		*same = (struct sql_same){ sql_int64_at(query, 0),
					   (int)sql_int64_at(query, 1) };
	return TRUE;
}

gboolean
sql_row_repeat(struct sql_conn *conn, const struct store_message *message,
	       const enum store_state states[2], char id[ID_LEN + 1],
	       GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, by_digest, error);
	enum sql_step step;
	const char *found;

	if (!query)
		return FALSE;
	id[0] = '\0';
	if (!message->digest || !*message->digest)
		return TRUE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->digest);
	sql_bind_string(query, 3, message->rcpt);
	sql_bind_int64(query, 4, message->time_us - STORE_REPEAT_US);
	sql_bind_int64(query, 5, (int)states[0]);
	sql_bind_int64(query, 6, (int)states[1]);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_ROW) {
		found = sql_text_at(query, 0);
		g_strlcpy(id, found, ID_LEN + 1);
	}
	return step != SQL_STEP_FAILED;
}

static gboolean
insert(struct sql_conn *conn, const struct store_message *message,
       const char *content, gint64 *seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(
		conn, sql_for(conn, insert_row, insert_row_pg), error);

	if (!query)
		return FALSE;
	sql_row_bind(query, message);
	sql_bind_string(query, COLUMN_N + 1, content);
	return sql_run_adding(conn, query, seq, error);
}

/* What is replaced can only be a note of the same message. */
static gboolean
drop(struct sql_conn *conn, const struct store_message *message, gint64 seq,
     GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, delete_row, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, message->buyer);
	return sql_run(conn, query, error) &&
	       sql_touch_drop(conn, message, seq, error);
}

gboolean
sql_row_add(struct sql_conn *conn, const struct store_message *message,
	    const char *content, const struct sql_same *replaced,
	    GError **error)
{
	gint64 seq;

	if (replaced->state >= 0 && !drop(conn, message, replaced->seq, error))
		return FALSE;
	if (!insert(conn, message, content, &seq, error))
		return FALSE;
	return sql_sum_add(conn, message, error) &&
	       (!conn->backend->split ||
		sql_ring_add(conn, message, 0, error)) &&
	       (!message->features || sql_features_add(conn, message, error)) &&
	       (!message->campaign || *message->campaign == '\0' ||
		sql_touch_add(conn, message, seq, error));
}

struct store_message *
sql_row_copy(struct store *store, const struct store_message *message)
{
	GBytes *features = store_features_kept(store, message);
	struct store_message *copy = store_message_copy(message);

	g_bytes_unref(copy->features);
	copy->features = features ? pack_small(features) : NULL;
	return copy;
}

gsize
sql_row_weight(const struct store_message *message)
{
	return ROW_BYTES +
	       (message->features ? g_bytes_get_size(message->features) : 0);
}
