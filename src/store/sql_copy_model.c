#include <string.h>

#include "sql_copy_private.h"

static const struct store_model *
find_place(const GPtrArray *models, const char *place)
{
	for (guint i = 0; i < models->len; i++) {
		const struct store_model *model = models->pdata[i];

		if (strcmp(model->place, place) == 0)
			return model;
	}
	return NULL;
}

static gboolean
copy_model(struct sql_copying *copying, struct store_model *model,
	   GError **error)
{
	if (*model->id != '\0') {
		model->pack = store_model_get(copying->from, model->id, error);
		if (!model->pack)
			return FALSE;
	}
	if (!store_model_put(copying->to, model, error))
		return FALSE;
	copying->copied.others++;
	sql_copy_tell(copying);
	return TRUE;
}

/* What serves; who put what in place before is told by each folder's history.
 */
gboolean
sql_copy_models(struct sql_copying *copying, GError **error)
{
	g_autoptr(GPtrArray) models = store_model_list(copying->from, error);
	g_autoptr(GPtrArray) there =
		models ? store_model_list(copying->to, error) : NULL;

	for (guint i = 0; there && i < models->len; i++) {
		struct store_model *model = models->pdata[i];
		const struct store_model *kept =
			find_place(there, model->place);

		if (kept && kept->time_us >= model->time_us)
			continue;
		if (!copy_model(copying, model, error))
			return FALSE;
	}
	return there != NULL;
}
