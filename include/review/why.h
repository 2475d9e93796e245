/*
 * Why a message was held, tagged or let in, in a person's words: made from the
 * row's scores and reasons alone, never from its text.
 */
#ifndef REVIEW_WHY_H
#define REVIEW_WHY_H

#include <glib.h>

#include "profile/profile.h"
#include "store/store.h"

enum why_side { WHY_OUTREACH, WHY_RELEVANCE, WHY_BESIDE };

/* One contribution, as it is shown. */
struct why {
	enum why_side side;
	char *name;    /* as stored, without the side: "offers" */
	char *text;    /* "makes an offer"; the name where nothing is known */
	double value;  /* the feature's */
	double weight; /* what it adds to the decision value of its side */
};

void why_free(struct why *why);

/*
 * The reasons of a row, in their order: an array of struct why that frees its
 * elements; empty when they cannot be read. The weights of a side add up to the
 * decision value that its probability was made of.
 */
GPtrArray *why_list(const struct store_message *message);

/* A share of 0..1 as "42", "over 99" or "under 1": none is certain. The
 * caller's. */
char *why_percent(double share);

/*
 * One or two sentences: what decided beside the models, or else what the mail
 * does ("It makes an offer and asks for your time.") and how near it comes to
 * the buyer's priorities ("It is near \"Replace antivirus\", but not enough to
 * be let in."). `profile` may be NULL. The caller's.
 */
char *why_sentence(const struct store_message *message,
		   const struct profile *profile);

/*
 * The same behind the scores in words, for where no bars are shown: "Very
 * likely a sales mail (93 %), somewhat relevant (41 %). It ...". The caller's.
 */
char *why_text(const struct store_message *message,
	       const struct profile *profile);

/* What another member of a group wants is named no more in the row's reasons:
 * for who is not of the group. */
void why_hide_group(struct store_message *message);

/* The name of a priority in the profile; the id itself when it is not there
 * any more; NULL for none. Borrowed. */
const char *why_priority(const struct profile *profile, const char *id);

#endif
