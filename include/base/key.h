/*
 * The site key: 32 random bytes in a file of mode 0600, shared by the
 * programs of one installation. It keys the ledger's hashes and signs our own
 * headers (HMAC-SHA-256, RFC 2104). A `purpose` separates the uses: a value
 * made for one purpose never verifies for another. Immutable; thread-safe.
 */
#ifndef BASE_KEY_H
#define BASE_KEY_H

#include <glib.h>

struct key;
typedef struct key Key; /* for g_autoptr(Key) */

/*
 * Opens the key file, making it first where it is missing (O_EXCL, so that
 * two starters agree). Errors: BASE_ERROR_DENIED when others than the owner
 * and group may read it, BASE_ERROR_INVALID for a wrong size, BASE_ERROR_IO.
 */
struct key *key_open(const char *path, GError **error);

/* A key of random bytes that lives only in this process. */
struct key *key_new_random(void);

void key_free(struct key *key);

/* 64 lower-case hex digits over the purpose and the data; the caller's. */
char *key_mac(const struct key *key, const char *purpose, const void *data,
	      gsize size);

/* Compares in constant time. `mac` may be any string, NULL included. */
gboolean key_verify(const struct key *key, const char *purpose,
		    const void *data, gsize size, const char *mac);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Key, key_free)

#endif
