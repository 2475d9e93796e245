#include "sql_conn_private.h"

struct statement {
	const char *sql;
	SqlQuery *query;
};

static void
statement_clear(gpointer data)
{
	struct statement *statement = data;

	sql_query_free(statement->query);
}

void
sql_conn_init(struct sql_conn *conn, const struct sql_backend *backend,
	      const char *name, gint64 deadline_us)
{
	conn->backend = backend;
	conn->name = g_strdup(name);
	conn->deadline_us = deadline_us;
	conn->statements = g_array_new(FALSE, FALSE, sizeof(struct statement));
	g_array_set_clear_func(conn->statements, statement_clear);
}

void
sql_conn_clear(struct sql_conn *conn)
{
	g_array_free(conn->statements, TRUE);
	g_free(conn->name);
}

void
sql_conn_close(struct sql_conn *conn)
{
	if (conn)
		conn->backend->close(conn);
}

const char *
sql_for(const struct sql_conn *conn, const char *sqlite, const char *pg)
{
	return conn->backend == &pg_backend ? pg : sqlite;
}

gboolean
sql_exec(struct sql_conn *conn, const char *sql, GError **error)
{
	return conn->backend->exec(conn, sql, error);
}

gboolean
sql_integer(struct sql_conn *conn, const char *sql, gint64 *value,
	    GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query || sql_next(conn, query, error) == SQL_STEP_FAILED)
		return FALSE;
	*value = sql_int64_at(query, 0);
	return TRUE;
}

gboolean
sql_look(struct sql_conn *conn, GError **error)
{
	return conn->backend->look(conn, error);
}

void
sql_rollback(struct sql_conn *conn)
{
	conn->backend->rollback(conn);
}

gint64
sql_changes(struct sql_conn *conn)
{
	return conn->backend->changes(conn);
}

SqlQuery *
sql_query(struct sql_conn *conn, const char *sql, GError **error)
{
	struct statement statement = { sql, NULL };

	for (guint i = 0; i < conn->statements->len; i++) {
		statement =
			g_array_index(conn->statements, struct statement, i);
		if (statement.sql == sql)
			return statement.query;
	}
	statement.sql = sql;
	statement.query = conn->backend->prepare(conn, sql, FALSE, error);
	if (statement.query)
		g_array_append_val(conn->statements, statement);
	return statement.query;
}

SqlQuery *
sql_query_once(struct sql_conn *conn, const char *sql, GError **error)
{
	return conn->backend->prepare(conn, sql, TRUE, error);
}

void
sql_query_free(SqlQuery *query)
{
	query->conn->backend->finalize(query);
}

void
sql_query_end(SqlQuery *query)
{
	query->conn->backend->reset(query);
}

void
sql_bind_string(SqlQuery *query, int place, const char *text)
{
	query->conn->backend->bind_text(query, place, text ? text : "");
}

void
sql_bind_or_null(SqlQuery *query, int place, const char *text)
{
	query->conn->backend->bind_text(query, place, text);
}

void
sql_bind_int64(SqlQuery *query, int place, gint64 value)
{
	query->conn->backend->bind_int64(query, place, value);
}

void
sql_bind_double(SqlQuery *query, int place, double value)
{
	query->conn->backend->bind_double(query, place, value);
}

void
sql_bind_blob(SqlQuery *query, int place, const void *data, gsize size)
{
	query->conn->backend->bind_blob(query, place, data, size);
}

int
sql_places(SqlQuery *query)
{
	return query->conn->backend->places(query);
}

enum sql_step
sql_next(struct sql_conn *conn, SqlQuery *query, GError **error)
{
	return conn->backend->next(query, error);
}

const char *
sql_text_at(SqlQuery *query, int column)
{
	return query->conn->backend->text_at(query, column);
}

gint64
sql_int64_at(SqlQuery *query, int column)
{
	return query->conn->backend->int64_at(query, column);
}

double
sql_double_at(SqlQuery *query, int column)
{
	return query->conn->backend->double_at(query, column);
}

const void *
sql_blob_at(SqlQuery *query, int column, gsize *size)
{
	return query->conn->backend->blob_at(query, column, size);
}

int
sql_columns(SqlQuery *query)
{
	return query->conn->backend->columns(query);
}

gboolean
sql_run(struct sql_conn *conn, SqlQuery *query, GError **error)
{
	return sql_next(conn, query, error) != SQL_STEP_FAILED;
}

gboolean
sql_run_adding(struct sql_conn *conn, SqlQuery *query, gint64 *seq,
	       GError **error)
{
	const enum sql_step step = sql_next(conn, query, error);

	if (step == SQL_STEP_FAILED)
		return FALSE;
	*seq = conn->backend->added ? conn->backend->added(conn)
				    : sql_int64_at(query, 0);
	return TRUE;
}

gboolean
sql_tell(struct sql_conn *conn, GError **error)
{
	return !conn->backend->tell || conn->backend->tell(conn, error);
}
