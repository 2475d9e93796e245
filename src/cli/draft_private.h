/* The files of `pitchward init`, before they are written. */
#ifndef CLI_DRAFT_PRIVATE_H
#define CLI_DRAFT_PRIVATE_H

#include <glib.h>

#include "init_private.h"
#include "profile/config.h"

struct draft {
	char *config_path;
	char *config_text; /* NULL: there is one, and it stays */
	char *profile_path;
	char *profile_text;
};
typedef struct draft Draft; /* for g_auto(Draft) */

void draft_clear(struct draft *draft);

/* Into `draft`, which is all zero. `config` is what there is, or NULL. */
void draft_make(const struct answers *answers, const struct config *config,
		struct draft *draft);

/*
 * Whether the files would be taken as they are. When not, CLI_ERROR_USAGE
 * names the option whose answer is to blame, and not a line of a file that
 * nobody has seen.
 */
gboolean draft_check(const struct draft *draft, const struct answers *answers,
		     const struct config *site, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

#endif
