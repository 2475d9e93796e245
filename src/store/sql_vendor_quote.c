#include "base/clock.h"
#include "sql_task_private.h"

#define QUOTE_COLUMNS                                                          \
	"vendor, buyer, message, time, kind, place, text, what, value,"        \
	" value_max, unit, currency, period"

static const char forget_read[] =
	"DELETE FROM claim WHERE vendor = ?1 AND buyer = ?2 AND message = ?3";
static const char mark_read[] =
	"INSERT INTO gleaned (buyer, message, time) VALUES (?1, ?2, ?3)"
	" ON CONFLICT DO NOTHING";
static const char insert_quote[] =
	"INSERT INTO claim (" QUOTE_COLUMNS ")"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
	" ON CONFLICT DO NOTHING";

/* The vendor is in the text when it restricts, for the key to be used. */
#define LIST_HEAD "SELECT " QUOTE_COLUMNS " FROM claim WHERE "
#define LIST_TAIL                                                              \
	"(?2 IS NULL OR buyer = ?2) AND time >= ?3"                            \
	" ORDER BY time DESC, message DESC, buyer, place, kind LIMIT ?4"
static const char list_of_vendor[] = LIST_HEAD "vendor = ?1 AND " LIST_TAIL;
static const char list_of_all[] = LIST_HEAD LIST_TAIL;

static const char due[] =
	"SELECT " COLUMNS " FROM message WHERE seq IN"
	" (SELECT seq FROM message INDEXED BY message_held"
	" WHERE state IN (1, 2) AND id > ?1"
	" AND NOT EXISTS (SELECT 1 FROM gleaned WHERE"
	" gleaned.buyer = message.buyer AND gleaned.message = message.id)"
	" ORDER BY id LIMIT ?2) ORDER BY id";

struct reading {
	struct store_message *message;
	GPtrArray *quotes;
};

static void
reading_free(gpointer data)
{
	struct reading *reading = data;

	store_message_free(reading->message);
	g_ptr_array_unref(reading->quotes);
	g_free(reading);
}

static gboolean
forget(struct sql_conn *conn, const struct store_message *message,
       GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, forget_read, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->vendor);
	sql_bind_string(query, 2, message->buyer);
	sql_bind_string(query, 3, message->id);
	return sql_run(conn, query, error);
}

static gboolean
mark(struct sql_conn *conn, const struct store_message *message, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, mark_read, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->id);
	sql_bind_int64(query, 3, clock_now_us());
	return sql_run(conn, query, error);
}

static gboolean
insert(struct sql_conn *conn, const struct store_message *message,
       const struct store_quote *quote, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_quote, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->vendor);
	sql_bind_string(query, 2, message->buyer);
	sql_bind_string(query, 3, message->id);
	sql_bind_int64(query, 4, message->time_us);
	sql_bind_int64(query, 5, (int)quote->kind);
	sql_bind_int64(query, 6, quote->place);
	sql_bind_string(query, 7, quote->text);
	sql_bind_string(query, 8, quote->what);
	sql_bind_double(query, 9, quote->value);
	sql_bind_double(query, 10, quote->value_max);
	sql_bind_string(query, 11, quote->unit);
	sql_bind_string(query, 12, quote->currency);
	sql_bind_string(query, 13, quote->period);
	return sql_run(conn, query, error);
}

gboolean
sql_quotes_write(struct sql_conn *conn, const struct store_message *message,
		 const GPtrArray *quotes, GError **error)
{
	if (!forget(conn, message, error))
		return FALSE;
	for (guint i = 0; i < quotes->len; i++) {
		if (!insert(conn, message, quotes->pdata[i], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
set_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct reading *reading = what;
	const struct store_message *message = reading->message;

	(void)answer;
	return sql_message_there(conn, message->buyer, message->id, error) &&
	       mark(conn, message, error) &&
	       sql_quotes_write(conn, message, reading->quotes, error);
}

gboolean
sql_quotes_set(struct store *store, const struct store_message *message,
	       const GPtrArray *quotes, GError **error)
{
	struct reading *reading = g_new0(struct reading, 1);
	struct sql_cargo cargo = { reading, reading_free, ROW_BYTES };

	reading->message = store_message_copy(message);
	reading->quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);
	for (guint i = 0; i < quotes->len; i++) {
		g_ptr_array_add(reading->quotes,
				store_quote_copy(quotes->pdata[i]));
		cargo.weight += ROW_BYTES;
	}
	return sql_task_run(store, set_run, cargo, NULL, error);
}

static gpointer
read_quote(SqlQuery *query)
{
	struct store_quote *quote = g_new0(struct store_quote, 1);

	quote->vendor = sql_string_at(query, 0);
	quote->buyer = sql_string_at(query, 1);
	sql_id_at(query, 2, quote->message);
	quote->time_us = sql_int64_at(query, 3);
	quote->kind = (enum store_quote_kind)CLAMP((int)sql_int64_at(query, 4),
						   STORE_QUOTE_CLAIM,
						   STORE_QUOTE_PROOF);
	quote->place = (guint)sql_int64_at(query, 5);
	quote->text = sql_string_at(query, 6);
	quote->what = sql_string_at(query, 7);
	quote->value = sql_double_at(query, 8);
	quote->value_max = sql_double_at(query, 9);
	quote->unit = sql_string_at(query, 10);
	quote->currency = sql_string_at(query, 11);
	quote->period = sql_string_at(query, 12);
	return quote;
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct store_quote_query *asked = data;
	g_autoptr(SqlQuery) query = sql_query(
		conn, asked->vendor ? list_of_vendor : list_of_all, error);

	if (!query)
		return NULL;
	if (asked->vendor)
		sql_bind_string(query, 1, asked->vendor);
	sql_bind_or_null(query, 2, asked->buyer);
	sql_bind_int64(query, 3, asked->since_us);
	sql_bind_int64(query, 4, asked->limit);
	return sql_rows(conn, query, read_quote,
			(GDestroyNotify)store_quote_free, error);
}

GPtrArray *
sql_quotes_list(struct store *store, const struct store_quote_query *query,
		GError **error)
{
	return sql_read(store, list_in, query, error);
}

struct due {
	const char *after;
	guint limit;
};

static gpointer
read_message(SqlQuery *query)
{
	return sql_row_read(query);
}

static gpointer
due_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct due *asked = data;
	g_autoptr(SqlQuery) query = sql_query(conn, due, error);

	if (!query)
		return NULL;
	sql_bind_string(query, 1, asked->after);
	sql_bind_int64(query, 2, asked->limit);
	return sql_rows(conn, query, read_message,
			(GDestroyNotify)store_message_free, error);
}

GPtrArray *
sql_quotes_due(struct store *store, const char *after, guint limit,
	       GError **error)
{
	struct due asked = { after, limit };

	return sql_read(store, due_in, &asked, error);
}
