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

struct postings;

/* One item's weight of a bucket; those of a bucket stand in a row. */
struct posting {
	guint8 item;
	guint8 last;	/* of its row */
	guint16 weight; /* 0..1 as 0..65535 */
};

/* Weights of one item's terms are added before postings_seal(). */
struct postings *postings_new(void);
void postings_free(struct postings *postings);
void postings_add(struct postings *postings, guint item, guint32 bucket,
		  float weight);
void postings_seal(struct postings *postings);

/* The row of a bucket, or NULL when no item has it. */
const struct posting *postings_find(const struct postings *postings,
				    guint32 bucket);

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
