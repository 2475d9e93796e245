/*
 * What went wrong, for a caller to act on.
 *
 * Every folder that returns errors has its own GError domain; the codes say
 * what a caller can do, the message says what happened, outermost first:
 * "profiles.d/priya.yaml:14:9: weight must be between 0 and 1, not 'hgih'".
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <glib.h>

#define BASE_ERROR (base_error_quark())

enum base_error {
	BASE_ERROR_IO,	      /* the system refused: file, socket, disk */
	BASE_ERROR_NOT_FOUND, /* a named thing is not there */
	BASE_ERROR_LIMIT,     /* larger than the caller allowed */
	BASE_ERROR_INVALID,   /* the input breaks its grammar */
	BASE_ERROR_DENIED,    /* permission, ownership or signature */
	BASE_ERROR_BUSY	      /* somebody else holds it */
};

GQuark base_error_quark(void);

/*
 * Sets `error` from errno as "WHAT: strerror", with BASE_ERROR_NOT_FOUND for
 * ENOENT, BASE_ERROR_DENIED for EACCES and EPERM, else BASE_ERROR_IO. Always
 * returns FALSE, so that a caller can return it.
 */
gboolean error_set_errno(GError **error, int saved_errno, const char *format,
			 ...) G_GNUC_PRINTF(3, 4);

/*
 * The member of the NULL-terminated `allowed` nearest to `word` (edit distance
 * at most a third of its length, at least 1), or NULL. Borrowed from `allowed`.
 */
const char *nearest_word(const char *word, const char *const *allowed);

#endif
