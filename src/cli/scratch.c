#include "scratch_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/identity.h"

#define PART   ".part-"
#define RANDOM "XXXXXX"
#define NAME   "store.db"
#define MODE   0700
#define TRIES  10

/* One call of the kernel's. */
#define CHUNK ((gsize)64 << 20)

static int
open_folder(const char *folder)
{
	return open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Whoever holds the lock is alive. */
static gboolean
lock_folder(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static gboolean
is_ours(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & 07777) == MODE &&
	       st.st_uid == geteuid();
}

/* A store's file, or one that it keeps beside it. */
static gboolean
may_go(const char *name)
{
	return g_str_has_prefix(name, NAME);
}

static gboolean
all_may_go(const GPtrArray *names)
{
	for (guint i = 0; i < names->len; i++)
		if (!may_go(names->pdata[i]))
			return FALSE;
	return TRUE;
}

static GPtrArray *
list_names(const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(name));
	return names;
}

/* Root's command may have made it where who it acts as may not write. */
static void
rmdir_as_we_may(const char *folder)
{
	struct identity acting;

	if (g_rmdir(folder) == 0 || errno != EACCES)
		return;
	acting = identity_pause();
	g_rmdir(folder);
	identity_resume(acting);
}

static void
remove_folder(const char *folder, int fd)
{
	g_autoptr(GPtrArray) names = list_names(folder);

	if (!all_may_go(names))
		return;
	for (guint i = 0; i < names->len; i++)
		unlinkat(fd, names->pdata[i], 0);
	rmdir_as_we_may(folder);
}

/* FILE.part-XXXXXX, whatever the file. */
static gboolean
is_named_so(const char *name)
{
	const gsize len = strlen(name);
	const gsize tail = strlen(PART RANDOM);

	return len > tail &&
	       strncmp(name + len - tail, PART, strlen(PART)) == 0;
}

static void
remove_left(const char *folder)
{
	const int fd = open_folder(folder);

	if (fd < 0)
		return;
	if (is_ours(fd) && lock_folder(fd))
		remove_folder(folder, fd);
	close(fd);
}

static void
remove_all_left(const char *beside)
{
	g_autofree char *parent = g_path_get_dirname(beside);
	g_autoptr(GPtrArray) names = list_names(parent);

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *folder =
			g_build_filename(parent, names->pdata[i], NULL);

		if (is_named_so(names->pdata[i]))
			remove_left(folder);
	}
}

/* Before it was locked, another run may have taken it for one that was left. */
static gboolean
take(char *folder, int *lock)
{
	struct stat st;

	*lock = open_folder(folder);
	if (*lock >= 0 && lock_folder(*lock) && stat(folder, &st) == 0)
		return TRUE;
	if (*lock >= 0)
		close(*lock);
	return FALSE;
}

/* The folder's name is random, so nobody has it beforehand. */
static char *
make_as_who_runs_us(const char *path)
{
	const struct identity acting = identity_pause();
	g_autofree char *folder = g_strconcat(path, PART RANDOM, NULL);
	const gboolean ok = g_mkdtemp_full(folder, MODE) &&
			    lchown(folder, acting.uid, acting.gid) == 0;

	identity_resume(acting);
	return ok ? g_steal_pointer(&folder) : NULL;
}

/* As whom we act where that may be, which it may in its own folders. */
static char *
make_folder(const char *path, GError **error)
{
	g_autofree char *folder = g_strconcat(path, PART RANDOM, NULL);
	char *made = NULL;

	if (g_mkdtemp_full(folder, MODE))
		return g_steal_pointer(&folder);
	if (errno == EACCES)
		made = make_as_who_runs_us(path);
	if (!made)
		error_set_errno(error, errno, "%s", folder);
	return made;
}

gboolean
scratch_make(const char *path, struct scratch *scratch, GError **error)
{
	remove_all_left(path);
	for (int i = 0; i < TRIES; i++) {
		g_autofree char *folder = make_folder(path, error);
		int lock;

		if (!folder)
			return FALSE;
		if (!take(folder, &lock))
			continue;
		scratch->file = g_build_filename(folder, NAME, NULL);
		scratch->folder = g_steal_pointer(&folder);
		scratch->lock = lock;
		return TRUE;
	}
	g_set_error(error, BASE_ERROR, BASE_ERROR_BUSY,
		    "%s" PART ": always removed by others", path);
	return FALSE;
}

void
scratch_clear(struct scratch *scratch)
{
	if (!scratch->folder)
		return;
	remove_folder(scratch->folder, scratch->lock);
	close(scratch->lock);
	g_clear_pointer(&scratch->folder, g_free);
	g_clear_pointer(&scratch->file, g_free);
}

/* The first shares blocks where a file system can; not all let it. */
static gboolean
copy_bytes(int from, int to, const char *what, GError **error)
{
	gssize n;

	while (copy_file_range(from, NULL, to, NULL, CHUNK, 0) > 0)
		continue;
	while ((n = sendfile(to, from, NULL, CHUNK)) > 0)
		continue;
	return n == 0 || error_set_errno(error, errno, "%s", what);
}

static gboolean
copy_file(const char *from, const char *to, GError **error)
{
	const int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int out;
	gboolean ok;

	if (in < 0)
		return error_set_errno(error, errno, "%s", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ok = out >= 0 ? copy_bytes(in, out, from, error)
		      : error_set_errno(error, errno, "%s", to);
	close(in);
	if (out >= 0)
		close(out);
	return ok;
}

gboolean
scratch_copy(const struct scratch *scratch, const char *from, GError **error)
{
	g_autofree char *log = g_strconcat(from, "-wal", NULL);
	g_autofree char *to = g_strconcat(scratch->file, "-wal", NULL);

	return copy_file(from, scratch->file, error) &&
	       (!g_file_test(log, G_FILE_TEST_EXISTS) ||
		copy_file(log, to, error));
}
