/*
 * Mail of our own making (digests, notices), handed to the MTA once, whoever
 * tries and whatever dies in between.
 *
 * A mail is a job (store/jobs.h). When the MTA has all of its text, and just
 * before the dot that makes it a message, a second job, KIND-handed, is written
 * down; then the dot goes out, and with the answer the job is done. So:
 *
 *   - who dies before the mark has sent nothing: the next one sends it, once
 *     the lease has ended;
 *   - who dies (or loses the connection) after the mark may have sent it: it is
 *     never sent again by itself. The window is the time the MTA takes to
 *     answer the dot. Nobody gets a mail twice; that it may be missing is said
 *     (OUTBOX_ERROR_UNKNOWN), and what was in a digest is in the next one.
 */
#ifndef REVIEW_OUTBOX_H
#define REVIEW_OUTBOX_H

#include <glib.h>

#include "base/key.h"
#include "profile/config.h"
#include "profile/profile.h"
#include "store/store.h"

#define OUTBOX_ERROR (outbox_error_quark())

enum outbox_error {
	OUTBOX_ERROR_DONE,    /* it was sent before, or not needed */
	OUTBOX_ERROR_BUSY,    /* another sends it, or died a moment ago */
	OUTBOX_ERROR_UNKNOWN, /* sent or not: not tried again */
	OUTBOX_ERROR_REFUSED  /* the MTA said no; it may be tried again */
};

GQuark outbox_error_quark(void);

/* What sending needs; borrowed. */
struct outbox {
	struct store *store;
	const struct config *config;
	const struct key *key;
};

struct outbox_job;
typedef struct outbox_job OutboxJob; /* for g_autoptr(OutboxJob) */

/*
 * Claims the mail. Errors: OUTBOX_ERROR_DONE, _BUSY; _UNKNOWN once, when an
 * earlier attempt ended between mark and answer, and DONE from then on.
 */
struct outbox_job *outbox_open(const struct outbox *outbox, const char *kind,
			       const char *key, GError **error);

/*
 * Signs (screen/ours.h) and sends it to config.digest.redirect or else `rcpt`,
 * from the null sender: no answer, no bounce comes back. `note` is kept with
 * the job. Errors: OUTBOX_ERROR_REFUSED, _UNKNOWN, _BUSY.
 */
gboolean outbox_send(struct outbox_job *job, const char *rcpt, GBytes *mail,
		     const char *note, GError **error);

/* There is nothing to send: done. */
gboolean outbox_skip(struct outbox_job *job, const char *note, GError **error);

/* Gives back what was neither sent nor skipped. */
void outbox_close(struct outbox_job *job);

/* The Message-ID of a mail, always the same. With angle brackets; the
 * caller's. */
char *outbox_message_id(const struct outbox *outbox, const char *kind,
			const char *key);

/* What a mail says, and to whom; borrowed. */
struct outbox_letter {
	const struct profile *profile;
	const char *subject;
	const char *text;
	const char *html;
	gint64 date_us;
};

/*
 * The mail as it is sent: from config.digest.from to the profile's first
 * address, or to config.digest.redirect with that address in X-Pitchward-For.
 */
GBytes *outbox_mail(const struct outbox *outbox, const char *kind,
		    const char *key, const struct outbox_letter *letter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxJob, outbox_close)

#endif
