#include "review/sharing.h"

/* What serves in a place now. */
static gboolean
publish(struct store *store, const struct promotion *promotion,
	const char *place, GError **error)
{
	g_autofree char *serving = NULL;
	g_autoptr(StoreModel) model = NULL;

	if (!store || !store_is_shared(store))
		return TRUE;
	serving = promotion_serving(promotion->models, place);
	model = g_new0(struct store_model, 1);
	model->place = g_strdup(place);
	model->id = g_strdup(serving ? serving : "");
	model->by = g_strdup(promotion->who);
	model->note = g_strdup(promotion->why);
	if (serving) {
		model->pack = promotion_pack(promotion->models, place, error);
		if (!model->pack)
			return FALSE;
	}
	return store_model_put(store, model, error);
}

/* Of a change, which there was unless the mark is what it was. */
static gboolean
publish_card(struct store *store, const struct promotion *promotion,
	     const struct card *card, guint64 mark, GError **error)
{
	g_autofree char *place = promotion_place(card);

	if (publish(store, promotion, place, error))
		return TRUE;
	if (promotion_mark(promotion->models) != mark)
		promotion_rollback(promotion, place, NULL, NULL);
	return FALSE;
}

gboolean
sharing_promote(struct store *store, const struct promotion *promotion,
		const char *name, struct card **card, GError **error)
{
	const guint64 mark = promotion_mark(promotion->models);
	g_autoptr(Card) found = NULL;

	if (!promotion_promote(promotion, name, &found, error) ||
	    !publish_card(store, promotion, found, mark, error))
		return FALSE;
	if (card)
		*card = g_steal_pointer(&found);
	return TRUE;
}

gboolean
sharing_add(struct store *store, const struct promotion *promotion,
	    const struct adapter *adapter, struct card *card, GError **error)
{
	const guint64 mark = promotion_mark(promotion->models);

	return promotion_add(promotion, adapter, card, error) &&
	       publish_card(store, promotion, card, mark, error);
}

gboolean
sharing_rollback(struct store *store, const struct promotion *promotion,
		 const char *place, char **now, GError **error)
{
	g_autofree char *before = promotion_serving(promotion->models, place);
	g_autofree char *after = NULL;

	if (!promotion_rollback(promotion, place, &after, error))
		return FALSE;
	if (!publish(store, promotion, place, error)) {
		promotion_promote(promotion, before, NULL, NULL);
		return FALSE;
	}
	if (now)
		*now = g_steal_pointer(&after);
	return TRUE;
}
