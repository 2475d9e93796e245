#include "command_private.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "failure_private.h"
#include "given_private.h"
#include "model_private.h"
#include "options_private.h"
#include "print_private.h"
#include "shelf_private.h"

/* One run of either command. */
struct look {
	struct options options;
	char *models;
	struct shelf shelf;
	GPtrArray *others; /* of struct shelf_model */
};

static gboolean
look_open(struct look *look, GError **error)
{
	if (!shelf_open(&look->options, look->models, &look->shelf, error))
		return FALSE;
	look->others = shelf_others(&look->shelf, TRUE);
	return TRUE;
}

static void
print_line(const struct shelf_model *model)
{
	const struct card *card = model->card;
	g_autofree char *day = card ? clock_format(card->created_us) : NULL;

	print_column(model_kinds[model->kind], 10);
	putchar(' ');
	print_column(card ? card->id : "-", 28);
	printf(" %.10s  ", day ? day : "-");
	print_text(model->fault ? model->fault : model->path, FALSE);
	putchar('\n');
	if (model->rests) {
		print_column("", 10);
		puts(" " SHELF_RESTS);
	}
}

static int
list_one(const struct look *look, const struct shelf_model *model)
{
	if (look->options.json)
		print_json(shelf_json(model));
	else
		print_line(model);
	return model->fault ? EX_DATAERR : EX_OK;
}

/* What cannot be used is listed, and makes the command fail. */
static int
list(struct look *look, GError **error)
{
	int code = EX_OK;

	if (!look_open(look, error))
		return -1;
	for (guint i = 0; i < SHELF_MODELS; i++)
		code = failure_worse(code,
				     list_one(look, &look->shelf.models[i]));
	for (guint i = 0; i < look->others->len; i++)
		code = failure_worse(code,
				     list_one(look, look->others->pdata[i]));
	return code;
}

static void
add_names(GPtrArray *names, const struct shelf_model *model)
{
	if (model->place)
		g_ptr_array_add(names, model->place);
	if (model->card)
		g_ptr_array_add(names, model->card->id);
}

static const struct shelf_model *
refuse_name(const struct look *look, const char *name, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *hint = NULL;

	for (guint i = 0; i < SHELF_MODELS; i++)
		add_names(names, &look->shelf.models[i]);
	for (guint i = 0; i < look->others->len; i++)
		add_names(names, look->others->pdata[i]);
	g_ptr_array_add(names, NULL);
	hint = given_hint(name, (const char *const *)(void *)names->pdata);
	g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
		    "%s: no model has this name in %s; 'pitchward model list' "
		    "lists them%s",
		    name, look->shelf.folder, hint);
	return NULL;
}

static const struct shelf_model *
find(const struct look *look, const char *name, GError **error)
{
	const struct shelf *shelf = &look->shelf;

	for (guint i = 0; i < SHELF_MODELS; i++) {
		const struct shelf_model *model = &shelf->models[i];

		if (strcmp(name, model_kinds[model->kind]) == 0 ||
		    (model->card && strcmp(name, model->card->id) == 0))
			return model;
	}
	for (guint i = 0; i < look->others->len; i++) {
		const struct shelf_model *model = look->others->pdata[i];

		if (g_strcmp0(name, model->place) == 0 ||
		    (model->card && strcmp(name, model->card->id) == 0))
			return model;
	}
	return refuse_name(look, name, error);
}

