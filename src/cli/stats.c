#include "command_private.h"

#include <glib.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/clock.h"
#include "drifts_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"
#include "shelf_private.h"

/* What is printed. */
struct figures {
	struct store_stats store;
	struct installation_spool spool;
	struct shelf shelf;
	GPtrArray *others; /* of struct shelf_model: of buyers and teams */
	GPtrArray *drifts; /* of struct drifts_entry; NULL: no store yet */
	gboolean models;   /* the shelf could be opened */
	char *fault;	   /* or why not */
};

static json_t *
json_count(guint64 n)
{
	return json_integer((json_int_t)n);
}

static json_t *
json_states(const struct store_stats *stats)
{
	json_t *object = json_object();

	for (guint i = 0; i < G_N_ELEMENTS(stats->states); i++)
		json_object_set_new(object,
				    store_state_name((enum store_state)i),
				    json_count(stats->states[i]));
	return object;
}

static json_t *
json_day(const struct store_stats *stats)
{
	json_t *object = json_object();

	json_object_set_new(object, "deliver",
			    json_count(stats->delivered_day));
	json_object_set_new(object, "tag", json_count(stats->tagged_day));
	json_object_set_new(object, "quarantine", json_count(stats->held_day));
	return object;
}

static json_t *
json_spool(const struct installation_spool *spool)
{
	json_t *object = json_object();

	json_object_set_new(object, "files", json_count(spool->files));
	json_object_set_new(object, "bytes", json_count(spool->bytes));
	json_object_set_new(object, "age_s",
			    json_integer(spool->age_us / CLOCK_SECOND_US));
	return object;
}

static json_t *
json_models(const struct figures *figures)
{
	json_t *list = json_array();

	for (guint i = 0; figures->models && i < SHELF_MODELS; i++)
		json_array_append_new(list,
				      shelf_json(&figures->shelf.models[i]));
	for (guint i = 0; figures->others && i < figures->others->len; i++)
		json_array_append_new(list,
				      shelf_json(figures->others->pdata[i]));
	return list;
}

static json_t *
json_drifts(const struct figures *figures)
{
	json_t *list = json_array();

	for (guint i = 0; figures->drifts && i < figures->drifts->len; i++)
		json_array_append_new(list,
				      drifts_json(figures->drifts->pdata[i]));
	return list;
}

static void
print_figures_json(const struct figures *figures)
{
	const struct store_stats *stats = &figures->store;
	json_t *object = json_object();

	json_object_set_new(object, "states", json_states(stats));
	json_object_set_new(object, "last_24h", json_day(stats));
	json_object_set_new(object, "oldest_held",
			    print_json_time(stats->oldest_held_us));
	json_object_set_new(object, "contacts", json_count(stats->contacts));
	json_object_set_new(object, "bytes", json_count(stats->bytes));
	json_object_set_new(object, "schema", json_count(stats->schema));
	json_object_set_new(object, "spool", json_spool(&figures->spool));
	json_object_set_new(object, "models", json_models(figures));
	json_object_set_new(object, "drift", json_drifts(figures));
	print_json(object);
}

static void
print_states(const struct store_stats *stats)
{
	for (guint i = 0; i < G_N_ELEMENTS(stats->states); i++)
		printf("%-14s%12" G_GUINT64_FORMAT "\n",
		       store_state_name((enum store_state)i), stats->states[i]);
	printf("\nin the last 24 hours\n"
	       "  deliver     %12" G_GUINT64_FORMAT "\n"
	       "  tag         %12" G_GUINT64_FORMAT "\n"
	       "  quarantine  %12" G_GUINT64_FORMAT "\n\n",
	       stats->delivered_day, stats->tagged_day, stats->held_day);
}

static void
print_model(const struct shelf_model *model)
{
	const gint64 days = shelf_age_days(model);

	print_column(model_kinds[model->kind], 14);
	print_text(model->card ? model->card->id : model->place, FALSE);
	if (model->fault) {
		fputs(", unusable: ", stdout);
		print_text(model->fault, FALSE);
	} else {
		printf(", %" G_GINT64_FORMAT " day%s old", days,
		       print_plural((guint64)days));
	}
	if (model->rests)
		fputs(", " SHELF_RESTS, stdout);
	putchar('\n');
}

