#include "sql_contains_private.h"
#include "sql_task_private.h"

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
add_one(struct sql_conn *conn, const struct store_item *item, guint *fresh,
	GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, add_item, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, item->source);
	sql_bind_string(query, 2, item->guid);
	sql_bind_string(query, 3, item->id);
	sql_bind_int64(query, 4, item->time_us);
	sql_bind_int64(query, 5, item->seen_us);
	sql_bind_string(query, 6, item->link);
	sql_bind_string(query, 7, item->title);
	sql_bind_string(query, 8, item->text);
	if (!sql_run(conn, query, error))
		return FALSE;
	*fresh += (guint)sql_changes(conn);
	return TRUE;
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
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
	struct sql_cargo cargo = { own, items_free, n * (gsize)ROW_BYTES };
	struct sql_answer answer = { 0 };

	own->n = n;
	own->items = g_new(struct store_item *, n);
	for (guint i = 0; i < n; i++)
		own->items[i] = store_item_copy(items[i]);
	if (!sql_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	*fresh = answer.n;
	return TRUE;
}

static gpointer
read_item(SqlQuery *query)
{
	struct store_item *item = g_new0(struct store_item, 1);

	item->source = sql_string_at(query, 0);
	item->guid = sql_string_at(query, 1);
	sql_id_at(query, 2, item->id);
	item->time_us = sql_int64_at(query, 3);
	item->seen_us = sql_int64_at(query, 4);
	item->link = sql_string_at(query, 5);
	item->title = sql_string_at(query, 6);
	item->text = sql_string_at(query, 7);
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

/* Where the database cannot fold as we do: those without the text go. */
static void
keep_found(GPtrArray *items, const char *folded, guint limit)
{
	guint i = 0;

	while (i < items->len && i < limit) {
		const struct store_item *item = items->pdata[i];

		if (sql_contains(item->title, folded) ||
		    sql_contains(item->text, folded))
			i++;
		else
			g_ptr_array_remove_index(items, i);
	}
	g_ptr_array_set_size(items, (gint)i);
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct store_item_query *query = data;
	const gboolean here = query->text && !conn->backend->folds;
	struct store_item_query asked = *query;
	g_autofree char *text = query->text ? sql_folded(query->text) : NULL;
	g_autofree char *sql = NULL;
	SqlQuery *statement;
	GPtrArray *rows;

	if (here)
		asked.text = NULL;
	sql = query_text(&asked);
	statement = sql_query_once(conn, sql, error);
	if (!statement)
		return NULL;
	sql_bind_or_null(statement, 1, query->source);
	sql_bind_int64(statement, 2, query->since_us);
	sql_bind_int64(statement, 3, query->until_us);
	sql_bind_or_null(statement, 4, text);
	sql_bind_int64(statement, 5, here ? G_MAXINT : query->limit);
	rows = sql_rows(conn, statement, read_item,
			(GDestroyNotify)store_item_free, error);
	sql_query_free(statement);
	if (rows && here)
		keep_found(rows, text, query->limit);
	return rows;
}

static GPtrArray *
item_list(struct store *store, const struct store_item_query *query,
	  GError **error)
{
	return sql_read(store, list_in, query, error);
}

static gpointer
find_in(struct sql_conn *conn, gconstpointer id, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_item, error);
	gpointer found;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, id);
	if (!sql_first(conn, query, read_item, &found, error))
		return NULL;
	if (!found)
		sql_not_found("item", id, error);
	return found;
}

static struct store_item *
item_find(struct store *store, const char *id, GError **error)
{
	return sql_read(store, find_in, id, error);
}

static gpointer
due_in(struct sql_conn *conn, gconstpointer limit, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, due_items, error);

	if (!query)
		return NULL;
	sql_bind_int64(query, 1, *(const guint *)limit);
	return sql_rows(conn, query, read_item, (GDestroyNotify)store_item_free,
			error);
}

GPtrArray *
sql_items_due(struct store *store, guint limit, GError **error)
{
	return sql_read(store, due_in, &limit, error);
}

static gboolean
expire_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	   GError **error)
{
	const gint64 *before_us = what;
	g_autoptr(SqlQuery) query = sql_query(conn, expire_items, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, *before_us);
	if (!sql_run(conn, query, error))
		return FALSE;
	answer->n = (guint)sql_changes(conn);
	return TRUE;
}

static gboolean
item_expire(struct store *store, gint64 before_us, guint *n, GError **error)
{
	struct sql_answer answer = { 0 };
	guint gone = 0;

	do {
		struct sql_cargo cargo = {
			g_memdup2(&before_us, sizeof(before_us)), g_free, 0
		};

		answer.n = 0;
		if (!sql_task_run(store, expire_run, cargo, &answer, error))
			return FALSE;
		gone += answer.n;
	} while (answer.n > 0);
	*n = gone;
	return TRUE;
}

const struct store_signals sql_signals = { item_add,	    item_list,
					   item_find,	    item_expire,
					   sql_source_set,  sql_source_find,
					   sql_source_list, sql_metric_set,
					   sql_metric_list };
