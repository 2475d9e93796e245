/* What interest.c compiles and relevance.c asks. */
#ifndef FEATURES_INTEREST_PRIVATE_H
#define FEATURES_INTEREST_PRIVATE_H

#include <glib.h>

#include "copied_words_private.h"
#include "features/relevance.h"
#include "postings_private.h"

#define PHRASE_STEMS_MAX 6
#define STEM_FORMS_MAX	 8 /* the own language, and each of a keyword */
#define RARE_MAX	 25
#define ITEMS_MAX	 96

/* Priorities, refusals, and what each priority rules out. */
G_STATIC_ASSERT(3 * PROFILE_SIDE_MAX <= ITEMS_MAX);

/* One word of a keyword, stemmed as each language might. */
struct interest_stem {
	guint64 forms[STEM_FORMS_MAX];
	guint n;
	float idf;
};

struct interest_phrase {
	guint first; /* of its stems, in the item's list */
	guint n;
	float idf; /* of its stems together */
};

/* One priority, refusal, or what a priority's description rules out. */
struct interest_item {
	GArray *phrases;	    /* of struct interest_phrase */
	GArray *stems;		    /* of struct interest_stem: the phrases' */
	struct interest_stem *rare; /* its rarest stems, RARE_MAX at most */
	guint n_rare;
	float phrases_idf;
	float rare_idf;
	gint64 until_us;  /* counts up to here; G_MAXINT64: always */
	gboolean fades;	  /* after until_us by and by, else at once */
	gboolean dropped; /* done, or of no weight */
};

struct interest {
	const struct profile *profile;
	const guint8 *idf; /* the background's table */
	float idf_unseen;
	guint n_priorities; /* items [0, n_priorities) */
	guint n_sides;	    /* up to here refusals */
	guint n_items;	    /* the rest is ruled out by priorities */
	struct interest_item *items;
	struct copied_words *words;
	struct postings *stems;
	/* item i: all its letters; ITEMS_MAX + i: its keywords' alone */
	struct postings *letters;
};

/* A term nobody had in the background is as rare as can be. */
static inline float
interest_idf(const struct interest *interest, guint32 bucket)
{
	guint8 byte = interest->idf[bucket];

	return byte > 0 ? (float)byte * (1.0f / 16.0f) : interest->idf_unseen;
}

#endif
