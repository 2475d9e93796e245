/* The sentences of a visible text, as a person would cut them. */
#ifndef MARKET_SENTENCE_PRIVATE_H
#define MARKET_SENTENCE_PRIVATE_H

#include <glib.h>

#define SENTENCE_MAX 600 /* bytes; a longer one is cut between words */

/* A sentence from text + start, without blanks around it. */
struct sentence {
	gsize start;
	gsize len;
};

/*
 * The next sentence at or after `at`; FALSE at the end. Ends are marks with a
 * new beginning after them, empty lines, list items, and short lines: wrapped
 * lines go on. Moves `at` past it, always.
 */
gboolean sentence_next(const char *text, gsize len, gsize *at,
		       struct sentence *sentence);

#endif
