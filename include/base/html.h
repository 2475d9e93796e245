/*
 * HTML that is well-formed XML too, with text escaped in this one place: what
 * comes from mail is hostile. Tags are ours and given as literals.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include <glib.h>

/*
 * Any bytes as text or as the value of an attribute: valid UTF-8, no character
 * that steers (they are shown as \u202E), < > & and quotes escaped.
 */
void html_text(GString *out, const char *text);

/* The same for <pre>: line feeds and tabs stay. */
void html_lines(GString *out, const char *text);

/*
 * <TAG>text</NAME>; `tag` may carry attributes ("td class='n'"), of which the
 * first word is the name.
 */
void html_element(GString *out, const char *tag, const char *text);

/* The same with text made by a format. */
void html_format(GString *out, const char *tag, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* A number without the locale, "–" when it is none. */
void html_number(GString *out, double value, guint decimals);
void html_cell(GString *out, double value, guint decimals);

/* A cell with a count. */
void html_count(GString *out, guint value);

/*
 * A table in a box that scrolls by itself where the page is too narrow. Heads
 * are separated by '|'; the first column is left-aligned, the others right.
 */
void html_table_open(GString *out, const char *caption, const char *heads);
void html_table_close(GString *out);

/* The begin of a mail's page, up to and with <body>: mail programs know no
 * style sheets. */
void html_mail_open(GString *out, const char *title);

#endif
