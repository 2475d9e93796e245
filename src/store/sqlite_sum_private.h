/*
 * What new messages add to the sums of a day is gathered while a transaction
 * runs and written before it is committed: an update a row of the sums, not
 * one a message.
 */
#ifndef STORE_SQLITE_SUM_PRIVATE_H
#define STORE_SQLITE_SUM_PRIVATE_H

#include "sqlite_conn_private.h"

struct sqlite_sums;

struct sqlite_sums *sqlite_sums_new(void);
void sqlite_sums_free(struct sqlite_sums *sums);

/* The transaction begins anew, or was rolled back. */
void sqlite_sums_forget(struct sqlite_sums *sums);

/* What was gathered; within the transaction, as its last write. */
gboolean sqlite_sums_write(struct sqlite_conn *conn, GError **error);

#endif
