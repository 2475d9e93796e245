/* Plain text in lines that look right in any mail program and terminal. */
#ifndef BASE_FILL_H
#define BASE_FILL_H

#include <glib.h>

/* Columns of a line; a wide character takes two. */
#define FILL_WIDTH 76

/*
 * Words of text that came from anywhere (escape_text()), from `column` on,
 * further lines from `indent` on; a word longer than a line is broken where the
 * line ends. A line feed ends it.
 */
void fill_text(GString *out, guint column, guint indent, const char *text);

#endif
