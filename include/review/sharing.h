/*
 * What serves on one node of an installation serves on all: a change in the
 * folder of models goes into the store (store/models.h), from where the milters
 * of the others take it.
 */
#ifndef REVIEW_SHARING_H
#define REVIEW_SHARING_H

#include <glib.h>

#include "model/promotion.h"
#include "store/models.h"

/*
 * As promotion_promote(), promotion_add() and promotion_rollback(), and then
 * tells the store. When that fails the change is taken back: what other nodes
 * are not to have serves on none. No store (NULL), or one that is a machine's
 * own: there is nobody to tell.
 */
gboolean sharing_promote(struct store *store, const struct promotion *promotion,
			 const char *name, struct card **card, GError **error);
gboolean sharing_add(struct store *store, const struct promotion *promotion,
		     const struct adapter *adapter, struct card *card,
		     GError **error);
gboolean sharing_rollback(struct store *store,
			  const struct promotion *promotion, const char *place,
			  char **now, GError **error);

#endif
