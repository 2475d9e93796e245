/*
 * What changed in a buying group in a week, for one of its members, as that
 * member sees it (market/group.h): votes and the shortlist, vendors that wrote
 * to several, the three worst conflicts, how long there is, whom to talk to.
 *
 * Mailed on the site's day of the week (config.insight.day), at the hour of the
 * member's digest, once a group, member and week (review/outbox.h), whoever
 * runs this at once and however often. Who has no digest gets none.
 */
#ifndef MARKET_GROUP_DIGEST_H
#define MARKET_GROUP_DIGEST_H

#include <glib.h>

#include "market/group.h"
#include "review/outbox.h"

/* All borrowed. */
struct group_digest_request {
	const struct outbox *outbox; /* `key` may be NULL where none is sent */
	const struct vendor_book *book;
	const struct group *group;
	const GPtrArray *profiles;     /* of struct profile */
	const struct profile *profile; /* of the member */
	gint64 now_us;
};

/* Lines under one heading. */
struct group_digest_part {
	char *head;
	GPtrArray *lines; /* of char * */
};

struct group_digest {
	char *subject;
	char *lead;	  /* what is to be decided, and until when */
	GPtrArray *parts; /* of struct group_digest_part, none without lines */
	char *link;	  /* to the group's page; NULL: there are no pages */
	gboolean empty;	  /* no vote, no vendor, nothing to settle */
};
typedef struct group_digest GroupDigest; /* for g_autoptr(GroupDigest) */

/* Errors: STORE_ERROR. */
struct group_digest *
group_digest_new(const struct group_digest_request *request, GError **error);
void group_digest_free(struct group_digest *digest);

/* As it is mailed; the caller's. */
char *group_digest_text(const struct group_digest *digest);
char *group_digest_html(const struct group_digest *digest);

enum group_digest_outcome {
	GROUP_DIGEST_NOT_DUE,
	GROUP_DIGEST_DONE,  /* was sent, or empty, before */
	GROUP_DIGEST_EMPTY, /* nothing to say; the week is done */
	GROUP_DIGEST_SENT
};

/* "not-due", "done", "empty", "sent". */
const char *group_digest_outcome_name(enum group_digest_outcome outcome);

/* Errors: OUTBOX_ERROR but DONE; STORE_ERROR. */
gboolean group_digest_send(const struct group_digest_request *request,
			   enum group_digest_outcome *outcome, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GroupDigest, group_digest_free)

#endif
