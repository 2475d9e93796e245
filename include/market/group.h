/*
 * How a buying group stands: what its members want together, where they pull
 * apart, who should talk to whom before the decision, and what they think of
 * the vendors on their shortlist.
 *
 * Made for one reader: of others only what they share is in it. NULL reads all
 * (an admin on the command line). What the group's file says (members, roles,
 * influence, topics, who talks) and the votes are everybody's.
 */
#ifndef MARKET_GROUP_H
#define MARKET_GROUP_H

#include <glib.h>

#include "market/vendor.h"
#include "profile/group.h"
#include "store/decisions.h"

/* How one member stands to a topic. */
struct group_stand {
	const struct group_member *member;
	/* NULL: has none of it. Of others: id, name, weight, stage and date,
	 * and the metric when they share those; about is "" and keywords are
	 * none.
	 */
	const struct profile_priority *priority;
	const struct profile_refusal *refusal; /* does not want it; or NULL */
	double weight; /* -1 (refused) .. 1; 0: has no stand */
	gint64 horizon_us;
};

struct group_view_topic {
	char *id; /* as in the file, or PROFILE/PRIORITY of the first */
	char *name;
	const struct group_member *owner; /* NULL: nobody; of the file, else
					     the one member who has it as a
					     priority, else the one with the
					     largest weight x influence if no
					     other has half of it */
	GArray *stands;	  /* of struct group_stand, in the file's order of
			     members; of who shares no priorities there is none
			     (but of a refusal they share) */
	double weight;	  /* merged: mean of stands, by influence now */
	double wished;	  /* the same by influence wished for */
	double agreement; /* 1 - half the mean absolute difference between two
			     members' stands, pairs weighted by the product of
			     their influence now: 1 all the same, 0 one of two
			     wants it fully and the other refuses it */
	gboolean orphan;  /* no owner, or an owner who does not have it */
};

enum group_conflict_kind {
	GROUP_REFUSED, /* one wants what another refuses */
	GROUP_WEIGHT,  /* both have it, with weights 0.5 or more apart */
	GROUP_TIMING   /* decision dates are 90 days or more apart, or one is
			  after the group's and the other is not */
};

struct group_conflict {
	enum group_conflict_kind kind;
	const struct group_view_topic *topic;
	const struct group_member *a; /* the one who wants more, or earlier */
	const struct group_member *b;
	double size; /* orders them, worst first: of REFUSED 1 + weight, of
			WEIGHT the difference, of TIMING the years apart (1 at
			most) times the smaller weight; each times the mean of
			both's influence now */
	char *text;  /* one sentence */
};

/*
 * Two members who should talk before the decision, and do not yet (`talks` of
 * the group). Reasons count together: their conflicts, by size; vendors that
 * wrote to both and are not on the shortlist, 0.25 each and 1 at most; an
 * orphan that both want, or one wants and the other is named as owner of, half
 * the larger weight; a member whose influence should grow by 0.2 or more, and
 * who has a topic that the other owns, growth times weight. Who both talk to a
 * third has half of it.
 */
struct group_link {
	const struct group_member *a;
	const struct group_member *b;
	double size;
	char *why; /* one sentence */
};

/* A vendor that wrote to several members. */
struct group_meeting {
	char *card;
	char *name;
	GPtrArray *members; /* of struct group_member, borrowed */
	GArray *counts;	    /* guint: messages to each of them */
	guint messages;
	gint64 last_us;
	gboolean listed; /* on the shortlist: they know */
};

struct group_ballot {
	const struct group_member *member;
	enum store_vote_word word; /* FOR, AGAINST, ABSTAIN, VETO; WITHDRAW: has
				      not voted */
	char *reason;
	gint64 time_us;
};

struct group_choice {
	char *card;
	char *name;
	GArray *ballots; /* of struct group_ballot, in the order of members */
	double share;	 /* influence now of those for it, of all who voted for,
			    against or veto; -1: nobody did */
	gboolean vetoed;
	gboolean chosen;
	char *listed_by;
};

