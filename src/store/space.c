#include "space_private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/store.h"

/* What a few deletions write before they have given anything. */
#define WORK (1 << 20)

/* Left free: the log's index, other programs' small files. */
#define SPARE (256 << 10)

/* What is written goes to the log and, later, to the database. */
#define WRITTEN_TIMES 2

#define LOG_MAX	     (4 << 20)
#define LOG_MIN	     (64 << 10)
#define LOG_FRACTION 64

struct space {
	char *folder;
	char *ballast;
	guint64 log_max;
};

struct space *
space_new(const char *database)
{
	struct space *space = g_new0(struct space, 1);
	struct statvfs st;

	space->folder = g_path_get_dirname(database);
	space->ballast = g_strconcat(database, ".ballast", NULL);
	space->log_max = LOG_MAX;
	if (statvfs(space->folder, &st) == 0)
		space->log_max =
			CLAMP((guint64)st.f_blocks * st.f_frsize / LOG_FRACTION,
			      LOG_MIN, LOG_MAX);
	return space;
}

void
space_free(struct space *space)
{
	g_free(space->folder);
	g_free(space->ballast);
	g_free(space);
}

guint64
space_log_max(const struct space *space)
{
	return space->log_max;
}

guint64
space_left(const struct space *space)
{
	struct statvfs st;

	if (statvfs(space->folder, &st) < 0)
		return G_MAXUINT64;
	return (guint64)st.f_bavail * st.f_frsize;
}

gboolean
space_check(const struct space *space, guint64 bytes, guint64 owed,
	    GError **error)
{
	guint64 left = space_left(space);

	if (left >= bytes * WRITTEN_TIMES + owed + SPARE)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FULL,
		    "%s: disk full (%" G_GUINT64_FORMAT " kB left)",
		    space->folder, left >> 10);
	return FALSE;
}

/* What was owed when the disk became full can be paid, and work be done. */
static guint64
ballast_size(const struct space *space)
{
	return space->log_max + WORK;
}

static gboolean
has_ballast(const struct space *space)
{
	return g_access(space->ballast, F_OK) == 0;
}

gboolean
space_at_ease(const struct space *space)
{
	return has_ballast(space) && !space_low(space);
}

gboolean
space_low(const struct space *space)
{
	guint64 wanted = SPARE;

	if (!has_ballast(space))
		wanted += ballast_size(space) + WORK;
	return space_left(space) < wanted;
}

void
space_keep(const struct space *space)
{
	int fd;

	if (has_ballast(space) || space_low(space))
		return;
	fd = open(space->ballast, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  0600);
	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, (off_t)ballast_size(space)) != 0)
		g_unlink(space->ballast);
	close(fd);
}

gboolean
space_spill(const struct space *space)
{
	return g_unlink(space->ballast) == 0;
}
