#include "slate_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

/* Both copies grow by this, and are never smaller. */
#define STEP ((gsize)32 * 1024)

struct slate {
	char *path;
	char *spare;
	gsize size;	 /* of each copy */
	gboolean stands; /* both have had their blocks */
};

struct slate *
slate_new(const char *path)
{
	struct slate *slate = g_new0(struct slate, 1);

	slate->path = g_strdup(path);
	slate->spare = g_strconcat(path, ".new", NULL);
	slate->size = STEP;
	return slate;
}

void
slate_free(struct slate *slate)
{
	if (!slate)
		return;
	g_free(slate->path);
	g_free(slate->spare);
	g_free(slate);
}

static gboolean
put(int fd, const char *data, gsize size, gsize at)
{
	const gssize n = pwrite(fd, data, size, (off_t)at);

	if (n >= 0 && (gsize)n < size)
		errno = ENOSPC;
	return n == (gssize)size;
}

/* Somebody may be reading it: only what lies behind is added. */
static gboolean
lengthen(int fd, gsize size)
{
	g_autofree char *blank = NULL;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return FALSE;
	if ((gsize)st.st_size >= size)
		return TRUE;
	blank = g_malloc(size);
	memset(blank, '\n', size);
	return put(fd, blank, size - (gsize)st.st_size, (gsize)st.st_size);
}

static gboolean
overwrite(int fd, const char *text, gsize size)
{
	g_autofree char *data = g_malloc(size);
	struct stat st;

	memset(data, '\n', size);
	for (gsize i = 0; i < size && text[i]; i++)
		data[i] = text[i];
	if (!put(fd, data, size, 0) || fstat(fd, &st) < 0)
		return FALSE;
	return (gsize)st.st_size <= size || ftruncate(fd, (off_t)size) == 0;
}

/* One of another user, whom the filter ran as before, makes way. */
static int
open_spare(const struct slate *slate)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	const int fd = open(slate->spare, flags, 0640);

	if (fd >= 0 || errno != EACCES || unlink(slate->spare) != 0)
		return fd;
	return open(slate->spare, flags, 0640);
}

/* Without a text what is there stays. */
static gboolean
fill_spare(const struct slate *slate, const char *text, GError **error)
{
	const int fd = open_spare(slate);
	gboolean ok;
	int saved;

	if (fd < 0)
		return error_set_errno(error, errno, "%s", slate->spare);
	ok = text ? overwrite(fd, text, slate->size)
		  : lengthen(fd, slate->size);
	saved = errno;
	close(fd);
	return ok || error_set_errno(error, saved, "%s", slate->spare);
}

static gboolean
change_names(struct slate *slate, GError **error)
{
	if (renameat2(AT_FDCWD, slate->spare, AT_FDCWD, slate->path,
		      RENAME_EXCHANGE) == 0)
		return TRUE;
	/* There is none yet, or the file system cannot exchange names. */
	slate->stands = FALSE;
	return rename(slate->spare, slate->path) == 0 ||
	       error_set_errno(error, errno, "%s", slate->path);
}

gboolean
slate_write(struct slate *slate, const char *text, GError **error)
{
	const gsize len = strlen(text);

	while (slate->size < len) {
		slate->size += STEP;
		slate->stands = FALSE; /* the other is shorter */
	}
	if (!fill_spare(slate, text, error) || !change_names(slate, error))
		return FALSE;
	/* It is tried again with the next text. */
	if (!slate->stands)
		slate->stands = fill_spare(slate, NULL, NULL);
	return TRUE;
}
