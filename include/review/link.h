/*
 * Signed links of digests and notices: who has one may do one thing with one
 * message, as its recipient, until a time.
 *
 * "ID.ACTION.UNTIL.MAC" in the characters of RFC 3986's unreserved set: UNTIL
 * in seconds, MAC the first 128 bits of an HMAC (base/key.h) over buyer,
 * message, action and time. The buyer is not in it; who verifies finds the
 * message's. A link shows a page; only the button there acts (mail scanners
 * follow every link).
 */
#ifndef REVIEW_LINK_H
#define REVIEW_LINK_H

#include <glib.h>

#include "base/id.h"
#include "base/key.h"

enum link_action {
	LINK_SHOW,
	LINK_RELEASE,
	LINK_RELEVANT,
	LINK_IRRELEVANT,
	LINK_NOT_OUTREACH,
	LINK_NEVER, /* the vendor */
	LINK_UNDO   /* what was said; given out where something was said */
};

/* "show", "release", "relevant", ... And back; -1 when it is none. */
const char *link_action_name(enum link_action action);
int link_action_parse(const char *word);

/* Good until `until_us`, rounded down to a second. The caller's. */
char *link_sign(const struct key *key, const char *buyer, const char *id,
		enum link_action action, gint64 until_us);

struct link {
	char id[ID_LEN + 1];
	enum link_action action;
	gint64 until_us;
};

/* Takes it apart without believing it: the id, to find the buyer with. */
gboolean link_parse(const char *text, struct link *link);

/*
 * Whether it is ours, for a message of that buyer, and in time. With `now_us`
 * 0 whether it ever was: so expired ones are told from forged ones.
 */
gboolean link_verify(const struct key *key, const char *text, const char *buyer,
		     gint64 now_us);

#endif
