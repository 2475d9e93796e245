/* Documents, with their words, and counts of topics by their terms. */
#include <string.h>

#include "sql_copy_private.h"
#include "sql_search_private.h"

#define BATCH_ROWS 100

static const char next_documents[] =
	"SELECT " DOCUMENT_COLUMNS " FROM " DOCUMENT_TABLES
	" WHERE (d.id, d.kind, d.buyer) > (?1, ?2, ?3)"
	" ORDER BY d.id, d.kind, d.buyer LIMIT ?4";
static const char find_document[] =
	"SELECT 1 FROM document WHERE id = ?1 AND kind = ?2 AND buyer = ?3";
/* A mail's goes with its body, and one without is not wanted there either. */
static const char find_held[] =
	"SELECT 1 FROM message WHERE buyer = ?1 AND id = ?2"
	" AND state IN (1, 2)";
static const char next_topics[] =
	"SELECT topic_term.term, topic_term.time, label, vendor, day, buyer,"
	" priority, n, topic.term FROM topic"
	" JOIN topic_term ON topic_term.seq = topic.term"
	" WHERE (topic.term, vendor, day, buyer, priority)"
	" > (?1, ?2, ?3, ?4, ?5)"
	" ORDER BY topic.term, vendor, day, buyer, priority LIMIT ?6";
static const char add_term[] =
	"INSERT INTO topic_term (vendors, time, term, label)"
	" VALUES (0, ?2, ?1, ?3) ON CONFLICT (term) DO NOTHING";
static const char add_topic[] =
	"INSERT INTO topic (term, vendor, day, buyer, priority, n)"
	" SELECT seq, ?2, ?3, ?4, ?5, ?6 FROM topic_term WHERE term = ?1"
	" ON CONFLICT (term, vendor, day, buyer, priority)"
	" DO UPDATE SET n = excluded.n WHERE excluded.n > topic.n";
static const char count_vendors[] =
	"UPDATE topic_term SET vendors = (SELECT count(DISTINCT vendor)"
	" FROM topic WHERE topic.term = topic_term.seq)"
	" WHERE term = ?1 AND seq > 0";

struct documents {
	char *id;
	gint64 kind;
	char *buyer;
};

static gpointer
read_documents(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct documents *after = data;
	g_autoptr(SqlQuery) query = sql_query(conn, next_documents, error);
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_document_free);
	enum sql_step step;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, after->id);
	sql_bind_int64(query, 2, after->kind);
	sql_bind_string(query, 3, after->buyer);
	sql_bind_int64(query, 4, BATCH_ROWS);
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		struct store_document *document =
			sql_document_read(query, error);

		if (!document)
			return NULL;
		g_ptr_array_add(rows, document);
	}
	return step == SQL_STEP_END ? g_steal_pointer(&rows) : NULL;
}

static gboolean
is_found(struct sql_conn *conn, SqlQuery *query, gboolean *found,
	 GError **error)
{
	const enum sql_step step = sql_next(conn, query, error);

	*found = step == SQL_STEP_ROW;
	return step != SQL_STEP_FAILED;
}

static gboolean
is_there(struct sql_conn *conn, const struct store_document *document,
	 gboolean *there, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_document, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, document->id);
	sql_bind_int64(query, 2, document->kind);
	sql_bind_string(query, 3, document->buyer);
	return is_found(conn, query, there, error);
}

static gboolean
is_wanted(struct sql_conn *conn, const struct store_document *document,
	  gboolean *wanted, GError **error)
{
	g_autoptr(SqlQuery) query = NULL;
	gboolean there;

	if (!is_there(conn, document, &there, error))
		return FALSE;
	*wanted = !there;
	if (there || document->kind != STORE_DOCUMENT_MAIL)
		return TRUE;
	query = sql_query(conn, find_held, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, document->buyer);
	sql_bind_string(query, 2, document->id);
	return is_found(conn, query, wanted, error);
}

static gboolean
write_documents(struct sql_conn *conn, gconstpointer what,
		struct sql_answer *answer, GError **error)
{
	const GPtrArray *rows = what;

	for (guint i = 0; i < rows->len; i++) {
		gboolean wanted;

		if (!is_wanted(conn, rows->pdata[i], &wanted, error))
			return FALSE;
		if (!wanted)
			continue;
		if (!sql_document_put(conn, rows->pdata[i], error))
			return FALSE;
		answer->n++;
	}
	return TRUE;
}

static void
unref_rows(gpointer data)
{
	g_ptr_array_unref(data);
}

/* Writes what was read, and counts it. */
static gboolean
put(struct sql_copying *copying, sql_task run, GPtrArray *rows, gsize weight,
    GError **error)
{
	struct sql_cargo cargo = { g_ptr_array_ref(rows), unref_rows, weight };
	struct sql_answer answer = { 0 };

	if (!sql_task_run(copying->to, run, cargo, &answer, error))
		return FALSE;
	copying->copied.others += answer.n;
	sql_copy_tell(copying);
	return TRUE;
}

