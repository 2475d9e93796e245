#include "command_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "examples_private.h"
#include "failure_private.h"
#include "given_private.h"
#include "model/golden.h"
#include "model/starter.h"
#include "options_private.h"
#include "print_private.h"

/* One run of the command. */
struct training {
	struct options options;
	gboolean starter;
	gboolean dry_run;
	char *out;
	char *export;
	struct examples examples;
	GPtrArray *golden; /* or NULL: there is none yet */
};

static void
print_estimate(const struct card_metric *metric)
{
	const struct estimate *estimate = &metric->estimate;
	char text[3][G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(text[0], sizeof text[0], "%.4f", estimate->value);
	if (isnan(estimate->value))
		return;
	printf("  %-28s %s", metric->name, text[0]);
	if (!isnan(estimate->low))
		printf("  (%s .. %s)",
		       g_ascii_formatd(text[1], sizeof text[1], "%.4f",
				       estimate->low),
		       g_ascii_formatd(text[2], sizeof text[2], "%.4f",
				       estimate->high));
	putchar('\n');
}

static void
print_card_json(const struct card *card)
{
	json_t *object = json_object();
	json_t *metrics = json_object();

	for (guint i = 0; i < card->metrics->len; i++) {
		const struct card_metric *metric = card->metrics->pdata[i];
		json_t *figure = json_object();

		json_object_set_new(figure, "value",
				    print_json_number(metric->estimate.value));
		json_object_set_new(figure, "low",
				    print_json_number(metric->estimate.low));
		json_object_set_new(figure, "high",
				    print_json_number(metric->estimate.high));
		json_object_set_new(metrics, metric->name, figure);
	}
	json_object_set_new(object, "kind",
			    json_string(model_kinds[card->kind]));
	json_object_set_new(object, "id", print_json_text(card->id));
	json_object_set_new(object, "examples", json_integer(card->examples));
	json_object_set_new(object, "positive", json_integer(card->positive));
	json_object_set_new(object, "groups", json_integer(card->groups));
	json_object_set_new(object, "metrics", metrics);
	print_json(object);
}

static void
print_card(const struct training *training, const struct card *card)
{
	if (training->options.json) {
		print_card_json(card);
		return;
	}
	printf("%s%s%s: %d examples (%d of the class), %d groups, "
	       "each measured unseen; %s\n",
	       model_kinds[card->kind], card->id != NULL ? " " : "",
	       card->id != NULL ? card->id : "", (int)card->examples,
	       (int)card->positive, (int)card->groups, card->sources);
	for (guint i = 0; i < card->metrics->len; i++)
		print_estimate(card->metrics->pdata[i]);
}

static gboolean
train_kind(struct training *training, enum model_kind kind, GError **error)
{
	struct examples *examples = &training->examples;
	struct starter starter = { .samples = examples->samples,
				   .corpora = examples->corpora,
				   .golden = training->golden,
				   .created_us = examples_date_us(),
				   .progress = examples_tell,
				   .data = examples };
	g_autoptr(Card) card = NULL;

	if (!starter_train(&starter, kind,
			   training->dry_run ? NULL : training->out, &card,
			   error))
		return FALSE;
	progress_clear(&examples->progress);
	print_card(training, card);
	return TRUE;
}

/* That of the folder to write to, or the one that is shipped. */
static gboolean
find_golden(struct training *training, GError **error)
{
	g_autoptr(GError) local = NULL;

	training->golden = golden_find(training->out, &local);
	if (training->golden ||
	    g_error_matches(local, MODEL_ERROR, MODEL_ERROR_ABSENT))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* Before minutes of work, not after them. */
static gboolean
check_out(const struct training *training, GError **error)
{
	if (training->dry_run)
		return TRUE;
	if (training->export != NULL ? given_writable(training->export, error)
				     : given_makeable(training->out, error))
		return TRUE;
	g_prefix_error(error,
		       training->export != NULL ? "--export: " : "--out: ");
	return FALSE;
}

static gboolean
training_run(struct training *training, GError **error)
{
	if (!training->starter) {
		g_set_error_literal(
			error, CLI_ERROR, CLI_ERROR_USAGE,
			"train: say --starter, --for BUYER, --team NAME or "
			"--due");
		return FALSE;
	}
	if (!check_out(training, error) ||
	    !examples_read(&training->examples, training->options.args, error))
		return FALSE;
	if (training->export != NULL)
		return samples_save(training->examples.samples,
				    training->export, error);
	return find_golden(training, error) &&
	       train_kind(training, MODEL_OUTREACH, error) &&
	       train_kind(training, MODEL_RELEVANCE, error);
}

/* What else the command can do has options of its own. */
static gboolean
says(int argc, char **argv, const char *option)
{
	const gsize len = strlen(option);

	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], option, len) == 0 &&
		    (argv[i][len] == '\0' || argv[i][len] == '='))
			return TRUE;
	return FALSE;
}

int
train_main(int argc, char **argv)
{
	struct training training = { .starter = FALSE };
	const GOptionEntry entries[] = {
		{ "starter", 0, 0, G_OPTION_ARG_NONE, &training.starter,
		  "train the starter models from labelled corpora", NULL },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &training.dry_run,
		  "measure only, write nothing", NULL },
		{ "out", 0, 0, G_OPTION_ARG_FILENAME, &training.out,
		  "folder to write the models to (default: models)", "DIR" },
		{ "export", 0, 0, G_OPTION_ARG_FILENAME, &training.export,
		  "write the corpora's hashed features and train nothing",
		  "FILE" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "train",
		.arguments = "CORPUS|FEATURES...",
		.summary = "Trains models from labelled corpora (folders with "
			   "labels.tsv) and feature files, and measures them "
			   "on authors and buyers they had not seen.",
		.examples = "  pitchward train --starter --dry-run corpus/\n"
			    "  pitchward train --starter --out models corpus/ "
			    "real.features\n"
			    "  pitchward train --starter --export "
			    "real.features real/\n"
			    "  pitchward train --for BUYER --help\n"
			    "  pitchward train --golden FILE --help",
		.entries = entries,
		.args_min = 1,
		.args_max = G_MAXUINT,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (says(argc, argv, "--for") || says(argc, argv, "--team"))
		return learn_main(argc, argv);
	if (says(argc, argv, "--due"))
		return learn_due_main(argc, argv);
	if (says(argc, argv, "--golden"))
		return golden_main(argc, argv);
	examples_open(&training.examples);
	if (!options_parse(&spec, argc, argv, &training.options, &error))
		code = failure_exit(error);
	if (training.out == NULL)
		training.out = g_strdup("models");
	if (code == EX_OK && !training_run(&training, &error))
		code = failure_exit(error);
	examples_close(&training.examples);
	g_clear_pointer(&training.golden, g_ptr_array_unref);
	options_clear(&training.options);
	g_free(training.out);
	g_free(training.export);
	return code;
}
