/*
 * Giving held mail back: the stored bytes handed to the MTA by SMTP.
 *
 * One recipient a transaction, the original envelope sender, the original
 * bytes (bare CR and LF made CRLF: an LF-only payload would smuggle, see
 * RELIABILITY 5.1) with our signed header on top and without the header fields
 * named X-Pitchward* that came with it. Only "250" after the final dot is
 * success. An outcome that is not known leaves the message `releasing` to be
 * tried again with the same id; a refusal puts it back to `held`.
 */
#ifndef REVIEW_RELEASE_H
#define REVIEW_RELEASE_H

#include <glib.h>

#include "base/key.h"
#include "profile/config.h"
#include "store/store.h"

#define RELEASE_ERROR (release_error_quark())

enum release_error {
	RELEASE_ERROR_REFUSED, /* the MTA said no; the message is held again */
	RELEASE_ERROR_UNKNOWN, /* not known whether it was taken; try again */
	RELEASE_ERROR_STATE    /* not held, or another releases it */
};

GQuark release_error_quark(void);

/*
 * Releases one message. `by` names who asked (for the note). Already
 * released counts as success and sends nothing.
 *
 * Once the MTA has taken it, the message is labelled relevant and its campaign
 * wanted (feedback_say(), source "release"). When that fails the release is a
 * success all the same, and `warning` (may be NULL; the caller's) says so.
 */
gboolean release_message(struct store *store, const struct config *config,
			 const struct key *key, const char *buyer,
			 const char *id, const char *by, char **warning,
			 GError **error);

#endif
