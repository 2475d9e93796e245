#include "review/sharing.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "model/model.h"

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

/* Read back and checked as any model that came from elsewhere. */
static gboolean
shelve(const struct sharing *sharing, const char *models,
       const struct store_model *model, GError **error)
{
	g_autoptr(GBytes) pack =
		sharing->get(sharing->handle, model->id, error);
	g_autofree char *path = NULL;
	char unique[ID_LEN + 1];
	gboolean done;

	if (!pack)
		return FALSE;
	id_new(unique);
	path = g_strdup_printf("%s/.pack-%s", models, unique);
	done = file_replace(path, g_bytes_get_data(pack, NULL),
			    g_bytes_get_size(pack), 0600, error) &&
	       promotion_import(models, path, NULL, error);
	g_unlink(path);
	return done;
}

static gboolean
is_on_shelf(const char *models, const char *id)
{
	g_autofree char *path =
		g_build_filename(models, PROMOTION_SHELF, id, NULL);

	return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* What it says of itself is what the store says of it. */
static gboolean
is_meant(const char *models, const struct store_model *model, GError **error)
{
	g_autofree char *path =
		g_build_filename(models, PROMOTION_SHELF, model->id, NULL);
	g_autoptr(Card) card = promotion_check(path, error);
	g_autofree char *place = card ? promotion_place(card) : NULL;

	if (!card)
		return FALSE;
	if (g_strcmp0(place, model->place) == 0 &&
	    strcmp(card->id, model->id) == 0)
		return TRUE;
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
		    "%s: its card is of %s for %s", model->id, card->id,
		    place ? place : "nobody");
	return FALSE;
}

static gboolean
install(const struct sharing *sharing, const char *models,
	const struct store_model *model, GError **error)
{
	const struct promotion promotion = { models, model->by, model->note };

	if (*model->id == '\0')
		return promotion_clear(&promotion, model->place, error);
	if (!promotion_name_valid(model->id)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "a model's name in the store cannot be one");
		return FALSE;
	}
	return (is_on_shelf(models, model->id) ||
		shelve(sharing, models, model, error)) &&
	       is_meant(models, model, error) &&
	       promotion_promote(&promotion, model->id, NULL, error);
}

static gboolean
serves(const char *models, const struct store_model *model)
{
	g_autofree char *serving = promotion_serving(models, model->place);

	return strcmp(serving ? serving : "", model->id) == 0;
}

gboolean
sharing_install(const struct sharing *sharing, const char *models,
		const char *starters, guint *n, GError **error)
{
	g_autoptr(GPtrArray) rows = sharing->list(sharing->handle, error);
	g_autoptr(GError) first = NULL;
	guint done = 0;

	for (guint i = 0; rows && i < rows->len; i++) {
		const struct store_model *model = rows->pdata[i];
		GError **failure = first ? NULL : &first;

		if (serves(models, model))
			continue;
		if (promotion_prepare(models, starters, failure) &&
		    install(sharing, models, model, failure))
			done++;
	}
	if (n)
		*n = done;
	if (first)
		g_propagate_error(error, g_steal_pointer(&first));
	return rows && !first;
}
