/*
 * The files that paths on a command line mean: a file is itself, a folder
 * everything in and below it in name order, a maildir what is in its cur and
 * new and in its subfolders. Names that begin with a dot are passed over, and
 * symbolic links to folders, so that a walk ends.
 */
#ifndef CLI_WALK_PRIVATE_H
#define CLI_WALK_PRIVATE_H

#include <glib.h>

struct walk;
typedef struct walk Walk; /* for g_autoptr(Walk) */

struct walk *walk_new(char *const *paths);
void walk_free(struct walk *walk);

/*
 * The next file, the caller's; NULL without an error at the end. After an
 * error (BASE_ERROR_*) the walk goes on with what follows.
 */
char *walk_next(struct walk *walk, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Walk, walk_free)

#endif
