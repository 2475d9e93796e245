#include "sqlite_room_private.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "sqlite_conn_private.h"

/* How long the log may take to be settled. */
#define SETTLE_US G_GINT64_CONSTANT(50000)

/* How long pages are given back to the file system at one go. */
#define GIVE_BACK_US CLOCK_SECOND_US

/* SQLite's default, which no store of ours changes. */
#define SQLITE_PAGE_BYTES 4096

static const struct space *
space_of(const struct sql_room *room)
{
	return ((const struct sqlite_room *)(const void *)room)->space;
}

/* How much larger the file will be when the log's pages are at their place. */
static guint64
owed(struct sql_conn *conn)
{
	gint64 pages = 0, page_size = 0, wanted;
	struct stat st;

	if (!sql_integer(conn, "PRAGMA page_count", &pages, NULL) ||
	    !sql_integer(conn, "PRAGMA page_size", &page_size, NULL) ||
	    stat(conn->name, &st) < 0)
		return 0;
	wanted = pages * page_size;
	return wanted > st.st_size ? (guint64)(wanted - st.st_size) : 0;
}

/* That is more than is owed, and no statement has to be prepared for it, as
 * SQLite does with a PRAGMA each time. */
static guint64
owed_at_most(const struct sql_conn *conn)
{
	g_autofree char *log = g_strconcat(conn->name, "-wal", NULL);
	struct stat st;

	return stat(log, &st) < 0 ? 0 : 2 * (guint64)st.st_size;
}

static gboolean
fits(const struct sql_room *room, struct sql_conn *conn, guint64 weight,
     GError **error)
{
	const struct space *space = space_of(room);

	return space_check(space, weight, owed_at_most(conn), NULL) ||
	       space_check(space, weight, owed(conn), error);
}

static gboolean
spill(const struct sql_room *room)
{
	return space_spill(space_of(room));
}

/*
 * Empties the log, unless the disk has no room for what it owes: a checkpoint
 * that fails has used up what was left, and given nothing.
 */
static void
settle(const struct sql_room *room, struct sql_conn *conn)
{
	if (space_left(space_of(room)) < owed(conn))
		return;
	conn->deadline_us = clock_monotonic_us() + SETTLE_US;
	sqlite3_wal_checkpoint_v2(sqlite_db(conn), NULL,
				  SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

/* Free pages of the file go back to the file system while the disk is low. */
static void
give_back(const struct sql_room *room, struct sql_conn *conn)
{
	const struct space *space = space_of(room);
	gint64 until_us = clock_monotonic_us() + GIVE_BACK_US;
	gint64 free_pages = 0;

	settle(room, conn);
	while (space_low(space) && clock_monotonic_us() < until_us &&
	       sql_integer(conn, "PRAGMA freelist_count", &free_pages, NULL) &&
	       free_pages > 0 &&
	       sql_exec(conn, "PRAGMA incremental_vacuum(64)", NULL))
		settle(room, conn);
	space_keep(space);
}

static void
ease(const struct sql_room *room, struct sql_conn *conn)
{
	if (!space_at_ease(space_of(room)))
		give_back(room, conn);
}

void
sqlite_room_init(struct sqlite_room *room, const struct space *space)
{
	room->base = (struct sql_room){ fits, spill, settle, ease, give_back };
	room->space = space;
}

void
sqlite_room_limit_log(const struct sqlite_room *room, struct sql_conn *conn)
{
	sqlite3_wal_autocheckpoint(
		sqlite_db(conn),
		(int)(space_log_max(room->space) / SQLITE_PAGE_BYTES));
}
