/*
 * Text made comparable: one spelling for what looks the same.
 *
 * Unicode NFKC and case folding; zero-width, bidi-control and soft-hyphen
 * characters removed; in a word that mixes scripts, letters that look like
 * Latin ones (Cyrillic, Greek, full-width, mathematical) become those; quotes
 * and dashes become the typewriter's. Runs of spacing become one space, or one
 * line end where there is any in them; none is left at either end. The same
 * text folded twice is unchanged. Source: Unicode TR 15, TR 39 (a small table
 * of confusables for Latin).
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include <glib.h>

struct fold_counts {
	/* Zero-width and bidi characters removed, where they are not part of
	 * how a script or an emoji is written. */
	guint invisible;
	guint mixed_script; /* words in which look-alikes were replaced */
};

/* `text` is valid UTF-8; `counts` may be NULL. The caller's, valid UTF-8. */
char *text_fold(const char *text, gsize len, struct fold_counts *counts);

#endif
