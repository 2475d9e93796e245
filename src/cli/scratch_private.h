/*
 * A folder for one run, in which a store is made or changed before anybody
 * else sees it. It is gone at the end; what a run that was interrupted left is
 * removed by the next that makes one beside it.
 */
#ifndef CLI_SCRATCH_PRIVATE_H
#define CLI_SCRATCH_PRIVATE_H

#include <glib.h>

struct scratch {
	char *folder;
	char *file; /* a name in it for a store, which is not there yet */
	int lock;
};
typedef struct scratch Scratch; /* for g_auto(Scratch) */

/* PATH.part-XXXXXX. BASE_ERROR_*. */
gboolean scratch_make(const char *path, struct scratch *scratch,
		      GError **error);
void scratch_clear(struct scratch *scratch);

/* The bytes of a file, with those of its log where it has one, as our file. */
gboolean scratch_copy(const struct scratch *scratch, const char *from,
		      GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scratch, scratch_clear)

#endif
