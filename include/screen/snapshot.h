/*
 * Everything that judging a message needs and a reload replaces: one
 * immutable, counted snapshot of configuration, signals, profiles and models.
 * A session pins the one it began with; the last user frees it. The cost of a
 * message does not depend on how many profiles there are.
 */
#ifndef SCREEN_SNAPSHOT_H
#define SCREEN_SNAPSHOT_H

#include <glib.h>

#include "base/key.h"
#include "features/relevance.h"
#include "model/adapt.h"
#include "model/model.h"
#include "profile/config.h"
#include "profile/group.h"
#include "profile/profile.h"
#include "profile/signals.h"
#include "screen/group_interest.h"
#include "screen/served.h"

/* A profile with its compiled interest. */
struct buyer {
	struct profile *profile;
	struct interest *interest;
	/* What the others of the buyer's groups want; NULL: nothing is let in
	 * for a group. */
	struct group_interest *group;
	/* What feedback taught, by enum model_kind: of the buyer, or else of a
	 * team; NULL: the starter serves alone. The snapshot's. */
	const struct adapter *adapted[2];
	char *models; /* ids of all that judge: the snapshot's and these */
	/* Where the profile comes from; `version` as in struct served. */
	enum served_origin origin;
	guint version;
};

struct snapshot {
	gint refs;
	struct config *config;
	struct signals *signals;
	GPtrArray *buyers; /* of struct buyer */
	/* address_key() -> struct buyer; a group's front door -> NULL */
	GHashTable *by_address;
	GPtrArray *groups;  /* of struct group; of an installation */
	char *group_faults; /* of their files, one a line; NULL: none */
	char *unserved; /* versions that are not, and why, one a line; NULL */
	struct model *outreach;
	struct model *relevance;
	GPtrArray *adapters;	 /* of struct adapter */
	struct lexicon *lexicon; /* of stems: all messages add to it */
	char *models;		 /* ids of both: "outreach-id+relevance-id" */
	/* promotion_mark() of their folder, from before they were read. */
	guint64 models_mark;
};
typedef struct snapshot Snapshot; /* for g_autoptr(Snapshot) */

/*
 * Reads a whole installation. On any fault (all of them are in the message,
 * one a line) or an unusable model: NULL, and whoever serves keeps what it
 * has. `models` overrides the configured folder (may be NULL).
 *
 * A group's file with faults stops nobody: it is left out, and mail is judged
 * by the buyer's own profile alone. What it names that profiles do not have,
 * since somebody changed theirs, is told as a fault and passed over.
 */
struct snapshot *snapshot_load(const char *config_path, const char *models,
			       GError **error);

/*
 * The same, but that profiles are what serves by the `versions` (as for
 * served_find()). Without them files alone serve: snapshot_load() asks no
 * store.
 */
struct snapshot *snapshot_load_versions(const char *config_path,
					const char *models,
					const GPtrArray *versions,
					GError **error);

/*
 * The same, but that a version with faults stops nobody but itself: see
 * served_mend(). `unserved` tells of it.
 */
struct snapshot *snapshot_load_mended(const char *config_path,
				      const char *models,
				      const GPtrArray *versions,
				      const struct served_past *past,
				      GError **error);

/*
 * For the command line without an installation: default configuration and
 * the given profile files (may be none).
 */
struct snapshot *snapshot_new(char *const *profile_paths, const char *models,
			      GError **error);

struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot);

/*
 * The buyer an envelope or header address belongs to, or NULL. An address
 * extension ("priya+news@") belongs to whom it extends (RFC 5233), unless it
 * is the front door of a group: that is nobody's, and what is sent there is
 * not screened, but where it is a buyer's own address.
 */
const struct buyer *snapshot_buyer(const struct snapshot *snapshot,
				   const char *addr);

/*
 * What the others of that buyer's groups want, under another profile of theirs;
 * NULL: nothing is let in for a group. Both must outlive it.
 */
struct group_interest *snapshot_group_interest(const struct snapshot *snapshot,
					       const char *member,
					       const struct profile *own);

/* The buyer whose profile has that id, or NULL; of NULL none. */
const struct buyer *snapshot_find(const struct snapshot *snapshot,
				  const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_unref)

#endif
