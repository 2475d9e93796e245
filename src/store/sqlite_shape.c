#include "sqlite_shape_private.h"

#include <sqlite3.h>

#include "migration_private.h"
#include "sqlite_conn_private.h"
#include "store/store.h"

/* Tables come first, and what a table has right behind it. */
static const char parts[] =
	"SELECT part FROM (SELECT type || ' ' || name AS part"
	" FROM sqlite_schema"
	" WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	" UNION ALL SELECT 'table ' || whole.name || ': column ' || field.name"
	" FROM sqlite_schema AS whole"
	" JOIN pragma_table_info(whole.name) AS field"
	" WHERE whole.type = 'table')"
	" ORDER BY part NOT LIKE 'table %', part";

static gboolean
no_version(void *handle, guint *version, GError **error)
{
	(void)handle;
	(void)error;
	*version = 0;
	return TRUE;
}

static gboolean
run_step(void *handle, guint number, const struct migration_step *step,
	 GError **error)
{
	struct sqlite_conn *conn = handle;

	(void)number;
	for (guint i = 0; i < MIGRATION_TEXTS && step->sqlite[i]; i++)
		if (sqlite3_exec(conn->db, step->sqlite[i], NULL, NULL, NULL) !=
		    SQLITE_OK)
			return sqlite_fail(&conn->base, error);
	return TRUE;
}

static gboolean
list(struct sql_conn *conn, GPtrArray *names, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, parts, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW)
		g_ptr_array_add(names, g_strdup(sql_text_at(query, 0)));
	return step == SQL_STEP_END;
}

/* As one has them that is made now, in memory. */
static gboolean
list_ours(GPtrArray *names, GError **error)
{
	struct sqlite_conn fresh = { .db = NULL };
	struct migration_target target = { &fresh, no_version, run_step };
	gboolean ok;

	sql_conn_init(&fresh.base, &sqlite_backend, "our schema", G_MAXINT64);
	ok = (sqlite3_open(":memory:", &fresh.db) == SQLITE_OK ||
	      sqlite_fail(&fresh.base, error)) &&
	     migration_run(&target, error) && list(&fresh.base, names, error);
	sql_conn_clear(&fresh.base);
	sqlite3_close(fresh.db);
	return ok;
}

/* The first that is in the one and not in the other, or NULL. */
static const char *
find_missing(const GPtrArray *wanted, const GPtrArray *there)
{
	g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < there->len; i++)
		g_hash_table_add(set, there->pdata[i]);
	for (guint i = 0; i < wanted->len; i++)
		if (!g_hash_table_contains(set, wanted->pdata[i]))
			return wanted->pdata[i];
	return NULL;
}

gboolean
sqlite_shape_check(struct sql_conn *conn, GError **error)
{
	g_autoptr(GPtrArray) ours = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) there = g_ptr_array_new_with_free_func(g_free);
	const char *missing;

	if (!list_ours(ours, error) || !list(conn, there, error))
		return FALSE;
	missing = find_missing(ours, there);
	if (missing)
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
			    "%s: %s is missing", conn->name, missing);
	return missing == NULL;
}
