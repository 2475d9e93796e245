/* What there is at a store's URL, looked at without making or changing it. */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include <glib.h>

struct store_place {
	guint schema;	/* 0: nothing of ours */
	char *identity; /* the same by whatever name one store goes; NULL
			   where there is nothing of ours */
};
typedef struct store_place StorePlace; /* for g_auto(StorePlace) */

/*
 * STORE_ERROR_NOT_FOUND: a file that is not there. STORE_ERROR_BROKEN: what is
 * there is no database.
 */
gboolean store_place_look(const char *url, struct store_place *place,
			  GError **error);
void store_place_clear(struct store_place *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StorePlace, store_place_clear)

#endif
