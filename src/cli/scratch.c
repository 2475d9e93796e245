#include "scratch_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/identity.h"
#include "store/take.h"

#define PART   ".part-"
#define RANDOM "XXXXXX"
#define NAME   "store.db"
#define MODE   0700
#define TRIES  10

/* One call of the kernel's. */
#define CHUNK ((gsize)64 << 20)

/* Files that were left alone for so long are at rest. */
#define OLD_SECONDS 2
#define REST_US	    (CLOCK_SECOND_US / 4)
#define LOOKS	    6

/*
 * A database, the log that may have come along with it, and what takes back
 * what a program had half done that kept a journal: SQLite does that to ours.
 */
static const char *const endings[] = { "", "-wal", "-journal" };
#define FILES G_N_ELEMENTS(endings)

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

/* All zero where there is none. */
static struct stat
state_of(const char *path)
{
	struct stat state;

	if (stat(path, &state) < 0)
		memset(&state, 0, sizeof(state));
	return state;
}

static gboolean
is_same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static gboolean
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       is_same_time(a->st_mtim, b->st_mtim) &&
	       is_same_time(a->st_ctim, b->st_ctim);
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

/* What is not there needs no copy. */
static gboolean
copy_with(const struct scratch *scratch, const char *from, const char *ending,
	  GError **error)
{
	g_autofree char *path = g_strconcat(from, ending, NULL);
	g_autofree char *to = g_strconcat(scratch->file, ending, NULL);

	return !g_file_test(path, G_FILE_TEST_EXISTS) ||
	       copy_file(path, to, error);
}

static gboolean
copy_all(const struct scratch *scratch, const char *from, GError **error)
{
	if (!copy_file(from, scratch->file, error))
		return FALSE;
	for (gsize i = 1; i < FILES; i++)
		if (!copy_with(scratch, from, endings[i], error))
			return FALSE;
	return TRUE;
}

static void
look_at_all(const char *file, struct stat *states)
{
	for (gsize i = 0; i < FILES; i++) {
		g_autofree char *path = g_strconcat(file, endings[i], NULL);

		states[i] = state_of(path);
	}
}

static gboolean
are_same(const struct stat *a, const struct stat *b)
{
	for (gsize i = 0; i < FILES; i++)
		if (!is_same(&a[i], &b[i]))
			return FALSE;
	return TRUE;
}

static gboolean
are_old(const struct stat *states)
{
	const gint64 now = clock_now_us() / CLOCK_SECOND_US;

	for (gsize i = 0; i < FILES; i++)
		if ((gint64)states[i].st_ctim.tv_sec + OLD_SECONDS > now)
			return FALSE;
	return TRUE;
}

/* Whoever writes may pause: what has changed just now is watched a while. */
static gboolean
wait_for_rest(const char *file, struct stat *states)
{
	struct stat before[FILES];

	look_at_all(file, states);
	for (guint i = 0; i < LOOKS; i++) {
		if (are_old(states))
			return TRUE;
		memcpy(before, states, sizeof(before));
		g_usleep(REST_US);
		look_at_all(file, states);
		if (are_same(before, states))
			return TRUE;
	}
	return FALSE;
}

/* As long as nobody writes them, bytes are one state of it. */
static gboolean
copy_still(const struct scratch *scratch, const char *from, GError **error)
{
	struct stat before[FILES];
	struct stat after[FILES];
	gboolean same = wait_for_rest(from, before);

	if (same) {
		if (!copy_all(scratch, from, error))
			return FALSE;
		look_at_all(from, after);
		same = are_same(before, after);
	}
	if (!same)
		g_set_error(error, BASE_ERROR, BASE_ERROR_BUSY,
			    "%s: another program writes it just now; again "
			    "when that is done",
			    from);
	return same;
}

gboolean
scratch_copy(const struct scratch *scratch, const char *from, GError **error)
{
	return store_take_open(from) ? store_take(from, scratch->file, error)
				     : copy_still(scratch, from, error);
}
