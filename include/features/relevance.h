/*
 * The relevance vector: how near a message is to what a buyer wrote.
 *
 * Every feature is relative to the profile, so that one model serves every
 * buyer. An interest is a profile compiled once (stems, phrases, character
 * n-grams of each priority and each refusal, weighted by inverse document
 * frequency). What a priority's `about` says does not count ("Signing alone
 * we have") is held apart from what it wants. An interest is immutable and may
 * be used by many threads.
 */
#ifndef FEATURES_RELEVANCE_H
#define FEATURES_RELEVANCE_H

#include <glib.h>

#include "features/background.h"
#include "features/reading.h"
#include "features/vector.h"
#include "profile/profile.h"

#define RELEVANCE_VERSION 2
#define RELEVANCE_SIZE	  64 /* indices are below this */
#define RELEVANCE_BLOCKS  ((1u << TERM_LETTERS) | (1u << TERM_STEM))

struct interest;
typedef struct interest Interest; /* for g_autoptr(Interest) */

/*
 * `background` must outlive it; nothing of `profile` is borrowed. Half a
 * millisecond of a processor, and the more of a profile's words the background
 * has seen in others, the less.
 */
struct interest *interest_new(const struct profile *profile,
			      const struct background *background);
void interest_free(struct interest *interest);

/* What it takes of memory, for a cache's bound: all that interest_free() gives
 * back, nearly. */
gsize interest_bytes(const struct interest *interest);

/* The features' number and names: "best-stems", "refused-letters". */
guint relevance_count(void);
const char *relevance_name(guint index);

/*
 * Fills `vector` for this message and buyer and says which priority is the
 * nearest: its index in profile->priorities, or -1 when none is near.
 * `now_us` decides horizons and refusals that run out. `copied` (may be NULL)
 * tells whether passages that repeat the profile's own words were left out.
 */
void relevance_vector(struct reading *reading, const struct interest *interest,
		      gint64 now_us, struct vector *vector, int *priority,
		      gboolean *copied);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Interest, interest_free)

#endif