static gsize
weight_of(const GPtrArray *rows)
{
	gsize weight = 0;

	for (guint i = 0; i < rows->len; i++) {
		const struct store_document *document = rows->pdata[i];

		weight += ROW_BYTES + strlen(document->text) +
			  2 * strlen(document->terms);
	}
	return weight;
}

static gboolean
copy_documents(struct sql_copying *copying, GError **error)
{
	g_autofree char *id = g_strdup("");
	g_autofree char *buyer = g_strdup("");
	struct documents after = { id, -1, buyer };

	for (;;) {
		g_autoptr(GPtrArray) rows =
			sql_read(copying->from, read_documents, &after, error);
		const struct store_document *last;

		if (!rows)
			return FALSE;
		if (rows->len == 0)
			return TRUE;
		if (!put(copying, write_documents, rows, weight_of(rows),
			 error))
			return FALSE;
		last = rows->pdata[rows->len - 1];
		g_free(id);
		g_free(buyer);
		id = g_strdup(last->id);
		buyer = g_strdup(last->buyer);
		after = (struct documents){ id, last->kind, buyer };
	}
}

struct topic {
	char *term;
	gint64 time_us;
	char *label;
	char *vendor;
	gint64 day;
	char *buyer;
	char *priority;
	gint64 n;
	gint64 seq; /* of the term where it is read */
};

static void
topic_free(gpointer data)
{
	struct topic *topic = data;

	g_free(topic->term);
	g_free(topic->label);
	g_free(topic->vendor);
	g_free(topic->buyer);
	g_free(topic->priority);
	g_free(topic);
}

static gpointer
read_topic(SqlQuery *query)
{
	struct topic *topic = g_new0(struct topic, 1);

	topic->term = sql_string_at(query, 0);
	topic->time_us = sql_int64_at(query, 1);
	topic->label = sql_string_at(query, 2);
	topic->vendor = sql_string_at(query, 3);
	topic->day = sql_int64_at(query, 4);
	topic->buyer = sql_string_at(query, 5);
	topic->priority = sql_string_at(query, 6);
	topic->n = sql_int64_at(query, 7);
	topic->seq = sql_int64_at(query, 8);
	return topic;
}

static gpointer
read_topics(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct topic *after = data;
	g_autoptr(SqlQuery) query = sql_query(conn, next_topics, error);

	if (!query)
		return NULL;
	sql_bind_int64(query, 1, after->seq);
	sql_bind_string(query, 2, after->vendor);
	sql_bind_int64(query, 3, after->day);
	sql_bind_string(query, 4, after->buyer);
	sql_bind_string(query, 5, after->priority);
	sql_bind_int64(query, 6, BATCH_ROWS);
	return sql_rows(conn, query, read_topic, topic_free, error);
}

static gboolean
write_term(struct sql_conn *conn, const struct topic *topic, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, add_term, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, topic->term);
	sql_bind_int64(query, 2, topic->time_us);
	sql_bind_string(query, 3, topic->label);
	return sql_run(conn, query, error);
}

static gboolean
write_topic(struct sql_conn *conn, const struct topic *topic, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, add_topic, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, topic->term);
	sql_bind_string(query, 2, topic->vendor);
	sql_bind_int64(query, 3, topic->day);
	sql_bind_string(query, 4, topic->buyer);
	sql_bind_string(query, 5, topic->priority);
	sql_bind_int64(query, 6, topic->n);
	return sql_run(conn, query, error);
}

static gboolean
count_term(struct sql_conn *conn, const struct topic *topic, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_vendors, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, topic->term);
	return sql_run(conn, query, error);
}

static gboolean
write_topics(struct sql_conn *conn, gconstpointer what,
	     struct sql_answer *answer, GError **error)
{
	const GPtrArray *rows = what;

	for (guint i = 0; i < rows->len; i++) {
		const struct topic *topic = rows->pdata[i];
		const struct topic *next =
			rows->pdata[MIN(i + 1, rows->len - 1)];

		if (!write_term(conn, topic, error) ||
		    !write_topic(conn, topic, error))
			return FALSE;
		answer->n += sql_changes(conn) > 0;
		/* Terms come together. */
		if ((next == topic || next->seq != topic->seq) &&
		    !count_term(conn, topic, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
copy_topics(struct sql_copying *copying, GError **error)
{
	struct topic *first = g_new0(struct topic, 1);
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(topic_free);

	first->seq = -1;
	g_ptr_array_add(rows, first);
	for (;;) {
		GPtrArray *next = sql_read(copying->from, read_topics,
					   rows->pdata[rows->len - 1], error);

		if (!next)
			return FALSE;
		g_ptr_array_unref(rows);
		rows = next;
		if (rows->len == 0)
			return TRUE;
		if (!put(copying, write_topics, rows,
			 rows->len * (gsize)ROW_BYTES, error))
			return FALSE;
	}
}

gboolean
sql_copy_documents(struct sql_copying *copying, GError **error)
{
	return copy_documents(copying, error) && copy_topics(copying, error);
}
