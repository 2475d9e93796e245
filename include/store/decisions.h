/*
 * What a buying group decides: which vendors are on its shortlist, and who
 * voted how and why. Rows are only added; the newest of a member and a vendor
 * counts, and all of them are the record.
 */
#ifndef STORE_DECISIONS_H
#define STORE_DECISIONS_H

#include <glib.h>

#include "store/store.h"

enum store_vote_word {
	STORE_VOTE_LIST,   /* put on the shortlist: not a vote */
	STORE_VOTE_UNLIST, /* taken off */
	STORE_VOTE_FOR,
	STORE_VOTE_AGAINST,
	STORE_VOTE_ABSTAIN,
	STORE_VOTE_VETO,     /* by who has one */
	STORE_VOTE_WITHDRAW, /* takes the member's vote or veto back */
	STORE_VOTE_CHOOSE,   /* decided for this vendor: closes the decision */
	STORE_VOTE_REOPEN
};

/* "list", "unlist", "for", "against", "abstain", "veto", "withdraw", "choose",
 * "reopen". And back; -1 when it is none. */
const char *store_vote_name(enum store_vote_word word);
int store_vote_parse(const char *word);

struct store_vote {
	char id[ID_LEN + 1]; /* filled in when it is empty */
	char *group;	     /* its id */
	char *vendor;	     /* card; "" of a reopening */
	char *member;	     /* profile id; "" of an admin */
	enum store_vote_word word;
	char *reason;	/* or "" */
	char *by;	/* address or "command line, pam" */
	gint64 time_us; /* 0: now */
};
typedef struct store_vote StoreVote; /* for g_autoptr(StoreVote) */

void store_vote_free(struct store_vote *vote);

#define STORE_VOTE_REASON_MAX 1000 /* bytes; more are cut */

/* Durable. The same id again is a repeat. */
gboolean store_vote_add(struct store *store, struct store_vote *vote,
			GError **error);

/* The same, if the group has `said` rows and no more: STORE_ERROR_CONFLICT when
 * somebody has said something since they were listed. */
gboolean store_vote_add_after(struct store *store, struct store_vote *vote,
			      guint said, GError **error);

/* All of a group, oldest first (of one moment, as they were
 * added): an array of struct store_vote that frees
 * them. */
GPtrArray *store_vote_list(struct store *store, const char *group,
			   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreVote, store_vote_free)

#endif
