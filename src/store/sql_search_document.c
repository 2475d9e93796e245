#include <string.h>

#include "pack_private.h"
#include "sql_search_private.h"

static const char find_page[] = "SELECT id FROM document"
				" WHERE kind = 2 AND vendor = ?1 AND link = ?2";
static const char drop_page[] = "DELETE FROM document"
				" WHERE kind = 2 AND vendor = ?1 AND link = ?2";
static const char drop_document[] =
	"DELETE FROM document WHERE kind = ?1 AND id = ?2 AND buyer = ?3";
static const char find_item[] = "SELECT 1 FROM item WHERE id = ?1";
SQL_ADDING(insert_row,
	   "INSERT INTO document (kind, time, buyer, vendor, priority, source,"
	   " id, relevance, fingerprint, link)"
	   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
static const char insert_text[] =
	"INSERT INTO document_text (seq, title, size, frame)"
	" VALUES (?1, ?2, ?3, ?4)";
static const char insert_terms[] =
	"INSERT INTO document_terms (seq, title_terms, terms)"
	" VALUES (?1, ?2, ?3)";
static const char insert_index[] =
	"INSERT INTO document_index (rowid, title_terms, terms)"
	" VALUES (?1, ?2, ?3)";
static const char find_document[] =
	"SELECT " DOCUMENT_COLUMNS " FROM " DOCUMENT_TABLES
	" WHERE d.id = ?1 LIMIT 1";

struct store_document *
sql_document_read(SqlQuery *query, GError **error)
{
	g_autoptr(StoreDocument) document = g_new0(struct store_document, 1);
	g_autoptr(GBytes) text = NULL;
	gsize size;
	const void *frame;
	const char *data;

	document->kind = (enum store_document_kind)CLAMP(
		(int)sql_int64_at(query, 0), STORE_DOCUMENT_MAIL,
		STORE_DOCUMENT_PAGE);
	document->time_us = sql_int64_at(query, 1);
	document->buyer = sql_string_at(query, 2);
	document->vendor = sql_string_at(query, 3);
	document->priority = sql_string_at(query, 4);
	document->source = sql_string_at(query, 5);
	sql_id_at(query, 6, document->id);
	document->relevance = sql_double_at(query, 7);
	document->fingerprint = (guint64)sql_int64_at(query, 8);
	document->link = sql_string_at(query, 9);
	document->title = sql_string_at(query, 10);
	document->title_terms = sql_string_at(query, 13);
	document->terms = sql_string_at(query, 14);
	frame = sql_blob_at(query, 12, &size);
	text = unpack(frame, size, (guint64)sql_int64_at(query, 11), error);
	if (!text)
		return NULL;
	data = g_bytes_get_data(text, &size);
	document->text = g_strndup(data ? data : "", size);
	return g_steal_pointer(&document);
}

static gpointer
find_in(struct sql_conn *conn, gconstpointer id, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_document, error);
	enum sql_step step;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, id);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_ROW)
		return sql_document_read(query, error);
	if (step == SQL_STEP_END)
		sql_not_found("document", id, error);
	return NULL;
}

struct store_document *
sql_document_find(struct store *store, const char *id, GError **error)
{
	return sql_read(store, find_in, id, error);
}

static gboolean
drop_old(struct sql_conn *conn, const struct store_document *document,
	 GError **error)
{
	const gboolean page = document->kind == STORE_DOCUMENT_PAGE;
	g_autoptr(SqlQuery) query =
		sql_query(conn, page ? drop_page : drop_document, error);

	if (!query)
		return FALSE;
	if (page) {
		sql_bind_string(query, 1, document->vendor);
		sql_bind_string(query, 2, document->link);
	} else {
		sql_bind_int64(query, 1, (int)document->kind);
		sql_bind_string(query, 2, document->id);
		sql_bind_string(query, 3, document->buyer);
	}
	return sql_run(conn, query, error);
}

