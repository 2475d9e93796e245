#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "migration_private.h"
#include "sqlite_conn_private.h"
#include "sqlite_keep_private.h"
#include "sqlite_schema_private.h"
#include "store/store.h"

/* The MTA's connections wait twice as long for a filter that starts. */
#define BUDGET_US (5 * CLOCK_SECOND_US)

/* From when on it can be told how long it will take. */
#define JUDGED_US CLOCK_SECOND_US

#define OPEN_US CLOCK_SECOND_US

/* Some megabytes. */
#define PAGES 1024

/* Of the store's size: the copy, and what the change of the schema writes. */
#define ROOM_TIMES 3

/* A migration that was interrupted goes on before that. */
#define OLD_SECONDS 86400

/* What is deleted from the store is in its copies still. */
#define KEPT_SECONDS ((gint64)30 * 86400)

/* One that cannot be changed is tried again and again, but copied once. */
#define AGAIN_SECONDS 3600

#define SUFFIX ".schema-"

struct keeping {
	struct sql_conn *conn; /* reads one state of the store */
	const char *path;
	guint schema;
	char *copy;
	char *part;
	int lock; /* on the part */
};

static gboolean
check_room(const struct keeping *keeping, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(keeping->path);
	struct statvfs st;
	guint64 size, left;

	if (!keeping->conn->backend->bytes(keeping->conn, &size, error))
		return FALSE;
	if (statvfs(folder, &st) < 0)
		return TRUE;
	left = (guint64)st.f_bavail * st.f_frsize;
	if (left >= size * ROOM_TIMES)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FULL,
		    "%" G_GUINT64_FORMAT " MB are free", left >> 20);
	return FALSE;
}

static gboolean
in_time(sqlite3_backup *backup, gint64 begun_us, GError **error)
{
	const gint64 spent_us = clock_monotonic_us() - begun_us;
	const int all = sqlite3_backup_pagecount(backup);
	const int done = all - sqlite3_backup_remaining(backup);

	if (spent_us < JUDGED_US ||
	    (double)spent_us * all <= (double)BUDGET_US * done)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_TIME,
		    "it would take more than %d s",
		    (int)(BUDGET_US / CLOCK_SECOND_US));
	return FALSE;
}

/* What is on the disk counts, as the copy is synced before it is one. */
static gboolean
copy_pages(const struct keeping *keeping, struct sqlite3 *to, GError **error)
{
	struct sqlite3 *from = sqlite_db(keeping->conn);
	const gint64 begun_us = clock_monotonic_us();
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	gboolean ok = TRUE;
	int rc = SQLITE_OK;

	while (backup && ok && rc == SQLITE_OK) {
		rc = sqlite3_backup_step(backup, PAGES);
		(void)fdatasync(keeping->lock);
		ok = rc != SQLITE_OK || in_time(backup, begun_us, error);
	}
	sqlite3_backup_finish(backup);
	if (ok && rc != SQLITE_DONE)
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s",
			    sqlite3_errmsg(to));
	return ok && rc == SQLITE_DONE;
}

/* It is synced once it is whole; half of one is of no use to anybody. */
static gboolean
write_part(const struct keeping *keeping, GError **error)
{
	static const char careless[] = "PRAGMA journal_mode=OFF;"
				       "PRAGMA synchronous=OFF;";
	struct sqlite3 *to = NULL;
	gboolean ok;

	if (sqlite3_open_v2(keeping->part, &to, SQLITE_OPEN_READWRITE, NULL) !=
		    SQLITE_OK ||
	    sqlite3_exec(to, careless, NULL, NULL, NULL) != SQLITE_OK) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s",
			    sqlite3_errmsg(to));
		ok = FALSE;
	} else {
		ok = copy_pages(keeping, to, error);
	}
	sqlite3_close(to);
	return ok;
}

/* Whoever had the lock before may have given the file its name since. */
static gboolean
is_part_still(const struct keeping *keeping)
{
	struct stat open_one, named;

	return fstat(keeping->lock, &open_one) == 0 &&
	       stat(keeping->part, &named) == 0 &&
	       open_one.st_dev == named.st_dev &&
	       open_one.st_ino == named.st_ino;
}

/* Of two programs that start at once, one makes it: FALSE without an error for
 * the other. */