static void
print_models(const struct figures *figures)
{
	if (!figures->models) {
		printf("%-14sunusable: ", "models");
		print_text(figures->fault, FALSE);
		putchar('\n');
	}
	for (guint i = 0; figures->models && i < SHELF_MODELS; i++)
		print_model(&figures->shelf.models[i]);
	for (guint i = 0; figures->others && i < figures->others->len; i++)
		print_model(figures->others->pdata[i]);
}

static void
print_drift(const struct drifts_entry *entry, const char *name,
	    const struct drift_figure *figure)
{
	g_autofree char *text = NULL;

	if (!figure->out)
		return;
	text = drifts_text(figure);
	print_column("drift", 14);
	if (entry->buyer) {
		print_text(entry->buyer, FALSE);
		fputs(": ", stdout);
	}
	printf("%s was %s\n", name, text);
}

static void
print_drifts(const struct figures *figures)
{
	for (guint i = 0; figures->drifts && i < figures->drifts->len; i++) {
		const struct drifts_entry *entry = figures->drifts->pdata[i];

		print_drift(entry, "the share of outreach",
			    &entry->drift.outreach);
		print_drift(entry, "the mean relevance of outreach",
			    &entry->drift.relevance);
	}
}

static void
print_figures(const struct figures *figures)
{
	const struct store_stats *stats = &figures->store;
	g_autofree char *oldest = stats->oldest_held_us > 0
					  ? clock_format(stats->oldest_held_us)
					  : g_strdup("-");

	print_states(stats);
	printf("%-14s%s\n", "oldest held", oldest);
	printf("%-14s%12" G_GUINT64_FORMAT "\n", "contacts", stats->contacts);
	printf("%-14s%12" G_GUINT64_FORMAT " kB\n", "on disk",
	       stats->bytes >> 10);
	printf("%-14s%12u message%s, %" G_GUINT64_FORMAT " kB\n",
	       "in the spool", figures->spool.files,
	       print_plural(figures->spool.files), figures->spool.bytes >> 10);
	print_models(figures);
	print_drifts(figures);
}

/* Against the models that were found, or without. */
static gboolean
find_drifts(struct store *store, struct figures *figures, GError **error)
{
	const char *models = figures->models ? figures->shelf.folder : NULL;

	figures->drifts = drifts_find(store, models, clock_now_us(), error);
	return figures->drifts != NULL;
}

/* Figures of what is there: without a model there are still the others. */
static gboolean
collect(const struct options *options, const char *models,
	struct figures *figures, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) store = NULL;
	g_autoptr(GError) local = NULL;

	if (!config)
		return FALSE;
	if (installation_has_store(config)) {
		store = installation_store(config, error);
		if (!store || !store_stats(store, &figures->store, error))
			return FALSE;
	}
	if (!installation_spool_look(config, &figures->spool, error))
		return FALSE;
	figures->models = shelf_open(options, models, &figures->shelf, &local);
	if (store && !find_drifts(store, figures, error))
		return FALSE;
	if (figures->models || !models)
		installation_tell_store(config);
	if (figures->models) {
		figures->others = shelf_others(&figures->shelf, FALSE);
		return TRUE;
	}
	figures->fault = g_strdup(local->message);
	/* Who names a folder means that one. */
	if (models)
		g_propagate_error(error, g_steal_pointer(&local));
	return !models;
}

int
stats_main(int argc, char **argv)
{
	g_autofree char *models = NULL;
	const GOptionEntry entries[] = {
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "stats",
		.summary =
			"Prints what is stored, what was decided in the last "
			"24 hours, with which models, and whose mail of the "
			"week scores as it did not before.",
		.examples = "  pitchward stats\n  pitchward stats --json",
		.entries = entries,
	};
	g_auto(Options) options = { 0 };
	struct figures figures = { 0 };
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &options, &error) ||
	    !collect(&options, models, &figures, &error))
		code = failure_exit(error);
	else if (options.json)
		print_figures_json(&figures);
	else
		print_figures(&figures);
	g_clear_pointer(&figures.others, g_ptr_array_unref);
	g_clear_pointer(&figures.drifts, g_ptr_array_unref);
	shelf_clear(&figures.shelf);
	g_free(figures.fault);
	return code;
}
