/*
 * What a profile should say, by what the buyer said about mail: keywords,
 * priorities and refusals that senders' words speak for, and weights that
 * labels speak against. Every suggestion has its evidence and has passed a
 * test; the same evidence gives the same suggestions.
 *
 * The unit is the sender (the vendor, or the author's address at a public mail
 * domain): ten follow-ups of one are one. Words are those of subjects; whether
 * a message has one is also asked of its body, if it is still kept, and of the
 * stems in its imprint. A word counts when so many senders of one side have it
 * by chance less than once in 20: Fisher's exact test against the other side,
 * where the background counts as 20 senders more for a word it knows, times the
 * number of words that can tell at all (Bonferroni, Tarone 1990). A weight
 * changes when at least six senders' mail of a priority is labelled, and the
 * lower end of the Wilson interval (98 %) of the share is over one half; only
 * for who shares priorities with a group. Mail that is no outreach says nothing
 * here.
 */
#ifndef REVIEW_SUGGEST_H
#define REVIEW_SUGGEST_H

#include <glib.h>

#include "features/background.h"
#include "profile/profile.h"
#include "store/store.h"

enum suggest_kind {
	SUGGEST_KEYWORD,  /* words[0], of a priority there is */
	SUGGEST_PRIORITY, /* a new one */
	SUGGEST_WEIGHT,	  /* of a priority, from `was` to `weight` */
	SUGGEST_REFUSAL	  /* an entry of not_interested */
};

/* "keyword", "priority", "weight", "not-interested". */
const char *suggest_kind_name(enum suggest_kind kind);

/* One message that speaks for it. */
struct suggest_evidence {
	char *id;
	char *sender;
	char *subject;
};

struct suggestion {
	enum suggest_kind kind;
	char *priority; /* its id, or the new one's; "" of a refusal */
	char *name;	/* of what is new; "" else */
	char **words;	/* NULL-terminated, most telling first; may be empty */
	double was;
	double weight;
	guint hits;    /* senders that speak for it, */
	guint of;      /* of so many; */
	guint misses;  /* and against it, */
	guint others;  /* of so many */
	double chance; /* of a word, corrected; or of a weight: the bound */
	char *why;     /* all this in a line for a person */
	GPtrArray *evidence; /* of struct suggest_evidence, the newest first */
};

struct suggest_request {
	const struct profile *profile;
	const struct background *background; /* of stems; may be NULL */
	gint64 since_us;		     /* labels given then or later */
	/* When the profile began to serve, 0: unknown. Weights are judged by
	 * mail received since. */
	gint64 served_us;
	gboolean
		weighed; /* suggest_weighed(); if not, no weight is suggested */
};

/* Whether a group (of struct group; may be NULL) goes by the weights of that
 * profile: nothing else does but that 0 switches a priority off. */
gboolean suggest_weighed(const GPtrArray *groups, const char *profile);

/* Senders whose mail was labelled. */
struct suggest_counts {
	guint relevant;
	guint irrelevant;
};

/*
 * Suggestions, the strongest of each kind first, at most 10 of a kind: an array
 * of struct suggestion that frees its elements. `counts` may be NULL.
 */
GPtrArray *suggest_find(struct store *store,
			const struct suggest_request *request,
			struct suggest_counts *counts, GError **error);

/* What a person could paste into the profile; the caller's. */
char *suggest_yaml(const struct suggestion *suggestion);

/*
 * A profile's text with the suggestion in it, all else as it was written; the
 * caller's. PROFILE_ERROR_FAULTS: only a person can do it.
 */
char *suggest_revise(const struct suggestion *suggestion, const char *name,
		     const char *text, GError **error);

#endif
