#include "base/clock.h"
#include "migration_private.h"
#include "pg_private.h"
#include "store/copy.h"

/* Opening has its own patience with a server that is away. */
#define LOOK_US CLOCK_SECOND_US

static gboolean
find_schema(const char *url, guint *schema)
{
	struct sql_conn *conn = pg_backend.open(
		url, SQL_CONN_READER, clock_monotonic_us() + LOOK_US, NULL);
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = pg_schema_version(conn, schema, NULL);
	sql_conn_close(conn);
	return ok;
}

/* A server's data are not ours to copy. */
char *
pg_keep_older(const char *rest)
{
	g_autofree char *url = g_strconcat("postgresql:", rest, NULL);
	g_autofree char *shown = store_url_shown(url);
	guint schema;

	if (!find_schema(url, &schema) || schema == 0 ||
	    schema >= migration_newest())
		return NULL;
	return g_strdup_printf(
		"the store is of schema %u and becomes one of %u, wholly or "
		"not at all; it is not copied, so that the way back is what "
		"was dumped before: pg_dump --format=custom "
		"--file=pitchward.schema-%u '%s'",
		schema, migration_newest(), schema, shown);
}
