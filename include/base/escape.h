/*
 * Text that came from outside, made safe to show: on a terminal, in a log, on a
 * page. Thread-safe.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <glib.h>

/*
 * Valid UTF-8 without control characters (C0, DEL, C1, bidi controls) and
 * U+FFFE, U+FFFF and the like, which XML does not have: they become \x1B or
 * \u202E. Line feeds and tabs stay when `lines`. The caller's.
 */
char *escape_text(const char *text, gboolean lines);

#endif
