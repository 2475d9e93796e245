#include "base/csv.h"

#include <string.h>

#include "base/escape.h"

/*
 * A field that begins so, even in the wide forms of East Asia, is a formula to
 * a spreadsheet; the apostrophe before it makes it a text, and is not shown.
 */
static gboolean
is_formula(const char *text)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };

	for (gsize i = 0; i < G_N_ELEMENTS(wide); i++)
		if (g_str_has_prefix(text, wide[i]))
			return TRUE;
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
