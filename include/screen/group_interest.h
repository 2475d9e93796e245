/*
 * What the others of a buyer's groups want, compiled like one more profile: to
 * let in for the group what the buyer's own priorities would have held.
 *
 * In it are the priorities that the other members share, of every group that
 * lets mail in (accept above 0, stage not done), the heaviest weight times
 * influence first, those after their decision date last, PROFILE_SIDE_MAX at
 * most. The refusals are the buyer's own: what they do not want the group does
 * not bring them. It is compiled when a message first needs it. May be used by
 * many threads.
 */
#ifndef SCREEN_GROUP_INTEREST_H
#define SCREEN_GROUP_INTEREST_H

#include <glib.h>

#include "features/reading.h"
#include "features/relevance.h"
#include "model/model.h"
#include "profile/group.h"
#include "profile/profile.h"

struct group_interest;
struct snapshot;

/*
 * Of the member with that id, under a profile (the member's in the snapshot or
 * another) whose refusals count. NULL: no group lets anything in for this
 * buyer. Both must outlive it.
 */
struct group_interest *group_interest_new(const struct snapshot *snapshot,
					  const char *member,
					  const struct profile *own);
void group_interest_free(struct group_interest *interest);

/* The nearest of the others' priorities, and the group that it counts in. */
struct group_match {
	const struct group *group;
	const struct profile_priority *priority;
};

/*
 * Fills the vector as relevance_vector() does. FALSE: no priority is near, and
 * there is nothing to ask a model.
 */
gboolean group_interest_vector(const struct group_interest *interest,
			       struct reading *reading, gint64 now_us,
			       struct vector *vector,
			       struct group_match *match);

/*
 * P(relevant) of a message for the others, now, by a starter: feedback is the
 * buyer's own and says nothing about what others want. -1, with `match`
 * untouched, when nothing is near or the model gives no number.
 */
double group_interest_judge(const struct group_interest *interest,
			    struct reading *reading, const struct model *model,
			    struct group_match *match);

/* How many priorities are in it, and the one at a place, heaviest first. */
guint group_interest_size(const struct group_interest *interest);
const struct profile_priority *
group_interest_get(const struct group_interest *interest, guint n);

#endif
