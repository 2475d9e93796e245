#include "taking_private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "model/model.h"

/* Read back and checked as any model that came from elsewhere. */
static gboolean
shelve(const struct taking *taking, const char *models,
       const struct store_model *model, GError **error)
{
	g_autoptr(GBytes) pack = taking->get(taking->handle, model->id, error);
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
install(const struct taking *taking, const char *models,
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
		shelve(taking, models, model, error)) &&
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
taking_install(const struct taking *taking, const char *models,
	       const char *starters, guint *n, GError **error)
{
	g_autoptr(GPtrArray) rows = taking->list(taking->handle, error);
	g_autoptr(GError) first = NULL;
	guint done = 0;

	for (guint i = 0; rows && i < rows->len; i++) {
		const struct store_model *model = rows->pdata[i];
		GError **failure = first ? NULL : &first;

		if (serves(models, model))
			continue;
		if (promotion_prepare(models, starters, failure) &&
		    install(taking, models, model, failure))
			done++;
	}
	if (n)
		*n = done;
	if (!first)
		return rows != NULL;
	g_propagate_error(error, g_steal_pointer(&first));
	return FALSE;
}
