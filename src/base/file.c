#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define READ_STEP 65536

/* One read() that survives signals; less than `size` only at the end. */
static gssize
read_full(int fd, void *data, gsize size)
{
	gsize done = 0;

	while (done < size) {
		gssize n = read(fd, (char *)data + done, size - done);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			done += (gsize)n;
	}
	return (gssize)done;
}

static gboolean
write_full(int fd, const void *data, gsize size)
{
	gsize done = 0;

	while (done < size) {
		gssize n = write(fd, (const char *)data + done, size - done);

		if (n < 0 && errno != EINTR)
			return FALSE;
		if (n > 0)
			done += (gsize)n;
	}
	return TRUE;
}

static GBytes *
read_bounded(int fd, gsize guess, gsize size_max, const char *path,
	     GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	gsize step = guess > 0 ? guess : READ_STEP;

	for (;;) {
		guint len = bytes->len;
		gssize n;

		/* One byte more than allowed tells "full" from "too large". */
		step = MIN(step, size_max - len + 1);
		g_byte_array_set_size(bytes, len + (guint)step);
		n = read_full(fd, bytes->data + len, step);
		if (n < 0) {
			error_set_errno(error, errno, "%s", path);
			return NULL;
		}
		g_byte_array_set_size(bytes, len + (guint)n);
		if (bytes->len > size_max) {
			g_set_error(error, BASE_ERROR, BASE_ERROR_LIMIT,
				    "%s: larger than %" G_GSIZE_FORMAT " bytes",
				    path, size_max);
			return NULL;
		}
		if ((gsize)n < step)
			break;
		step = MAX(len, READ_STEP);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static gboolean
check_regular(int fd, const char *path, gsize *guess, GError **error)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_set_errno(error, errno, "%s", path);
	if (!S_ISREG(st.st_mode)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "%s: not a regular file", path);
		return FALSE;
	}
	*guess = (gsize)st.st_size + 1;
	return TRUE;
}

GBytes *
file_read(const char *path, gsize size_max, GError **error)
{
	GBytes *bytes = NULL;
	gsize guess = 0;
	int fd;

	size_max = MIN(size_max, (gsize)G_MAXINT);
	if (strcmp(path, "-") == 0)
		return read_bounded(STDIN_FILENO, 0, size_max, "standard input",
				    error);
	/* A FIFO without a writer must not hold us here. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		error_set_errno(error, errno, "%s", path);
		return NULL;
	}
	if (check_regular(fd, path, &guess, error))
		bytes = read_bounded(fd, guess, size_max, path, error);
	close(fd);
	return bytes;
}

gboolean
folder_sync(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean ok = TRUE;

	if (fd < 0)
		return error_set_errno(error, errno, "%s", path);
	if (fsync(fd) < 0)
		ok = error_set_errno(error, errno, "%s: fsync", path);
	close(fd);
	return ok;
}

static gboolean
fill(int fd, const void *data, gsize size, guint mode)
{
	return write_full(fd, data, size) && fchmod(fd, (mode_t)mode) == 0 &&
	       fsync(fd) == 0;
}

gboolean
file_replace(const char *path, const void *data, gsize size, guint mode,
	     GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *base = g_path_get_basename(path);
	g_autofree char *temporary =
		g_strdup_printf("%s/.%s.XXXXXX", folder, base);
	int fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0600);
	int saved = 0;

	if (fd < 0)
		return error_set_errno(error, errno, "%s", path);
	if (!fill(fd, data, size, mode))
		saved = errno;
	if (close(fd) < 0 && saved == 0)
		saved = errno;
	if (saved == 0 && rename(temporary, path) < 0)
		saved = errno;
	if (saved != 0) {
		g_unlink(temporary);
		return error_set_errno(error, saved, "%s", path);
	}
	return folder_sync(folder, error);
}

gboolean
folder_make(const char *path, GError **error)
{
	if (g_mkdir_with_parents(path, 0750) < 0)
		return error_set_errno(error, errno, "%s", path);
	return TRUE;
}

static gint
by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
file_names(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (name[0] != '.')
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_text);
	return names;
}
