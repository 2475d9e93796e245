#include <sqlite3.h>
#include <string.h>

#include "pack_private.h"
#include "sqlite_private.h"

static const char by_id[] = "SELECT seq, state, rcpt = ?3 AND digest = ?4"
			    " FROM message WHERE buyer = ?1 AND id = ?2";
static const char by_digest[] =
	"SELECT id FROM message WHERE buyer = ?1 AND digest = ?2"
	" AND rcpt = ?3 AND time > ?4 AND state BETWEEN ?5 AND ?6"
	" ORDER BY seq LIMIT 1";
static const char insert_row[] = "INSERT INTO message (" COLUMNS
				 ", content) VALUES (" COLUMN_PLACES ", ?29)";
/* Not INSERT OR REPLACE: that deletes without the triggers. */
static const char delete_row[] = "DELETE FROM message WHERE seq = ?1";

/* The first of the string fields is the buyer, bound among the key. */
#define FIRST_STRING 10

void
sqlite_row_bind(SqliteQuery *query, const struct store_message *message)
{
	sqlite3_bind_int64(query, 1, message->time_us);
	sqlite3_bind_int64(query, 2, (gint64)message->fingerprint);
	sqlite_bind_string(query, 3, message->buyer);
	sqlite_bind_string(query, 4, message->id);
	sqlite3_bind_int(query, 5, (int)message->state);
	sqlite3_bind_int64(query, 6, message->state_us);
	sqlite3_bind_int64(query, 7, message->attempts);
	sqlite3_bind_int64(query, 8, message->size);
	sqlite3_bind_double(query, 9, message->outreach);
	sqlite3_bind_double(query, 10, message->relevance);
	for (int i = 1; i < STORE_STRINGS; i++)
		sqlite_bind_string(query, FIRST_STRING + i,
				   STORE_STRING(message, i));
	sqlite3_bind_int64(query, FIRST_STRING + STORE_STRINGS, message->touch);
}

char *
sqlite_string_at(SqliteQuery *query, int column)
{
	const char *text = (const char *)sqlite3_column_text(query, column);

	return g_strdup(text ? text : "");
}

struct store_message *
sqlite_row_read(SqliteQuery *query)
{
	struct store_message *message = g_new0(struct store_message, 1);
	const char *id = (const char *)sqlite3_column_text(query, 3);

	message->time_us = sqlite3_column_int64(query, 0);
	message->fingerprint = (guint64)sqlite3_column_int64(query, 1);
	message->buyer = sqlite_string_at(query, 2);
	g_strlcpy(message->id, id ? id : "", sizeof(message->id));
	message->state = (enum store_state)CLAMP(
		sqlite3_column_int(query, 4), STORE_DELIVERED, STORE_EXPIRED);
	message->state_us = sqlite3_column_int64(query, 5);
	message->attempts = (guint)sqlite3_column_int64(query, 6);
	message->size = sqlite3_column_int64(query, 7);
	message->outreach = sqlite3_column_double(query, 8);
	message->relevance = sqlite3_column_double(query, 9);
	for (int i = 1; i < STORE_STRINGS; i++)
		STORE_STRING(message, i) =
			sqlite_string_at(query, FIRST_STRING - 1 + i);
	message->touch = (guint)sqlite3_column_int64(
		query, FIRST_STRING - 1 + STORE_STRINGS);
	return message;
}

gboolean
sqlite_row_same(struct sqlite_conn *conn, const struct store_message *message,
		struct sqlite_same *same, GError **error)
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
	*same = (struct sqlite_same){ .state = -1 };
	if (step == SQLITE_STEP_ROW)
		*same = (struct sqlite_same){ sqlite3_column_int64(query, 0),
					      sqlite3_column_int(query, 1) };
	return TRUE;
}

gboolean
sqlite_row_repeat(struct sqlite_conn *conn, const struct store_message *message,
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
insert(struct sqlite_conn *conn, const struct store_message *message,
       const char *content, gint64 *seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_row, error);

	if (!query)
		return FALSE;
	sqlite_row_bind(query, message);
	sqlite_bind_string(query, COLUMN_N + 1, content);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	*seq = sqlite3_last_insert_rowid(conn->db);
	return TRUE;
}

/* What is replaced can only be a note of the same message. */
static gboolean
drop(struct sqlite_conn *conn, gint64 seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, delete_row, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	return sqlite_run(conn, query, error) &&
	       sqlite_touch_drop(conn, seq, error);
}

gboolean
sqlite_row_add(struct sqlite_conn *conn, const struct store_message *message,
	       const char *content, const struct sqlite_same *replaced,
	       GError **error)
{
	gint64 seq;

	if (replaced->state >= 0 && !drop(conn, replaced->seq, error))
		return FALSE;
	if (!insert(conn, message, content, &seq, error))
		return FALSE;
	return sqlite_sum_add(conn, message, seq, error) &&
	       (!message->features ||
		sqlite_features_add(conn, message, error)) &&
	       (!message->campaign || *message->campaign == '\0' ||
		sqlite_touch_add(conn, message, seq, error));
}

struct store_message *
sqlite_row_copy(struct store *store, const struct store_message *message)
{
	GBytes *features = store_features_kept(store, message);
	struct store_message *copy = store_message_copy(message);

	g_bytes_unref(copy->features);
	copy->features = features ? pack_small(features) : NULL;
	return copy;
}

gsize
sqlite_row_weight(const struct store_message *message)
{
	return ROW_BYTES +
	       (message->features ? g_bytes_get_size(message->features) : 0);
}
