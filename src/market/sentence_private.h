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

/* The width, in characters, that a program wrapped the text's lines to; 0 when
 * none did: every line is its writer's. */
gsize sentence_wrap(const char *text, gsize len);

/*
 * The next sentence at or after `at`; FALSE at the end. Ends are marks with a
 * new beginning after them, empty lines, list items, and lines that had room
 * for the next one's first word: wrapped lines go on. Moves `at` past it,
 * always.
 */
gboolean sentence_next(const char *text, gsize len, gsize wrap, gsize *at,
		       struct sentence *sentence);

#endif
