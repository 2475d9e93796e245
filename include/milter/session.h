/*
 * One SMTP connection as the filter knows it, and the message under way in it.
 * Everything hangs here and nothing on a thread: libmilter runs the callbacks
 * of one connection on different threads, never two at once.
 *
 *	connect      session_new(), session_client()
 *	MAIL         session_begin()
 *	RCPT         session_rcpt(), as often as sent
 *	DATA         session_decide()
 *	header, body session_...intake
 *	end          the end of message reads it; session_reset()
 */
#ifndef MILTER_SESSION_H
#define MILTER_SESSION_H

#include <glib.h>

#include "milter/intake.h"
#include "screen/gate.h"
#include "screen/snapshot.h"

/* Where the envelope sends a message. */
enum path {
	PATH_NONE,  /* not decided yet */
	PATH_PASS,  /* nobody covered: accepted before its header is read */
	PATH_GATED, /* nothing to judge; forged fields go, ours says why */
	PATH_LEARN, /* a buyer writes to somebody: only the ledger listens */
	PATH_SCREEN /* judge it for every buyer */
};

struct recipient {
	char *exact; /* as RCPT carried it: what the MTA compares with */
	char *key;   /* address_key(), NULL when it is no address */
	const struct buyer *buyer; /* NULL: not covered */
};

struct session {
	struct snapshot *snapshot; /* a counted reference */
	char *client;		   /* IP address in text, or NULL */
	guint abilities;	   /* enum plan_ability */
	gboolean answered;	   /* a message of it, before this one */

	char *sender; /* address_from_envelope(), or NULL: no address */
	gboolean authenticated;
	GPtrArray *rcpts;	    /* of struct recipient, in the order sent */
	const struct buyer *author; /* whose outgoing mail it is, or NULL */
	enum path path;
	enum gate gate; /* what the envelope alone decided */
	struct intake intake;
	gboolean counted; /* among the messages that a stop waits for */
};
typedef struct session Session; /* for g_autoptr(Session) */

/* Takes over the reference to the snapshot; `room` is borrowed. */
struct session *session_new(struct snapshot *snapshot, struct room *room);
void session_free(struct session *session);

/* The client's address; NULL when the MTA does not say. */
void session_client(struct session *session, const char *ip);

/*
 * A new message from `sender` (as MAIL carried it), judged by `snapshot`
 * (the reference is taken over). What was left of the last one is forgotten.
 */
void session_begin(struct session *session, struct snapshot *snapshot,
		   const char *sender, gboolean authenticated);

void session_rcpt(struct session *session, const char *text);

/*
 * Decides `path` once the recipients are known. In mode observe what has a
 * gate passes at once, since nothing will be changed.
 */
void session_decide(struct session *session);

/* The envelope for the gate; pointers are borrowed. */
struct envelope session_envelope(const struct session *session,
				 const char *queue_id);

/* Forgets the message. May be called at any time, and twice. */
void session_reset(struct session *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

#endif
