/* Counts the terms of one block: open addressing over places in a list. */
#ifndef FEATURES_TALLY_PRIVATE_H
#define FEATURES_TALLY_PRIVATE_H

#include <glib.h>
#include <string.h>

#include "features/terms.h"

struct tally {
	struct term *terms;
	guint n; /* terms there */
	guint8 block;
	guint mask;
	guint16 *slots; /* place in `terms` + 1; 0: free */
};

/* Twice as many as there are terms at most, so that some stay free. */
static inline guint
tally_slots(guint terms_max)
{
	guint size = 64;

	while (size < terms_max * 2)
		size *= 2;
	return size;
}

/*
 * `out` is as long as it may become until it is cut to what there is; `slots`
 * has room for tally_slots().
 */
static inline struct tally
tally_begin(GArray *out, enum term_block block, guint terms_max, guint16 *slots)
{
	const guint n = out->len;
	const guint size = tally_slots(terms_max);

	g_assert(n + terms_max < G_MAXUINT16);
	memset(slots, 0, size * sizeof slots[0]);
	g_array_set_size(out, n + terms_max);
	return (struct tally){ (struct term *)(void *)out->data, n,
			       (guint8)block, size - 1, slots };
}

static inline void
tally_add(struct tally *tally, guint32 bucket)
{
	guint slot = bucket & tally->mask;

	while (tally->slots[slot] != 0) {
		struct term *seen = &tally->terms[tally->slots[slot] - 1];

		if (seen->bucket == bucket) {
			if (seen->count < G_MAXUINT16)
				seen->count++;
			return;
		}
		slot = (slot + 1) & tally->mask;
	}
	tally->terms[tally->n++] = (struct term){ bucket, 1, tally->block };
	tally->slots[slot] = (guint16)tally->n;
}

#endif
