/* Search in texts, as a function of SQL. */
#ifndef STORE_SQLITE_CONTAINS_PRIVATE_H
#define STORE_SQLITE_CONTAINS_PRIVATE_H

#include "sql_conn_private.h"

/*
 * Gives the connection contains(field, folded text): SQLite's own LIKE folds
 * ASCII only.
 */
gboolean sqlite_contains_add(struct sql_conn *conn, GError **error);

#endif
