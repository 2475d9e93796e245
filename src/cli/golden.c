/* `pitchward train --golden FILE`: the mail that no model of ours may hold. */
#include <stdio.h>
#include <sysexits.h>

#include "command_private.h"
#include "examples_private.h"
#include "failure_private.h"
#include "given_private.h"
#include "installation_private.h"
#include "model/golden.h"
#include "options_private.h"

/* One run of it. */
struct making {
	struct options options;
	char *path;
	char *models;
	struct examples examples;
	struct snapshot *snapshot;
};

static gboolean
make(struct making *making, GError **error)
{
	const struct starter starter = { .samples = making->examples.samples,
					 .corpora = making->examples.corpora,
					 .progress = examples_tell,
					 .data = &making->examples };
	struct golden_judges judges;
	g_autoptr(GPtrArray) golden = NULL;
	guint high = 0;

	if (!given_writable(making->path, error)) {
		g_prefix_error(error, "--golden: ");
		return FALSE;
	}
	making->snapshot = snapshot_new(NULL, making->models, error);
	if (making->snapshot == NULL ||
	    !examples_read(&making->examples, making->options.args, error))
		return FALSE;
	judges.outreach = making->snapshot->outreach;
	judges.relevance = making->snapshot->relevance;
	golden = golden_make(&starter, &judges, error);
	if (golden == NULL || !golden_save(golden, making->path, error))
		return FALSE;
	for (guint i = 0; i < golden->len; i++) {
		const struct imprint *imprint = golden->pdata[i];

		high += adapt_probability(imprint->outreach.logit) >=
			GOLDEN_HOLD;
	}
	printf("%u messages that must never be held; %u of them at %.2f or "
	       "over when their author is not known\n",
	       golden->len, high, GOLDEN_HOLD);
	return TRUE;
}

int
golden_main(int argc, char **argv)
{
	struct making making = { .path = NULL };
	const GOptionEntry entries[] = {
		{ "golden", 0, 0, G_OPTION_ARG_FILENAME, &making.path,
		  "file to write", "FILE" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &making.models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "train",
		.arguments = "CORPUS|FEATURES...",
		.summary = "Writes what a corpus' business, transactional and "
			   "list mail looks like to the models, which no model "
			   "of feedback may ever hold.",
		.examples = "  pitchward train --golden models/golden.imprints "
			    "corpus/",
		.entries = entries,
		.args_min = 1,
		.args_max = G_MAXUINT,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	examples_open(&making.examples);
	if (!options_parse(&spec, argc, argv, &making.options, &error) ||
	    !make(&making, &error))
		code = failure_exit(error);
	examples_close(&making.examples);
	g_clear_pointer(&making.snapshot, snapshot_unref);
	options_clear(&making.options);
	g_free(making.path);
	g_free(making.models);
	return code;
}
