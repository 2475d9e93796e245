/*
 * What the installation remembers: held mail, what was decided, contacts.
 *
 * One interface, drivers chosen by URL: "sqlite:/path/pitchward.db" today,
 * PostgreSQL behind the same table of functions (store_private.h). Every
 * table's key starts with the buyer, ids are made by the caller, and every
 * write may be repeated: the second time changes nothing. A store is used by
 * many threads at once; it never calls back.
 *
 * Writes go through one writer thread with group commit. A write that must
 * survive (store_hold, state changes) returns only after COMMIT with fsync;
 * one that need not (store_note, store_contact) is queued and may be dropped
 * when the queue is full, which is counted. Every blocking call has a
 * deadline on the monotonic clock; past it, it fails with STORE_ERROR_TIME
 * and the write is not made or, when the commit itself was under way, may
 * still be: it is harmless when repeated.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <glib.h>

#include "base/id.h"

#define STORE_ERROR (store_error_quark())

enum store_error {
	STORE_ERROR_AWAY,   /* cannot be reached, opened or written now */
	STORE_ERROR_FULL,   /* no space */
	STORE_ERROR_BUSY,   /* locked by somebody else */
	STORE_ERROR_TIME,   /* the deadline passed */
	STORE_ERROR_BROKEN, /* damaged, or not what it should be */
	STORE_ERROR_NOT_FOUND,
	STORE_ERROR_CONFLICT, /* not in the state the change needs */
	STORE_ERROR_NEWER     /* a newer program has changed its schema */
};

GQuark store_error_quark(void);

enum store_state {
	STORE_DELIVERED, /* recorded only; no body */
	STORE_HELD,
	STORE_RELEASING, /* claimed; outcome of the SMTP hand-over not known */
	STORE_RELEASED,
	STORE_DELETED, /* body gone, row kept for the figures */
	STORE_EXPIRED  /* the same, by age */
};

/* The word of a state: "held". And back; -1 when there is none. */
const char *store_state_name(enum store_state state);
int store_state_parse(const char *word);

/* Features of a message larger than this are not kept, which stats count. */
#define STORE_FEATURES_MAX 16384

/*
 * store_expire() removes features after this, but those of a message with
 * active feedback, which later training needs.
 */
#define STORE_FEATURES_US (G_GINT64_CONSTANT(90) * 24 * 3600 * 1000000)

/*
 * One message for one buyer, and what was decided. Strings are UTF-8 or
 * bytes from the envelope; NULL means "". The store copies what it keeps.
 *
 * The last two are written only: store_list() and store_find() give 0 and
 * NULL for them.
 */
struct store_message {
	char id[ID_LEN + 1];
	char *buyer;	/* profile id */
	gint64 time_us; /* received */
	char *digest;	/* of envelope sender and bytes: the repeat key */
	char *sender;	/* envelope, "" for the null sender */
	char *rcpt;	/* envelope, exactly as the MTA gave it */
	char *from;	/* author's address */
	char *from_name;
	char *subject;
	char *message_id;
	char *queue_id;
	char *node;	  /* the MTA's host name */
	char *verdict;	  /* "deliver", "tag", "quarantine" */
	double outreach;  /* 0..1; -1: not computed */
	double relevance; /* 0..1; -1: not computed */
	char *priority;	  /* id of the best priority, or "" */
	char *model;	  /* id of the models that judged */
	char *gate;	  /* what bypassed the models, or "" */
	char *reasons;	  /* JSON array of {name, value, weight} */
	char *vendor;	  /* registrable domain of the author; "" of a public
			     mail domain */
	guint64 fingerprint;
	gint64 size; /* of the whole message in bytes */
	enum store_state state;
	gint64 state_us; /* when the state was entered */
	guint attempts;	 /* of releasing */
	char *note;	 /* who or what changed the state last, and why */
	char *campaign;	 /* id of its first message; "": part of none */
	guint touch; /* of the campaign to this buyer, 1 the first; else 0 */
	guint64 subject_key; /* as in struct store_likeness */
	GBytes *features;    /* of the moment of judging; opaque; may be NULL */
};
typedef struct store_message StoreMessage; /* for g_autoptr(StoreMessage) */

