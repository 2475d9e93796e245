/*
 * What another profile would change, on mail that one buyer has had already.
 *
 * Each stored message is judged twice, as if it came today: with the profile
 * that serves (the snapshot's of that id) and with the other one, by the same
 * models. Where both say the same, what happened stays: a replay of the profile
 * that serves changes nothing, whatever models, ledger and rulings have become
 * since. Where they differ, what happened is held against what the other would
 * do.
 *
 *   exact	of mail whose bytes are held, by screening_judge(). Of other
 *		mail, where the numbers of then are enough: priorities and
 *		refusals are the same, or P(outreach) is too low for relevance
 *		to matter.
 *   approximate from the features kept of judged mail (90 days): outreach is
 *		that of then, relevance is estimated from stems
 *		(features/sketch.h) and corrected by what the models made of the
 *		full text then: in full where the nearest priority is of the
 *		same id, else by a quarter. Over five kinds of edits to the
 *		profiles of tests/corpus/authored (a priority dropped, added,
 *		cut short or refused; no refusals), of 30,000 pairs near enough
 *		to matter 98.6 % get the exact column of the verdict matrix
 *		(0.21 RMS in the decision value); 92 % of the changes told are
 *		real, and 91 % of those that are real are told. A newly allowed
 *		sender counts as authenticated.
 *   unknown	nothing to judge by is left: no change is told.
 *
 * What a ruling of the buyer decided stays so unless the other profile blocks
 * or allows the sender; what a spent budget held stays held while the other
 * profile has a cap: budgets are counted (struct replay_budget), not replayed.
 * The ledger is as it was then, and so is what a message's past added to its
 * P(outreach), and whether it was let in for a group.
 *
 * Reads only. 10,000 messages, 2,000 of them with bytes and as many with
 * features, take some 0.3 s. One thread; others may use snapshot and store
 * meanwhile.
 */
#ifndef REVIEW_REPLAY_H
#define REVIEW_REPLAY_H

#include <glib.h>

#include "base/key.h"
#include "profile/profile.h"
#include "screen/gate.h"
#include "screen/snapshot.h"
#include "screen/verdict.h"
#include "store/store.h"

enum replay_way { REPLAY_EXACT, REPLAY_APPROXIMATE, REPLAY_UNKNOWN };
#define REPLAY_WAYS (REPLAY_UNKNOWN + 1)

/* "exact", "approximate", "unknown". */
const char *replay_way_name(enum replay_way way);

/* What a change is, the most important first. */
enum replay_kind {
	REPLAY_WANTED_HELD,	  /* would be held, and was wanted */
	REPLAY_UNWANTED_ADMITTED, /* would be let in, and is of no use */
	REPLAY_HELD,
	REPLAY_ADMITTED,
	REPLAY_SHOWN /* reaches the inbox either way, tagged or not */
};
#define REPLAY_KINDS (REPLAY_SHOWN + 1)

/* "wanted-held", "unwanted-admitted", "held", "admitted", "shown". */
const char *replay_kind_name(enum replay_kind kind);

/* What has been learned of a message's worth; the first that is true. */
enum replay_worth {
	REPLAY_NO_WORTH,       /* nothing */
	REPLAY_SAID_UNWANTED,  /* labelled irrelevant */
	REPLAY_SAID_WANTED,    /* labelled relevant or not-outreach */
	REPLAY_RELEASED,       /* taken out of quarantine */
	REPLAY_CONTACT,	       /* of a contact, or an answer to us */
	REPLAY_ANSWERED,       /* its author has been written to since */
	REPLAY_ANSWERED_DOMAIN /* somebody of its author's company has */
};

/* "", "labelled irrelevant", "labelled relevant", "released", "a contact",
 * "answered", "its company was written to". */
const char *replay_worth_text(enum replay_worth worth);

struct replay_change {
	struct store_message *message; /* as stored: its numbers are then's */
	enum replay_kind kind;
	enum replay_way way;
	enum replay_worth worth;
	enum verdict before; /* what happened */
	enum verdict after;
	enum gate gate;	      /* after */
	double relevance;     /* after; -1: not computed, nor needed */
	const char *priority; /* the nearest after; of the request's profile */
	char *reason;	      /* in words */
};

/* Outreach that would reach the inbox by its scores, without any cap. */
struct replay_budget {
	guint admitted;
	guint days;	  /* replayed, at least 1 */
	guint most;	  /* on one day */
	guint days_over;  /* days with more than per_day; 0 without a cap */
	guint weeks_over; /* weeks, from Monday, with more than per_week */
};

struct replay {
	guint n;		 /* messages */
	guint ways[REPLAY_WAYS]; /* the same, by how they were judged */
	guint verdicts[3][3];	 /* [before][after]; unknown ones are in none */
	guint kinds[REPLAY_KINDS];
	guint otherwise; /* of exact ones: today's models with the profile that
			    serves would say another thing than was done */
	guint capped;	 /* held then for a spent budget alone */
	guint missed;	 /* held then, held again, and wanted: no change */
	struct replay_budget before; /* of the profile that serves */
	struct replay_budget after;
	gint64 since_us;    /* received from here on */
	gboolean complete;  /* FALSE: stopped; the newest messages alone */
	GPtrArray *changes; /* of struct replay_change, by kind, newest first */
};
typedef struct replay Replay; /* for g_autoptr(Replay) */

void replay_free(struct replay *replay);

/* After each message; FALSE stops. */
typedef gboolean (*replay_progress)(guint done, gpointer data);

/* All borrowed; `profile` must outlive the result. */
struct replay_request {
	struct store *store;
	const struct snapshot *snapshot;
	const struct key *key; /* NULL: nobody is known to be answered */
	const char *buyer;     /* id; without a profile that serves, all
				  is held against what happened */
	const struct profile *profile; /* the other one, clamped; of any id */
	gint64 since_us;	       /* wall clock */
	gint64 deadline_us;	       /* monotonic; 0: none */
	replay_progress progress;      /* or NULL */
	gpointer data;
};

/*
 * NULL when the store fails (STORE_ERROR_*). A message that cannot be judged is
 * an unknown one. A deadline or progress that stops it gives what there is.
 */
struct replay *replay_run(const struct replay_request *request, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Replay, replay_free)

#endif
