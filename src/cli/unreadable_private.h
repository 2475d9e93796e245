/*
 * Files of the configuration that the daemon's user may not read: root's
 * commands read them, and the next reload fails.
 */
#ifndef CLI_UNREADABLE_PRIVATE_H
#define CLI_UNREADABLE_PRIVATE_H

#include <glib.h>

#include "profile/config.h"

struct unreadable {
	char *path;
	char *why;
	char *mend; /* a command */
};

/*
 * Of all that a reload reads (the configuration at `path`, profiles, groups,
 * signals), and of the folders on the way: an array of struct unreadable that
 * frees its elements, empty for who is not root. To be called before a store is
 * opened. NULL: BASE_ERROR_*.
 */
GPtrArray *unreadable_find(const char *path, const struct config *config,
			   GError **error);

#endif
