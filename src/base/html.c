#include "base/html.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/escape.h"

static void
append_safe(GString *out, const char *text, gboolean lines)
{
	g_autofree char *safe = escape_text(text, lines);

	for (const char *p = safe; *p; p++) {
		switch (*p) {
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		case '\'':
			g_string_append(out, "&#39;");
			break;
		default:
			g_string_append_c(out, *p);
		}
	}
}

void
html_text(GString *out, const char *text)
{
	append_safe(out, text, FALSE);
}

void
html_lines(GString *out, const char *text)
{
	append_safe(out, text, TRUE);
}

void
html_element(GString *out, const char *tag, const char *text)
{
	g_string_append_printf(out, "<%s>", tag);
	html_text(out, text);
	g_string_append(out, "</");
	g_string_append_len(out, tag, (gssize)strcspn(tag, " "));
	g_string_append_c(out, '>');
}

void
html_format(GString *out, const char *tag, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	html_element(out, tag, text);
}

void
html_number(GString *out, double value, guint decimals)
{
	char format[] = "%.0f";
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	format[2] = (char)('0' + MIN(decimals, 6));
	if (isfinite(value))
		g_string_append(
			out, g_ascii_formatd(text, sizeof text, format, value));
	else
		g_string_append(out, "\u2013");
}

void
html_cell(GString *out, double value, guint decimals)
{
	g_string_append(out, "<td>");
	html_number(out, value, decimals);
	g_string_append(out, "</td>");
}

void
html_count(GString *out, guint value)
{
	g_string_append_printf(out, "<td>%u</td>", value);
}

void
html_table_open(GString *out, const char *caption, const char *heads)
{
	g_auto(GStrv) names = g_strsplit(heads, "|", -1);

	/* As a caption it would be as wide as the table, and scroll with it. */
	if (caption != NULL)
		html_element(out, "p class=\"caption\"", caption);
	/* Who scrolls by keys has to get there by keys. */
	g_string_append(out, "<div class=\"scroll\" tabindex=\"0\" "
			     "role=\"group\" aria-label=\"");
	html_text(out, caption != NULL ? caption : "Table");
	g_string_append(out, "\"><table><thead><tr>");
	for (guint i = 0; names[i] != NULL; i++)
		html_element(out, "th scope=\"col\"", names[i]);
	g_string_append(out, "</tr></thead>\n<tbody>\n");
}

void
html_table_close(GString *out)
{
	g_string_append(out, "</tbody></table></div>\n");
}

void
html_mail_open(GString *out, const char *title)
{
	g_string_append(
		out,
		"<!DOCTYPE html>\n<html lang='en' style='color-scheme: light "
		"dark'>\n<head>\n<meta charset='utf-8'/>\n"
		"<meta name='viewport' content='width=device-width, "
		"initial-scale=1'/>\n"
		"<meta name='color-scheme' content='light dark'/>\n"
		"<meta name='supported-color-schemes' content='light "
		"dark'/>\n");
	html_element(out, "title", title);
	g_string_append(out, "\n</head>\n<body style='margin: 0; padding: "
			     "16px; line-height: 1.4; font-family: "
			     "-apple-system, Segoe UI, Roboto, Helvetica, "
			     "Arial, sans-serif'>\n");
}
