/*
 * What new messages add to the sums of a day is gathered while a transaction
 * runs and written before it is committed: an update a row of the sums, not
 * one a message.
 */
#ifndef STORE_SQL_SUM_PRIVATE_H
#define STORE_SQL_SUM_PRIVATE_H

#include "sql_conn_private.h"

struct sql_sums;

struct sql_sums *sql_sums_new(void);
void sql_sums_free(struct sql_sums *sums);

/* The transaction begins anew, or was rolled back. */
void sql_sums_forget(struct sql_sums *sums);

/* As the view `waiting` has it of a message without a label. */
double sql_rank(double outreach, double relevance);

/* What was gathered; within the transaction, as its last write. */
gboolean sql_sums_write(struct sql_conn *conn, GError **error);

#endif
