#include "bidi_private.h"

#include <glib.h>
#include <string.h>

/* U+202E */
static const char override[] = { (char)0xe2, (char)0x80, (char)0xae, 0 };

/* Where an override ends: with its line, and at the next of its kind. */
static gboolean
is_end(gunichar c)
{
	return c == 0 || c == '\n' || c == 0x2029 ||
	       (c >= 0x202a && c <= 0x202e) || c == 0x2069;
}

/* Hebrew, Arabic and their neighbours. */
static gboolean
is_from_right(gunichar c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	       (c >= 0xfe70 && c <= 0xfeff);
}

void
bidi_show(char *text)
{
	char *begin = text;

	while ((begin = strstr(begin, override)) != NULL) {
		gboolean from_right = FALSE;

		begin += sizeof override - 1;
		char *end = begin;
		while (!is_end(g_utf8_get_char(end))) {
			from_right = from_right ||
				     is_from_right(g_utf8_get_char(end));
			end = g_utf8_next_char(end);
		}
		if (from_right || end == begin)
			continue;
		g_autofree char *turned = g_utf8_strreverse(begin, end - begin);
		memcpy(begin, turned, (gsize)(end - begin));
		begin = end;
	}
}
