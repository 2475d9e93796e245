/*
 * What other nodes promoted (store/models.h) comes into this node's folder of
 * models.
 */
#ifndef MILTER_TAKING_PRIVATE_H
#define MILTER_TAKING_PRIVATE_H

#include <glib.h>

#include "model/promotion.h"
#include "store/models.h"

/* Where models come from: a store, or what stands before one. */
struct taking {
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
gboolean taking_install(const struct taking *taking, const char *models,
			const char *starters, guint *n, GError **error);

#endif
