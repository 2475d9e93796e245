/* Questions to a person at a terminal. */
#ifndef CLI_QUESTION_PRIVATE_H
#define CLI_QUESTION_PRIVATE_H

#include <glib.h>

/* Whether there is one: standard input and standard error are terminals. */
gboolean question_possible(void);

/*
 * Asks until the answer is accepted; `fallback` (may be NULL) is taken for an
 * empty one. `accept` may be NULL, or says by its error what is wrong. The
 * caller's; NULL and CLI_ERROR_USAGE when the input ends.
 */
char *question_ask(const char *text, const char *fallback,
		   gboolean (*accept)(const char *answer, GError **error),
		   GError **error);

#endif
