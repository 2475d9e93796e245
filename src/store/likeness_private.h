/*
 * What makes two messages of one campaign: the keys that drivers keep and ask
 * by, and the counting of touches.
 */
#ifndef STORE_LIKENESS_PRIVATE_H
#define STORE_LIKENESS_PRIVATE_H

#include "store_private.h"

/* Older mail is no part of a campaign that goes on. */
#define LIKENESS_CAMPAIGN_US (60 * CLOCK_DAY_US)

/* For so long all of one author's mail to any buyer is one campaign. */
#define LIKENESS_AUTHOR_US (14 * CLOCK_DAY_US)

/* Of the Message-IDs a mail refers to, the last so many count. */
#define LIKENESS_REFERENCES_MAX 16

/* Of a text; never 0. */
guint64 likeness_hash(const char *text, gsize len);

/* Of a Message-ID, with what is around its brackets or without; 0: none. */
guint64 likeness_reference(const char *message_id);

/*
 * The one side of a campaign: the vendor's family_key(), or where it is "", the
 * sender's address in lower case, which no key is for its "@"; "" when there is
 * neither. The caller's.
 */
char *likeness_origin(const char *vendor, const char *sender);

/* Of an author's address, in any case; 0: none. */
guint64 likeness_author(const char *sender);

/* A message of a campaign to one buyer. */
struct likeness_touch {
	gint64 time_us;
	guint64 reference; /* likeness_reference() of its own */
};

/*
 * Which touch a message of `own` is that comes at `now_us` after these, the
 * newest first, STORE_TOUCH_MAX at most.
 */
guint likeness_count(const struct likeness_touch *touches, guint n, guint64 own,
		     gint64 now_us);

#endif
