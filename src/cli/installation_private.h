/*
 * The installation as commands need it: its configuration, store and key,
 * opened without making anything that would belong to the wrong user.
 */
#ifndef CLI_INSTALLATION_PRIVATE_H
#define CLI_INSTALLATION_PRIVATE_H

#include <glib.h>

#include "base/key.h"
#include "options_private.h"
#include "profile/config.h"
#include "screen/served.h"
#include "screen/snapshot.h"
#include "store/store.h"
#include "store/vault.h"

/* What to do where no file was named and the default one does not exist. */
#define INSTALLATION_NONE                                                      \
	"'pitchward init /etc/pitchward' writes one, --config names another"

/*
 * The configuration file; PROFILE_ERROR_FAULTS lists what is wrong,
 * BASE_ERROR_DENIED: it may not be read.
 */
struct config *installation_config(const struct options *options,
				   GError **error);

/* TRUE when no file was named and the default one does not exist. */
gboolean installation_is_absent(const struct options *options);

/*
 * The whole installation, or built-in defaults where there is none. `models`
 * (may be NULL) goes before the configured folder. Whom faults leave out (see
 * snapshot->partial) is told on standard error.
 */
struct snapshot *installation_snapshot(const struct options *options,
				       const char *models, GError **error);

/* FALSE before the daemon has made it. */
gboolean installation_has_store(const struct config *config);

/*
 * The same for commands that list: that there is none is told on standard
 * error, since an empty list would look like an answer.
 */
gboolean installation_tell_store(const struct config *config);

/*
 * As root: from now on as the owner of the store's folder, or the key's where
 * the store is no file (identity_act() tells what that means). What opens
 * store, key or spool below begins with it.
 */
gboolean installation_identity(const struct config *config, GError **error);

/*
 * STORE_ERROR_AWAY when there is no store yet: opening would make one, and
 * one that an admin's hand made is not the daemon's to write.
 */
struct store *installation_store(const struct config *config, GError **error);

/* Any store; what store_keep_older() says is told on standard error. */
struct store *installation_open_store(const char *url, GError **error);

/* The file behind a "sqlite:" URL, or NULL; borrowed from it. */
const char *installation_store_file(const char *url);

/* The site key; BASE_ERROR_NOT_FOUND when there is none yet. */
struct key *installation_key(const struct config *config, GError **error);

/* What waits in the spool for the store. */
struct installation_spool {
	guint files;
	guint64 bytes;
	gint64 age_us; /* of the oldest; 0 when there is none */
};

/* A spool that was never used is empty. */
gboolean installation_spool_look(const struct config *config,
				 struct installation_spool *spool,
				 GError **error);

/*
 * Store and spool as the milter uses them; NULL without an error when there
 * is neither yet.
 */
struct vault *installation_vault(const struct config *config, GError **error);

/*
 * The newest version of every profile, for served_find(); NULL: there is no
 * store yet, or (which is told on standard error) it cannot be read.
 */
GPtrArray *installation_versions(const struct config *config);

/*
 * The profiles that serve, for commands that go on without those whose files
 * have faults, as the filter does that begins: who is left out is told on
 * standard error, and `*code` (may be NULL) becomes EX_CONFIG, with which a job
 * for all buyers is to end. An array that frees its elements, of struct served
 * and of struct profile. NULL: there is nothing to go on with.
 *
 * The store is NULL where there is none.
 */
GPtrArray *installation_sound(const struct config *config, struct store *store,
			      int *code, GError **error);
GPtrArray *installation_sound_profiles(const struct config *config, int *code,
				       GError **error);

/*
 * The profiles that serve, as a milter takes them: arrays of struct served and
 * of struct profile that free their elements. Faults as served_load() finds.
 */
GPtrArray *installation_served(const struct config *config,
			       struct faults *faults);
GPtrArray *installation_profiles(const struct config *config,
				 struct faults *faults);

/*
 * The buyer's id an address belongs to (an id is taken as it is); the
 * caller's. CLI_ERROR_USAGE, which names --for, when nobody has it. Faults in
 * files of others are none of the buyer's; PROFILE_ERROR_FAULTS: nobody has it,
 * and there are faults.
 */
char *installation_buyer(const struct config *config, const char *addr,
			 GError **error);

#endif
