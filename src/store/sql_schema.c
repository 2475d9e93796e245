#include "sql_schema_private.h"

struct change {
	const struct sql_schema *schema;
	struct sql_conn *conn;
};

static gboolean
read_version(void *handle, guint *version, GError **error)
{
	struct sql_conn *conn = ((struct change *)handle)->conn;

	return conn->backend->version(conn, version, error);
}

static gboolean
run_texts(struct sql_conn *conn, const char *const *texts, GError **error)
{
	for (guint i = 0; i < MIGRATION_TEXTS && texts[i]; i++) {
		if (!sql_exec(conn, texts[i], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
run_begun(const struct change *change, guint number,
	  const struct migration_step *step, GError **error)
{
	const struct sql_schema *schema = change->schema;
	struct sql_conn *conn = change->conn;
	g_autofree char *stamp = schema->stamp(number);
	guint version;

	if (schema->lock && !sql_exec(conn, schema->lock, error))
		return FALSE;
	if (!conn->backend->version(conn, &version, error))
		return FALSE;
	/* Another process may have been faster. */
	if (version < number && (!run_texts(conn, schema->texts(step), error) ||
				 !sql_exec(conn, stamp, error)))
		return FALSE;
	return sql_exec(conn, "COMMIT", error);
}

static gboolean
run_step(void *handle, guint number, const struct migration_step *step,
	 GError **error)
{
	struct change *change = handle;

	if (!sql_exec(change->conn, change->schema->begin, error))
		return FALSE;
	if (run_begun(change, number, step, error))
		return TRUE;
	sql_rollback(change->conn);
	return FALSE;
}

gboolean
sql_schema_migrate(const struct sql_schema *schema, struct sql_conn *conn,
		   GError **error)
{
	struct change change = { schema, conn };
	struct migration_target target = { &change, read_version, run_step };
	g_autoptr(GError) cause = NULL;

	if (migration_run(&target, &cause))
		return TRUE;
	g_propagate_prefixed_error(error, g_steal_pointer(&cause),
				   "%s: ", conn->name);
	return FALSE;
}
