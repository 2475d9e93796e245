#include <string.h>

#include "sql_search_private.h"

#define WATCH_COLUMNS "buyer, id, query, filters, giver, time"

static const char find_same[] = "SELECT id FROM watch WHERE buyer = ?1"
				" AND query = ?2 AND filters = ?3";
static const char count_watches[] =
	"SELECT count(*) FROM watch WHERE buyer = ?1";
static const char insert_watch[] = "INSERT INTO watch (" WATCH_COLUMNS ")"
				   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char delete_watch[] =
	"DELETE FROM watch WHERE buyer = ?1 AND id = ?2";
static const char list_watches[] =
	"SELECT " WATCH_COLUMNS " FROM watch"
	" WHERE ?1 IS NULL OR buyer = ?1 ORDER BY time, id";

static void
watch_free(gpointer watch)
{
	store_watch_free(watch);
}

static gboolean
find(struct sql_conn *conn, const struct store_watch *watch,
     char id[ID_LEN + 1], GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_same, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, watch->buyer);
	sql_bind_string(query, 2, watch->query);
	sql_bind_string(query, 3, watch->filters);
	step = sql_next(conn, query, error);
	id[0] = '\0';
	if (step == SQL_STEP_ROW)
		sql_id_at(query, 0, id);
	return step != SQL_STEP_FAILED;
}

static gboolean
check_room(struct sql_conn *conn, const struct store_watch *watch,
	   GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_watches, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, watch->buyer);
	if (sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	if (sql_int64_at(query, 0) < STORE_WATCHES_MAX)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "%s has %d questions already: remove one first",
		    watch->buyer, STORE_WATCHES_MAX);
	return FALSE;
}

static gboolean
insert(struct sql_conn *conn, const struct store_watch *watch, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_watch, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, watch->buyer);
	sql_bind_string(query, 2, watch->id);
	sql_bind_string(query, 3, watch->query);
	sql_bind_string(query, 4, watch->filters);
	sql_bind_string(query, 5, watch->by);
	sql_bind_int64(query, 6, watch->time_us);
	return sql_run(conn, query, error);
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_watch *watch = what;

	if (!find(conn, watch, answer->id, error))
		return FALSE;
	if (answer->id[0] != '\0')
		return TRUE;
	memcpy(answer->id, watch->id, sizeof(watch->id));
	return check_room(conn, watch, error) && insert(conn, watch, error);
}

static gboolean
watch_add(struct store *store, struct store_watch *watch, GError **error)
{
	struct sql_cargo cargo = { store_watch_copy(watch), watch_free, 0 };
	struct sql_answer answer;

	if (!sql_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	memcpy(watch->id, answer.id, sizeof(answer.id));
	return TRUE;
}

static gboolean
remove_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	   GError **error)
{
	const struct store_watch *watch = what;
	g_autoptr(SqlQuery) query = sql_query(conn, delete_watch, error);

	(void)answer;
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, watch->buyer);
	sql_bind_string(query, 2, watch->id);
	if (!sql_run(conn, query, error))
		return FALSE;
	return sql_changes(conn) > 0 ||
	       sql_not_found("question", watch->id, error);
}

static gboolean
watch_remove(struct store *store, const char *buyer, const char *id,
	     GError **error)
{
	struct store_watch *watch = g_new0(struct store_watch, 1);
	struct sql_cargo cargo = { watch, watch_free, 0 };

	watch->buyer = g_strdup(buyer);
	g_strlcpy(watch->id, id, sizeof(watch->id));
	return sql_task_run(store, remove_run, cargo, NULL, error);
}

static gpointer
read_watch(SqlQuery *query)
{
	struct store_watch *watch = g_new0(struct store_watch, 1);

	watch->buyer = sql_string_at(query, 0);
	sql_id_at(query, 1, watch->id);
	watch->query = sql_string_at(query, 2);
	watch->filters = sql_string_at(query, 3);
	watch->by = sql_string_at(query, 4);
	watch->time_us = sql_int64_at(query, 5);
	return watch;
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer buyer, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, list_watches, error);

	if (!query)
		return NULL;
	sql_bind_or_null(query, 1, buyer);
	return sql_rows(conn, query, read_watch, watch_free, error);
}

static GPtrArray *
watch_list(struct store *store, const char *buyer, GError **error)
{
	return sql_read(store, list_in, buyer, error);
}

const struct store_documents sql_documents = {
	.glean = sql_glean,
	.set = sql_document_set,
	.items_due = sql_items_due,
	.find = sql_document_find,
	.search = sql_search,
	.counts = sql_search_counts,
	.trends = sql_trends,
	.trend_vendors = sql_trend_vendors,
	.watch_add = watch_add,
	.watch_remove = watch_remove,
	.watch_list = watch_list,
};
