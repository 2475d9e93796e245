/*
 * Profiles as people change them: what serves of a buyer and what did, and a
 * new version in the store, checked whole before anything is written. Web and
 * command line share it; running milters follow by themselves.
 */
#ifndef REVIEW_PROFILES_H
#define REVIEW_PROFILES_H

#include <glib.h>

#include "profile/config.h"
#include "profile/faults.h"
#include "screen/served.h"
#include "screen/snapshot.h"
#include "store/store.h"
#include "store/versions.h"

/* The longest text of a profile, in bytes. */
#define PROFILES_TEXT_MAX ((gsize)STORE_VERSION_TEXT_MAX)

/* Where profiles are. */
struct profiles {
	struct store *store; /* NULL: there is none yet, and files serve */
	const struct config *config;
	/* What serves: spares reading what did not change since. NULL: all is
	 * read. */
	const struct snapshot *snapshot;
};

/* What serves of one buyer, and all versions there ever were. */
struct profiles_view {
	GPtrArray *all; /* of struct served: everybody's, not parsed now */
	struct served *served; /* this buyer's, in `all`; not parsed */
	GPtrArray *versions;   /* of struct store_version, the newest last */
};
typedef struct profiles_view ProfilesView; /* for g_autoptr(ProfilesView) */

/* BASE_ERROR_NOT_FOUND names the nearest id; PROFILE_ERROR_FAULTS: the folder
 * cannot be read. */
struct profiles_view *profiles_view(const struct profiles *profiles,
				    const char *id, GError **error);
void profiles_view_free(struct profiles_view *view);

/*
 * The text of a version, of the file (0), or of what serves
 * (PROFILES_SERVING); borrowed from the view. BASE_ERROR_NOT_FOUND says which
 * there are.
 */
#define PROFILES_SERVING G_MAXUINT
GBytes *profiles_text(const struct profiles_view *view, guint number,
		      GError **error);

/* What is to serve, and in whose name. */
struct profiles_change {
	const char *id;
	const char *name; /* of the text, in faults: a file's path */
	const char *text; /* the whole YAML */
	const char *by;
	const char *note;
	/* The newest version when the change was begun, 0: there was none;
	 * PROFILES_SERVING: whatever it is. */
	guint after;
	/* Something serves of the buyer already, or BASE_ERROR_NOT_FOUND names
	 * the nearest id: a file's name may be misspelt. */
	gboolean known;
	/* By who may not say whose mail it is about: an address that neither
	 * the file nor what serves has is a fault. */
	gboolean bound;
};

/*
 * Checks a change: its grammar, the limits of the configuration, and that it
 * stands beside all other profiles as they serve. All that is wrong is in
 * `faults`, with positions in the change's text where that is at fault.
 * FALSE with an error: it could not be checked at all.
 */
gboolean profiles_check(const struct profiles *profiles,
			const struct profiles_change *change,
			struct faults *faults, GError **error);

/*
 * Checks, then adds the version, durably, and writes its number; 0 when this
 * text serves already and nothing was added. FALSE without an error: there are
 * faults, nothing is changed. STORE_ERROR_CONFLICT: somebody else changed it
 * since `after`. BASE_ERROR_INVALID: the id is none.
 */
gboolean profiles_apply(const struct profiles *profiles,
			const struct profiles_change *change, guint *number,
			struct faults *faults, GError **error);

/*
 * Adds a version that takes away a buyer who has no file, and writes its
 * number; 0 when nothing serves of them already. Of the change the text and its
 * name do not matter; the note begins with "removed". BASE_ERROR_INVALID: there
 * is a file, and who removes that removes the buyer. BASE_ERROR_NOT_FOUND names
 * the nearest id.
 */
gboolean profiles_remove(const struct profiles *profiles,
			 const struct profiles_change *change, guint *number,
			 GError **error);

/*
 * What a rollback without a number goes back to: the version before the one
 * that serves, or the file (0); the newest version when the file serves since
 * it was changed. BASE_ERROR_NOT_FOUND: there is nothing to go back to.
 */
gboolean profiles_before(const struct profiles_view *view, guint *number,
			 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProfilesView, profiles_view_free)

#endif