void store_message_free(struct store_message *message);

/*
 * The priority that mail counts for: its best one where its relevance reaches
 * the profile's `tag`, else "", as of no priority. The best one is kept for all
 * mail, however far from it. Whatever counts mail by priority asks this, or the
 * store by the same rule. Borrowed.
 */
const char *store_priority(const char *best, double relevance, double tag);

struct store;
typedef struct store Store; /* for g_autoptr(Store) */

/*
 * Opens, creates or migrates, and looks over the data for a quarter of a
 * second. STORE_ERROR_NEWER: newer schema than ours; STORE_ERROR_BROKEN:
 * damaged;
 * STORE_ERROR_AWAY: unknown URL, folder missing, not permitted.
 */
struct store *store_open(const char *url, GError **error);

/*
 * How long calls that are given no deadline wait for the store: 30 seconds
 * unless said otherwise. Before other threads use it. One that does not come to
 * its turn in that time is taken out whole (STORE_ERROR_BUSY, or
 * STORE_ERROR_TIME where it may be under way).
 */
void store_set_wait(struct store *store, gint64 wait_us);

/*
 * Waits for queued writes (5 s at most), then closes. No other call may be
 * under way. NULL is nothing. Returns what store_dropped() would at last.
 */
guint64 store_close(struct store *store);

/*
 * Keeps one message for `n` buyers with its bytes, all or none, durably.
 * `messages[i]->state` is STORE_HELD. A row with the same (buyer, rcpt,
 * digest) whose time is at most two days before this one's counts as this one:
 * nothing is added, its id is written to messages[i]->id, and `repeats` (may
 * be NULL) is raised. A delivered row does not count: it has no bytes. An
 * empty digest repeats nothing but its id. (buyer, id) is the key: each
 * message of a hold has an id of its own; STORE_ERROR_CONFLICT when another
 * message has it.
 *
 * The bytes are kept once for all. After STORE_ERROR_TIME the copies may be
 * there or not: keep trying (it is a repeat then), or deliver the mail and say
 * so with store_note(), for each message as it was given here.
 */
gboolean store_hold(struct store *store, struct store_message *const *messages,
		    guint n, GBytes *bytes, gint64 deadline_us, guint *repeats,
		    GError **error);

/*
 * Records what was decided for delivered mail, as STORE_DELIVERED whatever its
 * state says; queued, without body. Repeats are known as by store_hold().
 *
 * When a row of the same (buyer, id), rcpt and digest is held, a hold that
 * failed for its caller was committed after all, but the mail was delivered
 * instead: the row becomes STORE_DELIVERED, with this note and without bytes.
 * In any other state it stays as it is, and so it does after a claim, or when
 * another hold went by it as its repeat: rather twice than not at all.
 */
void store_note(struct store *store, const struct store_message *message);

/*
 * Waits until what was queued before is written (or has failed, which stats
 * count as dropped). Queued writes wait 20 ms for company otherwise.
 */
gboolean store_flush(struct store *store, gint64 deadline_us, GError **error);

/*
 * The ledger: that `buyer` wrote to `contact` (a keyed hash, key_mac()).
 * Queued. And whether any of `contacts` (NULL-terminated) is known to the
 * buyer, written to or reference (message id hash) alike.
 */
void store_contact(struct store *store, const char *buyer, const char *contact,
		   gint64 time_us);
gboolean store_known(struct store *store, const char *buyer,
		     const char *const *contacts, gint64 deadline_us,
		     gboolean *known, GError **error);

/* A message that has just come, as far as earlier ones may be like it. */
struct store_likeness {
	const char *buyer;	/* NULL: all; no campaign is looked for then */
	const char *vendor;	/* "" (or NULL) of a public mail domain */
	const char *sender;	/* the author's address; any case */
	guint64 fingerprint;	/* 0: near to none */
	guint64 subject_key;	/* a hash of what the subject comes down to;
				   0: of none, or one that anybody may use */
	const char *message_id; /* its own; with angle brackets or without */
	/* Those it refers to, NULL-terminated, or NULL; the last 16 count. */
	const char *const *references;
};

