/* What a database of ours consists of. */
#ifndef STORE_SQLITE_SHAPE_PRIVATE_H
#define STORE_SQLITE_SHAPE_PRIVATE_H

#include "sql_conn_private.h"

/*
 * Whether it has each table, column, index, view and trigger that our schema
 * makes; of others it may have more. STORE_ERROR_BROKEN names what is missing.
 */
gboolean sqlite_shape_check(struct sql_conn *conn, GError **error);

#endif
