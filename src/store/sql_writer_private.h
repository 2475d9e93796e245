/*
 * The one thread of a process that writes to the database: it takes what is
 * queued and commits it in one transaction, one fsync for all.
 */
#ifndef STORE_SQL_WRITER_PRIVATE_H
#define STORE_SQL_WRITER_PRIVATE_H

#include "queue_private.h"
#include "sql_conn_private.h"

struct sql_writer;

/* The room there is for a database, where we can tell. An implementation
 * embeds it. */
struct sql_room {
	/* STORE_ERROR_FULL: a job of so many bytes is not to begin. */
	gboolean (*fits)(const struct sql_room *room, struct sql_conn *conn,
			 guint64 weight, GError **error);
	/* Gives up what was kept for a deletion; FALSE when there is none. */
	gboolean (*spill)(const struct sql_room *room);
	/* Logs go to their place. */
	void (*settle)(const struct sql_room *room, struct sql_conn *conn);
	/* After what may have made room: at need; and at once. */
	void (*ease)(const struct sql_room *room, struct sql_conn *conn);
	void (*give_back)(const struct sql_room *room, struct sql_conn *conn);
};

/* Takes the connection, on success only; borrows queue and room, which may be
 * NULL. */
struct sql_writer *sql_writer_start(struct sql_conn *conn, struct queue *queue,
				    const struct sql_room *room,
				    GError **error);

/* After queue_close(): waits for the thread and closes the connection. */
void sql_writer_stop(struct sql_writer *writer);

#endif
