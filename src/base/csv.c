#include "base/csv.h"

#include <string.h>

#include "base/escape.h"

/*
 * A field that begins so is a formula to a spreadsheet; the apostrophe before
 * it makes it a text, and is not shown.
 */
static gboolean
is_formula(const char *text)
{
	return *text && strchr("=+-@\t\r", *text);
}

void
csv_field(GString *out, const char *text, gboolean first)
{
	g_autofree char *safe = escape_text(text, FALSE);

	if (!first)
		g_string_append_c(out, ',');
	g_string_append_c(out, '"');
	if (is_formula(safe))
		g_string_append_c(out, '\'');
	for (const char *at = safe; *at; at++) {
		if (*at == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *at);
	}
	g_string_append_c(out, '"');
}
