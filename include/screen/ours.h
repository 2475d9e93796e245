/*
 * Mail of our own making that must pass unscreened: released and digest mail
 * carries "X-Pitchward-Release: id=...; to=...; until=...; mac=...", an HMAC
 * (base/key.h) over the id, the recipient, the time it ends and the message's
 * From, Subject and Message-ID fields (a From or Message-ID that an MTA adds
 * where there was none does no harm). A copy on other mail, for another
 * recipient or after its hour is worth nothing.
 */
#ifndef SCREEN_OURS_H
#define SCREEN_OURS_H

#include <glib.h>

#include "base/key.h"
#include "mail/message.h"

#define OURS_HEADER "X-Pitchward-Release"

/*
 * The header's value for this message, one line of ASCII, good until
 * `until_us`; it may be folded behind any "; ". NULL when `rcpt` is not an
 * address. The caller's.
 */
char *ours_sign(const struct key *key, const struct mail *mail, const char *id,
		const char *rcpt, gint64 until_us);

/* Whether any such header of the message is ours, for `rcpt`, and in time. */
gboolean ours_verify(const struct key *key, const struct mail *mail,
		     const char *rcpt, gint64 now_us);

#endif
