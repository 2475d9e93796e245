/* The database file: made, recognised, migrated, checked. */
#ifndef STORE_SQLITE_SCHEMA_PRIVATE_H
#define STORE_SQLITE_SCHEMA_PRIVATE_H

#include "sql_conn_private.h"

/* On the first connection of a store, before any other is opened. */
gboolean sqlite_schema_prepare(struct sql_conn *conn, GError **error);
gboolean sqlite_schema_version(struct sql_conn *conn, guint *version,
			       GError **error);

/* The same, but 0 of a database that is not ours. */
gboolean sqlite_schema_find(struct sql_conn *conn, guint *version,
			    GError **error);

struct store_place;

/* store/place.h */
gboolean sqlite_place_look(const char *path, struct store_place *place,
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
