#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "sql_private.h"
#include "sqlite_fault_private.h"
#include "sqlite_keep_private.h"
#include "sqlite_room_private.h"
#include "sqlite_schema_private.h"
#include "sqlite_search_private.h"

#define OPEN_US (5 * CLOCK_SECOND_US)

/* A large store must not keep a program from starting. */
#define QUICK_CHECK_US (CLOCK_SECOND_US / 4)

struct sqlite_store {
	struct sql_store base;
	char *path;
	dev_t device; /* of the file that is open */
	ino_t inode;
	struct space *space;
	struct sqlite_room room;
};

static struct sqlite_store *
sqlite_store(struct store *store)
{
	return (struct sqlite_store *)(void *)store;
}

/*
 * SQLite would make it readable by all; its log and index take its mode. A
 * file that exists is not touched: closing a descriptor of it would drop the
 * locks that this process has on it.
 */
static gboolean
make_file(const char *path, GError **error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd >= 0) {
		close(fd);
		return TRUE;
	}
	if (errno == EEXIST)
		return TRUE;
	g_set_error(error, STORE_ERROR,
		    errno == ENOSPC || errno == EDQUOT ? STORE_ERROR_FULL
						       : STORE_ERROR_AWAY,
		    "%s: %s", path, g_strerror(errno));
	return FALSE;
}

static struct sql_conn *
open_writer(const char *path, GError **error)
{
	struct sql_conn *conn;

	if (!make_file(path, error))
		return NULL;
	conn = sqlite_backend.open(path, SQL_CONN_WRITER,
				   clock_monotonic_us() + OPEN_US, error);
	if (conn && !sqlite_schema_prepare(conn, error))
		g_clear_pointer(&conn, sql_conn_close);
	return conn;
}

/* On a full disk even opening may need the ballast: the log has an index. */
static struct sql_conn *
open_somehow(const char *path, const struct space *space, GError **error)
{
	g_autoptr(GError) failure = NULL;
	struct sql_conn *conn = open_writer(path, &failure);

	if (conn)
		return conn;
	if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_FULL) &&
	    space_spill(space))
		return open_writer(path, error);
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

static gboolean
look_over(struct sqlite_store *store, GError **error)
{
	struct sql_pool *pool = store->base.pool;
	struct sql_conn *conn =
		sql_pool_take(pool, clock_monotonic_us() + OPEN_US, error);
	gboolean ok;

	if (!conn)
		return FALSE;
	conn->deadline_us = clock_monotonic_us() + QUICK_CHECK_US;
	ok = sqlite_check_quick(conn, error);
	sql_pool_give(pool, conn, !ok);
	return ok;
}

/* A file moved away would show for good what it had then. */
static gboolean
is_there(const struct sql_store *base, GError **error)
{
	const struct sqlite_store *store =
		(const struct sqlite_store *)(const void *)base;
	struct stat st;

	if (stat(store->path, &st) == 0 && st.st_dev == store->device &&
	    st.st_ino == store->inode)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
		    "%s: the file was moved or deleted", store->path);
	return FALSE;
}

static void
remember_file(struct sqlite_store *store)
{
	struct stat st;

	if (stat(store->path, &st) != 0)
		return;
	store->device = st.st_dev;
	store->inode = st.st_ino;
	store->base.there = is_there;
}

static guint64
sqlite_close(struct store *base)
{
	struct sqlite_store *store = sqlite_store(base);
	const guint64 dropped = sql_store_clear(&store->base);

	space_free(store->space);
	g_free(store->path);
	g_free(store);
	return dropped;
}

static gboolean
start(struct sqlite_store *store, GError **error)
{
	struct sql_conn *conn = open_somehow(store->path, store->space, error);

	if (!conn)
		return FALSE;
	remember_file(store);
	space_keep(store->space);
	sqlite_room_init(&store->room, store->space);
	sqlite_room_limit_log(&store->room, conn);
	if (look_over(store, error) &&
	    sql_store_start(&store->base, conn, &store->room.base, error))
		return TRUE;
	sql_conn_close(conn);
	return FALSE;
}

static void
explain(const char *path, GError *failure)
{
	g_autofree char *fault = sqlite_fault(path);
	g_autofree char *said = NULL;

	if (!fault || !g_error_matches(failure, STORE_ERROR, STORE_ERROR_AWAY))
		return;
	said = failure->message;
	failure->message = g_strdup_printf("%s; %s", said, fault);
}

static struct store *
sqlite_open(const char *path, GError **error)
{
	GError *failure = NULL;
	struct sqlite_store *store;

	if (*path == '\0') {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "store 'sqlite:': the path is missing");
		return NULL;
	}
	store = g_new0(struct sqlite_store, 1);
	store->path = g_strdup(path);
	store->space = space_new(path);
	sql_store_init(&store->base, &sqlite_backend, path, path);
	if (start(store, &failure))
		return &store->base.base;
	sqlite_close(&store->base.base);
	explain(path, failure);
	g_propagate_error(error, failure);
	return NULL;
}

const struct store_driver store_sqlite = {
	.scheme = "sqlite",
	.open = sqlite_open,
	.look = sqlite_place_look,
	.keep_older = sqlite_keep_older,
	.close = sqlite_close,
	SQL_STORE_CALLS,
};
