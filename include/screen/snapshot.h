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

struct interest_cache;
struct interest_entry;

/* A profile and what judges for it. */
struct buyer {
	struct profile *profile;
	/* NULL: snapshot_borrow_interest() has it. */
	struct interest *interest;
	/* What the others of the buyer's groups want; NULL: nothing is let in
	 * for a group. */
	struct group_interest *group;
	/* What feedback taught, by enum model_kind: of the buyer, or else of a
	 * team; NULL: the starter serves alone. The snapshot's. */
	const struct adapter *adapted[2];
	char *models; /* ids of all that judge: the snapshot's and these; a
			 GRefString */
	/* Where the profile comes from; `version` as in struct served. */
	enum served_origin origin;
	guint version;
};

struct snapshot {
	gint refs;
	struct config *config;
	struct signals *signals;
	GPtrArray *buyers; /* of struct buyer */
	GHashTable *by_id; /* profile id -> struct buyer */
	/* address_key() -> struct buyer; a group's front door -> NULL */
	GHashTable *by_address;
	/* Of an installation, for the next one: of struct served, without
	 * texts, and the versions it was given; or NULL. */
	GPtrArray *served;
	GPtrArray *versions;
	struct interest_cache *interests;
	GPtrArray *groups;  /* of struct group; of an installation */
	char *group_faults; /* of their files, one a line; NULL: none */
	char *unserved;	    /* versions and files that are not, and why, one a
			       line; NULL: all are */
	gboolean partial;   /* somebody is left out for faults of a file */
	struct model *outreach;
	struct model *relevance;
	GPtrArray *adapters;	 /* of struct adapter */
	GHashTable *shelf;	 /* what a place links to -> struct adapter */
	struct lexicon *lexicon; /* of stems: all messages add to it */
	/* Ids of both: "outreach-id+relevance-id"; a GRefString. */
	char *models;
	char *models_folder;
	/* promotion_mark() of their folder, from before they were read. */
	guint64 models_mark;
};
typedef struct snapshot Snapshot; /* for g_autoptr(Snapshot) */

struct snapshot_request {
	const char *config; /* path */
	const char *models; /* overrides the configured folder; or NULL */
	/* What profiles are served by, as for served_find(); kept. Without them
	 * files alone serve; no store is asked here. */
	GPtrArray *versions;
	/* With it a version with faults stops nobody but itself, see
	 * served_mend(); `unserved` tells of it. NULL: it is a fault. */
	const struct served_past *past;
	/*
	 * A profile's file with faults stops nobody but its buyer, who is left
	 * out, unless `before` serves him: see served_leave_out(); `unserved`
	 * tells of it. FALSE: it is a fault.
	 */
	gboolean partial;
	/*
	 * What serves now, or NULL. What did not change since is shared:
	 * profiles, compiled interests, models of feedback. So a reload costs
	 * what changed, and little for each buyer.
	 */
	const struct snapshot *before;
};

/*
 * Reads a whole installation. On any fault (all of them are in the message,
 * one a line) or an unusable model: NULL, and whoever serves keeps what it
 * has.
 *
 * A group's file with faults stops nobody: it is left out, and mail is judged
 * by the buyer's own profile alone. What it names that profiles do not have,
 * since somebody changed theirs, is told as a fault and passed over.
 */
struct snapshot *snapshot_take(const struct snapshot_request *request,
			       GError **error);

/* The same, of files alone. */
struct snapshot *snapshot_load(const char *config_path, const char *models,
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

/* The buyer whose profile has that id, or NULL; of NULL none. */
const struct buyer *snapshot_find(const struct snapshot *snapshot,
				  const char *id);

/* A compiled interest that is kept from being dropped meanwhile. */
struct interest_loan {
	const struct interest *interest;
	struct interest_entry *entry; /* NULL: the buyer's own */
};

/*
 * What the buyer's profile compiles to, by the snapshot's relevance model;
 * compiled now if it was not needed for long. To be returned soon.
 */
struct interest_loan snapshot_borrow_interest(const struct snapshot *snapshot,
					      const struct buyer *buyer);
void snapshot_return_interest(const struct snapshot *snapshot,
			      const struct interest_loan *loan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_unref)

#endif
