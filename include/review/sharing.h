/*
 * What serves on one node of an installation serves on all: a change in the
 * folder of models goes into the store (store/models.h), and a node whose
 * folder is behind takes it from there.
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

/* Where models come from: a store, or what stands before one. */
struct sharing {
	gpointer handle;
	GPtrArray *(*list)(gpointer handle, GError **error);
	GBytes *(*get)(gpointer handle, const char *id, GError **error);
};

/*
 * Brings a folder of models to what the store says, by promotions, each of them
 * whole or not at all; a folder without starters is made (promotion_prepare()
 * from `starters`) when it needs any. `n` (may be NULL) counts them. What fails
 * does not stop the others: the first error is set, and what it is about serves
 * as before.
 */
gboolean sharing_install(const struct sharing *sharing, const char *models,
			 const char *starters, guint *n, GError **error);

#endif
