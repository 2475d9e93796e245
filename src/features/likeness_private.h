/* What a message's likenesses to a buyer's items become, however found. */
#ifndef FEATURES_LIKENESS_PRIVATE_H
#define FEATURES_LIKENESS_PRIVATE_H

#include <glib.h>

#include "features/relevance.h"
#include "features/vector.h"

/* How near a message is to one item; the features are made of these. */
enum likeness {
	LIKE_STEMS,	/* cosine of stems */
	LIKE_LETTERS,	/* cosine of character 4-grams with the whole item */
	LIKE_KEYWORDS,	/* the same with its name and keywords alone */
	LIKE_SUBJECT,	/* cosine of the subject's stems */
	LIKE_OPENING,	/* of subject and first forty words */
	LIKE_SENTENCE,	/* of the best sentence */
	LIKE_SENTENCES, /* mean of the three best */
	LIKE_PHRASES,	/* log of the rarity of keywords that stand there */
	LIKE_PARTS,	/* share of the keywords' words that stand there */
	LIKE_TITLE,	/* as LIKE_PHRASES, in the subject */
	LIKE_RARE,	/* share of the item's rarest stems */
	LIKES
};

/*
 * The features of these likenesses, a row an item of the interest; shrinks
 * those to items past their date. As relevance_vector() for the rest.
 */
void likeness_vector(float (*likes)[LIKES], const struct interest *interest,
		     gint64 now_us, struct vector *vector, int *priority);

#endif
