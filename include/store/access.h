/*
 * Who is signed in: sessions of the web pages, and the one-time links they
 * begin with. Only hashes of the tokens are stored, so that who reads the
 * database cannot sign in.
 */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include <glib.h>

#include "store/store.h"

enum store_pass_kind { STORE_PASS_LINK, STORE_PASS_SESSION };

struct store_pass {
	char *hash; /* SHA-256 in hex of the token; the key */
	enum store_pass_kind kind;
	char *address;	 /* whose, lower case */
	gint64 time_us;	 /* made */
	gint64 until_us; /* ends by itself */
	gint64 ended_us; /* used or revoked; 0: it is not */
	char *agent;	 /* of the browser, cut to 200 bytes */
	char *client;	 /* network address it was made from */
};
typedef struct store_pass StorePass; /* for g_autoptr(StorePass) */

void store_pass_free(struct store_pass *pass);

/* Durable. The same hash again is STORE_ERROR_CONFLICT: after a failure make a
 * new token. What ended by itself 30 days ago is forgotten. */
gboolean store_pass_add(struct store *store, const struct store_pass *pass,
			GError **error);

/* One of that kind that is active at `now_us`. STORE_ERROR_NOT_FOUND. */
struct store_pass *store_pass_find(struct store *store,
				   enum store_pass_kind kind, const char *hash,
				   gint64 now_us, GError **error);

/*
 * Ends one, durably. STORE_ERROR_NOT_FOUND when there is none that is active:
 * of two that use a one-time link at once, one gets in.
 */
gboolean store_pass_end(struct store *store, enum store_pass_kind kind,
			const char *hash, gint64 now_us, GError **error);

/* Ends all of an address, of both kinds, durably. `n` (may be NULL) counts
 * them. */
gboolean store_pass_end_all(struct store *store, const char *address,
			    gint64 now_us, guint *n, GError **error);

/* The sessions that are active, of one address or all (NULL), newest last: an
 * array of struct store_pass that frees its elements. */
GPtrArray *store_pass_list(struct store *store, const char *address,
			   gint64 now_us, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePass, store_pass_free)

#endif
