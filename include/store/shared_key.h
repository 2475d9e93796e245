/*
 * Which site key (base/key.h) the contacts in a store are hashed under. All
 * that use one store must have the same: with another, nobody is known. Kept is
 * a mark made with the key, from which the key cannot be found.
 */
#ifndef STORE_SHARED_KEY_H
#define STORE_SHARED_KEY_H

#include "base/key.h"
#include "store/store.h"

enum store_key {
	STORE_KEY_NONE, /* nobody has set one */
	STORE_KEY_OURS,
	STORE_KEY_OTHER
};

gboolean store_key_look(struct store *store, const struct key *key,
			enum store_key *found, GError **error);

/*
 * The same, but where there is none, ours becomes it; while another program
 * does that, it is STORE_KEY_NONE for a moment.
 */
gboolean store_key_agree(struct store *store, const struct key *key,
			 enum store_key *found, GError **error);

/* Ours is it from now on. */
gboolean store_key_set(struct store *store, const struct key *key,
		       GError **error);

#endif
