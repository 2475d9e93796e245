#include "base/clock.h"
#include "pg_private.h"
#include "store/place.h"

#define LOOK_US (5 * CLOCK_SECOND_US)

/* A server has begun once, and counts its tables. */
static const char find_identity[] =
	"SELECT 'table ' || pg_postmaster_start_time()::text || ' '"
	" || (SELECT oid FROM pg_database WHERE datname = current_database())"
	"::bigint || ' ' || oid::bigint FROM pg_class"
	" WHERE relname = 'pitchward_schema'"
	" AND relnamespace = current_schema()::regnamespace";

static gboolean
read_identity(struct sql_conn *conn, char **identity, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_identity, error);

	if (!query || sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	*identity = g_strdup(sql_text_at(query, 0));
	return TRUE;
}

gboolean
pg_place_look(const char *rest, struct store_place *place, GError **error)
{
	g_autofree char *url = g_strconcat("postgresql:", rest, NULL);
	struct sql_conn *conn = pg_backend.open(
		url, SQL_CONN_READER, clock_monotonic_us() + LOOK_US, error);
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = pg_schema_version(conn, &place->schema, error) &&
	     (place->schema == 0 ||
	      read_identity(conn, &place->identity, error));
	sql_conn_close(conn);
	return ok;
}
