/* What the commands below `pitchward profile` share. */
#ifndef CLI_PROFILE_PRIVATE_H
#define CLI_PROFILE_PRIVATE_H

#include <glib.h>

#include "options_private.h"
#include "profile/config.h"
#include "review/profiles.h"
#include "store/store.h"

/* One run of a command; all zero at the beginning. */
struct profile_run {
	struct options options;
	struct config *config;
	struct store *store;   /* NULL: there is none yet */
	struct profiles where; /* both of them */
	char *by;
	char *note;
};
typedef struct profile_run ProfileRun; /* for g_auto(ProfileRun) */

void profile_run_clear(struct profile_run *run);

/*
 * Configuration and store; `by` is filled in when it was not given. Who
 * `writes` needs a store that is there.
 */
gboolean profile_run_open(struct profile_run *run, gboolean writes,
			  GError **error);

/* A version's number; CLI_ERROR_USAGE. 0 is the file. */
gboolean profile_number(const char *text, guint *number, GError **error);

/* "priya (version 3)", "priya (file)"; of what serves; the caller's. */
char *profile_title(const struct profiles_view *view, guint number);

/* A text with NUL at its end; the caller's. */
char *profile_text(GBytes *bytes);

/*
 * Applies and says what came of it. FALSE with an error, of faults too, which
 * are all in it.
 */
gboolean profile_put(struct profile_run *run,
		     const struct profiles_change *change, GError **error);

/* Says what serving a text would change, and nothing else happens. */
gboolean profile_try(struct profile_run *run,
		     const struct profiles_change *change, GError **error);

int profile_apply_main(int argc, char **argv);
int profile_diff_main(int argc, char **argv);
int profile_edit_main(int argc, char **argv);
int profile_history_main(int argc, char **argv);
int profile_remove_main(int argc, char **argv);
int profile_rollback_main(int argc, char **argv);
int profile_show_main(int argc, char **argv);
int profile_suggest_main(int argc, char **argv);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProfileRun, profile_run_clear)

#endif
