#include "text/fingerprint.h"

/* The functions stay in this file's hot loop. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "text/words.h"

#define WORDS_MIN 4
#define SHINGLE	  3
#define PLANES	  32
#define FOUR	  4

/* 64 counters of PLANES bits: plane k holds bit k of each of them. */
struct counters {
	guint64 plane[PLANES];
};

/* Adds bits of weight 2^k, each to its own counter. */
static inline void
counters_carry(struct counters *counters, guint64 bits, guint k)
{
	for (; bits != 0 && k < PLANES; k++) {
		const guint64 carry = counters->plane[k] & bits;
		counters->plane[k] ^= bits;
		bits = carry;
	}
}

/* Sums three bits in each place: the carries are returned. */
static inline guint64
sum_three(guint64 *plane, guint64 a, guint64 b)
{
	const guint64 either = *plane ^ a;
	const guint64 carry = (*plane & a) | (either & b);

	*plane = either ^ b;
	return carry;
}

/* Four at once: the carries, which take long, come half as often twice. */
static inline void
counters_add_four(struct counters *counters, const guint64 bits[FOUR])
{
	const guint64 a = sum_three(&counters->plane[0], bits[0], bits[1]);
	const guint64 b = sum_three(&counters->plane[0], bits[2], bits[3]);

	counters_carry(counters, sum_three(&counters->plane[1], a, b), 2);
}

/* The bits that were set in more than half of what was added. */
static guint64
counters_majority(const struct counters *counters, guint64 n)
{
	const guint64 half = n / 2;
	guint64 more = 0;
	guint64 equal = ~G_GUINT64_CONSTANT(0);

	/* All counters are compared with one number, from the highest bit. */
	for (guint k = PLANES; k-- > 0;) {
		if (half >> k & 1) {
			equal &= counters->plane[k];
		} else {
			more |= equal & counters->plane[k];
			equal &= ~counters->plane[k];
		}
	}
	return more;
}

guint64
fingerprint_hashed(const guint64 *words, guint n)
{
	struct counters counters = { { 0 } };
	guint64 bits[FOUR];
	guint filled = 0;

	if (n < WORDS_MIN)
		return 0;
	for (guint i = 0; i + SHINGLE <= n; i++) {
		/* The same on every machine: fingerprints are stored. */
		const guint64 shingle[SHINGLE] = {
			GUINT64_TO_LE(words[i]),
			GUINT64_TO_LE(words[i + 1]),
			GUINT64_TO_LE(words[i + 2]),
		};
		bits[filled++] = XXH3_64bits(shingle, sizeof shingle);
		if (filled == FOUR) {
			counters_add_four(&counters, bits);
			filled = 0;
		}
	}
	while (filled > 0)
		counters_carry(&counters, bits[--filled], 0);
	return counters_majority(&counters, n - SHINGLE + 1);
}

guint64
fingerprint(const char *folded, const GArray *words)
{
	g_autofree guint64 *hashes = g_new(guint64, words->len + 1);

	for (guint i = 0; i < words->len; i++) {
		const struct word *word = &g_array_index(words, struct word, i);

		hashes[i] = word->digits > 0
				    ? XXH3_64bits("0", 1)
				    : XXH3_64bits(folded + word->at, word->len);
	}
	return fingerprint_hashed(hashes, words->len);
}

guint
fingerprint_distance(guint64 a, guint64 b)
{
	return (guint)__builtin_popcountll(a ^ b);
}
