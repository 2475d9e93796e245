#include <sqlite3.h>

#include "sqlite_contains_private.h"
#include "sqlite_task_private.h"

#define ITEM_COLUMNS "source, guid, id, time, seen, link, title, text"

static const char add_item[] =
	"INSERT INTO item (" ITEM_COLUMNS ")"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
static const char find_item[] =
	"SELECT " ITEM_COLUMNS " FROM item WHERE id = ?1";
static const char due_items[] =
	"SELECT " ITEM_COLUMNS " FROM item WHERE NOT EXISTS"
	" (SELECT 1 FROM document WHERE document.id = item.id AND kind = 1)"
	" ORDER BY seq LIMIT ?1";
/* So many at once, so that others may write between them. */
static const char expire_items[] =
	"DELETE FROM item WHERE seq IN"
	" (SELECT seq FROM item WHERE seen < ?1 LIMIT 1000)";

struct items {
	struct store_item **items;
	guint n;
};

static void
items_free(gpointer data)
{
	struct items *items = data;

	for (guint i = 0; i < items->n; i++)
		store_item_free(items->items[i]);
	g_free(items->items);
	g_free(items);
}

static gboolean
add_one(struct sqlite_conn *conn, const struct store_item *item, guint *fresh,
	GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, add_item, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, item->source);
	sqlite_bind_string(query, 2, item->guid);
	sqlite_bind_string(query, 3, item->id);
	sqlite3_bind_int64(query, 4, item->time_us);
	sqlite3_bind_int64(query, 5, item->seen_us);
	sqlite_bind_string(query, 6, item->link);
	sqlite_bind_string(query, 7, item->title);
	sqlite_bind_string(query, 8, item->text);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	*fresh += (guint)sqlite3_changes(conn->db);
	return TRUE;
}

static gboolean
add_run(struct sqlite_conn *conn, gconstpointer what,
	struct sqlite_answer *answer, GError **error)
{
	const struct items *items = what;

	for (guint i = 0; i < items->n; i++)
		if (!add_one(conn, items->items[i], &answer->n, error))
			return FALSE;
	return TRUE;
}

static gboolean
item_add(struct store *store, struct store_item *const *items, guint n,
	 guint *fresh, GError **error)
{
	struct items *own = g_new0(struct items, 1);
	struct sqlite_cargo cargo = { own, items_free, n * (gsize)ROW_BYTES };
	struct sqlite_answer answer = { 0 };

	own->n = n;
	own->items = g_new(struct store_item *, n);
	for (guint i = 0; i < n; i++)
		own->items[i] = store_item_copy(items[i]);
	if (!sqlite_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	*fresh = answer.n;
	return TRUE;
}

static gpointer
read_item(SqliteQuery *query)
{
	struct store_item *item = g_new0(struct store_item, 1);

	item->source = sqlite_string_at(query, 0);
	item->guid = sqlite_string_at(query, 1);
	sqlite_id_at(query, 2, item->id);
	item->time_us = sqlite3_column_int64(query, 3);
	item->seen_us = sqlite3_column_int64(query, 4);
	item->link = sqlite_string_at(query, 5);
	item->title = sqlite_string_at(query, 6);
	item->text = sqlite_string_at(query, 7);
	return item;
}

/* Only what restricts is in the text, so that an index can be used. */
static char *
query_text(const struct store_item_query *query)
{
	GString *sql =
		g_string_new("SELECT " ITEM_COLUMNS " FROM item WHERE TRUE");

	if (query->source)
		g_string_append(sql, " AND source = ?1");
	if (query->since_us != 0)
		g_string_append(sql, " AND time >= ?2");
	if (query->until_us != 0)
		g_string_append(sql, " AND time < ?3");
	if (query->text)
		g_string_append(sql, " AND (contains(title, ?4)"
				     " OR contains(text, ?4))");
	g_string_append(sql, " ORDER BY time DESC, id DESC LIMIT ?5");
	return g_string_free(sql, FALSE);
}

static gpointer
list_in(struct sqlite_conn *conn, gconstpointer data, GError **error)
{
	const struct store_item_query *query = data;
	g_autofree char *sql = query_text(query);
	g_autofree char *text = query->text ? sqlite_folded(query->text) : NULL;
	sqlite3_stmt *statement = NULL;
	GPtrArray *rows;

	if (sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK) {
		sqlite_fail(conn, error);
		return NULL;
	}
	sqlite_bind_or_null(statement, 1, query->source);
	sqlite3_bind_int64(statement, 2, query->since_us);
	sqlite3_bind_int64(statement, 3, query->until_us);
	sqlite_bind_or_null(statement, 4, text);
	sqlite3_bind_int64(statement, 5, query->limit);
	rows = sqlite_rows(conn, statement, read_item,
			   (GDestroyNotify)store_item_free, error);
	sqlite3_finalize(statement);
	return rows;
}

static GPtrArray *
item_list(struct store *store, const struct store_item_query *query,
	  GError **error)
{
	return sqlite_read(store, list_in, query, error);
}

static gpointer
find_in(struct sqlite_conn *conn, gconstpointer id, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, find_item, error);
	gpointer found;

	if (!query)
		return NULL;
	sqlite_bind_string(query, 1, id);
	if (!sqlite_first(conn, query, read_item, &found, error))
		return NULL;
	if (!found)
		sqlite_not_found("item", id, error);
	return found;
}

static struct store_item *
item_find(struct store *store, const char *id, GError **error)
{
	return sqlite_read(store, find_in, id, error);
}

static gpointer
due_in(struct sqlite_conn *conn, gconstpointer limit, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, due_items, error);

	if (!query)
		return NULL;
	sqlite3_bind_int64(query, 1, *(const guint *)limit);
	return sqlite_rows(conn, query, read_item,
			   (GDestroyNotify)store_item_free, error);
}

GPtrArray *
sqlite_items_due(struct store *store, guint limit, GError **error)
{
	return sqlite_read(store, due_in, &limit, error);
}

static gboolean
expire_run(struct sqlite_conn *conn, gconstpointer what,
	   struct sqlite_answer *answer, GError **error)
{
	const gint64 *before_us = what;
	g_autoptr(SqliteQuery) query = sqlite_query(conn, expire_items, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, *before_us);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	answer->n = (guint)sqlite3_changes(conn->db);
	return TRUE;
}

static gboolean
item_expire(struct store *store, gint64 before_us, guint *n, GError **error)
{
	struct sqlite_answer answer = { 0 };
	guint gone = 0;

	do {
		struct sqlite_cargo cargo = {
			g_memdup2(&before_us, sizeof(before_us)), g_free, 0
		};

		answer.n = 0;
		if (!sqlite_task_run(store, expire_run, cargo, &answer, error))
			return FALSE;
		gone += answer.n;
	} while (answer.n > 0);
	*n = gone;
	return TRUE;
}

const struct store_signals sqlite_signals = {
	item_add,	    item_list,	       item_find,
	item_expire,	    sqlite_source_set, sqlite_source_find,
	sqlite_source_list, sqlite_metric_set, sqlite_metric_list
};
