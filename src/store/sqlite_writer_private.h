/*
 * The one thread of a process that writes to the database: it takes what is
 * queued and commits it in one transaction, one fsync for all.
 */
#ifndef STORE_SQLITE_WRITER_PRIVATE_H
#define STORE_SQLITE_WRITER_PRIVATE_H

#include "queue_private.h"
#include "space_private.h"
#include "sqlite_conn_private.h"

struct sqlite_writer;

/* Takes the connection, on success only; borrows queue and space. */
struct sqlite_writer *sqlite_writer_start(struct sqlite_conn *conn,
					  struct queue *queue,
					  const struct space *space,
					  GError **error);

/* After queue_close(): waits for the thread and closes the connection. */
void sqlite_writer_stop(struct sqlite_writer *writer);

#endif
