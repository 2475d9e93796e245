/*
 * Characters one at a time: how the common ones fold without Unicode's tables.
 * Used by fold.c and words.c.
 */
#ifndef TEXT_FOLD_PRIVATE_H
#define TEXT_FOLD_PRIVATE_H

#include <glib.h>

enum fold_kind {
	FOLD_NONE,  /* needs Unicode's normalisation */
	FOLD_SPACE, /* spacing */
	FOLD_SIGN,  /* neither letter nor digit */
	FOLD_LETTER,
	FOLD_LATIN,
	FOLD_GREEK,
	FOLD_CYRILLIC
};

/* The character at `p` of valid UTF-8 and how many bytes it takes. */
static inline gunichar
utf8_get(const guchar *p, guint *size)
{
	if (p[0] < 0x80) {
		*size = 1;
		return p[0];
	}
	if (p[0] < 0xe0) {
		*size = 2;
		return (gunichar)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	}
	if (p[0] < 0xf0) {
		*size = 3;
		return (gunichar)(p[0] & 0x0f) << 12 |
		       (gunichar)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	}
	*size = 4;
	return (gunichar)(p[0] & 0x07) << 18 | (gunichar)(p[1] & 0x3f) << 12 |
	       (gunichar)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

/*
 * Folds a character that NFKC leaves alone, that never joins the one before
 * it, and whose case folding is one character of no more bytes. FOLD_NONE for
 * all others; `folded` is then not set.
 */
enum fold_kind fold_plain(gunichar c, gunichar *folded);

/* Characters that take no room on the screen: removed by folding. */
gboolean fold_ignorable(gunichar c);

/* The Latin letter that `c` of another script looks like, or 0. */
char fold_twin(gunichar c);

#endif
