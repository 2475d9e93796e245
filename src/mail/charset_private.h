/*
 * Bytes to UTF-8 by the name of a charset that a sender gave.
 *
 * Names from mail never reach iconv: only those of a table here do, and only
 * as the table spells them (ISO-2022-CN-EXT is left out on purpose: it was
 * CVE-2024-2961). UTF-7 is read by ourselves, and odd.
 */
#ifndef MAIL_CHARSET_PRIVATE_H
#define MAIL_CHARSET_PRIVATE_H

#include <glib.h>

struct charset;

/* NULL for a name that is not allowed; "" and "us-ascii" are known. */
const struct charset *charset_find(const char *name, gsize len);

/*
 * Appends `in` to `out` as valid UTF-8, at most `max` bytes of it: wrong bytes
 * and NUL become U+FFFD, line ends LF. Text said to be US-ASCII, or of no
 * known charset (NULL), is read as UTF-8 where it is that and as Windows-1252
 * otherwise, which is what mail programs show. Returns bits of enum mail_odd:
 * MAIL_ODD_CHARSET when the bytes belie the charset, MAIL_CAP_TEXT when cut.
 */
guint charset_append(GString *out, const struct charset *charset,
		     const char *in, gsize len, gsize max);

/* The same for text that claims nothing but UTF-8, as header fields do. */
guint charset_append_utf8(GString *out, const char *in, gsize len, gsize max);

#endif
