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
run_step(void *handle, guint number, const struct migration_step *step,
	 GError **error)
{
	const struct change *change = handle;
	g_autofree char *stamp = change->schema->stamp(number);

	return run_texts(change->conn, change->schema->texts(step), error) &&
	       sql_exec(change->conn, stamp, error);
}

/* Another process may have been faster: the version is read once more. */
static gboolean
run_begun(const struct change *change, const struct migration_target *target,
	  GError **error)
{
	const char *lock = change->schema->lock;

	return (!lock || sql_exec(change->conn, lock, error)) &&
	       migration_run(target, error) &&
	       sql_exec(change->conn, "COMMIT", error);
}

static gboolean
migrate(const struct change *change, const struct migration_target *target,
	GError **error)
{
	guint version;

	if (!target->version(target->handle, &version, error))
		return FALSE;
	if (version >= migration_newest())
		return migration_run(target, error);
	if (!sql_exec(change->conn, change->schema->begin, error))
		return FALSE;
	if (run_begun(change, target, error))
		return TRUE;
	sql_rollback(change->conn);
	return FALSE;
}

gboolean
sql_schema_migrate(const struct sql_schema *schema, struct sql_conn *conn,
		   GError **error)
{
	struct change change = { schema, conn };
	const struct migration_target target = { &change, read_version,
						 run_step };
	g_autoptr(GError) cause = NULL;

	if (migrate(&change, &target, &cause))
		return TRUE;
	g_propagate_prefixed_error(error, g_steal_pointer(&cause),
				   "%s: ", conn->name);
	return FALSE;
}