static gboolean
add_row(struct sql_conn *conn, const struct store_document *document,
	gint64 *seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(
		conn, sql_for(conn, insert_row, insert_row_pg), error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, (int)document->kind);
	sql_bind_int64(query, 2, document->time_us);
	sql_bind_string(query, 3, document->buyer);
	sql_bind_string(query, 4, document->vendor);
	sql_bind_string(query, 5, document->priority);
	sql_bind_string(query, 6, document->source);
	sql_bind_string(query, 7, document->id);
	sql_bind_double(query, 8, document->relevance);
	sql_bind_int64(query, 9, (gint64)document->fingerprint);
	sql_bind_string(query, 10, document->link);
	return sql_run_adding(conn, query, seq, error);
}

static gboolean
add_text(struct sql_conn *conn, const struct store_document *document,
	 gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_text, error);
	const char *text = document->text ? document->text : "";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(GBytes) frame = pack(bytes);
	gsize size;
	const void *data = g_bytes_get_data(frame, &size);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, document->title);
	sql_bind_int64(query, 3, (gint64)g_bytes_get_size(bytes));
	sql_bind_blob(query, 4, data, size);
	return sql_run(conn, query, error);
}

static gboolean
add_terms(struct sql_conn *conn, const char *sql,
	  const struct store_document *document, gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, document->title_terms);
	sql_bind_string(query, 3, document->terms);
	return sql_run(conn, query, error);
}

gboolean
sql_document_put(struct sql_conn *conn, const struct store_document *document,
		 GError **error)
{
	gint64 seq;

	return drop_old(conn, document, error) &&
	       add_row(conn, document, &seq, error) &&
	       add_text(conn, document, seq, error) &&
	       add_terms(conn, insert_terms, document, seq, error) &&
	       (conn->backend->split ||
		add_terms(conn, insert_index, document, seq, error));
}

/* Whether there is a row; of a page its id is taken over. */
static gboolean
is_there(struct sql_conn *conn, SqlQuery *query, gboolean *there,
	 char id[ID_LEN + 1], GError **error)
{
	enum sql_step step = sql_next(conn, query, error);

	*there = step == SQL_STEP_ROW;
	if (*there && id)
		sql_id_at(query, 0, id);
	return step != SQL_STEP_FAILED;
}

static gboolean
set_one(struct sql_conn *conn, struct store_document *document, GError **error)
{
	const gboolean page = document->kind == STORE_DOCUMENT_PAGE;
	g_autoptr(SqlQuery) query =
		sql_query(conn, page ? find_page : find_item, error);
	gboolean there;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, page ? document->vendor : document->id);
	if (page)
		sql_bind_string(query, 2, document->link);
	if (!is_there(conn, query, &there, page ? document->id : NULL, error))
		return FALSE;
	sql_query_end(query);
	/* An item may have gone since it was read. */
	return (!page && !there) || sql_document_put(conn, document, error);
}

static gboolean
set_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const GPtrArray *documents = what;

	(void)answer;
	for (guint i = 0; i < documents->len; i++) {
		if (!set_one(conn, documents->pdata[i], error))
			return FALSE;
	}
	return TRUE;
}

static void
unref_array(gpointer data)
{
	g_ptr_array_unref(data);
}

gboolean
sql_document_set(struct store *store, struct store_document *const *documents,
		 guint n, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_document_free);
	struct sql_cargo cargo = { own, unref_array, 0 };

	for (guint i = 0; i < n; i++) {
		struct store_document *copy = store_document_copy(documents[i]);

		g_ptr_array_add(own, copy);
		cargo.weight += ROW_BYTES + strlen(copy->text) +
				2 * strlen(copy->terms);
	}
	g_ptr_array_ref(own);
	if (!sql_task_run(store, set_run, cargo, NULL, error))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		const struct store_document *kept = own->pdata[i];

		memcpy(documents[i]->id, kept->id, sizeof(kept->id));
	}
	return TRUE;
}