struct group_view {
	const struct group *group;
	GPtrArray *topics;    /* by merged weight, the largest first */
	double agreement;     /* mean over topics, by how much they matter: the
				 mean size of stands, by influence now; 1 when
				 there are none */
	GPtrArray *conflicts; /* of struct group_conflict, worst first */
	GPtrArray *links;     /* of struct group_link, the same */
	GPtrArray *meetings;  /* of struct group_meeting, the same: those that
				 nobody listed come first */
	GPtrArray *choices;   /* of struct group_choice, the best first */
	GPtrArray *votes;     /* of struct store_vote: the record */
	gboolean decided;     /* chosen, or the group's stage is done */
	const struct vendor_book *book; /* these three of the request */
	const GPtrArray *profiles;
	const char *reader;
	GPtrArray *shown; /* the view's own: copies that stands point to */
};
typedef struct group_view GroupView; /* for g_autoptr(GroupView) */

struct group_request {
	struct store *store; /* NULL: without meetings and choices */
	const struct vendor_book *book;
	const struct group *group;
	const GPtrArray *profiles; /* of struct profile: the members' */
	const char *reader; /* profile id of who looks; NULL: an admin, all */
	gint64 since_us;    /* meetings from then on */
	gint64 now_us;
};

/* Borrows all of the request as long as it lives. */
struct group_view *group_view_new(const struct group_request *request,
				  GError **error);
void group_view_free(struct group_view *view);

/*
 * Whether that member (NULL: an admin) may cast that vote now;
 * BASE_ERROR_INVALID says why not: no member, no veto, not on the list, already
 * decided.
 */
gboolean group_vote_allowed(const struct group_view *view, const char *member,
			    enum store_vote_word word, const char *card,
			    GError **error);

/*
 * Says it, if the vote is allowed as the record is when it is written, whatever
 * was said since somebody looked; its time is never before what was said last.
 * Errors: BASE_ERROR_INVALID as above, STORE_ERROR.
 */
gboolean group_vote_cast(const struct group_request *request,
			 struct store_vote *vote, GError **error);

/* What the buyer is called in their profile; the id without one. Borrowed. */
const char *group_member_name(const GPtrArray *profiles,
			      const struct group_member *member);

/* "refused", "weight", "timing". */
const char *group_conflict_name(enum group_conflict_kind kind);

/* All of a view as one JSON object (pitchward(1), group); the caller's. */
char *group_view_json(const struct group_view *view);

/* The choice for a card, or NULL: not on the shortlist. */
const struct group_choice *group_view_choice(const struct group_view *view,
					     const char *card);

/* How a vendor stands with the group, as far as the vendor may know: chosen;
 * declined, when another was or it was taken off the shortlist; else not now,
 * whatever the votes so far (a veto can be taken back). */
enum group_status { GROUP_CHOSEN, GROUP_NOT_NOW, GROUP_DECLINED };
enum group_status group_view_status(const struct group_view *view,
				    const char *card);

/* "chosen", "not now", "declined". */
const char *group_status_name(enum group_status status);

/* The newest mail of a vendor to a member whose vendors the reader may see; one
 * without an address counts for nothing. NULL without an error: there is none.
 */
struct store_message *group_last_mail(const struct group_request *request,
				      const char *card, GError **error);

/*
 * A mail (RFC 5322) that tells a vendor so, for a person to send: from the
 * front door and back to it, with nothing of the group's name, members, votes,
 * reasons and dates. BASE_ERROR_INVALID: the group has no front door, or `to`
 * is no address. The caller's.
 */
struct group_letter {
	const struct group *group;
	enum group_status status;
	const char *to;	     /* who of the vendor wrote last */
	const char *subject; /* what they wrote about; or "" */
	gint64 now_us;
};
char *group_letter_new(const struct group_letter *letter, GError **error);

/* How alike two priorities are, 0..1: cosine of their stems (name twice, about,
 * keywords), by the rarity of each over all priorities of the group that the
 * reader may see. From GROUP_ALIKE on they are one topic. A refusal is about a
 * topic when it is as alike to one of its priorities, or when all stems of its
 * name are in the topic's name or in one's name and keywords. Priorities of
 * stage done, and refusals that are over, do not count. What others wrote about
 * a priority, and their keywords, are compared but not shown. */
#define GROUP_ALIKE 0.35

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GroupView, group_view_free)

#endif
