/*
 * What RFC 5322 section 3.2 puts into fields of every kind: each function
 * gives where the lexeme at `p` ends (`end` when it is never closed).
 */
#ifndef MAIL_LEXEME_PRIVATE_H
#define MAIL_LEXEME_PRIVATE_H

#include <glib.h>

/* Space, tab, and what folding leaves. */
static inline gboolean
lexeme_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind the comment that begins at `p`; comments nest. `closed` may be NULL.
 */
const char *lexeme_comment(const char *p, const char *end, gboolean *closed);

/* Behind the quoted string that begins at `p`; `closed` may be NULL. */
const char *lexeme_quoted(const char *p, const char *end, gboolean *closed);

#endif
