#include "store/take.h"

#include <sqlite3.h>

#include "sqlite_conn_private.h"
#include "store/store.h"

/* Who looks after its log may have it for himself for a moment. */
#define WAIT_MS 5000

static gboolean
is_beside(const char *file, const char *ending)
{
	g_autofree char *path = g_strconcat(file, ending, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Who has a log has its index; a log alone came along with a copy. */
gboolean
store_take_open(const char *file)
{
	return is_beside(file, "-wal") && is_beside(file, "-shm");
}

/* What is said of either is said of `file`. */
static gboolean
open_one(struct sqlite_conn *conn, const char *file, const char *path,
	 int flags, GError **error)
{
	sql_conn_init(&conn->base, &sqlite_backend, file, G_MAXINT64);
	if (sqlite3_open_v2(path, &conn->db, flags | SQLITE_OPEN_EXRESCODE,
			    NULL) != SQLITE_OK)
		return sqlite_fail(&conn->base, error);
	sqlite3_busy_timeout(conn->db, WAIT_MS);
	return TRUE;
}

static void
close_one(struct sqlite_conn *conn)
{
	sql_conn_clear(&conn->base);
	sqlite3_close(conn->db);
}

/* In one step, which reads one state. */
static gboolean
copy(struct sqlite_conn *from, struct sqlite_conn *to, GError **error)
{
	static const char careless[] = "PRAGMA journal_mode=OFF;"
				       "PRAGMA synchronous=OFF;";
	sqlite3_backup *backup;
	gboolean done;

	if (sqlite3_exec(to->db, careless, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_fail(&to->base, error);
	backup = sqlite3_backup_init(to->db, "main", from->db, "main");
	done = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
	/* It is this that tells the connection of a failure. */
	sqlite3_backup_finish(backup);
	return done || sqlite_fail(&to->base, error);
}

gboolean
store_take(const char *file, const char *to, GError **error)
{
	struct sqlite_conn source = { .db = NULL };
	struct sqlite_conn target = { .db = NULL };
	gboolean ok =
		open_one(&source, file, file, SQLITE_OPEN_READONLY, error);

	if (ok) {
		ok = open_one(&target, file, to,
			      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			      error) &&
		     copy(&source, &target, error);
		close_one(&target);
	}
	close_one(&source);
	return ok;
}
