#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "vendor_private.h"

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
vendor_csv_field(const char *text, gboolean first)
{
	g_autofree char *safe = escape_text(text, FALSE);

	if (!first)
		putchar(',');
	putchar('"');
	if (is_formula(safe))
		putchar('\'');
	for (const char *at = safe; *at; at++) {
		if (*at == '"')
			putchar('"');
		putchar(*at);
	}
	putchar('"');
}
