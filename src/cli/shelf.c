#include "shelf_private.h"

#include <string.h>

#include "base/clock.h"
#include "installation_private.h"
#include "print_private.h"

static void
model_clear(struct shelf_model *model)
{
	g_clear_pointer(&model->path, g_free);
	g_clear_pointer(&model->card, card_free);
	g_clear_pointer(&model->fault, g_free);
}

void
shelf_clear(struct shelf *shelf)
{
	g_clear_pointer(&shelf->folder, g_free);
	for (guint i = 0; i < SHELF_MODELS; i++)
		model_clear(&shelf->models[i]);
}

static void
try_model(const char *folder, enum model_kind kind, struct shelf_model *found)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) model = NULL;
	g_autofree char *path = NULL;

	found->kind = kind;
	found->path = g_build_filename(folder, model_kinds[kind], NULL);
	path = g_build_filename(found->path, "card.yaml", NULL);
	found->card = card_load(path, &error);
	if (found->card)
		model = model_load(folder, kind, &error);
	if (!model)
		found->fault = g_strdup(error->message);
}

gboolean
shelf_open(const struct options *options, const char *given,
	   struct shelf *shelf, GError **error)
{
	g_autoptr(Config) config =
		installation_is_absent(options)
			? config_default()
			: installation_config(options, error);
	char *folder;

	if (!config)
		return FALSE;
	folder = model_folder_find(given, config->models, error);
	if (!folder)
		return FALSE;
	shelf->folder = folder;
	try_model(folder, MODEL_OUTREACH, &shelf->models[0]);
	try_model(folder, MODEL_RELEVANCE, &shelf->models[1]);
	return TRUE;
}

gint64
shelf_age_days(const struct shelf_model *model)
{
	if (!model->card)
		return -1;
	return MAX(0, clock_now_us() - model->card->created_us) / CLOCK_DAY_US;
}

static json_t *
json_day(gint64 time_us)
{
	g_autofree char *text = clock_format(time_us);

	return json_stringn(text, strlen("YYYY-MM-DD"));
}

json_t *
shelf_json(const struct shelf_model *model)
{
	const struct card *card = model->card;
	json_t *object = json_object();

	json_object_set_new(object, "kind",
			    json_string(model_kinds[model->kind]));
	json_object_set_new(object, "id",
			    card ? print_json_text(card->id) : json_null());
	json_object_set_new(object, "path", print_json_text(model->path));
	json_object_set_new(object, "created",
			    card ? json_day(card->created_us) : json_null());
	json_object_set_new(object, "age_days",
			    card ? json_integer(shelf_age_days(model))
				 : json_null());
	json_object_set_new(object, "ok", json_boolean(!model->fault));
	if (model->fault)
		json_object_set_new(object, "fault",
				    print_json_text(model->fault));
	return object;
}
