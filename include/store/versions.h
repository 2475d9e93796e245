/*
 * Versions of profiles: what a buyer or an admin changed without touching the
 * files of the profiles' folder, and what there was before.
 *
 * A version stands over one content of the buyer's file, `base`: it serves
 * while the file is that, and the file serves again once somebody changes it.
 * Numbers count from 1 for each buyer and never go back; a rollback adds a
 * version with an old text.
 */
#ifndef STORE_VERSIONS_H
#define STORE_VERSIONS_H

#include <glib.h>

#include "store/store.h"

#define STORE_VERSION_TEXT_MAX (256 * 1024)

struct store_version {
	char *buyer; /* profile id: the file's name without ".yaml" */
	guint number;
	gint64 time_us; /* 0: now */
	char *by;
	char *note; /* why, in the words of who changed it; or "" */
	char *base; /* SHA-256 in hex of the file it stands over; "": of none */
	char *text; /* the whole YAML */
};
typedef struct store_version StoreVersion; /* for g_autoptr(StoreVersion) */

struct store_version *store_version_copy(const struct store_version *version);
void store_version_free(struct store_version *version);

/*
 * Adds the version after number `after` (0: the first), durably, and writes its
 * number, and its time where that is 0. STORE_ERROR_CONFLICT when the newest is
 * another one by now: somebody else was faster, nothing is changed. When that
 * is this one, in its time and all it says, it is a repeat. STORE_ERROR_FULL: a
 * text longer than STORE_VERSION_TEXT_MAX.
 */
gboolean store_version_add(struct store *store, struct store_version *version,
			   guint after, GError **error);

/* All of a buyer, the newest last; of NULL, the newest of every buyer. An array
 * of struct store_version that frees its elements. */
GPtrArray *store_version_list(struct store *store, const char *buyer,
			      GError **error);

/* A number that grows with every version that is added, by whatever process. */
gboolean store_version_mark(struct store *store, guint64 *mark, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreVersion, store_version_free)

#endif
