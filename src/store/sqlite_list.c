#include <sqlite3.h>

#include "base/clock.h"
#include "sqlite_contains_private.h"
#include "sqlite_private.h"

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
		g_string_append(sql, " AND (contains(subject, ?6)"
				     " OR contains(author, ?6)"
				     " OR contains(author_name, ?6)"
				     " OR contains(vendor, ?6))");
	g_string_append(sql, " ORDER BY id DESC LIMIT ?7)"
			     " ORDER BY id DESC");
	return g_string_free(sql, FALSE);
}

static void
bind_query(sqlite3_stmt *statement, const struct store_query *query,
	   const char *text)
{
	sqlite_bind_or_null(statement, 1, query->buyer);
	sqlite3_bind_int(statement, 2, query->state);
	sqlite3_bind_int64(statement, 3, query->since_us);
	sqlite3_bind_int64(statement, 4, query->until_us);
	sqlite_bind_or_null(statement, 5, query->after_id);
	sqlite_bind_or_null(statement, 6, text);
	sqlite3_bind_int64(statement, 7,
			   query->limit ? query->limit : STORE_LIST_LIMIT);
	if (query->campaign)
		sqlite_bind_or_null(statement, 8, query->campaign);
	if (query->vendor)
		sqlite_bind_or_null(statement, 9, query->vendor);
}

static GPtrArray *
read_rows(struct sqlite_conn *conn, sqlite3_stmt *statement, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	enum sqlite_step step;

	while ((step = sqlite_next(conn, statement, error)) == SQLITE_STEP_ROW)
		g_ptr_array_add(rows, sqlite_row_read(statement));
	return step == SQLITE_STEP_END ? g_steal_pointer(&rows) : NULL;
}

static GPtrArray *
list_in(struct sqlite_conn *conn, const struct store_query *query,
	GError **error)
{
	g_autofree char *sql = query_text(query);
	g_autofree char *text = query->text ? sqlite_folded(query->text) : NULL;
	sqlite3_stmt *statement = NULL;
	GPtrArray *rows = NULL;

	if (sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK) {
		sqlite_fail(conn, error);
		return NULL;
	}
	bind_query(statement, query, text);
	rows = read_rows(conn, statement, error);
	sqlite3_finalize(statement);
	return rows;
}

GPtrArray *
sqlite_list(struct store *store, const struct store_query *query,
	    GError **error)
{
	struct sqlite_pool *pool = sqlite_store(store)->pool;
	struct sqlite_conn *conn = sqlite_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	GPtrArray *rows;

	if (!conn)
		return NULL;
	rows = list_in(conn, query, error);
	sqlite_pool_give(pool, conn, rows == NULL);
	return rows;
}
