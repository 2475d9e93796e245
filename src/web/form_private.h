/*
 * application/x-www-form-urlencoded (https://url.spec.whatwg.org/#urlencoded-
 * parsing) and paths, strictly: what is not well formed is refused, not mended.
 */
#ifndef WEB_FORM_PRIVATE_H
#define WEB_FORM_PRIVATE_H

#include <glib.h>

/* %XX (and '+' as a space) decoded; NULL when it is no valid UTF-8, has a NUL
 * or a broken escape. The caller's. */
char *form_decode(const char *text, gsize len, gboolean plus);

/* Of names and values, both the table's. */
GHashTable *form_new(void);

/*
 * The first value of each name goes to `fields`, all values of "id" to `picked`
 * (of strings that it frees; may be NULL). FALSE: not well formed, or too many.
 */
gboolean form_parse(const char *text, gsize len, GHashTable *fields,
		    GPtrArray *picked);

/* The decoded path of a request's target; NULL when it has ".", "..", a slash
 * or a control character that was escaped, or does not begin with '/'. */
char *form_path(const char *target);

/* Whether it can only be a place of this site: for redirects. */
gboolean form_inside(const char *path);

#endif
