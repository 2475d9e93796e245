#include "store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "spool_file_private.h"

#define SUFFIX	   ".spool"
#define BAD_SUFFIX ".bad"
#define LOCK_NAME  ".lock"

/* "TIME-ID.spool", where TIME is this many digits of microseconds. */
#define TIME_DIGITS 16

/* How long one file may take to move. */
#define MOVE_US (10 * CLOCK_SECOND_US)

struct spool {
	char *folder;
	guint64 bytes_max;
	int lock_fd; /* shared by all who have the spool open */
	atomic_int stopped;
	pthread_mutex_t lock;
	/* Guarded by the lock. */
	guint64 bytes;	/* never less than there are, of this process */
	gint64 last_us; /* in the name of the last file */
};

static gint64
name_time(const char *name)
{
	return g_ascii_strtoll(name, NULL, 10);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names with the suffix, in the order written. */
static GPtrArray *
list_names(const char *folder, const char *suffix)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		if (name[0] != '.' && g_str_has_suffix(name, suffix))
			g_ptr_array_add(names, g_strdup(name));
	}
	g_ptr_array_sort(names, compare_names);
	return names;
}

static guint64
sum_sizes(const char *folder, const GPtrArray *names)
{
	guint64 bytes = 0;

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(
			folder, g_ptr_array_index(names, i), NULL);
		struct stat st;

		if (stat(path, &st) == 0)
			bytes += (guint64)st.st_size;
	}
	return bytes;
}

/* Those of file_replace() begin with a dot, as our lock does. */
static void
clear_half_written(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (name[0] == '.' && strcmp(name, LOCK_NAME) != 0)
			g_unlink(path);
	}
}

/*
 * Who gets the lock alone has no other writer beside him: then, and only
 * then, a half-written file has no writer either.
 */
static gboolean
take_lock(struct spool *spool, GError **error)
{
	g_autofree char *path =
		g_build_filename(spool->folder, LOCK_NAME, NULL);

	spool->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (spool->lock_fd < 0)
		return error_set_errno(error, errno, "spool %s", path);
	if (flock(spool->lock_fd, LOCK_EX | LOCK_NB) == 0)
		clear_half_written(spool->folder);
	if (flock(spool->lock_fd, LOCK_SH) < 0)
		return error_set_errno(error, errno, "spool %s", path);
	return TRUE;
}

/* A folder that exists may still be on a file system without writing. */
static gboolean
check_writable(const struct spool *spool, GError **error)
{
	if (access(spool->folder, W_OK | X_OK) == 0)
		return TRUE;
	return error_set_errno(error, errno, "spool %s", spool->folder);
}

static void
count(struct spool *spool)
{
	g_autoptr(GPtrArray) names = list_names(spool->folder, SUFFIX);

	spool->bytes = sum_sizes(spool->folder, names);
	if (names->len > 0)
		spool->last_us = MAX(
			spool->last_us,
			name_time(g_ptr_array_index(names, names->len - 1)));
}

struct spool *
spool_open(const char *folder, guint64 bytes_max, GError **error)
{
	struct spool *spool = g_new0(struct spool, 1);

	spool->folder = g_strdup(folder);
	spool->bytes_max = bytes_max;
	spool->lock_fd = -1;
	atomic_init(&spool->stopped, FALSE);
	pthread_mutex_init(&spool->lock, NULL);
	if (folder_make(folder, error) && check_writable(spool, error) &&
	    take_lock(spool, error))
		count(spool);
	else
		g_clear_pointer(&spool, spool_free);
	return spool;
}

void
spool_free(struct spool *spool)
{
	if (!spool)
		return;
	if (spool->lock_fd >= 0)
		close(spool->lock_fd);
	pthread_mutex_destroy(&spool->lock);
	g_free(spool->folder);
	g_free(spool);
}

/* With the lock held. Another process may have drained what we count. */
static gboolean
has_room(struct spool *spool, guint64 bytes)
{
	if (spool->bytes + bytes > spool->bytes_max)
		count(spool);
	return spool->bytes + bytes <= spool->bytes_max;
}

/* Counts the bytes before they are written: two at once must not pass. */
static gboolean
reserve(struct spool *spool, guint64 bytes, gint64 *time_us)
{
	gboolean ok;

	pthread_mutex_lock(&spool->lock);
	ok = has_room(spool, bytes);
	if (ok) {
		spool->bytes += bytes;
		spool->last_us = MAX(spool->last_us + 1, clock_now_us());
		*time_us = spool->last_us;
	}
	pthread_mutex_unlock(&spool->lock);
	return ok;
}

