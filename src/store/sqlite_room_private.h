/* The room on the disk of a database file, as the writer asks for it. */
#ifndef STORE_SQLITE_ROOM_PRIVATE_H
#define STORE_SQLITE_ROOM_PRIVATE_H

#include "space_private.h"
#include "sql_writer_private.h"

struct sqlite_room {
	struct sql_room base;
	const struct space *space;
};

/* Borrows the space. How large the log may grow is the connection's to know. */
void sqlite_room_init(struct sqlite_room *room, const struct space *space);
void sqlite_room_limit_log(const struct sqlite_room *room,
			   struct sql_conn *conn);

#endif
