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
	STORE_ERROR_BROKEN, /* damaged, or of a version we cannot use */
	STORE_ERROR_NOT_FOUND,
	STORE_ERROR_CONFLICT /* not in the state the change needs */
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

/*
 * One message for one buyer, and what was decided. Strings are UTF-8 or
 * bytes from the envelope; NULL means "". The store copies what it keeps.
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
	char *vendor;	  /* registrable domain of the author */
	guint64 fingerprint;
	gint64 size; /* of the whole message in bytes */
	enum store_state state;
	gint64 state_us; /* when the state was entered */
	guint attempts;	 /* of releasing */
	char *note;	 /* who or what changed the state last, and why */
};
typedef struct store_message StoreMessage; /* for g_autoptr(StoreMessage) */

void store_message_free(struct store_message *message);

struct store;
typedef struct store Store; /* for g_autoptr(Store) */

/*
 * Opens, creates or migrates, and looks over the data for a quarter of a
 * second. STORE_ERROR_BROKEN: newer schema than ours, or damaged;
 * STORE_ERROR_AWAY: unknown URL, folder missing, not permitted.
 */
struct store *store_open(const char *url, GError **error);

/*
 * Waits for queued writes (5 s at most), then closes. No other call may be
 * under way. NULL is nothing.
 */
void store_close(struct store *store);

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

/*
 * What the history features ask: rows of this buyer, or of all (NULL). Near is
 * up to 3 bits of 64 apart, among the last 2,000 messages with a fingerprint,
 * 30 days at most; a fingerprint of 0 is near to none, an empty vendor seen
 * never.
 */
struct store_history {
	guint vendor_seen;   /* messages of this vendor to the buyer, to 100 */
	guint campaign_seen; /* with a near fingerprint, to the buyer */
	guint campaign_buyers; /* other buyers with a near fingerprint */
};
gboolean store_history(struct store *store, const char *buyer,
		       const char *vendor, guint64 fingerprint,
		       gint64 deadline_us, struct store_history *history,
		       GError **error);

/* What store_list() gives; NULL and 0 fields do not restrict. */
struct store_query {
	const char *buyer;
	int state; /* enum store_state, -1: any with a body (held, releasing) */
	gint64 since_us;  /* received then or later */
	gint64 until_us;  /* and before */
	const char *text; /* in subject, from, from_name, vendor; any case */
	guint limit;	  /* 0: 1000 */
	const char *after_id; /* page on: older than this id */
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
 * Held mail received before `before_us` -> expired with bodies gone;
 * contacts last seen before `ledger_before_us` are forgotten. In many small
 * transactions, so that it does not hold up others; works on a full disk.
 */
gboolean store_expire(struct store *store, gint64 before_us,
		      gint64 ledger_before_us, guint *expired, GError **error);

/* Figures for stats and doctor. */
struct store_stats {
	guint64 states[STORE_EXPIRED + 1];
	/* Received in the last 24 hours; each message is in one of them. */
	guint64 delivered_day, tagged_day, held_day;
	guint64 contacts;
	guint64 bytes;	 /* on disk */
	guint64 dropped; /* queued writes given up, this process */
	guint64 repeats; /* repeated holds, this process */
	gint64 oldest_held_us;
	guint schema;
};
gboolean store_stats(struct store *store, struct store_stats *stats,
		     GError **error);

/* Integrity check of the driver's kind; STORE_ERROR_BROKEN says where. */
gboolean store_verify(struct store *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreMessage, store_message_free)

#endif
