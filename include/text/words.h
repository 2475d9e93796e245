/*
 * Words of folded text, in any script.
 *
 * A word is a run of letters, marks and digits, with inner apostrophes and
 * hyphens splitting it ("we're" -> "we", "re"); scripts written without
 * spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer) give overlapping pairs
 * of characters instead, as Lucene's CJK analyser does. A run of digits is
 * the word "0" (its length in digits is kept in `digits`), so that amounts
 * are alike while their presence is seen. URLs and addresses give their host
 * names' labels no words of their own: they are skipped; content_link has
 * them. Words longer than 40 bytes are cut there.
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include <glib.h>

struct word {
	guint32 at;    /* byte offset in the text */
	guint16 len;   /* bytes */
	guint8 digits; /* > 0: a number of that many digits */
	guint8 gap; /* 1: a sentence or line ended between this and the last */
};

/*
 * The words of `folded`, at most `max`: a GArray of struct word in order. The
 * text must outlive their use. Never NULL.
 */
GArray *words_split(const char *folded, gsize len, guint max);

#endif
