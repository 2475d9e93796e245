#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "promotion_private.h"

#define HISTORY_MAX (16 << 20)
#define NONE	    "-"

enum field { AT, WHAT, PLACE, ID, BEFORE, WHO, WHY, FIELDS };

static char *
one_line(const char *text)
{
	char *line = g_strdup(text != NULL && text[0] != '\0' ? text : NONE);

	return g_strdelimit(line, "\t\r\n", ' ');
}

/* Whether the file ends within a line, as a crash may leave it. */
static gboolean
is_cut(int fd, off_t size)
{
	char last = '\n';

	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* One write: the line is there whole, or what came of it is taken back. */
static gboolean
put(int fd, const char *path, const char *line, GError **error)
{
	struct stat status;
	g_autofree char *text = NULL;
	gsize len;
	int saved;

	if (fstat(fd, &status) != 0)
		return error_set_errno(error, errno, "%s", path);
	text = g_strconcat(is_cut(fd, status.st_size) ? "\n" : "", line, NULL);
	len = strlen(text);
	errno = 0; /* a short write sets none */
	if (write(fd, text, len) == (gssize)len && fsync(fd) == 0)
		return TRUE;
	saved = errno != 0 ? errno : ENOSPC;
	if (ftruncate(fd, status.st_size) != 0)
		saved = errno;
	return error_set_errno(error, saved, "%s", path);
}

/* Under the lock of promotion: nobody else writes. */
static gboolean
append(const char *path, const char *line, GError **error)
{
	const int fd =
		open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	gboolean done;

	if (fd < 0)
		return error_set_errno(error, errno, "%s", path);
	done = put(fd, path, line, error);
	close(fd);
	return done;
}

gboolean
history_add(const struct promotion *promotion,
	    const struct promotion_event *event, GError **error)
{
	g_autofree char *path =
		g_build_filename(promotion->models, PROMOTION_HISTORY, NULL);
	g_autofree char *at = clock_format(clock_now_us());
	g_autofree char *who = one_line(promotion->who);
	g_autofree char *why = one_line(promotion->why);
	g_autofree char *line = g_strdup_printf(
		"%s\t%s\t%s\t%s\t%s\t%s\t%s\n", at, event->what, event->place,
		event->id != NULL ? event->id : NONE,
		event->before != NULL ? event->before : NONE, who, why);

	return append(path, line, error);
}

static void
stack_push(GPtrArray *stack, const char *id)
{
	g_ptr_array_add(stack, g_strdup(id));
}

static void
replay(GPtrArray *stack, char *const *fields)
{
	const char *top = stack->len > 0 ? stack->pdata[stack->len - 1] : NULL;

	if (strcmp(fields[WHAT], "promote") == 0) {
		/* Somebody may have swapped the link by hand in between. */
		if (g_strcmp0(top, fields[BEFORE]) != 0)
			stack_push(stack, fields[BEFORE]);
		stack_push(stack, fields[ID]);
	} else if (strcmp(fields[WHAT], "rollback") == 0 && stack->len > 1) {
		g_ptr_array_remove_index(stack, stack->len - 1);
	}
}

/* A half line and the next one on the same line make an id that is none. */
static gboolean
is_id(const char *field)
{
	return strcmp(field, NONE) == 0 || promotion_name_valid(field);
}

GPtrArray *
history_stack(const char *models, const char *place)
{
	g_autofree char *path =
		g_build_filename(models, PROMOTION_HISTORY, NULL);
	g_autoptr(GBytes) bytes = file_read(path, HISTORY_MAX, NULL);
	GPtrArray *stack = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (bytes == NULL)
		return stack;
	text = g_strndup(g_bytes_get_data(bytes, NULL),
			 g_bytes_get_size(bytes));
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) fields = g_strsplit(lines[i], "\t", FIELDS);

		if (g_strv_length(fields) == FIELDS &&
		    strcmp(fields[PLACE], place) == 0 && is_id(fields[ID]) &&
		    is_id(fields[BEFORE]))
			replay(stack, fields);
	}
	return stack;
}
