#include <errno.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "sqlite_schema_private.h"
#include "store/place.h"
#include "store/store.h"

#define LOOK_US (5 * CLOCK_SECOND_US)

static gboolean
find_file(const char *path, struct stat *st, GError **error)
{
	if (stat(path, st) == 0 && S_ISREG(st->st_mode))
		return TRUE;
	if (errno == ENOENT || errno == ENOTDIR)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "%s: there is no such file", path);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s: %s",
			    path, errno ? g_strerror(errno) : "is no file");
	return FALSE;
}

static gboolean
read_schema(const char *path, guint *schema, GError **error)
{
	struct sql_conn *conn = sqlite_backend.open(
		path, SQL_CONN_READER, clock_monotonic_us() + LOOK_US, error);
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = sqlite_schema_find(conn, schema, error);
	sql_conn_close(conn);
	return ok;
}

gboolean
sqlite_place_look(const char *path, struct store_place *place, GError **error)
{
	struct stat st;

	errno = 0;
	if (!find_file(path, &st, error) ||
	    !read_schema(path, &place->schema, error))
		return FALSE;
	if (place->schema > 0)
		place->identity = g_strdup_printf(
			"file %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
			(guint64)st.st_dev, (guint64)st.st_ino);
	return TRUE;
}
