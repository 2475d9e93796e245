/*
 * Versions of profiles: what a buyer or an admin changed without touching the
 * files of the profiles' folder, and what there was before.
 *
 * A version stands over one content of the buyer's file, `base`: it serves
 * while the file is that, and the file serves again once somebody changes it.
 * Numbers count from 1 for each buyer and never go back; a rollback adds a
 * version with an old text, and a version without a text takes a buyer away.
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
	char *text; /* the whole YAML; "": the buyer is removed */
	gint refs;  /* more owners than one; store_version_ref() */
};
typedef struct store_version StoreVersion; /* for g_autoptr(StoreVersion) */

/*
 * A copy has one owner. What has more of them is only read;
 * store_version_free() drops one, on whatever thread.
 */
struct store_version *store_version_copy(const struct store_version *version);
struct store_version *store_version_ref(struct store_version *version);
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

/*
 * The newest of every buyer, as store_version_list() of NULL has it, but in the
 * order of the buyers' ids. Those that are in `known` (what an earlier call
 * gave; NULL: nothing) with the same number and time are shared with it, and
 * only the others are read.
 */
GPtrArray *store_version_list_since(struct store *store, const GPtrArray *known,
				    GError **error);

/* A number that grows with every version that is added, by whatever process. */
gboolean store_version_mark(struct store *store, guint64 *mark, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreVersion, store_version_free)

#endif
