/*
 * An inverted index from term buckets to the few items of a profile (its
 * priorities and refusals): the cosines of one message with all of them cost
 * one look-up a term. About 5 bytes a posting, so that a great many profiles
 * stay small.
 *
 * Postings stand in the order of their buckets, which is cut into groups of
 * four on average: the upper bits of a bucket are its group, and the lower ones
 * are looked for among those of the group, eight at once.
 */
#ifndef FEATURES_POSTINGS_PRIVATE_H
#define FEATURES_POSTINGS_PRIVATE_H

#include <glib.h>
#include <string.h>

#include "features/terms.h"

#define POSTINGS_ITEMS_MAX 192
#define POSTINGS_MAX	   32767 /* of all items */
#define POSTINGS_NONE	   G_MAXUINT

/* Of a bucket's bits, those that a tag has; above them the last of a row. */
#define POSTINGS_LOW_BITS 7
#define POSTINGS_LOW	  0x7fu
#define POSTINGS_LAST	  0x80u

/* Eight tags at once. */
#define POSTINGS_ONES  G_GUINT64_CONSTANT(0x0101010101010101)
#define POSTINGS_CHUNK 8

struct draft;

/* Each bucket's postings, one an item, stand in a row. */
struct postings {
	struct draft *drafts; /* as they come; NULL once sealed */
	guint16 *begins;      /* of each group, and of one past the last */
	guint16 *weights;     /* of each posting, 0..1 as 0..65535 */
	guint8 *items;
	guint8 *tags; /* behind them as many more as are read at once */
	guint n;
	guint room;  /* of drafts */
	guint shift; /* a group is a bucket's bits above it */
};

/* Weights of one item's terms are added before postings_seal(). */
struct postings *postings_new(void);
void postings_free(struct postings *postings);
void postings_add(struct postings *postings, guint item, guint32 bucket,
		  float weight);
void postings_seal(struct postings *postings);
gsize postings_bytes(const struct postings *postings);

/* The begin of a bucket's row, or POSTINGS_NONE when no item has it. */
static inline guint
postings_find(const struct postings *postings, guint32 bucket)
{
	const guint16 *group = &postings->begins[bucket >> postings->shift];
	const guint64 low = (bucket & POSTINGS_LOW) * POSTINGS_ONES;
	const guint end = group[1];

	for (guint at = group[0]; at < end; at += POSTINGS_CHUNK) {
		guint64 tags;
		guint64 found;

		memcpy(&tags, postings->tags + at, sizeof tags);
		/* No byte carries into the next: each is 0x7f at most. */
		found = (GUINT64_FROM_LE(tags) ^ low) &
			POSTINGS_LOW * POSTINGS_ONES;
		found = ~(found + POSTINGS_LOW * POSTINGS_ONES) &
			POSTINGS_LAST * POSTINGS_ONES;
		if (found == 0)
			continue;
		at += (guint)__builtin_ctzll(found) / 8;
		return at < end ? at : POSTINGS_NONE;
	}
	return POSTINGS_NONE;
}

static inline gboolean
postings_last(const struct postings *postings, guint at)
{
	return (postings->tags[at] & POSTINGS_LAST) != 0;
}

/* Adds weight x (each item's weight) to sums[item]; without a row nothing. */
static inline void
postings_sum(const struct postings *postings, guint row, float weight,
	     float *sums)
{
	if (row == POSTINGS_NONE)
		return;
	weight *= 1.0f / 65535.0f;
	do
		sums[postings->items[row]] +=
			weight * (float)postings->weights[row];
	while (!postings_last(postings, row++));
}

#endif
