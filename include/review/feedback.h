/*
 * What a person says about a message, and what follows from it at once: the
 * label that models learn from later (the slow knob), and a ruling on its
 * campaign or vendor that the next mail meets (the fast one).
 */
#ifndef REVIEW_FEEDBACK_H
#define REVIEW_FEEDBACK_H

#include <glib.h>

#include "store/store.h"

struct feedback_said {
	enum store_label label;
	/* With STORE_IRRELEVANT: no mail of this vendor any more; of a public
	 * mail domain, none of this campaign. */
	gboolean never;
	const char *by;	    /* who */
	const char *source; /* "cli", "release", "digest" */
};

/*
 * Writes the label; then the ruling it gives cause for: the campaign wanted
 * for relevant and not-outreach (none when the message is in no campaign), or
 * never. Rulings that an earlier label of the message was the cause of and
 * this one is not are undone. What is there already stays: it may be said
 * again, and after a failure in between it should be.
 *
 * `ruling` (may be NULL) gets the one that is active because of this, or NULL.
 * STORE_ERROR_NOT_FOUND: the buyer has no such message; STORE_ERROR_CONFLICT:
 * never, but there is neither vendor nor campaign (the label is written).
 */
gboolean feedback_say(struct store *store, const struct store_message *message,
		      const struct feedback_said *said,
		      struct store_ruling **ruling, GError **error);

/*
 * Retracts the label and undoes the rulings whose cause is this message.
 * STORE_ERROR_NOT_FOUND: there was nothing of either. `undone` (may be NULL)
 * counts the rulings.
 */
gboolean feedback_undo(struct store *store, const struct store_message *message,
		       const char *by, guint *undone, GError **error);

#endif
