/*
 * A mail about one mail, at once: of what was held or tagged and is so relevant
 * that it should not wait for the digest (config.digest.notice_from).
 */
#ifndef REVIEW_NOTICE_H
#define REVIEW_NOTICE_H

#include <glib.h>

#include "profile/profile.h"
#include "review/outbox.h"

/* To a buyer, in an hour; what is over that is left to the digest. */
#define NOTICE_HOUR 4

/* How old a mail may be: what came while nothing ran is for the digest. */
#define NOTICE_AGE_US (G_GINT64_CONSTANT(15) * 60 * 1000000)

/*
 * Sends what is due at `now_us`, each once (review/outbox.h). `sent` counts
 * them, and is right on failure, too.
 */
gboolean notice_send(const struct outbox *outbox, const struct profile *profile,
		     gint64 now_us, guint *sent, GError **error);

#endif
