#include <sqlite3.h>

#include "sqlite_task_private.h"

#define AUDIT_COLUMNS "buyer, id, time, who, action, object, detail"

static const char insert_audit[] =
	"INSERT INTO audit (" AUDIT_COLUMNS ")"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";

static gpointer
read_row(SqliteQuery *query)
{
	struct store_audit *audit = g_new0(struct store_audit, 1);

	audit->buyer = sqlite_string_at(query, 0);
	sqlite_id_at(query, 1, audit->id);
	audit->time_us = sqlite3_column_int64(query, 2);
	audit->who = sqlite_string_at(query, 3);
	audit->action = sqlite_string_at(query, 4);
	audit->object = sqlite_string_at(query, 5);
	audit->detail = sqlite_string_at(query, 6);
	return audit;
}

static gboolean
add_run(struct sqlite_conn *conn, gconstpointer what,
	struct sqlite_answer *answer, GError **error)
{
	const struct store_audit *audit = what;
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_audit, error);

	(void)answer;
	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, audit->buyer);
	sqlite_bind_string(query, 2, audit->id);
	sqlite3_bind_int64(query, 3, audit->time_us);
	sqlite_bind_string(query, 4, audit->who);
	sqlite_bind_string(query, 5, audit->action);
	sqlite_bind_string(query, 6, audit->object);
	sqlite_bind_string(query, 7, audit->detail);
	return sqlite_run(conn, query, error);
}

static gboolean
add(struct store *store, const struct store_audit *audit, GError **error)
{
	struct sqlite_cargo cargo = { store_audit_copy(audit),
				      (GDestroyNotify)store_audit_free, 0 };

	return sqlite_task_run(store, add_run, cargo, NULL, error);
}

/* Only what restricts is in the text, so that an index can be used. */
static char *
query_text(const struct store_audit_query *query)
{
	GString *sql =
		g_string_new("SELECT " AUDIT_COLUMNS " FROM audit WHERE TRUE");

	if (query->buyer)
		g_string_append(sql, " AND buyer = ?1");
	if (query->who)
		g_string_append(sql, " AND who = ?2");
	if (query->action)
		g_string_append(sql, " AND action = ?3");
	if (query->since_us != 0)
		g_string_append(sql, " AND time >= ?4");
	if (query->after_id)
		g_string_append(sql, " AND id < ?5");
	g_string_append(sql, " ORDER BY id DESC LIMIT ?6");
	return g_string_free(sql, FALSE);
}

static gpointer
list_in(struct sqlite_conn *conn, gconstpointer data, GError **error)
{
	const struct store_audit_query *query = data;
	g_autofree char *sql = query_text(query);
	sqlite3_stmt *statement = NULL;
	GPtrArray *rows;

	if (sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK) {
		sqlite_fail(conn, error);
		return NULL;
	}
	sqlite_bind_or_null(statement, 1, query->buyer);
	sqlite_bind_or_null(statement, 2, query->who);
	sqlite_bind_or_null(statement, 3, query->action);
	sqlite3_bind_int64(statement, 4, query->since_us);
	sqlite_bind_or_null(statement, 5, query->after_id);
	sqlite3_bind_int64(statement, 6, query->limit);
	rows = sqlite_rows(conn, statement, read_row,
			   (GDestroyNotify)store_audit_free, error);
	sqlite3_finalize(statement);
	return rows;
}

static GPtrArray *
list(struct store *store, const struct store_audit_query *query, GError **error)
{
	return sqlite_read(store, list_in, query, error);
}

const struct store_audits sqlite_audits = { add, list };
