/*
 * Which phrases and which rare stems of a profile's items stand in a message.
 */
#ifndef FEATURES_PHRASES_PRIVATE_H
#define FEATURES_PHRASES_PRIVATE_H

#include "features/reading.h"
#include "interest_private.h"

/* The stems of a text as a set, and each two that stand beside each other. */
struct stem_set {
	guint64 *slots; /* NULL before it is made */
	guint mask;
};

/* One message and one buyer. */
struct phrases {
	const struct reading *reading;
	const struct interest *interest;
	guint8 *stands; /* for each stem of the vocabulary */
	struct stem_set text;
	struct stem_set subject;
};

/* The stems of `reading` are made; it and `interest` outlive the answer, which
 * phrases_clear() frees. */
struct phrases phrases_read(const struct reading *reading,
			    const struct interest *interest);
void phrases_clear(struct phrases *phrases);

/* Sets the likenesses to an item that phrases and rare stems make. */
void phrases_like(struct phrases *phrases, const struct interest_item *item,
		  float *likes);

#endif
