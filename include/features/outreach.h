/*
 * The outreach vector: is this mail selling to a stranger?
 *
 * Each block of terms (features/terms.h, all but stems) is weighted by
 * (1 + ln count) x idf, scaled to unit length, then by the block's share; a
 * few named dense features in 0..1 stand behind the buckets: concepts (asks
 * for time, introduces itself, opts out ... by phrases in eight languages),
 * form and infrastructure. OUTREACH_VERSION changes with any of this, and a
 * model made for another is refused.
 */
#ifndef FEATURES_OUTREACH_H
#define FEATURES_OUTREACH_H

#include <glib.h>

#include "features/background.h"
#include "features/reading.h"
#include "features/vector.h"
#include "profile/signals.h"

#define OUTREACH_VERSION   2
#define OUTREACH_DENSE_MAX 64
#define OUTREACH_SIZE	   (TERM_BUCKETS + OUTREACH_DENSE_MAX)
#define OUTREACH_BLOCKS	   ((1u << TERM_STEM) - 1)

/* The dense features, at index TERM_BUCKETS + i: "asks-time". */
guint outreach_dense_count(void);
const char *outreach_dense_name(guint dense);

/* Their values, each 0..1. `values` has outreach_dense_count() places. */
void outreach_dense(const struct reading *reading,
		    const struct signals *signals, float *values);

/* The vector of terms and dense features; add to a vector of zeroes. */
void outreach_combine(const GArray *terms, const float *dense,
		      const struct background *background,
		      struct vector *vector);

/* All of the above for one message, unsorted; vector_clear() it. */
void outreach_vector(struct reading *reading, const struct signals *signals,
		     const struct background *background,
		     struct vector *vector);

/*
 * What indices stand for in this message, for explanations: a table from
 * index (GUINT_TO_POINTER) to text such as: word "demo", pair "quick call",
 * subject "...", opening "...", closing "...", letters "demo". Unref it.
 */
GHashTable *outreach_names(const struct reading *reading);

/* The same of a few indices alone, at a fraction of the cost. */
GHashTable *outreach_names_of(const struct reading *reading,
			      const guint32 *indices, guint n);

#endif
