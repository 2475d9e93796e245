/* The database file: made, recognised, migrated, checked. */
#ifndef STORE_SQLITE_SCHEMA_PRIVATE_H
#define STORE_SQLITE_SCHEMA_PRIVATE_H

#include "sql_conn_private.h"

/* On the first connection of a store, before any other is opened. */
gboolean sqlite_schema_prepare(struct sql_conn *conn, GError **error);
gboolean sqlite_schema_version(struct sql_conn *conn, guint *version,
			       GError **error);

/*
 * A program of before there were sums, which still runs when its store gets
 * them, adds mail without counting it: the queue would not show it. When some
 * is missing all is counted again. What cannot be done now stays as it is.
 */
void sqlite_heal(struct sql_conn *conn);

/*
 * SQLite's quick check, until the connection's deadline: what it had no time
 * for counts as sound. And the whole truth, bodies unpacked, which on a large
 * store takes minutes.
 */
gboolean sqlite_check_quick(struct sql_conn *conn, GError **error);
gboolean sqlite_check_whole(struct sql_conn *conn, GError **error);

#endif
