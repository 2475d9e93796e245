#include <string.h>

#include "base/clock.h"
#include "sql_contains_private.h"
#include "sql_private.h"

/* Of a search that reads them. */
#define PAGE_ROWS 1000

/* What is looked for: in words, folded, and as a whole, with brackets too. */
struct needle {
	char *folded;
	char *bare;
	char *bracketed;
	gboolean names; /* as a whole it counts */
};

static void
needle_set(struct needle *needle, const struct store_query *query)
{
	const char *text = query->text;
	const gsize len = strlen(text);
	const gboolean brackets =
		len > 2 && *text == '<' && text[len - 1] == '>';

	needle->folded = sql_folded(text);
	needle->bare = brackets ? g_strndup(text + 1, len - 2) : g_strdup(text);
	needle->bracketed = g_strdup_printf("<%s>", needle->bare);
	needle->names = query->names;
}

static void
needle_clear(struct needle *needle)
{
	g_free(needle->folded);
	g_free(needle->bare);
	g_free(needle->bracketed);
}

typedef struct needle Needle;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Needle, needle_clear)

static const char has_words[] = "contains(subject, ?6)"
				" OR contains(author, ?6)"
				" OR contains(author_name, ?6)"
				" OR contains(vendor, ?6)";

/* What the MTA's log names a message by. */
static const char is_it[] = " OR queue_id COLLATE NOCASE IN (?10, ?11)"
			    " OR message_id COLLATE NOCASE IN (?10, ?11)"
			    " OR sender COLLATE NOCASE IN (?10, ?11)"
			    " OR rcpt COLLATE NOCASE IN (?10, ?11)";

/*
 * Only what restricts is in the text, so that an index can be used; and rows
 * are read whole only when they are among those to be given.
 */
static char *
query_text(const struct store_query *query)
{
	gboolean held = query->state == STORE_KEPT ||
			query->state == STORE_HELD ||
			query->state == STORE_RELEASING;
	GString *sql =
		g_string_new("SELECT " COLUMNS " FROM message WHERE seq IN"
			     " (SELECT seq FROM message");

	if (query->vendor)
		g_string_append(sql, " INDEXED BY message_vendor");
	else if (held)
		g_string_append(sql, " INDEXED BY message_held");
	g_string_append(sql, held ? " WHERE state IN (1, 2)" : " WHERE TRUE");
	if (query->state >= 0)
		g_string_append(sql, " AND state = ?2");
	if (query->campaign)
		g_string_append(sql, " AND seq IN (SELECT seq FROM touch WHERE"
				     " campaign = ?8)");
	if (query->vendor)
		g_string_append(sql, " AND vendor <> '' AND vendor = ?9");
	if (query->buyer)
		g_string_append(sql, " AND buyer = ?1");
	if (query->since_us != 0)
		g_string_append(sql, " AND time >= ?3");
	if (query->until_us != 0)
		g_string_append(sql, " AND time < ?4");
	if (query->after_id)
		g_string_append(sql, " AND id < ?5");
	if (query->text)
		g_string_append_printf(sql, " AND (%s%s)", has_words,
				       query->names ? is_it : "");
	g_string_append(sql, " ORDER BY id DESC LIMIT ?7)"
			     " ORDER BY id DESC");
	return g_string_free(sql, FALSE);
}

static void
bind_query(SqlQuery *statement, const struct store_query *query,
	   const struct needle *needle)
{
	sql_bind_or_null(statement, 1, query->buyer);
	sql_bind_int64(statement, 2, query->state);
	sql_bind_int64(statement, 3, query->since_us);
	sql_bind_int64(statement, 4, query->until_us);
	sql_bind_or_null(statement, 5, query->after_id);
	sql_bind_or_null(statement, 6, needle->folded);
	sql_bind_int64(statement, 7,
		       query->limit ? query->limit : STORE_LIST_LIMIT);
	if (query->campaign)
		sql_bind_or_null(statement, 8, query->campaign);
	if (query->vendor)
		sql_bind_or_null(statement, 9, query->vendor);
	if (query->text && query->names) {
		sql_bind_string(statement, 10, needle->bare);
		sql_bind_string(statement, 11, needle->bracketed);
	}
}

static GPtrArray *
read_rows(struct sql_conn *conn, SqlQuery *statement, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	enum sql_step step;

	while ((step = sql_next(conn, statement, error)) == SQL_STEP_ROW)
		g_ptr_array_add(rows, sql_row_read(statement));
	return step == SQL_STEP_END ? g_steal_pointer(&rows) : NULL;
}

static GPtrArray *
list_in(struct sql_conn *conn, const struct store_query *query, GError **error)
{
	g_autofree char *sql = query_text(query);
	g_auto(Needle) needle = { 0 };
	SqlQuery *statement = sql_query_once(conn, sql, error);
	GPtrArray *rows = NULL;

	if (!statement)
		return NULL;
	if (query->text)
		needle_set(&needle, query);
	bind_query(statement, query, &needle);
	rows = read_rows(conn, statement, error);
	sql_query_free(statement);
	return rows;
}

static gboolean
is_named(const char *field, const struct needle *needle)
{
	return g_ascii_strcasecmp(field, needle->bare) == 0 ||
	       g_ascii_strcasecmp(field, needle->bracketed) == 0;
}

static gboolean
has_text(const struct store_message *message, const struct needle *needle)
{
	return sql_contains(message->subject, needle->folded) ||
	       sql_contains(message->from, needle->folded) ||
	       sql_contains(message->from_name, needle->folded) ||
	       sql_contains(message->vendor, needle->folded) ||
	       (needle->names && (is_named(message->queue_id, needle) ||
				  is_named(message->message_id, needle) ||
				  is_named(message->sender, needle) ||
				  is_named(message->rcpt, needle)));
}

/* Moves what has the text from one page to what was found, up to the limit. */
static void
keep_found(GPtrArray *page, const struct needle *needle, guint limit,
	   GPtrArray *found)
{
	for (guint i = 0; i < page->len && found->len < limit; i++) {
		if (has_text(page->pdata[i], needle))
			g_ptr_array_add(found,
					g_steal_pointer(&page->pdata[i]));
	}
}

/* Where the database cannot fold as we do, page by page. */
static GPtrArray *
search_in(struct sql_conn *conn, const struct store_query *query,
	  GError **error)
{
	const guint limit = query->limit ? query->limit : STORE_LIST_LIMIT;
	g_auto(Needle) needle = { 0 };
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	struct store_query asked = *query;
	char last[ID_LEN + 1];
	guint n = PAGE_ROWS;

	needle_set(&needle, query);
	asked.text = NULL;
	asked.limit = PAGE_ROWS;
	while (n == PAGE_ROWS && found->len < limit) {
		g_autoptr(GPtrArray) page = list_in(conn, &asked, error);

		if (!page)
			return NULL;
		n = page->len;
		if (n > 0) {
			const struct store_message *end = page->pdata[n - 1];

			memcpy(last, end->id, sizeof(last));
			asked.after_id = last;
		}
		keep_found(page, &needle, limit, found);
	}
	return g_steal_pointer(&found);
}

GPtrArray *
sql_list(struct store *store, const struct store_query *query, GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	GPtrArray *rows;

	if (!conn)
		return NULL;
	rows = query->text && !conn->backend->folds
		       ? search_in(conn, query, error)
		       : list_in(conn, query, error);
	sql_pool_give(pool, conn, rows == NULL);
	return rows;
}
