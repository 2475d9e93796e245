/*
 * The gate: may we skip judging? Cheapest question first (DESIGN 3).
 */
#ifndef SCREEN_GATE_H
#define SCREEN_GATE_H

#include <glib.h>

#include "mail/message.h"
#include "screen/snapshot.h"
#include "store/vault.h"

enum gate {
	GATE_NONE,	    /* judge it */
	GATE_UNCOVERED,	    /* the recipient has no profile */
	GATE_AUTHENTICATED, /* the client signed in */
	GATE_INTERNAL,	    /* from our own network */
	GATE_OURS,	    /* released or digest mail, signed by us */
	GATE_BLOCKED,	    /* the profile blocks the sender: quarantine */
	GATE_ALLOWED,	    /* the profile allows the sender, authenticated */
	GATE_CONTACT,	    /* in the ledger, authenticated */
	GATE_REPLY,	    /* answers a message of ours */
	GATE_BOUNCE,	    /* null sender, delivery report */
	GATE_AUTO_REPLY,    /* RFC 3834 auto-replied */
	GATE_UNKNOWN	    /* the ledger could not be asked */
};

/* "", "uncovered", "authenticated", ... as in logs and JSON. */
const char *gate_name(enum gate gate);

/* The transaction as the MTA gave it; pointers are borrowed. */
struct envelope {
	const char *sender;	/* address_from_envelope(), "" for <> */
	const char *client;	/* IP address in text, or NULL */
	const char *queue_id;	/* or "" */
	gboolean authenticated; /* SMTP AUTH */
	gboolean known;		/* FALSE: a file, no transaction */
};

/* What the envelope alone decides, the same for every recipient. */
enum gate gate_envelope(const struct snapshot *snapshot,
			const struct envelope *envelope);

/* What the gate is asked with, the same for every buyer; all borrowed. */
struct gatekeeper {
	const struct snapshot *snapshot;
	struct vault *vault;   /* or NULL: an empty ledger */
	const struct key *key; /* or NULL: an empty ledger, nothing is ours */
	const struct envelope *envelope;
	gint64 deadline_us; /* monotonic, for the ledger */
};

/*
 * What headers, profile and ledger decide for one buyer, in the order of
 * DESIGN 3; for none (NULL) the headers alone. A ledger that fails gives
 * GATE_UNKNOWN; one that has nothing to be asked (author not vouched for, no
 * reference) is not asked and does not fail.
 */
enum gate gate_buyer(const struct gatekeeper *keeper, const struct mail *mail,
		     const struct buyer *buyer);

/*
 * Whether our own MTA vouches for the one author's domain (authres_author()),
 * without which From lets nobody in.
 */
gboolean gate_author_vouched(const struct gatekeeper *keeper,
			     const struct mail *mail);

#endif