static void
uncount(struct spool *spool, guint64 bytes)
{
	pthread_mutex_lock(&spool->lock);
	spool->bytes -= MIN(spool->bytes, bytes);
	pthread_mutex_unlock(&spool->lock);
}

gboolean
spool_put(struct spool *spool, struct store_message *const *messages, guint n,
	  GBytes *bytes, GError **error)
{
	g_autoptr(GByteArray) file = NULL;
	g_autofree char *path = NULL;
	char id[ID_LEN + 1];
	gint64 time_us;

	/* A byte array counts in 32 bits, and this one has a first line. */
	if (g_bytes_get_size(bytes) < G_MAXINT)
		file = spool_file_format(messages, n, bytes);
	if (!file || !reserve(spool, file->len, &time_us)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_LIMIT,
			    "spool %s: full (%" G_GUINT64_FORMAT " bytes)",
			    spool->folder, spool->bytes_max);
		return FALSE;
	}
	id_new(id);
	path = g_strdup_printf("%s/%0*" G_GINT64_FORMAT "-%s" SUFFIX,
			       spool->folder, TIME_DIGITS, time_us, id);
	if (file_replace(path, file->data, file->len, 0640, error))
		return TRUE;
	uncount(spool, file->len);
	g_prefix_error(error, "spool: ");
	return FALSE;
}

static void
set_aside(const char *path)
{
	g_autofree char *bad = g_strconcat(path, BAD_SUFFIX, NULL);

	g_rename(path, bad);
}

enum moved { MOVED, GONE, LEFT, REFUSED };

static enum moved
move_parsed(struct spool *spool, const char *path, gsize size,
	    struct spool_file *file, struct store *store, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (store_hold(store,
		       (struct store_message *const *)file->messages->pdata,
		       file->messages->len, file->bytes,
		       clock_monotonic_us() + MOVE_US, NULL, &failure)) {
		g_unlink(path);
		uncount(spool, size);
		return MOVED;
	}
	/* Refused for what it is, it would keep all others waiting. */
	if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_CONFLICT)) {
		set_aside(path);
		uncount(spool, size);
		return GONE;
	}
	g_propagate_prefixed_error(error, g_steal_pointer(&failure),
				   "%s: ", path);
	return REFUSED;
}

/*
 * A file with damage is set aside; one that cannot be read now (no descriptor
 * left, say) stays where it is.
 */
static enum moved
move_file(struct spool *spool, const char *path, struct store *store,
	  GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(GBytes) content = file_read(path, G_MAXINT, &failure);
	struct spool_file file;
	enum moved moved;

	if (g_error_matches(failure, BASE_ERROR, BASE_ERROR_NOT_FOUND))
		return GONE;
	if (!content) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return LEFT;
	}
	if (!spool_file_parse(content, &file, NULL)) {
		set_aside(path);
		uncount(spool, g_bytes_get_size(content));
		return GONE;
	}
	moved = move_parsed(spool, path, g_bytes_get_size(content), &file,
			    store, error);
	spool_file_clear(&file);
	return moved;
}

gboolean
spool_drain(struct spool *spool, struct store *store, guint *moved,
	    GError **error)
{
	g_autoptr(GPtrArray) names = list_names(spool->folder, SUFFIX);
	g_autoptr(GError) first_left = NULL;

	*moved = 0;
	for (guint i = 0; i < names->len && !spool->stopped; i++) {
		g_autofree char *path = g_build_filename(
			spool->folder, g_ptr_array_index(names, i), NULL);
		g_autoptr(GError) failure = NULL;
		enum moved end = move_file(spool, path, store, &failure);

		if (end == REFUSED) {
			g_propagate_error(error, g_steal_pointer(&failure));
			return FALSE;
		}
		if (end == MOVED)
			(*moved)++;
		if (end == LEFT && !first_left)
			first_left = g_steal_pointer(&failure);
	}
	if (!first_left)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&first_left));
	return FALSE;
}

void
spool_stop(struct spool *spool)
{
	spool->stopped = TRUE;
}

void
spool_depth(struct spool *spool, guint *files, guint64 *bytes,
	    gint64 *oldest_age_us)
{
	g_autoptr(GPtrArray) names = list_names(spool->folder, SUFFIX);

	*files = names->len;
	*bytes = sum_sizes(spool->folder, names);
	*oldest_age_us =
		names->len == 0
			? 0
			: MAX(0, clock_now_us() - name_time(g_ptr_array_index(
							  names, 0)));
}

guint
spool_damaged(struct spool *spool)
{
	g_autoptr(GPtrArray) names =
		list_names(spool->folder, SUFFIX BAD_SUFFIX);

	return names->len;
}
