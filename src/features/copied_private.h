/*
 * Words that repeat a profile, put there for the filter.
 *
 * Who writes of a buyer's topic shares words with the profile, but words of his
 * own stand between them, and the longer the run that is looked at, the more.
 * In copied, shuffled or sprinkled text they are missing. Such passages do not
 * count for relevance, nor then does what the subject shares with the profile.
 */
#ifndef FEATURES_COPIED_PRIVATE_H
#define FEATURES_COPIED_PRIVATE_H

#include "lookups_private.h"

/*
 * A reading of the same message without its copied passages, or NULL when it
 * has none; only text, subject and letters are its own. `reading` has its
 * stems, `lookups` are its own, and it must outlive the result.
 */
struct reading *copied_cut(struct reading *reading,
			   const struct interest *interest,
			   const struct lookups *lookups);
void copied_free(struct reading *cut);

#endif
