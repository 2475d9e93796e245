/*
 * The verdict matrix (DESIGN 3) and the reasons that led there.
 */
#ifndef SCREEN_VERDICT_H
#define SCREEN_VERDICT_H

#include <glib.h>

#include "profile/profile.h"
#include "store/store.h"

/* In rising order of visibility to the buyer: the largest wins a shared tag. */
enum verdict { VERDICT_QUARANTINE, VERDICT_TAG, VERDICT_DELIVER };

/* "quarantine", "tag", "deliver". */
const char *verdict_name(enum verdict verdict);

/*
 * The matrix: unsure <= hold, tag <= accept come from the profile (NULL: the
 * defaults). `relevant` (may be NULL) is set when outreach is certain and the
 * mail is let in for its relevance. A number that is not known (-1, NaN) never
 * hides mail: without outreach it is delivered, without relevance at most
 * tagged.
 */
enum verdict verdict_decide(const struct profile *profile, double outreach,
			    double relevance, gboolean *relevant);

/*
 * What a buyer's own word makes of mail that is at least unsure to be
 * outreach: wanted is delivered, tagged `relevant` where outreach is certain;
 * anything else is held.
 */
enum verdict verdict_ruled(const struct profile *profile, double outreach,
			   enum store_ruling_word word, gboolean *relevant);

/*
 * One contribution to a decision value; or, of weight 0, what decided beside
 * the models: "ruling: ...", "attention: ...", "campaign: ...", "group: ...".
 */
struct reason {
	char *name;    /* "outreach: pair \"quick call\"" */
	double value;  /* the feature's value */
	double weight; /* what it adds to the decision value */
};

/*
 * What a reason begins with that let mail in for a group: "group: NAME:
 * PRIORITY", another member's. It is for who may sign in as the buyer, and in
 * no header of the mail, which is forwarded.
 */
#define REASON_GROUP "group: "

/* Passages that repeat the profile's own words were not counted for relevance:
 * honest mail seldom has them, who writes for the filter does. */
#define REASON_COPIED "relevance: copied"

void reason_free(struct reason *reason);

/* A JSON array of {name, value, weight}, NULL as []; the caller's. */
char *reasons_format(const GPtrArray *reasons);

#endif
