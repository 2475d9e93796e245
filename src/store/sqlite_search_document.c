#include <sqlite3.h>
#include <string.h>

#include "pack_private.h"
#include "sqlite_search_private.h"

static const char find_page[] = "SELECT id FROM document"
				" WHERE kind = 2 AND vendor = ?1 AND link = ?2";
static const char drop_page[] = "DELETE FROM document"
				" WHERE kind = 2 AND vendor = ?1 AND link = ?2";
static const char drop_document[] =
	"DELETE FROM document WHERE kind = ?1 AND id = ?2 AND buyer = ?3";
static const char find_item[] = "SELECT 1 FROM item WHERE id = ?1";
static const char insert_row[] =
	"INSERT INTO document (kind, time, buyer, vendor, priority, source, id,"
	" relevance, fingerprint, link)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
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
sqlite_document_read(SqliteQuery *query, GError **error)
{
	g_autoptr(StoreDocument) document = g_new0(struct store_document, 1);
	g_autoptr(GBytes) text = NULL;
	gsize size;
	const char *data;

	document->kind = (enum store_document_kind)CLAMP(
		sqlite3_column_int(query, 0), STORE_DOCUMENT_MAIL,
		STORE_DOCUMENT_PAGE);
	document->time_us = sqlite3_column_int64(query, 1);
	document->buyer = sqlite_string_at(query, 2);
	document->vendor = sqlite_string_at(query, 3);
	document->priority = sqlite_string_at(query, 4);
	document->source = sqlite_string_at(query, 5);
	sqlite_id_at(query, 6, document->id);
	document->relevance = sqlite3_column_double(query, 7);
	document->fingerprint = (guint64)sqlite3_column_int64(query, 8);
	document->link = sqlite_string_at(query, 9);
	document->title = sqlite_string_at(query, 10);
	document->title_terms = sqlite_string_at(query, 13);
	document->terms = sqlite_string_at(query, 14);
	text = unpack(sqlite3_column_blob(query, 12),
		      (gsize)sqlite3_column_bytes(query, 12),
		      (guint64)sqlite3_column_int64(query, 11), error);
	if (!text)
		return NULL;
	data = g_bytes_get_data(text, &size);
	document->text = g_strndup(data ? data : "", size);
	return g_steal_pointer(&document);
}

static gpointer
find_in(struct sqlite_conn *conn, gconstpointer id, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, find_document, error);
	enum sqlite_step step;

	if (!query)
		return NULL;
	sqlite_bind_string(query, 1, id);
	step = sqlite_next(conn, query, error);
	if (step == SQLITE_STEP_ROW)
		return sqlite_document_read(query, error);
	if (step == SQLITE_STEP_END)
		sqlite_not_found("document", id, error);
	return NULL;
}

struct store_document *
sqlite_document_find(struct store *store, const char *id, GError **error)
{
	return sqlite_read(store, find_in, id, error);
}

static gboolean
drop_old(struct sqlite_conn *conn, const struct store_document *document,
	 GError **error)
{
	const gboolean page = document->kind == STORE_DOCUMENT_PAGE;
	g_autoptr(SqliteQuery) query =
		sqlite_query(conn, page ? drop_page : drop_document, error);

	if (!query)
		return FALSE;
	if (page) {
		sqlite_bind_string(query, 1, document->vendor);
		sqlite_bind_string(query, 2, document->link);
	} else {
		sqlite3_bind_int(query, 1, (int)document->kind);
		sqlite_bind_string(query, 2, document->id);
		sqlite_bind_string(query, 3, document->buyer);
	}
	return sqlite_run(conn, query, error);
}

static gboolean
add_row(struct sqlite_conn *conn, const struct store_document *document,
	gint64 *seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_row, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int(query, 1, (int)document->kind);
	sqlite3_bind_int64(query, 2, document->time_us);
	sqlite_bind_string(query, 3, document->buyer);
	sqlite_bind_string(query, 4, document->vendor);
	sqlite_bind_string(query, 5, document->priority);
	sqlite_bind_string(query, 6, document->source);
	sqlite_bind_string(query, 7, document->id);
	sqlite3_bind_double(query, 8, document->relevance);
	sqlite3_bind_int64(query, 9, (gint64)document->fingerprint);
	sqlite_bind_string(query, 10, document->link);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	*seq = sqlite3_last_insert_rowid(conn->db);
	return TRUE;
}

static gboolean
add_text(struct sqlite_conn *conn, const struct store_document *document,
	 gint64 seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_text, error);
	const char *text = document->text ? document->text : "";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(GBytes) frame = pack(bytes);
	gsize size;
	const void *data = g_bytes_get_data(frame, &size);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	sqlite_bind_string(query, 2, document->title);
	sqlite3_bind_int64(query, 3, (gint64)g_bytes_get_size(bytes));
	sqlite3_bind_blob64(query, 4, data, size, SQLITE_STATIC);
	return sqlite_run(conn, query, error);
}

static gboolean
add_terms(struct sqlite_conn *conn, const char *sql,
	  const struct store_document *document, gint64 seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	sqlite_bind_string(query, 2, document->title_terms);
	sqlite_bind_string(query, 3, document->terms);
	return sqlite_run(conn, query, error);
}

gboolean
sqlite_document_put(struct sqlite_conn *conn,
		    const struct store_document *document, GError **error)
{
	gint64 seq;

	return drop_old(conn, document, error) &&
	       add_row(conn, document, &seq, error) &&
	       add_text(conn, document, seq, error) &&
	       add_terms(conn, insert_terms, document, seq, error) &&
	       add_terms(conn, insert_index, document, seq, error);
}

/* Whether there is a row; of a page its id is taken over. */
static gboolean
is_there(struct sqlite_conn *conn, SqliteQuery *query, gboolean *there,
	 char id[ID_LEN + 1], GError **error)
{
	enum sqlite_step step = sqlite_next(conn, query, error);

	*there = step == SQLITE_STEP_ROW;
	if (*there && id)
		sqlite_id_at(query, 0, id);
	return step != SQLITE_STEP_FAILED;
}

static gboolean
set_one(struct sqlite_conn *conn, struct store_document *document,
	GError **error)
{
	const gboolean page = document->kind == STORE_DOCUMENT_PAGE;
	g_autoptr(SqliteQuery) query =
		sqlite_query(conn, page ? find_page : find_item, error);
	gboolean there;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, page ? document->vendor : document->id);
	if (page)
		sqlite_bind_string(query, 2, document->link);
	if (!is_there(conn, query, &there, page ? document->id : NULL, error))
		return FALSE;
	sqlite3_reset(query);
	/* An item may have gone since it was read. */
	return (!page && !there) || sqlite_document_put(conn, document, error);
}

static gboolean
set_run(struct sqlite_conn *conn, gconstpointer what,
	struct sqlite_answer *answer, GError **error)
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
sqlite_document_set(struct store *store,
		    struct store_document *const *documents, guint n,
		    GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_document_free);
	struct sqlite_cargo cargo = { own, unref_array, 0 };

	for (guint i = 0; i < n; i++) {
		struct store_document *copy = store_document_copy(documents[i]);

		g_ptr_array_add(own, copy);
		cargo.weight += ROW_BYTES + strlen(copy->text) +
				2 * strlen(copy->terms);
	}
	g_ptr_array_ref(own);
	if (!sqlite_task_run(store, set_run, cargo, NULL, error))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		const struct store_document *kept = own->pdata[i];

		memcpy(documents[i]->id, kept->id, sizeof(kept->id));
	}
	return TRUE;
}
