/*
 * RFC 2047 words ("=?utf-8?Q?caf=C3=A9?=") in one field's value.
 *
 * Not GMime's: it hands the charset's name from the mail to iconv and cannot
 * count. Read as mail programs read them: anywhere, also in quoted strings
 * and with raw spaces; a character cut in two between neighbours is joined.
 */
#ifndef MAIL_ENCODED_PRIVATE_H
#define MAIL_ENCODED_PRIVATE_H

#include <glib.h>

/*
 * `text` is valid UTF-8. The result, too, and on one line: control characters
 * become spaces. Words beyond `words_max` stay as they are (MAIL_CAP_WORDS in
 * `odd`). The caller's.
 */
char *encoded_decode(const char *text, gsize len, guint words_max, guint *odd);

/* The length of the encoded word that `text` begins with, or 0. */
gsize encoded_len(const char *text, gsize len);

#endif
