/*
 * What the store knows of a message's past for one buyer: the campaign it is
 * part of, and what the buyer has ruled about that or its vendor.
 */
#ifndef SCREEN_PAST_PRIVATE_H
#define SCREEN_PAST_PRIVATE_H

#include <glib.h>

#include "history_private.h"
#include "screen/gate.h"
#include "screen/screen.h"
#include "store/store.h"

struct past {
	const struct buyer *buyer;
	gboolean known;		   /* the store answered */
	char campaign[ID_LEN + 1]; /* "": part of none yet */
	struct history history;
	struct store_ruling *ruling; /* which counts for this mail, or NULL */
	gboolean vouched;	     /* the author, when something is wanted */
};

struct past_question {
	const struct gatekeeper *keeper; /* with a vault */
	const struct mail *mail;
	const struct store_likeness *likeness;
	const struct buyer *buyer;
	const char *id; /* of a campaign that begins with it; "" none */
};

/* One message's, an array that frees its elements. */
GPtrArray *pasts_new(void);

/*
 * The past for this buyer; never NULL, the array's. The vault is asked once a
 * buyer: for the history, then for a ruling. A store that fails, or takes long,
 * leaves an unknown past. Buyers to whom the mail is new are all in one
 * campaign: the one that it is in for another, else the one it begins.
 */
const struct past *pasts_find(GPtrArray *pasts,
			      const struct past_question *question);

/*
 * What follows from it: campaign and touch, the ruling's verdict or else what
 * history adds to the outreach, and a reason for each.
 */
void past_apply(const struct past *past, struct judgement *judgement);

#endif
