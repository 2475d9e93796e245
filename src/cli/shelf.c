#include "shelf_private.h"

#include <string.h>

#include "base/clock.h"
#include "installation_private.h"
#include "model/promotion.h"
#include "print_private.h"

static void
model_clear(struct shelf_model *model)
{
	g_clear_pointer(&model->path, g_free);
	g_clear_pointer(&model->card, card_free);
	g_clear_pointer(&model->fault, g_free);
	g_clear_pointer(&model->place, g_free);
}

static void
model_destroy(gpointer data)
{
	model_clear(data);
	g_free(data);
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
	found->place = g_strdup(model_kinds[kind]);
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
	shelf_try(folder, shelf);
	g_free(folder);
	return TRUE;
}

void
shelf_try(const char *folder, struct shelf *shelf)
{
	shelf->folder = g_strdup(folder);
	try_model(folder, MODEL_OUTREACH, &shelf->models[0]);
	try_model(folder, MODEL_RELEVANCE, &shelf->models[1]);
}

/* A model of feedback says nothing without the starters it was made over. */
static gboolean
is_strange(const struct shelf *shelf, const struct card *card)
{
	const struct card *outreach = shelf->models[MODEL_OUTREACH].card;
	const struct card *relevance = shelf->models[MODEL_RELEVANCE].card;
	g_autofree char *starters = NULL;

	if (!card || !outreach || !relevance)
		return FALSE;
	starters = g_strconcat(outreach->id, "+", relevance->id, NULL);
	return g_strcmp0(card->adapts.starters, starters) != 0;
}

static struct shelf_model *
other_new(const struct shelf *shelf, const struct promotion_entry *entry)
{
	struct shelf_model *model = g_new0(struct shelf_model, 1);
	g_autoptr(GError) error = NULL;

	model->path = g_strdup(entry->folder);
	model->place = g_strdup(entry->place);
	model->card = promotion_check(entry->folder, &error);
	if (model->card)
		model->kind = model->card->kind;
	else
		model->fault = g_strdup(error->message);
	if (!model->card && entry->place &&
	    g_str_has_suffix(entry->place, model_kinds[MODEL_RELEVANCE]))
		model->kind = MODEL_RELEVANCE;
	model->rests = model->place && is_strange(shelf, model->card);
	return model;
}

GPtrArray *
shelf_others(const struct shelf *shelf, gboolean with_shelf)
{
	g_autoptr(GPtrArray) entries = promotion_list(shelf->folder);
	GPtrArray *others = g_ptr_array_new_with_free_func(model_destroy);

	for (guint i = 0; i < entries->len; i++) {
		const struct promotion_entry *entry = entries->pdata[i];

		if (entry->place ? strchr(entry->place, '/') != NULL
				 : with_shelf)
			g_ptr_array_add(others, other_new(shelf, entry));
	}
	return others;
}

char *
shelf_newer(const struct shelf *shelf, enum model_kind kind)
{
	const struct card *serving = shelf->models[kind].card;
	g_autofree char *shipped = model_folder_shipped();
	g_autofree char *folder =
		shipped ? g_build_filename(shipped, model_kinds[kind], NULL)
			: NULL;
	g_autofree char *path =
		folder ? g_build_filename(folder, "card.yaml", NULL) : NULL;
	g_autoptr(Card) card = path ? card_load(path, NULL) : NULL;

	if (!card || !serving || g_strcmp0(card->id, serving->id) == 0 ||
	    card->created_us <= serving->created_us)
		return NULL;
	return g_steal_pointer(&folder);
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
	json_object_set_new(object, "place",
			    model->place ? print_json_text(model->place)
					 : json_null());
	json_object_set_new(object, "path", print_json_text(model->path));
	json_object_set_new(object, "created",
			    card ? json_day(card->created_us) : json_null());
	json_object_set_new(object, "age_days",
			    card ? json_integer(shelf_age_days(model))
				 : json_null());
	json_object_set_new(
		object, "serves",
		json_boolean(model->place && !model->rests && !model->fault));
	json_object_set_new(object, "ok", json_boolean(!model->fault));
	json_object_set_new(object, "fault",
			    model->fault ? print_json_text(model->fault)
					 : json_null());
	return object;
}