/*
 * What the history features ask: rows of this buyer, or of all (NULL). Near is
 * up to 3 bits of 64 apart, among the last 2,000 messages with a fingerprint,
 * 30 days at most; a fingerprint of 0 is near to none, an empty vendor seen
 * never.
 *
 * Campaigns are made of the messages that were given to store_hold() or
 * store_note() with one. This message belongs to the one that a message of the
 * last 60 days is in, by the first of these rules that finds one, and of
 * several by the newest:
 *
 *   1. the same vendor (of a public mail domain: the same sender) wrote to the
 *	same buyer;
 *   2. the same vendor (or sender) wrote to anybody a message that this one
 *	refers to, or that has its Message-ID;
 *   3. or one of the same subject key;
 *   4. the same sender, of whatever domain, wrote to anybody in the last 14
 *	days;
 *   5. anybody wrote to anybody with a near fingerprint (among the last 8,000
 *	messages of campaigns).
 *
 * The same vendor is one whose domain is of the same family, too: of the same
 * first label, once hyphens are out and at either end a word like get-, try-,
 * -team or -hq (at the end a country, too: -italia), if six characters are
 * left; if five are, of the same rest, too: "getlumen.com" is of the family of
 * "lumen.com", but not of that of "lumen.io". With fewer, or where only words
 * are left that are in everybody's name ("marketing"), the domain is its own
 * family. `vendor_seen` counts the domain alone.
 *
 * So two families share a campaign by their text only. Touches are the messages
 * of that campaign to this buyer so far, and one, to 100; those of the same
 * Message-ID within two days are one message (several mailboxes, a delivery
 * tried again), and this one may be it. Without a campaign `touch` is 1: the
 * caller begins one with the message's own id, for all buyers of the mail the
 * same. Notes are seen when they are written (store_flush()).
 */
struct store_history {
	guint vendor_seen;   /* messages of this vendor to the buyer, to 100 */
	guint campaign_seen; /* with a near fingerprint, to the buyer */
	guint campaign_buyers;	   /* other buyers with a near fingerprint */
	char campaign[ID_LEN + 1]; /* "" when it is in none yet */
	guint touch;
};
gboolean store_history(struct store *store,
		       const struct store_likeness *likeness,
		       gint64 deadline_us, struct store_history *history,
		       GError **error);

/* For store_query.state. */
#define STORE_KEPT (-1) /* with a body: held, releasing */
#define STORE_ANY  (-2)

/* What store_list() gives; NULL and 0 fields do not restrict. */
struct store_query {
	const char *buyer;
	int state;	  /* enum store_state, STORE_KEPT or STORE_ANY */
	gint64 since_us;  /* received then or later */
	gint64 until_us;  /* and before */
	const char *text; /* in subject, from, from_name or vendor; any case */
	/* Or the text is the whole of queue_id, message_id, sender or rcpt,
	 * with or without <>. */
	gboolean names;
	guint limit;	      /* 0: 1000 */
	const char *after_id; /* page on: older than this id */
	const char *campaign; /* its messages only */
	const char *vendor;   /* those of that domain only */
};

/* By id, newest first: an array of struct store_message that frees its
 * elements. */
GPtrArray *store_list(struct store *store, const struct store_query *query,
		      GError **error);

/* One message; `buyer` NULL: whoever's it is. STORE_ERROR_NOT_FOUND. */
struct store_message *store_find(struct store *store, const char *buyer,
				 const char *id, GError **error);

/*
 * The bytes as received; STORE_ERROR_NOT_FOUND when they are gone (released,
 * deleted, expired) or never were here.
 */
GBytes *store_body(struct store *store, const char *buyer, const char *id,
		   GError **error);

/* The features given with a message of that buyer. STORE_ERROR_NOT_FOUND: they
 * expired, or there were none. */
GBytes *store_features(struct store *store, const char *buyer, const char *id,
		       GError **error);

