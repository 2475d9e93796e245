/* How it stands with what is fetched, and the numbers of metrics. */

#include "sql_task_private.h"

#define SOURCE_COLUMNS                                                         \
	"name, url, etag, modified, due, time, success, failures, error"

static const char set_source[] =
	"INSERT INTO source (" SOURCE_COLUMNS ")"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (name)"
	" DO UPDATE SET url = ?2, etag = ?3, modified = ?4, due = ?5,"
	" time = ?6, success = ?7, failures = ?8, error = ?9";
static const char find_source[] =
	"SELECT " SOURCE_COLUMNS " FROM source WHERE name = ?1";
static const char list_sources[] =
	"SELECT " SOURCE_COLUMNS " FROM source ORDER BY name";
static const char clear_metric[] =
	"DELETE FROM metric WHERE buyer = ?1 AND priority = ?2";
static const char add_point[] =
	"INSERT INTO metric (buyer, priority, day, value)"
	" VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
static const char list_points[] =
	"SELECT day, value FROM metric WHERE buyer = ?1 AND priority = ?2"
	" ORDER BY day";

static gpointer
read_source(SqlQuery *query)
{
	struct store_source *source = g_new0(struct store_source, 1);

	source->name = sql_string_at(query, 0);
	source->url = sql_string_at(query, 1);
	source->etag = sql_string_at(query, 2);
	source->modified = sql_string_at(query, 3);
	source->due_us = sql_int64_at(query, 4);
	source->time_us = sql_int64_at(query, 5);
	source->success_us = sql_int64_at(query, 6);
	source->failures = (guint)sql_int64_at(query, 7);
	source->error = sql_string_at(query, 8);
	return source;
}

static gboolean
set_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_source *source = what;
	g_autoptr(SqlQuery) query = sql_query(conn, set_source, error);

	(void)answer;
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, source->name);
	sql_bind_string(query, 2, source->url);
	sql_bind_string(query, 3, source->etag);
	sql_bind_string(query, 4, source->modified);
	sql_bind_int64(query, 5, source->due_us);
	sql_bind_int64(query, 6, source->time_us);
	sql_bind_int64(query, 7, source->success_us);
	sql_bind_int64(query, 8, source->failures);
	sql_bind_string(query, 9, source->error);
	return sql_run(conn, query, error);
}

gboolean
sql_source_set(struct store *store, const struct store_source *source,
	       GError **error)
{
	struct sql_cargo cargo = { store_source_copy(source),
				   (GDestroyNotify)store_source_free, 0 };

	return sql_task_run(store, set_run, cargo, NULL, error);
}

static gpointer
find_in(struct sql_conn *conn, gconstpointer name, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_source, error);
	gpointer found;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, name);
	if (!sql_first(conn, query, read_source, &found, error))
		return NULL;
	if (!found)
		sql_not_found("source", name, error);
	return found;
}

struct store_source *
sql_source_find(struct store *store, const char *name, GError **error)
{
	return sql_read(store, find_in, name, error);
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer asked, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, list_sources, error);

	(void)asked;
	if (!query)
		return NULL;
	return sql_rows(conn, query, read_source,
			(GDestroyNotify)store_source_free, error);
}

GPtrArray *
sql_source_list(struct store *store, GError **error)
{
	return sql_read(store, list_in, NULL, error);
}

/* A copy of a metric that has its strings and points. */
struct own_metric {
	char *buyer;
	char *priority;
	struct store_point *points;
	guint n;
};

static void
own_metric_free(gpointer data)
{
	struct own_metric *own = data;

	g_free(own->buyer);
	g_free(own->priority);
	g_free(own->points);
	g_free(own);
}

static gboolean
clear_points(struct sql_conn *conn, const struct own_metric *own,
	     GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, clear_metric, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, own->buyer);
	sql_bind_string(query, 2, own->priority);
	return sql_run(conn, query, error);
}

static gboolean
write_point(struct sql_conn *conn, const struct own_metric *own,
	    const struct store_point *point, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, add_point, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, own->buyer);
	sql_bind_string(query, 2, own->priority);
	sql_bind_int64(query, 3, point->day_us);
	sql_bind_double(query, 4, point->value);
	return sql_run(conn, query, error);
}

static gboolean
metric_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	   GError **error)
{
	const struct own_metric *own = what;

	(void)answer;
	if (!clear_points(conn, own, error))
		return FALSE;
	for (guint i = 0; i < own->n; i++)
		if (!write_point(conn, own, &own->points[i], error))
			return FALSE;
	return TRUE;
}

gboolean
sql_metric_set(struct store *store, const struct store_metric *metric,
	       const struct store_point *points, guint n, GError **error)
{
	struct own_metric *own = g_new0(struct own_metric, 1);
	struct sql_cargo cargo = { own, own_metric_free,
				   ROW_BYTES + n * sizeof(*points) };

	own->buyer = g_strdup(metric->buyer);
	own->priority = g_strdup(metric->priority);
	own->points = g_memdup2(points, n * sizeof(*points));
	own->n = n;
	return sql_task_run(store, metric_run, cargo, NULL, error);
}

static gpointer
points_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct store_metric *metric = data;
	g_autoptr(SqlQuery) query = sql_query(conn, list_points, error);
	g_autoptr(GArray) points =
		g_array_new(FALSE, FALSE, sizeof(struct store_point));
	enum sql_step step;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, metric->buyer);
	sql_bind_string(query, 2, metric->priority);
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		const struct store_point point = { sql_int64_at(query, 0),
						   sql_double_at(query, 1) };

		g_array_append_val(points, point);
	}
	return step == SQL_STEP_END ? g_steal_pointer(&points) : NULL;
}

GArray *
sql_metric_list(struct store *store, const struct store_metric *metric,
		GError **error)
{
	return sql_read(store, points_in, metric, error);
}