static json_t *
json_metrics(const struct card *card)
{
	json_t *list = json_array();

	for (guint i = 0; i < card->metrics->len; i++) {
		const struct card_metric *metric = card->metrics->pdata[i];
		const struct estimate *figure = &metric->estimate;
		json_t *object = json_object();

		json_object_set_new(object, "name",
				    print_json_text(metric->name));
		json_object_set_new(object, "value",
				    print_json_number(figure->value));
		json_object_set_new(object, "low",
				    print_json_number(figure->low));
		json_object_set_new(object, "high",
				    print_json_number(figure->high));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
json_digests(const struct card *card)
{
	json_t *object = json_object();

	json_object_set_new(object, "model.svm",
			    print_json_text(card->sha_model));
	json_object_set_new(object, "terms.idf",
			    print_json_text(card->sha_terms));
	return object;
}

static void
show_json(const struct shelf_model *model)
{
	const struct card *card = model->card;
	json_t *object = shelf_json(model);

	if (card) {
		json_object_set_new(object, "features",
				    json_integer(card->features));
		json_object_set_new(object, "examples",
				    json_integer(card->examples));
		json_object_set_new(object, "positive",
				    json_integer(card->positive));
		json_object_set_new(object, "groups",
				    json_integer(card->groups));
		json_object_set_new(object, "sources",
				    print_json_text(card->sources));
		json_object_set_new(object, "calibration_a",
				    print_json_number(card->sigmoid.a));
		json_object_set_new(object, "calibration_b",
				    print_json_number(card->sigmoid.b));
		json_object_set_new(object, "sha256", json_digests(card));
		json_object_set_new(object, "metrics", json_metrics(card));
	}
	print_json(object);
}

static void
print_field(const char *name, const char *text)
{
	print_column(name, 14);
	print_text(text ? text : "", FALSE);
	putchar('\n');
}

static void
print_metric(const struct card_metric *metric)
{
	const struct estimate *figure = &metric->estimate;
	char value[G_ASCII_DTOSTR_BUF_SIZE];
	char low[G_ASCII_DTOSTR_BUF_SIZE];
	char high[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(value, sizeof(value), "%.4f", figure->value);
	g_ascii_formatd(low, sizeof(low), "%.4f", figure->low);
	g_ascii_formatd(high, sizeof(high), "%.4f", figure->high);
	fputs("  ", stdout);
	print_column(metric->name, 32);
	if (isfinite(figure->low) && isfinite(figure->high))
		printf("%s  (%s to %s)\n", value, low, high);
	else
		printf("%s\n", value);
}

static void
print_card(const struct card *card)
{
	g_autofree char *day = clock_format(card->created_us);

	day[strlen("YYYY-MM-DD")] = '\0';
	print_field("id", card->id);
	print_field("created", day);
	printf("%-14s%" G_GINT64_FORMAT "\n", "features", card->features);
	printf("%-14s%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
	       " of them of the class, in %" G_GINT64_FORMAT " group%s\n",
	       "examples", card->examples, card->positive, card->groups,
	       print_plural((guint64)card->groups));
	print_field("sources", card->sources);
	print_field("model.svm", card->sha_model);
	if (card->sha_terms)
		print_field("terms.idf", card->sha_terms);
	if (card->adapts.starters) {
		g_autofree char *members =
			card->adapts.members
				? g_strjoinv(" ", card->adapts.members)
				: NULL;

		print_field("over", card->adapts.starters);
		print_field(members ? "team" : "buyer", card->adapts.whose);
		if (members)
			print_field("members", members);
	}
	puts("on data not seen in training, with 95 % intervals:");
	for (guint i = 0; i < card->metrics->len; i++)
		print_metric(card->metrics->pdata[i]);
}

static int
show(struct look *look, GError **error)
{
	const struct shelf_model *model;

	if (!look_open(look, error))
		return -1;
	model = find(look, look->options.args[0], error);
	if (!model)
		return -1;
	if (look->options.json) {
		show_json(model);
	} else {
		print_field("kind", model_kinds[model->kind]);
		print_field("path", model->path);
		if (model->card)
			print_card(model->card);
		if (model->fault)
			print_field("unusable", model->fault);
	}
	return model->fault ? EX_DATAERR : EX_OK;
}

static int
run(const struct options_spec *base, int (*act)(struct look *, GError **),
    int argc, char **argv)
{
	struct look look = { 0 };
	const GOptionEntry entries[] = {
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &look.models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	struct options_spec spec = *base;
	g_autoptr(GError) error = NULL;
	int code = -1;

	spec.entries = entries;
	if (options_parse(&spec, argc, argv, &look.options, &error))
		code = act(&look, &error);
	if (code < 0)
		code = failure_exit(error);
	g_clear_pointer(&look.others, g_ptr_array_unref);
	shelf_clear(&look.shelf);
	options_clear(&look.options);
	g_free(look.models);
	return code;
}

static int
list_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "model list",
		.summary = "Lists the models that serve, of buyers and teams "
			   "too, then those on the shelf.",
		.examples = "  pitchward model list",
	};

	return run(&spec, list, argc, argv);
}

static int
show_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "model show",
		.arguments = "NAME",
		.summary =
			"Shows a model's card: what it was made from and how "
			"good it was. NAME is its id, outreach, relevance, or "
			"buyers/BUYER/relevance and the like.",
		.examples = "  pitchward model show outreach",
		.args_min = 1,
		.args_max = 1,
	};

	return run(&spec, show, argc, argv);
}

int
model_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "list", "one line a model", list_main },
		{ "show", "a model's card", show_main },
		{ "promote", "let a model serve", model_promote_main },
		{ "rollback", "take the last promotion back",
		  model_rollback_main },
		{ "export", "a model as one file", model_export_main },
		{ "import", "such a file onto the shelf", model_import_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward model",
		.about = "The trained models.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
