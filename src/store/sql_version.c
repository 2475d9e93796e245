#include <string.h>

#include "sql_task_private.h"

/* Who follows asks again soon. */
#define MARK_US (3 * CLOCK_SECOND_US)

#define VERSION_COLUMNS "buyer, number, time, giver, note, base, text"

static const char newest[] =
	"SELECT " VERSION_COLUMNS " FROM version WHERE buyer = ?1"
	" ORDER BY number DESC LIMIT 1";
static const char insert_version[] = "INSERT INTO version (" VERSION_COLUMNS
				     ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char of_buyer[] = "SELECT " VERSION_COLUMNS
			       " FROM version WHERE buyer = ?1 ORDER BY number";
static const char newest_of_all[] =
	"SELECT " VERSION_COLUMNS " FROM version WHERE (buyer, number) IN"
	" (SELECT buyer, max(number) FROM version GROUP BY buyer)"
	" ORDER BY seq";
static const char newest_seq[] =
	"SELECT coalesce(max(seq), 0) + count(*) FROM version";

struct addition {
	struct store_version *version;
	guint after;
};

static gpointer
read_row(SqlQuery *query)
{
	struct store_version *version = g_new0(struct store_version, 1);

	version->buyer = sql_string_at(query, 0);
	version->number = (guint)sql_int64_at(query, 1);
	version->time_us = sql_int64_at(query, 2);
	version->by = sql_string_at(query, 3);
	version->note = sql_string_at(query, 4);
	version->base = sql_string_at(query, 5);
	version->text = sql_string_at(query, 6);
	return version;
}

static gboolean
insert(struct sql_conn *conn, const struct addition *addition, GError **error)
{
	const struct store_version *version = addition->version;
	g_autoptr(SqlQuery) query = sql_query(conn, insert_version, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, version->buyer);
	sql_bind_int64(query, 2, (gint64)addition->after + 1);
	sql_bind_int64(query, 3, version->time_us);
	sql_bind_string(query, 4, version->by);
	sql_bind_string(query, 5, version->note);
	sql_bind_string(query, 6, version->base);
	sql_bind_string(query, 7, version->text);
	return sql_run(conn, query, error);
}

static gboolean
find_newest(struct sql_conn *conn, const char *buyer,
	    struct store_version **found, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, newest, error);
	gpointer row;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, buyer);
	if (!sql_first(conn, query, read_row, &row, error))
		return FALSE;
	*found = row;
	return TRUE;
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct addition *addition = what;
	const struct store_version *new = addition->version;
	g_autoptr(StoreVersion) last = NULL;
	guint number;

	if (!find_newest(conn, new->buyer, &last, error))
		return FALSE;
	number = last ? last->number : 0;
	answer->n = addition->after + 1;
	if (number == addition->after)
		return insert(conn, addition, error) && sql_tell(conn, error);
	if (number == answer->n && store_version_same(last, new))
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "profile %s is at version %u, not %u", new->buyer, number,
		    addition->after);
	return FALSE;
}

static void
addition_free(gpointer data)
{
	struct addition *addition = data;

	store_version_free(addition->version);
	g_free(addition);
}

static gboolean
add(struct store *store, struct store_version *version, guint after,
    GError **error)
{
	struct addition *addition = g_new0(struct addition, 1);
	struct sql_cargo cargo = { addition, addition_free, ROW_BYTES };
	struct sql_answer answer;

	addition->version = store_version_copy(version);
	addition->after = after;
	cargo.weight += version->text ? strlen(version->text) : 0;
	if (!sql_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	version->number = answer.n;
	return TRUE;
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer buyer, GError **error)
{
	g_autoptr(SqlQuery) query =
		sql_query(conn, buyer ? of_buyer : newest_of_all, error);

	if (!query)
		return NULL;
	if (buyer)
		sql_bind_string(query, 1, buyer);
	return sql_rows(conn, query, read_row,
			(GDestroyNotify)store_version_free, error);
}

static GPtrArray *
list(struct store *store, const char *buyer, GError **error)
{
	return sql_read(store, list_in, buyer, error);
}

static gboolean
mark(struct store *store, guint64 *number, GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(
		pool, clock_monotonic_us() + MIN(store->wait_us, MARK_US),
		error);
	gint64 seq;
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = sql_integer(conn, newest_seq, &seq, error);
	sql_pool_give(pool, conn, !ok);
	if (ok)
		*number = (guint64)seq;
	return ok;
}

const struct store_versions sql_versions = { add, list, mark };
