#include "sql_task_private.h"

#define AUDIT_COLUMNS "buyer, id, time, who, action, object, detail"

static const char insert_audit[] =
	"INSERT INTO audit (" AUDIT_COLUMNS ")"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";

static gpointer
read_row(SqlQuery *query)
{
	struct store_audit *audit = g_new0(struct store_audit, 1);

	audit->buyer = sql_string_at(query, 0);
	sql_id_at(query, 1, audit->id);
	audit->time_us = sql_int64_at(query, 2);
	audit->who = sql_string_at(query, 3);
	audit->action = sql_string_at(query, 4);
	audit->object = sql_string_at(query, 5);
	audit->detail = sql_string_at(query, 6);
	return audit;
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_audit *audit = what;
	g_autoptr(SqlQuery) query = sql_query(conn, insert_audit, error);

	(void)answer;
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, audit->buyer);
	sql_bind_string(query, 2, audit->id);
	sql_bind_int64(query, 3, audit->time_us);
	sql_bind_string(query, 4, audit->who);
	sql_bind_string(query, 5, audit->action);
	sql_bind_string(query, 6, audit->object);
	sql_bind_string(query, 7, audit->detail);
	return sql_run(conn, query, error);
}

static gboolean
add(struct store *store, const struct store_audit *audit, GError **error)
{
	struct sql_cargo cargo = { store_audit_copy(audit),
				   (GDestroyNotify)store_audit_free, 0 };

	return sql_task_run(store, add_run, cargo, NULL, error);
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
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct store_audit_query *query = data;
	g_autofree char *sql = query_text(query);
	SqlQuery *statement = sql_query_once(conn, sql, error);
	GPtrArray *rows;

	if (!statement)
		return NULL;
	sql_bind_or_null(statement, 1, query->buyer);
	sql_bind_or_null(statement, 2, query->who);
	sql_bind_or_null(statement, 3, query->action);
	sql_bind_int64(statement, 4, query->since_us);
	sql_bind_or_null(statement, 5, query->after_id);
	sql_bind_int64(statement, 6, query->limit);
	rows = sql_rows(conn, statement, read_row,
			(GDestroyNotify)store_audit_free, error);
	sql_query_free(statement);
	return rows;
}

static GPtrArray *
list(struct store *store, const struct store_audit_query *query, GError **error)
{
	return sql_read(store, list_in, query, error);
}

const struct store_audits sql_audits = { add, list };
