#include <sqlite3.h>
#include <string.h>

#include "sqlite_private.h"

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
}

static char *
string_at(SqliteQuery *query, int column)
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
	message->buyer = string_at(query, 2);
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
			string_at(query, FIRST_STRING - 1 + i);
	return message;
}
