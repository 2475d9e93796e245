#include <stdlib.h>
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

/* Of the newest of each buyer what changes with it; and the rest of some. */
static const char heads_sqlite[] =
	"SELECT buyer, max(number), time FROM version"
	" INDEXED BY version_head GROUP BY buyer ORDER BY buyer";
static const char heads_pg[] =
	"SELECT DISTINCT ON (buyer) buyer, number, time FROM version"
	" ORDER BY buyer, number DESC";

#define SOME 16

static const char of_some[] =
	"SELECT " VERSION_COLUMNS " FROM (VALUES"
	" (?1, ?2), (?3, ?4), (?5, ?6), (?7, ?8), (?9, ?10), (?11, ?12),"
	" (?13, ?14), (?15, ?16), (?17, ?18), (?19, ?20), (?21, ?22),"
	" (?23, ?24), (?25, ?26), (?27, ?28), (?29, ?30), (?31, ?32))"
	" AS wanted CROSS JOIN version"
	" ON buyer = wanted.column1 AND number = wanted.column2";

/* With more than one of so many to be read, all are. */
#define SHARE 8

/*
 * Rows are never deleted, and in SQLite a later one has a higher number. In
 * PostgreSQL one of a lower number may be committed later; it is among the last
 * all the same, unless thousands were faster, and then the next is seen.
 */
static const char mark_sqlite[] = "SELECT coalesce(max(seq), 0) FROM version";
static const char mark_pg[] =
	"SELECT coalesce(sum(seq), 0)::bigint FROM"
	" (SELECT seq FROM version ORDER BY seq DESC LIMIT 5000) AS latest";

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

/* The one of `known` that is the row of heads; `at` moves up to it. */
static struct store_version *
find_known(const GPtrArray *known, guint *at, SqlQuery *query)
{
	const char *buyer = sql_text_at(query, 0);

	while (known && *at < known->len) {
		struct store_version *version = g_ptr_array_index(known, *at);
		const int order = strcmp(version->buyer, buyer);

		if (order > 0)
			return NULL;
		(*at)++;
		if (order == 0)
			return version->number == sql_int64_at(query, 1) &&
					       version->time_us ==
						       sql_int64_at(query, 2)
				       ? store_version_ref(version)
				       : NULL;
	}
	return NULL;
}

/*
 * All of the answer; those of it that are not known have but a head, and are
 * in `new`, too.
 */
static gboolean
read_heads(struct sql_conn *conn, const GPtrArray *known, GPtrArray *all,
	   GPtrArray *new, GError **error)
{
	g_autoptr(SqlQuery) query =
		sql_query(conn, sql_for(conn, heads_sqlite, heads_pg), error);
	enum sql_step step;
	guint at = 0;

	if (!query)
		return FALSE;
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		struct store_version *version = find_known(known, &at, query);

		if (!version) {
			version = g_new0(struct store_version, 1);
			version->buyer = sql_string_at(query, 0);
			version->number = (guint)sql_int64_at(query, 1);
			version->time_us = sql_int64_at(query, 2);
			g_ptr_array_add(new, version);
		}
		g_ptr_array_add(all, version);
	}
	return step == SQL_STEP_END;
}

static int
to_buyer(const void *buyer, const void *element)
{
	const struct store_version *const *version = element;

	return strcmp(buyer, (*version)->buyer);
}

/* Fills the ones of `new`, which is in order, with the rows of a query. */
static gboolean
read_rest(struct sql_conn *conn, SqlQuery *query, const GPtrArray *new,
	  GError **error)
{
	enum sql_step step;

	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		struct store_version **found =
			bsearch(sql_text_at(query, 0), new->pdata, new->len,
				sizeof(gpointer), to_buyer);

		if (!found || (*found)->text)
			continue;
		(*found)->by = sql_string_at(query, 3);
		(*found)->note = sql_string_at(query, 4);
		(*found)->base = sql_string_at(query, 5);
		(*found)->text = sql_string_at(query, 6);
	}
	return step == SQL_STEP_END;
}

static gboolean
read_all(struct sql_conn *conn, const GPtrArray *new, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, newest_of_all, error);

	return query && read_rest(conn, query, new, error);
}

/* Places that are left have no buyer. */
static gboolean
read_some(struct sql_conn *conn, const GPtrArray *new, guint first,
	  GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, of_some, error);

	if (!query)
		return FALSE;
	for (guint i = 0; i < SOME; i++) {
		const struct store_version *version =
			first + i < new->len ? g_ptr_array_index(new, first + i)
					     : NULL;

		sql_bind_string(query, (int)i * 2 + 1,
				version ? version->buyer : "");
		sql_bind_int64(query, (int)i * 2 + 2,
			       version ? version->number : 0);
	}
	return read_rest(conn, query, new, error);
}

static gboolean
read_since(struct sql_conn *conn, const GPtrArray *known, GPtrArray *all,
	   GError **error)
{
	g_autoptr(GPtrArray) new = g_ptr_array_new();

	if (!read_heads(conn, known, all, new, error))
		return FALSE;
	if (new->len > all->len / SHARE &&new->len > SOME)
		return read_all(conn, new, error);
	for (guint i = 0; i < new->len; i += SOME) {
		if (!read_some(conn, new, i, error))
			return FALSE;
	}
	return TRUE;
}

static gpointer
since_in(struct sql_conn *conn, gconstpointer known, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_version_free);
	gboolean ok;

	if (!sql_look(conn, error))
		return NULL;
	ok = read_since(conn, known, all, error);
	sql_rollback(conn);
	return ok ? g_steal_pointer(&all) : NULL;
}

static GPtrArray *
list_since(struct store *store, const GPtrArray *known, GError **error)
{
	return sql_read(store, since_in, known, error);
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
	ok = sql_integer(conn, sql_for(conn, mark_sqlite, mark_pg), &seq,
			 error);
	sql_pool_give(pool, conn, !ok);
	if (ok)
		*number = (guint64)seq;
	return ok;
}

const struct store_versions sql_versions = { add, list, list_since, mark };
