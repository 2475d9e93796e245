/*
 * A buyer's digest: what was held since the last one, one row a campaign, what
 * is unsure or probably wrong first; why, and what can be done about it.
 */
#ifndef REVIEW_DIGEST_H
#define REVIEW_DIGEST_H

#include <glib.h>

#include "profile/profile.h"
#include "review/outbox.h"
#include "store/queue.h"

/* Messages to the buyer in a digest's time, by what became of them. */
struct digest_count {
	guint held;   /* whatever became of them since */
	guint tagged; /* delivered with a mark */
	guint let_in; /* surely outreach, and let in as relevant */
	guint spent;  /* of the attention, in the seven days before */
};

struct digest {
	const struct config *config; /* borrowed, like the next two */
	const struct profile *profile;
	const struct key *key; /* NULL: without links */
	gint64 since_us;
	gint64 until_us;
	GPtrArray *folds; /* of struct store_fold, as they are to be shown */
	guint more;	  /* campaigns for which there was no room */
	struct digest_count count;
	gboolean single; /* a notice: of one mail, held or tagged */
};
typedef struct digest Digest; /* for g_autoptr(Digest) */

/*
 * What came from `since_us` on and before `until_us`; 0: since the last digest
 * before the buyer's today, a week if there was none.
 */
struct digest *digest_new(const struct outbox *outbox,
			  const struct profile *profile, gint64 since_us,
			  gint64 until_us, GError **error);
void digest_free(struct digest *digest);

/* A notice of one message, which it takes. */
struct digest *digest_new_single(const struct outbox *outbox,
				 const struct profile *profile,
				 struct store_message *message, gint64 now_us);

/* Nothing was held. */
gboolean digest_is_empty(const struct digest *digest);

/* The subject, and the body in its two forms; lines end in LF. The caller's. */
char *digest_subject(const struct digest *digest);
char *digest_text(const struct digest *digest);
char *digest_html(const struct digest *digest);

/* The whole mail, of the Message-ID of that job. */
GBytes *digest_mail(const struct digest *digest, const struct outbox *outbox,
		    const char *kind, const char *key);

enum digest_outcome {
	DIGEST_NOT_DUE, /* not yet, or not today */
	DIGEST_DONE,	/* was sent, or empty, before */
	DIGEST_EMPTY,	/* nothing to send; the day is done */
	DIGEST_SENT
};

/* "not-due", "done", "empty", "sent". */
const char *digest_outcome_name(enum digest_outcome outcome);

/*
 * Sends a buyer's digest if it is due at `now_us` and was not sent yet.
 * `again`: now, whether it is due or was sent or not; that does not count as
 * the day's. Errors: OUTBOX_ERROR but DONE; STORE_ERROR.
 */
gboolean digest_send(const struct outbox *outbox, const struct profile *profile,
		     gint64 now_us, gboolean again,
		     enum digest_outcome *outcome, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Digest, digest_free)

#endif
