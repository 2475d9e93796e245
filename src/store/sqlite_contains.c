#include "sqlite_contains_private.h"

#include <sqlite3.h>

#include "sql_contains_private.h"
#include "sqlite_conn_private.h"

static void
contains(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *field = (const char *)sqlite3_value_text(values[0]);
	const char *text = (const char *)sqlite3_value_text(values[1]);

	(void)n;
	sqlite3_result_int(context,
			   text && sql_contains(field ? field : "", text));
}

gboolean
sqlite_contains_add(struct sql_conn *conn, GError **error)
{
	if (sqlite3_create_function(sqlite_db(conn), "contains", 2,
				    SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
				    contains, NULL, NULL) == SQLITE_OK)
		return TRUE;
	return sqlite_fail(conn, error);
}
