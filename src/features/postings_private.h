/*
 * An inverted index from term buckets to the few items of a profile (its
 * priorities and refusals): the cosines of one message with all of them cost
 * one look-up a term. About 10 bytes a posting, so that a hundred profiles
 * stay small.
 */
#ifndef FEATURES_POSTINGS_PRIVATE_H
#define FEATURES_POSTINGS_PRIVATE_H

#include <glib.h>

#include "features/terms.h"

#define POSTINGS_ITEMS_MAX 192

/* A slot: the bucket, and behind it its row's place in the list. */
#define POSTINGS_BITS (32 - TERM_BITS)
#define POSTINGS_MAX  ((1u << POSTINGS_BITS) - 1)
#define POSTINGS_FREE G_MAXUINT32

/* One item's weight of a bucket; those of a bucket stand in a row. */
struct posting {
	guint8 item;
	guint8 last;	/* of its row */
	guint16 weight; /* 0..1 as 0..65535 */
};

struct postings {
	GArray *drafts; /* NULL once sealed */
	struct posting *list;
	guint32 *slots; /* open addresses; some are free */
	guint mask;
};

/* Weights of one item's terms are added before postings_seal(). */
struct postings *postings_new(void);
void postings_free(struct postings *postings);
void postings_add(struct postings *postings, guint item, guint32 bucket,
		  float weight);
void postings_seal(struct postings *postings);

/* The row of a bucket, or NULL when no item has it. */
static inline const struct posting *
postings_find(const struct postings *postings, guint32 bucket)
{
	guint slot = bucket & postings->mask;

	for (; postings->slots[slot] != POSTINGS_FREE;
	     slot = (slot + 1) & postings->mask)
		if (postings->slots[slot] >> POSTINGS_BITS == bucket)
			return &postings->list[postings->slots[slot] &
					       POSTINGS_MAX];
	return NULL;
}

/* Adds weight x (each item's weight) to sums[item]; `row` may be NULL. */
static inline void
postings_sum(const struct posting *row, float weight, float *sums)
{
	if (row == NULL)
		return;
	weight *= 1.0f / 65535.0f;
	do
		sums[row->item] += weight * (float)row->weight;
	while (!row++->last);
}

#endif