static gboolean
take_part(struct keeping *keeping, GError **error)
{
	keeping->lock = open(keeping->part, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (keeping->lock < 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s: %s",
			    keeping->part, g_strerror(errno));
		return FALSE;
	}
	return flock(keeping->lock, LOCK_EX | LOCK_NB) == 0 &&
	       is_part_still(keeping) && ftruncate(keeping->lock, 0) == 0;
}

static gint64
age_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0
		       ? clock_now_us() / CLOCK_SECOND_US - (gint64)st.st_mtime
		       : G_MAXINT64;
}

static gboolean
settle(const struct keeping *keeping, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(keeping->copy);

	if (fsync(keeping->lock) == 0 &&
	    g_rename(keeping->part, keeping->copy) == 0)
		return folder_sync(folder, error);
	g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s",
		    g_strerror(errno));
	return FALSE;
}

/* Copies of upgrades before this schema, older than that. */
static void
remove_older(const char *path, guint schema, gint64 seconds)
{
	for (guint i = 1; i < schema; i++) {
		g_autofree char *older =
			g_strdup_printf("%s" SUFFIX "%u", path, i);
		const gint64 age = age_of(older);

		if (age > seconds && age < G_MAXINT64)
			g_unlink(older);
	}
}

static char *
not_kept(const struct keeping *keeping, const GError *error)
{
	return g_strdup_printf("the store is of schema %u, and no copy of it "
			       "is made before that is changed: %s",
			       keeping->schema, error->message);
}

static char *
make(const struct keeping *keeping)
{
	g_autoptr(GError) error = NULL;

	if (check_room(keeping, &error) && write_part(keeping, &error) &&
	    settle(keeping, &error)) {
		remove_older(keeping->path, keeping->schema, OLD_SECONDS);
		return g_strdup_printf("the store was of schema %u; as it was "
				       "it is kept in %s, for the way back",
				       keeping->schema, keeping->copy);
	}
	g_unlink(keeping->part);
	return not_kept(keeping, error);
}

static char *
keep(struct keeping *keeping)
{
	g_autoptr(GError) error = NULL;
	char *told = NULL;

	keeping->copy = g_strdup_printf("%s" SUFFIX "%u", keeping->path,
					keeping->schema);
	keeping->part = g_strconcat(keeping->copy, ".part", NULL);
	keeping->lock = -1;
	if (age_of(keeping->copy) >= AGAIN_SECONDS) {
		if (take_part(keeping, &error))
			told = make(keeping);
		else if (error)
			told = not_kept(keeping, error);
	}
	if (keeping->lock >= 0)
		close(keeping->lock);
	g_free(keeping->copy);
	g_free(keeping->part);
	return told;
}

/* Reading has begun with the version, so all that is read is of it. */
static gboolean
find_schema(struct sql_conn *conn, guint *schema, GError **error)
{
	return sql_look(conn, error) && sqlite_schema_find(conn, schema, error);
}

static char *
keep_if_older(struct keeping *keeping, GError **error)
{
	char *told = NULL;

	if (!find_schema(keeping->conn, &keeping->schema, error))
		return NULL;
	if (keeping->schema > 0 && keeping->schema < migration_newest()) {
		keeping->conn->deadline_us = G_MAXINT64;
		told = keep(keeping);
	}
	sql_rollback(keeping->conn);
	return told;
}

/* Opening refuses what is no store, and says so itself. */
static char *
not_known(const GError *error)
{
	if (error->code == STORE_ERROR_BROKEN)
		return NULL;
	return g_strdup_printf("whether the store is of an older schema cannot "
			       "be told, and no copy of it is made before that "
			       "is changed: %s",
			       error->message);
}

char *
sqlite_keep_older(const char *path)
{
	g_autoptr(GError) error = NULL;
	struct keeping keeping = { .path = path };
	char *told = NULL;

	/* Opening would make it. */
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return NULL;
	remove_older(path, migration_newest(), KEPT_SECONDS);
	keeping.conn = sqlite_backend.open(
		path, SQL_CONN_READER, clock_monotonic_us() + OPEN_US, &error);
	if (keeping.conn)
		told = keep_if_older(&keeping, &error);
	sql_conn_close(keeping.conn);
	return error ? not_known(error) : told;
}
