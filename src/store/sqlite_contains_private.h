/* Search in texts that people wrote, whatever the case. */
#ifndef STORE_SQLITE_CONTAINS_PRIVATE_H
#define STORE_SQLITE_CONTAINS_PRIVATE_H

#include "sqlite_conn_private.h"

/* What is searched for, as contains() wants it; the caller's. */
char *sqlite_folded(const char *text);

/*
 * Gives the connection contains(field, folded text): SQLite's own LIKE folds
 * ASCII only.
 */
gboolean sqlite_contains_add(struct sqlite_conn *conn, GError **error);

#endif
