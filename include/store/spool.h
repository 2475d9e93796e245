/*
 * Copies that wait for the store: one file a message (a JSON line, then the
 * bytes), written, fsynced and renamed, so that a crash leaves a whole file
 * or none. Drained in the order written; draining twice is harmless, since
 * store_hold() knows repeats.
 */
#ifndef STORE_SPOOL_H
#define STORE_SPOOL_H

#include <glib.h>

#include "store/store.h"

struct spool;
typedef struct spool Spool; /* for g_autoptr(Spool) */

/*
 * Makes the folder where missing and clears half-written files, unless another
 * process has the spool open too. BASE_ERROR_DENIED or _IO when it cannot be
 * written.
 */
struct spool *spool_open(const char *folder, guint64 bytes_max, GError **error);
void spool_free(struct spool *spool);

/*
 * Durable when TRUE. BASE_ERROR_LIMIT when bytes_max would be passed;
 * BASE_ERROR_IO, _DENIED or _NOT_FOUND when it cannot be written.
 */
gboolean spool_put(struct spool *spool, struct store_message *const *messages,
		   guint n, GBytes *bytes, GError **error);

/*
 * Moves all into the store, in the order written; stops at the first refusal
 * of the store, with its STORE_ERROR. A damaged file, or one whose id
 * another message has, is set aside as NAME.bad and kept. One that cannot be
 * read now is left, and the error of the first of them (BASE_ERROR) returned
 * when all others are moved. `moved` is how many files were, on failure too.
 */
gboolean spool_drain(struct spool *spool, struct store *store, guint *moved,
		     GError **error);

/* Ends a drain under way after the file it is at, and any later one. */
void spool_stop(struct spool *spool);

/* Files waiting, their bytes, and the age of the oldest (0 when none). */
void spool_depth(struct spool *spool, guint *files, guint64 *bytes,
		 gint64 *oldest_age_us);

/* Files that were set aside and wait for a person. */
guint spool_damaged(struct spool *spool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)

#endif
