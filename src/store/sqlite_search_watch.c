#include <sqlite3.h>
#include <string.h>

#include "sqlite_search_private.h"

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
find(struct sqlite_conn *conn, const struct store_watch *watch,
     char id[ID_LEN + 1], GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, find_same, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, watch->buyer);
	sqlite_bind_string(query, 2, watch->query);
	sqlite_bind_string(query, 3, watch->filters);
	step = sqlite_next(conn, query, error);
	id[0] = '\0';
	if (step == SQLITE_STEP_ROW)
		sqlite_id_at(query, 0, id);
	return step != SQLITE_STEP_FAILED;
}

static gboolean
check_room(struct sqlite_conn *conn, const struct store_watch *watch,
	   GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, count_watches, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, watch->buyer);
	if (sqlite_next(conn, query, error) != SQLITE_STEP_ROW)
		return FALSE;
	if (sqlite3_column_int64(query, 0) < STORE_WATCHES_MAX)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "%s has %d questions already: remove one first",
		    watch->buyer, STORE_WATCHES_MAX);
	return FALSE;
}

static gboolean
insert(struct sqlite_conn *conn, const struct store_watch *watch,
       GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_watch, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, watch->buyer);
	sqlite_bind_string(query, 2, watch->id);
	sqlite_bind_string(query, 3, watch->query);
	sqlite_bind_string(query, 4, watch->filters);
	sqlite_bind_string(query, 5, watch->by);
	sqlite3_bind_int64(query, 6, watch->time_us);
	return sqlite_run(conn, query, error);
}

static gboolean
add_run(struct sqlite_conn *conn, gconstpointer what,
	struct sqlite_answer *answer, GError **error)
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
	struct sqlite_cargo cargo = { store_watch_copy(watch), watch_free, 0 };
	struct sqlite_answer answer;

	if (!sqlite_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	memcpy(watch->id, answer.id, sizeof(answer.id));
	return TRUE;
}

static gboolean
remove_run(struct sqlite_conn *conn, gconstpointer what,
	   struct sqlite_answer *answer, GError **error)
{
	const struct store_watch *watch = what;
	g_autoptr(SqliteQuery) query = sqlite_query(conn, delete_watch, error);

	(void)answer;
	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, watch->buyer);
	sqlite_bind_string(query, 2, watch->id);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	return sqlite3_changes(conn->db) > 0 ||
	       sqlite_not_found("question", watch->id, error);
}

static gboolean
watch_remove(struct store *store, const char *buyer, const char *id,
	     GError **error)
{
	struct store_watch *watch = g_new0(struct store_watch, 1);
	struct sqlite_cargo cargo = { watch, watch_free, 0 };

	watch->buyer = g_strdup(buyer);
	g_strlcpy(watch->id, id, sizeof(watch->id));
	return sqlite_task_run(store, remove_run, cargo, NULL, error);
}

static gpointer
read_watch(SqliteQuery *query)
{
	struct store_watch *watch = g_new0(struct store_watch, 1);

	watch->buyer = sqlite_string_at(query, 0);
	sqlite_id_at(query, 1, watch->id);
	watch->query = sqlite_string_at(query, 2);
	watch->filters = sqlite_string_at(query, 3);
	watch->by = sqlite_string_at(query, 4);
	watch->time_us = sqlite3_column_int64(query, 5);
	return watch;
}

static gpointer
list_in(struct sqlite_conn *conn, gconstpointer buyer, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, list_watches, error);

	if (!query)
		return NULL;
	sqlite_bind_or_null(query, 1, buyer);
	return sqlite_rows(conn, query, read_watch, watch_free, error);
}

static GPtrArray *
watch_list(struct store *store, const char *buyer, GError **error)
{
	return sqlite_read(store, list_in, buyer, error);
}

const struct store_documents sqlite_documents = {
	.glean = sqlite_glean,
	.set = sqlite_document_set,
	.items_due = sqlite_items_due,
	.find = sqlite_document_find,
	.search = sqlite_search,
	.counts = sqlite_search_counts,
	.trends = sqlite_trends,
	.trend_vendors = sqlite_trend_vendors,
	.watch_add = watch_add,
	.watch_remove = watch_remove,
	.watch_list = watch_list,
};
