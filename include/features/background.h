/*
 * How rare each term is: inverse document frequency over the mail a model was
 * trained on (Sparck Jones 1972). One byte a bucket, idf = byte / 16; 0 for
 * terms that fewer than BACKGROUND_SEEN_MIN messages had: they count for
 * nothing. Immutable once made, but for what it remembers; thread-safe.
 */
#ifndef FEATURES_BACKGROUND_H
#define FEATURES_BACKGROUND_H

#include <glib.h>

#include "features/terms.h"
#include "text/lexicon.h"

#define BACKGROUND_SEEN_MIN 2

struct background;
typedef struct background Background; /* for g_autoptr(Background) */

/*
 * From documents: a GPtrArray of GArray of struct term, of which the blocks
 * in the bit set `blocks` count.
 */
struct background *background_new(const GPtrArray *documents, guint blocks);

/* From the bytes of a file (TERM_BUCKETS bytes); NULL when of another size. */
struct background *background_new_from_bytes(GBytes *bytes);
GBytes *background_bytes(const struct background *background);
void background_free(struct background *background);

/* The table itself, for loops; borrowed. */
const guint8 *background_table(const struct background *background);

/* The idf of the rarest term it knows; 1 when it knows none. */
float background_idf_max(const struct background *background);

/*
 * The stems of words of profiles, for the next profile that is compiled: most
 * of its words were in one before it. A key is of the language a word was
 * stemmed in, a value the stem's word_hash(). Borrowed.
 */
struct lexicon *background_stems(const struct background *background);

static inline float
background_idf(const guint8 *table, guint32 bucket)
{
	return (float)table[bucket] * (1.0f / 16.0f);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Background, background_free)

#endif
