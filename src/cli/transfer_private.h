/* What is stored goes from one store into another, and what was done of it. */
#ifndef CLI_TRANSFER_PRIVATE_H
#define CLI_TRANSFER_PRIVATE_H

#include "options_private.h"
#include "profile/config.h"
#include "store/copy.h"

/* store_verify(), which takes long; `what` says so on a terminal. */
gboolean transfer_verify(struct store *store, const char *what, GError **error);

/* Shows progress on a terminal; and a look at whether the copy is sound. */
gboolean transfer_run(struct store *from, struct store *to,
		      struct store_copied *copied, GError **error);

/* `to`: where it is now. */
void transfer_print(const struct options *options, const char *to,
		    const struct store_copied *copied);

/*
 * On standard error, when the contacts in a store were hashed under another
 * site key than this installation's. No key yet is none.
 */
void transfer_tell_key(struct store *store, const struct config *config);

#endif
