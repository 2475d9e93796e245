#include "store/models.h"

#include <string.h>

#include "store_private.h"

struct store_model *
store_model_copy(const struct store_model *model)
{
	struct store_model *copy = g_memdup2(model, sizeof(*model));

	copy->place = g_strdup(model->place);
	copy->id = g_strdup(model->id);
	copy->by = g_strdup(model->by);
	copy->note = g_strdup(model->note);
	copy->digest = g_strdup(model->digest);
	copy->pack = model->pack ? g_bytes_ref(model->pack) : NULL;
	return copy;
}

void
store_model_free(struct store_model *model)
{
	if (!model)
		return;
	g_free(model->place);
	g_free(model->id);
	g_free(model->by);
	g_free(model->note);
	g_free(model->digest);
	g_clear_pointer(&model->pack, g_bytes_unref);
	g_free(model);
}

gboolean
store_is_shared(const struct store *store)
{
	return store->driver->shared;
}

gboolean
store_await(struct store *store, gint64 deadline_us)
{
	return store->driver->await && store->driver->await(store, deadline_us);
}

gboolean
store_model_put(struct store *store, struct store_model *model, GError **error)
{
	const gsize size = model->pack ? g_bytes_get_size(model->pack) : 0;

	g_assert(model->place && *model->place && model->id);
	if (size > (gsize)STORE_MODEL_PACK_MAX) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FULL,
			    "model %s: %" G_GSIZE_FORMAT
			    " bytes, of at most %d",
			    model->id, size, STORE_MODEL_PACK_MAX);
		return FALSE;
	}
	if (model->time_us == 0)
		model->time_us = clock_now_us();
	g_free(model->digest);
	model->digest = model->pack ? g_compute_checksum_for_bytes(
					      G_CHECKSUM_SHA256, model->pack)
				    : g_strdup("");
	return store->driver->models->put(store, model, error);
}

GPtrArray *
store_model_list(struct store *store, GError **error)
{
	return store->driver->models->list(store, error);
}

gboolean
store_model_mark(struct store *store, guint64 *mark, GError **error)
{
	return store->driver->models->mark(store, mark, error);
}

GBytes *
store_model_get(struct store *store, const char *id, GError **error)
{
	g_autoptr(StoreModel) model =
		store->driver->models->get(store, id, error);
	g_autofree char *digest = NULL;

	if (!model)
		return NULL;
	digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, model->pack);
	if (strcmp(digest, model->digest) == 0)
		return g_steal_pointer(&model->pack);
	g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
		    "model %s: its files are not what was put", id);
	return NULL;
}
