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

/* Of all phrases together; with the rarest, a place is 16 bits. */
#define PHRASES_STEMS_MAX 60000
G_STATIC_ASSERT(PHRASES_STEMS_MAX + ITEMS_MAX * RARE_MAX <= G_MAXUINT16);

/* One word of a keyword, stemmed as each language might. */
struct interest_stem {
	float idf;
	guint forms; /* where they begin; the next stem's follow */
};

/*
 * One priority, refusal, or what a priority's description rules out. A stem is
 * its place in the interest's vocabulary.
 */
struct interest_item {
	const guint8 *phrases; /* how many stems each has */
	const guint16 *stems;  /* the phrases', one behind the other */
	const guint16 *rare;   /* its rarest stems, RARE_MAX at most */
	guint n_phrases;
	guint n_rare;
	float phrases_idf;
	float rare_idf;
	gint64 until_us;  /* counts up to here; G_MAXINT64: always */
	gboolean fades;	  /* after until_us by and by, else at once */
	gboolean dropped; /* done, or of no weight */
};

struct interest {
	const guint8 *idf; /* the background's table */
	float idf_unseen;
	guint n_priorities; /* items [0, n_priorities) */
	guint n_sides;	    /* up to here refusals */
	guint n_items;	    /* the rest is ruled out by priorities */
	struct interest_item *items;
	/* Each stem that stands in items, and one past the last. */
	struct interest_stem *vocabulary;
	guint64 *forms; /* of the vocabulary */
	/* Places in the vocabulary + 1 by each form; 0: free. */
	guint16 *slots;
	guint slots_mask;
	guint8 *phrases; /* of all items */
	guint16 *places; /* of all items' stems */
	guint n_vocabulary;
	guint n_phrases;
	guint n_places;
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

/* The forms of a stem are those from `begin` up to `end`. */
struct interest_forms {
	const guint64 *begin;
	const guint64 *end;
};

static inline struct interest_forms
interest_forms(const struct interest *interest, guint16 stem)
{
	const struct interest_stem *first = &interest->vocabulary[stem];

	return (struct interest_forms){ interest->forms + first[0].forms,
					interest->forms + first[1].forms };
}

static inline guint
interest_slot(const struct interest *interest, guint64 form)
{
	return (guint)(form >> 20) & interest->slots_mask;
}

/* The idf of a phrase: that of its stems together. */
static inline float
interest_phrase_idf(const struct interest *interest, const guint16 *stems,
		    guint n)
{
	float idf = 0;

	for (guint i = 0; i < n; i++)
		idf += interest->vocabulary[stems[i]].idf;
	return idf;
}

#endif
