#include "lines_private.h"

#include <string.h>

#include "base/chunk.h"
#include "html_private.h"

static struct line
line_make(const char *at, gsize len)
{
	struct line line = { at, 0, LINE_FRESH, 0 };

	while (len > 0 && (guchar)at[len - 1] <= ' ' &&
	       at[len - 1] != QUOTE_MARK)
		len--;
	line.len = (guint32)len;
	line.colon = len > 0 && at[len - 1] == ':';
	if (len == 1 && at[0] == QUOTE_MARK)
		line.kind = LINE_MARK;
	return line;
}

static const char *
lower_copy(const struct line *line, char *lower, gsize size)
{
	const char *p = line->at;
	const char *end = p + line->len;
	gsize n = 0;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	for (; end - p >= CHUNK && n + CHUNK < size; p += CHUNK, n += CHUNK)
		chunk_put(lower + n, chunk_lower(chunk_get(p)));
	for (; p < end && n < size - 1; p++)
		lower[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
	lower[n] = '\0';
	return lower;
}

const char *
line_lower(const struct line *line, char lower[LINE_LOOK_MAX])
{
	return lower_copy(line, lower, LINE_LOOK_MAX);
}

const char *
line_head(const struct line *line, char lower[LINE_LOOK_MAX])
{
	return lower_copy(line, lower, LINE_HEAD_MAX);
}

/* ">From " is how mailboxes keep a line that begins with "From ". */
gboolean
line_is_arrow(const struct line *line)
{
	const char *p = line->at;
	const char *end = p + line->len;

	while (p < end && *p == ' ')
		p++;
	if (p == end || *p != '>')
		return FALSE;
	return end - p < 6 || memcmp(p, ">From ", 6) != 0;
}

void
text_read(struct text *text, const char *s, gsize len)
{
	GArray *lines = g_array_sized_new(FALSE, FALSE, sizeof(struct line),
					  (guint)(len / 40 + 4));
	const char *end = s + len;

	*text = (struct text){ .introduced = FALSE };
	while (s < end) {
		const char *stop = memchr(s, '\n', (gsize)(end - s));
		const gsize size = (gsize)((stop == NULL ? end : stop) - s);
		struct line line = line_make(s, size);
		if (line_is_arrow(&line)) {
			line.kind = LINE_QUOTED;
			text->arrows++;
		}
		g_array_append_val(lines, line);
		s += size + 1;
	}
	text->n = lines->len;
	text->rest = lines->len;
	text->lines = (struct line *)(void *)g_array_free(lines, FALSE);
	text->first = text_next(text, 0);
}

void
text_clear(struct text *text)
{
	g_free(text->lines);
}

void
text_set(struct text *text, guint from, guint to, enum line_kind kind)
{
	for (guint i = from; i < to; i++)
		if (text->lines[i].kind == LINE_FRESH ||
		    (text->lines[i].kind != LINE_MARK &&
		     kind != LINE_SIGNATURE))
			text->lines[i].kind = (guint8)kind;
}

guint
text_next(const struct text *text, guint i)
{
	while (i < text->n && line_is_blank(&text->lines[i]))
		i++;
	return i;
}
