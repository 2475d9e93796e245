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

/*
 * One state of a database of SQLite's as our file, while others use it. Where a
 * program that is none of SQLite's writes it meanwhile, BASE_ERROR_BUSY: the
 * times of the file tell.
 */
gboolean scratch_copy(const struct scratch *scratch, const char *from,
		      GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scratch, scratch_clear)

#endif
