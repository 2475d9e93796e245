/*
 * A mail by which somebody says something of another mail: that mail itself
 * (moved to a folder, resent), one that has it attached (forwarded, or as a
 * feedback report, RFC 5965), or one that quotes a notice of ours.
 *
 * What is found is a name, not a right: an id is random and cannot be guessed,
 * but whoever got the mail from its recipient has read it. The caller knows
 * who sent the report, and asks for the message among the rows of that buyer.
 */
#ifndef REVIEW_REPORT_H
#define REVIEW_REPORT_H

#include <glib.h>

#include "base/key.h"
#include "mail/message.h"
#include "store/store.h"

/*
 * The id in the first X-Pitchward field ("verdict=tag; ...; id=01J..."): its
 * own, an enclosed message's, or in an enclosed header (text/rfc822-headers).
 * NULL: none. The caller's.
 */
char *report_id(const struct mail *mail);

/*
 * The id that signed links (review/link.h) in its text name, when they are of
 * this buyer, in time, and all of one message: an answer to a digest of several
 * does not say which is meant. NULL: none, or several. The caller's.
 */
char *report_linked_id(const struct mail *mail, const struct key *key,
		       const char *buyer, gint64 now_us);

/*
 * The row of the same mail for another buyer, since headers are one for all.
 * STORE_ERROR_NOT_FOUND: it did not come to them.
 */
struct store_message *report_copy(struct store *store,
				  const struct store_message *message,
				  const char *buyer, GError **error);

/*
 * Written by a machine (RFC 3834: Auto-Submitted; a list, a bounce, an
 * out-of-office notice), and not resent by a person: it says nothing.
 */
gboolean report_is_automatic(const struct mail *mail);

#endif
