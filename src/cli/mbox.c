#include "mbox_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#define BUFFER_SIZE 65536

struct mbox {
	char *path;
	int fd;
	gsize size_max;
	char buffer[BUFFER_SIZE];
	gsize at, end; /* what is read and not yet consumed */
	gboolean eof;
	gboolean started;
	gboolean many;	 /* an mbox */
	gboolean dated;	 /* its first "From " line has a time of day */
	gboolean middle; /* the buffer starts inside a line */
	guint number;
};

/* Fills the buffer as far as it goes; FALSE on an error. */
static gboolean
fill(struct mbox *mbox, GError **error)
{
	memmove(mbox->buffer, mbox->buffer + mbox->at, mbox->end - mbox->at);
	mbox->end -= mbox->at;
	mbox->at = 0;
	while (mbox->end < BUFFER_SIZE && !mbox->eof) {
		gssize n = read(mbox->fd, mbox->buffer + mbox->end,
				BUFFER_SIZE - mbox->end);

		if (n < 0 && errno != EINTR)
			return error_set_errno(error, errno, "%s", mbox->path);
		mbox->eof = n == 0;
		if (n > 0)
			mbox->end += (gsize)n;
	}
	return TRUE;
}

static gsize
line_length(const struct mbox *mbox)
{
	const char *start = mbox->buffer + mbox->at;
	const char *lf = memchr(start, '\n', mbox->end - mbox->at);

	return lf ? (gsize)(lf - start) + 1 : 0;
}

/*
 * A line, or a part of one that is longer than the buffer; it is not
 * consumed. `len` is 0 at the end.
 */
static gboolean
peek(struct mbox *mbox, const char **line, gsize *len, GError **error)
{
	gsize found = line_length(mbox);

	if (found == 0 && !mbox->eof) {
		if (!fill(mbox, error))
			return FALSE;
		found = line_length(mbox);
	}
	*line = mbox->buffer + mbox->at;
	*len = found ? found : mbox->end - mbox->at;
	return TRUE;
}

static void
consume(struct mbox *mbox, const char *line, gsize len)
{
	mbox->at += len;
	mbox->middle = len > 0 && line[len - 1] != '\n';
}

static gboolean
is_from(const char *line, gsize len)
{
	return len >= 5 && memcmp(line, "From ", 5) == 0;
}

/* "12:36" somewhere in the line. */
static gboolean
has_time(const char *line, gsize len)
{
	for (gsize i = 2; i + 2 < len; i++) {
		if (line[i] == ':' && g_ascii_isdigit(line[i - 2]) &&
		    g_ascii_isdigit(line[i - 1]) &&
		    g_ascii_isdigit(line[i + 1]) &&
		    g_ascii_isdigit(line[i + 2]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_empty_line(const char *line, gsize len)
{
	return (len == 1 && line[0] == '\n') ||
	       (len == 2 && line[0] == '\r' && line[1] == '\n');
}

static gboolean
is_separator(const struct mbox *mbox, const char *line, gsize len)
{
	return is_from(line, len) && (!mbox->dated || has_time(line, len));
}

/* mboxrd: one ">" goes from ">From ", ">>From " and so on. */
static gboolean
is_escaped(const struct mbox *mbox, const char *line, gsize len)
{
	gsize i = 0;

	if (mbox->middle)
		return FALSE;
	while (i < len && line[i] == '>')
		i++;
	return i > 0 && is_from(line + i, len - i);
}

struct mbox *
mbox_open(const char *path, gsize size_max, GError **error)
{
	gboolean standard = strcmp(path, "-") == 0;
	int fd =
		standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	struct mbox *mbox;

	if (fd < 0) {
		error_set_errno(error, errno, "%s",
				standard ? "standard input" : path);
		return NULL;
	}
	mbox = g_new(struct mbox, 1);
	mbox->path = g_strdup(standard ? "standard input" : path);
	mbox->fd = fd;
	mbox->size_max = size_max;
	mbox->at = mbox->end = 0;
	mbox->eof = mbox->started = mbox->many = FALSE;
	mbox->dated = mbox->middle = FALSE;
	mbox->number = 0;
	return mbox;
}

void
mbox_close(struct mbox *mbox)
{
	close(mbox->fd);
	g_free(mbox->path);
	g_free(mbox);
}

guint
mbox_number(const struct mbox *mbox)
{
	return mbox->many ? mbox->number : 0;
}

static void
append(struct mbox *mbox, GByteArray *message, const char *data, gsize len)
{
	len = MIN(len, mbox->size_max - message->len);
	g_byte_array_append(message, (const guint8 *)data, (guint)len);
}

/* Reads up to the cap only: what follows would be thrown away. */
static gboolean
read_whole(struct mbox *mbox, GByteArray *message, GError **error)
{
	while (message->len < mbox->size_max) {
		if (mbox->at == mbox->end && !fill(mbox, error))
			return FALSE;
		if (mbox->at == mbox->end)
			break;
		append(mbox, message, mbox->buffer + mbox->at,
		       mbox->end - mbox->at);
		mbox->at = mbox->end;
	}
	mbox->at = mbox->end;
	mbox->eof = TRUE;
	return TRUE;
}

static gboolean
read_one(struct mbox *mbox, GByteArray *message, GError **error)
{
	gboolean empty = FALSE;
	const char *line;
	gsize len;

	for (;;) {
		gsize escaped;

		if (!peek(mbox, &line, &len, error))
			return FALSE;
		if (len == 0 || (empty && is_separator(mbox, line, len)))
			return TRUE;
		empty = !mbox->middle && is_empty_line(line, len);
		escaped = is_escaped(mbox, line, len) ? 1 : 0;
		append(mbox, message, line + escaped, len - escaped);
		consume(mbox, line, len);
	}
}

static gboolean
start(struct mbox *mbox, GError **error)
{
	const char *line;
	gsize len;

	mbox->started = TRUE;
	if (!peek(mbox, &line, &len, error))
		return FALSE;
	mbox->many = is_from(line, len);
	mbox->dated = mbox->many && has_time(line, len);
	return TRUE;
}

/* The "From " line that peek() stands on. */
static gboolean
skip_separator(struct mbox *mbox, GError **error)
{
	const char *line;
	gsize len;

	do {
		if (!peek(mbox, &line, &len, error))
			return FALSE;
		consume(mbox, line, len);
	} while (mbox->middle && len > 0);
	return TRUE;
}

GBytes *
mbox_next(struct mbox *mbox, GError **error)
{
	g_autoptr(GByteArray) message = NULL;
	gboolean ok;

	if (!mbox->started) {
		if (!start(mbox, error))
			return NULL;
	} else if (mbox->at == mbox->end && mbox->eof) {
		return NULL;
	}
	message = g_byte_array_new();
	if (mbox->many)
		ok = skip_separator(mbox, error) &&
		     read_one(mbox, message, error);
	else
		ok = read_whole(mbox, message, error);
	if (!ok) {
		mbox->at = mbox->end;
		mbox->eof = TRUE;
		return NULL;
	}
	mbox->number++;
	return g_byte_array_free_to_bytes(g_steal_pointer(&message));
}
