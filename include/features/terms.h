/*
 * Terms: what a message says, as hashed counts (Weinberger and others 2009,
 * "Feature hashing for large scale multitask learning").
 *
 * Blocks keep places apart: words and word pairs of the fresh text, of the
 * subject, of the first and of the last forty words; character 4-grams of the
 * first 1,500 characters; stems of text and subject. A term's bucket is
 * XXH3 of its characters, seeded by its block, in TERM_BITS bits. Digits count
 * as "0". Nothing of the text can be read back from buckets.
 */
#ifndef FEATURES_TERMS_H
#define FEATURES_TERMS_H

#include <glib.h>

#include "features/reading.h"

#define TERM_BITS    17
#define TERM_BUCKETS (1u << TERM_BITS)

enum term_block {
	TERM_TEXT,
	TERM_SUBJECT,
	TERM_OPENING,
	TERM_CLOSING,
	TERM_LETTERS,
	TERM_STEM, /* last: only relevance uses it */
	TERM_BLOCKS
};

struct term {
	guint32 bucket;
	guint16 count;
	guint8 block; /* enum term_block */
};

/*
 * The terms of the blocks in the bit set `blocks` (1 << block), each (block,
 * bucket) once, grouped by block: a GArray of struct term.
 */
GArray *terms_new(struct reading *reading, guint blocks);

/*
 * The block of letters alone, made once for a message; borrowed until the
 * reading is freed.
 */
const GArray *terms_letters(struct reading *reading);

/* The bucket of one term: a word, "two words", or four letters. */
guint32 term_bucket(enum term_block block, const char *text, gsize len);

/*
 * The same from word hashes (reading_text.hash): single words and pairs. They
 * agree with term_bucket() of the words joined by one space.
 */
guint32 term_bucket_word(enum term_block block, guint64 word);
guint32 term_bucket_pair(enum term_block block, guint64 a, guint64 b);

#endif
