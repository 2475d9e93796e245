#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

static gboolean
append(const char *path, const char *line, GError **error)
{
	const gsize len = strlen(line);
	const int fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	gboolean done;

	if (fd < 0)
		return error_set_errno(error, errno, "%s", path);
	/* One write: a line is there or not, unless the disk is full. */
	done = write(fd, line, len) == (gssize)len && fsync(fd) == 0;
	if (!done)
		error_set_errno(error, errno != 0 ? errno : ENOSPC, "%s", path);
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
		    strcmp(fields[PLACE], place) == 0)
			replay(stack, fields);
	}
	return stack;
}
