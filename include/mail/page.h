/*
 * Text that comes from elsewhere than mail, read as mail's is: charsets of the
 * allow-list only, and of HTML what a person would see.
 */
#ifndef MAIL_PAGE_H
#define MAIL_PAGE_H

#include <glib.h>

/*
 * Bytes as valid UTF-8 without NUL, at most `max` bytes of it, line ends LF, no
 * byte order mark. `charset` is any name (not terminated, any case); one that
 * is not known or belied counts as UTF-8, or else Windows-1252. The caller's.
 */
char *page_utf8(const char *bytes, gsize len, const char *charset,
		gsize charset_len, gsize max);

/*
 * What is seen of a piece of HTML (valid UTF-8) as plain text, LF lines, at
 * most `max` bytes; text that is hidden is left out. The caller's.
 */
char *page_text(const char *html, gsize max);

/* The character of an entity of HTML 4 ("nbsp"), or 0. */
gunichar page_entity(const char *name);

#endif
