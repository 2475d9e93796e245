#include "review/ruling.h"

#include <string.h>

/* Undoes the buyer's rulings on the vendor but the one with this id. */
static gboolean
undo_others(struct store *store, const struct store_ruling *like,
	    const char *kept, guint *undone, GError **error)
{
	g_autoptr(GPtrArray) rulings =
		store_ruling_list(store, like->buyer, TRUE, error);

	for (guint i = 0; rulings && i < rulings->len; i++) {
		const struct store_ruling *ruling = rulings->pdata[i];

		if (ruling->scope != STORE_RULING_VENDOR ||
		    strcmp(ruling->id, kept) == 0 ||
		    (like->subject &&
		     strcmp(ruling->subject, like->subject) != 0))
			continue;
		if (!store_ruling_undo(store, like->buyer, ruling->id, like->by,
				       error))
			return FALSE;
		(*undone)++;
	}
	return rulings != NULL;
}

/*
 * An active one of the same word would keep its own date and time: it goes
 * first.
 */
static gboolean
add_anew(struct store *store, struct store_ruling *ruling, GError **error)
{
	const gint64 until_us = ruling->until_us;
	char own[ID_LEN + 1];

	id_new(ruling->id);
	memcpy(own, ruling->id, sizeof(own));
	if (!store_ruling_add(store, ruling, error))
		return FALSE;
	if (strcmp(own, ruling->id) == 0)
		return TRUE;
	if (!store_ruling_undo(store, ruling->buyer, ruling->id, ruling->by,
			       error))
		return FALSE;
	id_new(ruling->id);
	ruling->time_us = 0;
	ruling->until_us = until_us;
	return store_ruling_add(store, ruling, error);
}

gboolean
ruling_set(struct store *store, struct store_ruling *ruling, GError **error)
{
	guint undone = 0;

	ruling->scope = STORE_RULING_VENDOR;
	return add_anew(store, ruling, error) &&
	       undo_others(store, ruling, ruling->id, &undone, error);
}

gboolean
ruling_clear(struct store *store, const char *buyer, const char *vendor,
	     const char *by, guint *undone, GError **error)
{
	g_autofree char *whose = g_strdup(buyer);
	g_autofree char *subject = g_strdup(vendor);
	g_autofree char *who = g_strdup(by);
	const struct store_ruling like = {
		.buyer = whose,
		.subject = subject,
		.by = who,
	};
	guint n = 0;

	if (!undo_others(store, &like, "", &n, error))
		return FALSE;
	if (undone)
		*undone = n;
	return TRUE;
}
