/*
 * Tells when this machine's site key is not the store's (store/shared_key.h):
 * at once, and again each day while it is so.
 */
#ifndef STORE_KEY_WATCH_H
#define STORE_KEY_WATCH_H

#include "store/shared_key.h"

/* All zero at first. One thread's. */
struct key_watch {
	gint64 next_us;	      /* monotonic: not to be asked before */
	gint64 told_us;	      /* monotonic; 0: nothing is wrong */
	enum store_key known; /* the last answer; NONE: there was none yet */
};

/* store_key_agree(), or vault_key_agree(). */
typedef gboolean (*KeyAsk)(gpointer where, const struct key *key,
			   enum store_key *found, GError **error);

/*
 * Asks when it is time to, which is once an hour, and each minute while it is
 * another's. A line for the log, or NULL; a text of ours.
 */
const char *key_watch_look(struct key_watch *watch, KeyAsk ask, gpointer where,
			   const struct key *key);

/* The same of what was found `now_us`, for tests. */
const char *key_watch_found(struct key_watch *watch, enum store_key found,
			    gint64 now_us);

#endif
