/* Rulings as the command line prints them. */
#ifndef CLI_RULED_PRIVATE_H
#define CLI_RULED_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "store/store.h"

/* "never", "not-now until 2027-01-31"; the caller's. */
char *ruled_text(const struct store_ruling *ruling);

/* {buyer, scope, subject, word, until, time, by, cause, undone, undo}. */
json_t *ruled_json(const struct store_ruling *ruling);

/* Whether it counts at `now_us`. */
gboolean ruled_is_active(const struct store_ruling *ruling, gint64 now_us);

/*
 * The command that takes it back, or NULL: none does, of a campaign's without
 * a message that was the cause. The caller's.
 */
char *ruled_undo(const struct store_ruling *ruling);

/*
 * The vendor it is about: its own subject, or who wrote the mail that was the
 * cause, or began the campaign; "" when neither is stored any more, or nobody
 * is the vendor of it. The caller's; NULL with STORE_ERROR_*.
 */
char *ruled_vendor(const struct store_ruling *ruling, struct store *store,
		   GError **error);

#endif
