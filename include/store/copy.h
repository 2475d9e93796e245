/*
 * Takes what one store has into another, of the same kind or not: to move an
 * installation, to back it up into a file, and back.
 *
 * It may be done again, also while mail flows into either: what is there
 * already is left, and of a message the later change of state counts, of a
 * card the later text. So nothing is lost when a store is copied, then the
 * programs are told of the new one, and then it is copied once more. What was
 * deleted from the first one meanwhile by age is forgotten by the next expiry
 * of the second.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store/store.h"

struct store_copied {
	guint64 seen;	 /* messages that were looked at */
	guint64 added;	 /* messages that were not there */
	guint64 changed; /* whose later state was taken */
	guint64 others;	 /* rows of everything else that were added */
};

/* After each part; `data` is the caller's. */
typedef void (*store_copy_told)(const struct store_copied *copied,
				gpointer data);

/*
 * `told` may be NULL. Stops at the first failure; what was copied stays. Both
 * must be of our own programs' version: opening them has seen to that.
 */
gboolean store_copy(struct store *from, struct store *to, store_copy_told told,
		    gpointer data, struct store_copied *copied, GError **error);

/* The URL as people may see it: without a password. The caller's. */
char *store_url_shown(const char *url);

#endif
