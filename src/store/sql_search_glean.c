#include <string.h>

#include "base/clock.h"
#include "sql_search_private.h"

static const char find_held[] = "SELECT 1 FROM message"
				" WHERE buyer = ?1 AND id = ?2"
				" AND state IN (1, 2)";
/* Changes a row only when its topics are to be counted now. */
static const char mark_counted[] =
	"INSERT INTO gleaned (buyer, message, time, counted)"
	" VALUES (?1, ?2, ?3, 1) ON CONFLICT (buyer, message)"
	" DO UPDATE SET counted = 1 WHERE gleaned.counted = 0";

/* All that was read out of one message, copied. */
struct reading {
	struct store_message *message;
	GPtrArray *quotes;
	struct store_document *document;
	GPtrArray *terms;
	GPtrArray *labels;
};

static void
reading_free(gpointer data)
{
	struct reading *reading = data;

	store_message_free(reading->message);
	g_ptr_array_unref(reading->quotes);
	store_document_free(reading->document);
	g_ptr_array_unref(reading->terms);
	g_ptr_array_unref(reading->labels);
	g_free(reading);
}

static gboolean
check_held(struct sql_conn *conn, const struct store_message *message,
	   GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_held, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->id);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_END)
		sql_not_found("held message", message->id, error);
	return step == SQL_STEP_ROW;
}

static gboolean
mark(struct sql_conn *conn, const struct store_message *message,
     gboolean *first, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, mark_counted, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->id);
	sql_bind_int64(query, 3, clock_now_us());
	if (!sql_run(conn, query, error))
		return FALSE;
	*first = sql_changes(conn) > 0;
	return TRUE;
}

/* A sender without a domain of its own is no vendor: nothing is counted. */
static gboolean
glean_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	  GError **error)
{
	const struct reading *reading = what;
	const struct store_message *message = reading->message;
	const gboolean vendor = message->vendor && *message->vendor;
	gboolean first;

	(void)answer;
	if (!check_held(conn, message, error) ||
	    !mark(conn, message, &first, error))
		return FALSE;
	if (reading->document &&
	    !sql_document_put(conn, reading->document, error))
		return FALSE;
	if (!vendor)
		return TRUE;
	return sql_quotes_write(conn, message, reading->quotes, error) &&
	       (!first || sql_topics_count(conn, message, reading->terms,
					   reading->labels, error));
}

static struct store_document *
own_document(const struct store_document *document,
	     const struct store_message *message)
{
	struct store_document *own = store_document_copy(document);

	own->kind = STORE_DOCUMENT_MAIL;
	memcpy(own->id, message->id, sizeof(own->id));
	own->time_us = message->time_us;
	g_free(own->buyer);
	g_free(own->vendor);
	own->buyer = g_strdup(message->buyer);
	own->vendor = g_strdup(message->vendor);
	return own;
}

static struct reading *
reading_new(const struct store_message *message,
	    const struct store_gleaning *gleaning)
{
	struct reading *reading = g_new0(struct reading, 1);

	reading->message = store_message_copy(message);
	reading->quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);
	reading->terms = g_ptr_array_new_with_free_func(g_free);
	reading->labels = g_ptr_array_new_with_free_func(g_free);
	if (gleaning->document)
		reading->document = own_document(gleaning->document, message);
	for (guint i = 0; gleaning->quotes && i < gleaning->quotes->len; i++)
		g_ptr_array_add(reading->quotes,
				store_quote_copy(gleaning->quotes->pdata[i]));
	for (guint i = 0; i < gleaning->n_topics; i++) {
		const struct store_topic *topic = &gleaning->topics[i];

		g_ptr_array_add(reading->terms, g_strdup(topic->term));
		g_ptr_array_add(reading->labels, g_strdup(topic->label));
	}
	return reading;
}

gboolean
sql_glean(struct store *store, const struct store_message *message,
	  const struct store_gleaning *gleaning, GError **error)
{
	struct reading *reading = reading_new(message, gleaning);
	struct sql_cargo cargo = { reading, reading_free, ROW_BYTES };

	cargo.weight +=
		(gsize)(reading->quotes->len + reading->terms->len) * ROW_BYTES;
	if (reading->document)
		cargo.weight += strlen(reading->document->text) +
				2 * strlen(reading->document->terms);
	return sql_task_run(store, glean_run, cargo, NULL, error);
}