/*
 * held -> releasing, or releasing whose lease ran out -> releasing again.
 * STORE_ERROR_CONFLICT when another holds the lease or the state is another:
 * of two that ask at once one wins. Raises `attempts`. `owner` names one
 * attempt (id_new()), not a program: asking again with the same owner within
 * the lease is a repeat and succeeds. `lease_us` is above 0.
 */
gboolean store_claim(struct store *store, const char *buyer, const char *id,
		     const char *owner, gint64 lease_us, GError **error);

/*
 * releasing -> released | held | still releasing (outcome unknown, to be tried
 * again: the lease ends), by the owner of the last claim, else
 * STORE_ERROR_CONFLICT; `note` says why. Released mail loses its bytes.
 * Durable.
 */
gboolean store_settle(struct store *store, const char *buyer, const char *id,
		      const char *owner, enum store_state state,
		      const char *note, GError **error);

/*
 * held -> deleted, with its body. Durable. Deleted already: a repeat; any
 * other state is STORE_ERROR_CONFLICT. Works on a full disk.
 */
gboolean store_delete(struct store *store, const char *buyer, const char *id,
		      const char *note, GError **error);

/*
 * Held mail received before `before_us` -> expired with bodies gone, but not
 * what is labelled relevant or as no outreach: that waits for who said so;
 * contacts last seen before `ledger_before_us` are forgotten; features go as
 * STORE_FEATURES_US says, files of models as store/models.h does. In many small
 * transactions, so that it does not hold up others; works on a full disk.
 */
gboolean store_expire(struct store *store, gint64 before_us,
		      gint64 ledger_before_us, guint *expired, GError **error);

/*
 * Rows of mail received on a day (of UTC) that had ended at `before_us`, with
 * their place in campaigns and in the figures of that day, are forgotten; but
 * what is held, and what has active feedback, stays. What was learned or said
 * of the mail stays, too: feedback, rulings, audit, quotations. Goes on until
 * the deadline at most, in small transactions with rests between them; the next
 * call goes on where this one ended. Works on a full disk.
 */
gboolean store_forget(struct store *store, gint64 before_us, gint64 deadline_us,
		      guint *forgotten, GError **error);

/* What a person said about a message. */
enum store_label {
	STORE_RELEVANT,
	STORE_IRRELEVANT, /* outreach that is of no use to the buyer */
	STORE_NOT_OUTREACH
};

/* "relevant", "irrelevant", "not-outreach". And back; -1 when it is none. */
const char *store_label_name(enum store_label label);
int store_label_parse(const char *word);

/* Kept for good, longer than the message's bytes and features. */
struct store_feedback {
	char id[ID_LEN + 1];
	char *buyer;
	char *message; /* its id */
	enum store_label label;
	gint64 time_us; /* 0: now */
	char *by;
	char *source;	     /* "cli", "release", "digest" */
	gint64 retracted_us; /* 0: it is active */
	char *retracted_by;
};
typedef struct store_feedback StoreFeedback; /* for g_autoptr(StoreFeedback) */

void store_feedback_free(struct store_feedback *feedback);

/*
 * Adds one that is active, durably, and retracts in the same transaction what
 * else was said about the message (by `by`, at its time). The same label of
 * the same message, still active, is a repeat: its id is written to
 * feedback->id. So is the same id; STORE_ERROR_CONFLICT when that is of another
 * message or label. STORE_ERROR_NOT_FOUND: the buyer has no such message.
 */
gboolean store_feedback_add(struct store *store,
			    struct store_feedback *feedback, GError **error);

/*
 * Retracts what is active of a message, durably. STORE_ERROR_NOT_FOUND when
 * nothing is: so says a second time, too.
 */
gboolean store_feedback_undo(struct store *store, const char *buyer,
			     const char *message, const char *by,
			     GError **error);

/*
 * Of one buyer or all (NULL), said at `since_us` or later, the newest last: an
 * array of struct store_feedback that frees its elements.
 */
GPtrArray *store_feedback_list(struct store *store, const char *buyer,
			       gint64 since_us, gboolean active_only,
			       GError **error);

