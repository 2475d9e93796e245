#include "text/fingerprint.h"

/* The functions stay in this file's hot loop. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "text/words.h"

#define WORDS_MIN 4
#define SHINGLE	  3
#define PLANES	  32

/* 64 counters of PLANES bits: plane k holds bit k of each of them. */
struct counters {
	guint64 plane[PLANES];
	guint64 n;
};

static void
counters_add(struct counters *counters, guint64 bits)
{
	counters->n++;
	for (guint k = 0; bits != 0 && k < PLANES; k++) {
		const guint64 carry = counters->plane[k] & bits;
		counters->plane[k] ^= bits;
		bits = carry;
	}
}

/* The bits that were set in more than half of what was added. */
static guint64
counters_majority(const struct counters *counters)
{
	guint64 majority = 0;

	for (guint bit = 0; bit < 64; bit++) {
		guint64 count = 0;
		for (guint k = 0; k < PLANES; k++)
			count |= (counters->plane[k] >> bit & 1) << k;
		if (count * 2 > counters->n)
			majority |= G_GUINT64_CONSTANT(1) << bit;
	}
	return majority;
}

static guint64
word_hash(const char *folded, const struct word *word)
{
	if (word->digits > 0)
		return XXH3_64bits("0", 1);
	return XXH3_64bits(folded + word->at, word->len);
}

guint64
fingerprint(const char *folded, const GArray *words)
{
	struct counters counters = { { 0 }, 0 };
	guint64 shingle[SHINGLE] = { 0, 0, 0 };

	if (words->len < WORDS_MIN)
		return 0;
	for (guint i = 0; i < words->len; i++) {
		shingle[0] = shingle[1];
		shingle[1] = shingle[2];
		/* The same on every machine: fingerprints are stored. */
		shingle[2] = GUINT64_TO_LE(word_hash(
			folded, &g_array_index(words, struct word, i)));
		if (i + 1 >= SHINGLE)
			counters_add(&counters,
				     XXH3_64bits(shingle, sizeof shingle));
	}
	return counters_majority(&counters);
}

guint
fingerprint_distance(guint64 a, guint64 b)
{
	return (guint)__builtin_popcountll(a ^ b);
}
