#include "base/escape.h"

#include <string.h>

static gboolean
is_steering(gunichar c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C ||
	       c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069) || (c & 0xFFFE) == 0xFFFE;
}

static void
append_escaped(GString *out, gunichar c, gboolean lines)
{
	if (!is_steering(c) || (lines && (c == '\n' || c == '\t')))
		g_string_append_unichar(out, c);
	else if (c < 0x80)
		g_string_append_printf(out, "\\x%02X", c);
	else
		g_string_append_printf(out, "\\u%04X", c);
}

char *
escape_text(const char *text, gboolean lines)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_sized_new(strlen(valid));

	for (const char *p = valid; *p; p = g_utf8_next_char(p))
		append_escaped(out, g_utf8_get_char(p), lines);
	return g_string_free(out, FALSE);
}