/* What a ruling is about. "vendor", "campaign". And back; -1. */
enum store_ruling_scope { STORE_RULING_VENDOR, STORE_RULING_CAMPAIGN };
const char *store_ruling_scope_name(enum store_ruling_scope scope);
int store_ruling_scope_parse(const char *word);

/* What it says. "wanted", "never", "not-now". And back; -1. */
enum store_ruling_word {
	STORE_RULING_WANTED,
	STORE_RULING_NEVER,
	STORE_RULING_NOT_NOW
};
const char *store_ruling_word_name(enum store_ruling_word word);
int store_ruling_word_parse(const char *name);

/*
 * What a buyer has ruled, for the next mail and no model. It is active until
 * it is undone or `until_us` has come.
 */
struct store_ruling {
	char id[ID_LEN + 1];
	char *buyer;
	enum store_ruling_scope scope;
	enum store_ruling_word word;
	char *subject;	 /* the vendor's registrable domain (lower case), or the
			    campaign's id; not "" */
	gint64 until_us; /* 0: for good */
	gint64 time_us;	 /* 0: now */
	char *by;
	char *cause;	  /* id of the message that gave cause, or "" */
	gint64 undone_us; /* 0: it is not */
	char *undone_by;
};
typedef struct store_ruling StoreRuling; /* for g_autoptr(StoreRuling) */

void store_ruling_free(struct store_ruling *ruling);

/*
 * Adds one, durably. When one of the same scope, subject and word is active it
 * is a repeat: nothing changes (its date neither: undo it first), and its id is
 * written to ruling->id. So is the same id; STORE_ERROR_CONFLICT when that
 * says something else. Any other word is kept beside it: see
 * store_ruling_find().
 */
gboolean store_ruling_add(struct store *store, struct store_ruling *ruling,
			  GError **error);

/* Durable. Undone already: a repeat. STORE_ERROR_NOT_FOUND: no such id. */
gboolean store_ruling_undo(struct store *store, const char *buyer,
			   const char *id, const char *by, GError **error);

/*
 * Of one buyer or all (NULL), the newest last: an array of struct store_ruling
 * that frees its elements.
 */
GPtrArray *store_ruling_list(struct store *store, const char *buyer,
			     gboolean active_only, GError **error);

/*
 * The ruling that applies to mail of a vendor and a campaign (either may be ""
 * or NULL) at `now_us` (wall clock), or NULL. Of each scope the newest active
 * one counts, whatever it says. The campaign's beats the vendor's, which is
 * about more than this mail; unless the vendor's is newer and says never: who
 * is tired of a vendor means what was allowed before, too. (Newer is by time,
 * then by id.) What any process has committed is seen at once.
 */
gboolean store_ruling_find(struct store *store, const char *buyer,
			   const char *vendor, const char *campaign,
			   gint64 now_us, gint64 deadline_us,
			   struct store_ruling **found, GError **error);

/* Figures for stats and doctor. */
struct store_stats {
	guint64 states[STORE_EXPIRED + 1];
	/* Received in the last 24 hours; each message is in one of them. */
	guint64 delivered_day, tagged_day, held_day;
	guint64 contacts;
	guint64 bytes;		  /* on disk */
	guint64 dropped;	  /* queued writes given up, this process */
	guint64 repeats;	  /* repeated holds, this process */
	guint64 features_dropped; /* for their size, this process */
	gint64 oldest_held_us;
	/* The oldest held that store_expire() would take once it is old
	 * enough, so without what its buyer wants; 0: there is none. */
	gint64 oldest_expiring_us;
	guint schema;
};

/* The same as `dropped`; nobody is asked, and nothing is waited for. */
guint64 store_dropped(struct store *store);
gboolean store_stats(struct store *store, struct store_stats *stats,
		     GError **error);

/* Integrity check of the driver's kind; STORE_ERROR_BROKEN says where. */
gboolean store_verify(struct store *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreMessage, store_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreFeedback, store_feedback_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreRuling, store_ruling_free)

#endif
