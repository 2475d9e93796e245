/*
 * What a person gave on the command line, looked at before it is used: words
 * of a closed set, and paths.
 */
#ifndef CLI_GIVEN_PRIVATE_H
#define CLI_GIVEN_PRIVATE_H

#include <glib.h>

/* "; did you mean 'held'?", or "" when nothing is near; the caller's. */
char *given_hint(const char *word, const char *const *allowed);

/*
 * The index of `word` in the NULL-terminated `allowed`, or -1 with
 * CLI_ERROR_USAGE: "WHAT: 'heldd' is none of held, released; did you mean
 * 'held'?".
 */
int given_choice(const char *what, const char *word, const char *const *allowed,
		 GError **error);

/* Whether what was named can be read. BASE_ERROR_NOT_FOUND, _DENIED. */
gboolean given_readable(const char *path, GError **error);

/*
 * The same of a folder; CLI_ERROR_USAGE when it is another thing: "PATH: is no
 * folder; WHAT is one".
 */
gboolean given_folder(const char *path, const char *what, GError **error);

/*
 * Whether a file can be put there, before long work is done for it.
 * BASE_ERROR_*, CLI_ERROR_USAGE when it is a folder.
 */
gboolean given_writable(const char *path, GError **error);

/* The same of a folder, which may still have to be made with its parents. */
gboolean given_makeable(const char *path, GError **error);

#endif
