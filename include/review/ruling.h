/*
 * What a buyer rules on a vendor, by hand: one word at a time, the next mail
 * meets it.
 */
#ifndef REVIEW_RULING_H
#define REVIEW_RULING_H

#include <glib.h>

#include "store/store.h"

/*
 * Sets the word for the vendor (`ruling->subject`, its registrable domain) of
 * `ruling->buyer`, until `ruling->until_us` (0: for good), by `ruling->by`; its
 * id is filled in. Another word of the buyer on that vendor is undone, after
 * this one stands, so that there is always one.
 */
gboolean ruling_set(struct store *store, struct store_ruling *ruling,
		    GError **error);

/*
 * Undoes what the buyer has ruled on the vendor (NULL: on every vendor).
 * `undone` (may be NULL) counts; none is no error.
 */
gboolean ruling_clear(struct store *store, const char *buyer,
		      const char *vendor, const char *by, guint *undone,
		      GError **error);

#endif
