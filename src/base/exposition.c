#include "base/exposition.h"

#include <math.h>
#include <stdarg.h>

/* Up to here every whole number is one that a double has. */
#define WHOLE_MAX 9007199254740992.0

/* A label's value may be any text; quotes and line ends would end it. */
static void
append_escaped(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	for (const char *c = valid; *c; c++) {
		if (*c == '\n')
			g_string_append(out, "\\n");
		else if (*c == '"' || *c == '\\')
			g_string_append_printf(out, "\\%c", *c);
		else
			g_string_append_c(out, *c);
	}
}

static void
append_value(GString *out, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	const gboolean whole = fabs(value) < WHOLE_MAX && floor(value) == value;

	g_ascii_formatd(text, sizeof(text), whole ? "%.0f" : "%.15g", value);
	g_string_append_printf(out, " %s\n", text);
}

void
exposition_family(GString *out, const char *name, const char *type,
		  const char *help)
{
	g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help,
			       name, type);
}

void
exposition_sample(GString *out, const char *name, double value, ...)
{
	const char *label;
	gboolean any = FALSE;
	va_list args;

	g_string_append(out, name);
	va_start(args, value);
	while ((label = va_arg(args, const char *)) != NULL) {
		g_string_append_printf(out, "%s%s=\"", any ? "," : "{", label);
		append_escaped(out, va_arg(args, const char *));
		g_string_append_c(out, '"');
		any = TRUE;
	}
	va_end(args);
	if (any)
		g_string_append_c(out, '}');
	append_value(out, value);
}

void
exposition_single(GString *out, const char *name, const char *type,
		  double value, const char *help)
{
	exposition_family(out, name, type, help);
	g_string_append(out, name);
	append_value(out, value);
}
