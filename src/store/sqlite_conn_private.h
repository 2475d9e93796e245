/*
 * A connection to the database file. sqlite3.h stays in the sqlite*.c files;
 * this header names its struct only.
 */
#ifndef STORE_SQLITE_CONN_PRIVATE_H
#define STORE_SQLITE_CONN_PRIVATE_H

#include "sql_conn_private.h"

struct sqlite3;

struct sqlite_conn {
	struct sql_conn base; /* its name is the file's path */
	struct sqlite3 *db;
};

static inline struct sqlite3 *
sqlite_db(struct sql_conn *conn)
{
	return ((struct sqlite_conn *)(void *)conn)->db;
}

/* Sets the error from the connection's last one; always FALSE. */
gboolean sqlite_fail(struct sql_conn *conn, GError **error);

#endif
