#include "command_private.h"

#include <math.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/file.h"
#include "eval_private.h"
#include "failure_private.h"
#include "given_private.h"
#include "print_private.h"

/* What only one of the two ways to judge takes. */
static gboolean
check_options(const struct eval *eval, GError **error)
{
	char *const *args = eval->options.args;

	if (!eval->unseen && args[1] != NULL) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "eval: unexpected argument '%s': without --unseen "
			    "there is one corpus",
			    args[1]);
		return FALSE;
	}
	if (eval->unseen && (eval->profiles != NULL || eval->models != NULL)) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "eval: --unseen trains its own models for "
				    "all buyers: no --models, no --profile");
		return FALSE;
	}
	if (isfinite(eval->cost) && eval->cost > 0)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "eval: --cost must be a number above 0, not %g",
		    eval->cost);
	return FALSE;
}

/* What would fail at the end of long work is told before it. */
static gboolean
check_paths(const struct eval *eval, GError **error)
{
	if (eval->report != NULL && !given_writable(eval->report, error)) {
		g_prefix_error(error, "--report: ");
		return FALSE;
	}
	return eval->unseen ||
	       given_folder(eval->options.args[0],
			    "a corpus (labels.tsv, profiles, mail)", error);
}

static gboolean
write_page(const struct eval *eval, GError **error)
{
	g_autoptr(GString) page = eval_page(eval);

	if (!file_replace(eval->report, page->str, page->len, 0644, error))
		return FALSE;
	if (eval->options.json)
		return TRUE;
	fputs("report: ", stdout);
	print_text(eval->report, FALSE);
	putchar('\n');
	return TRUE;
}

gboolean
eval_tell(struct eval *eval, GError **error)
{
	for (guint i = 0; i < EVAL_KINDS; i++) {
		struct eval_result *result = &eval->results[i];

		result->figures = figures_new(result->evaluation);
		eval_print(result, eval->options.json);
	}
	return eval->report == NULL || write_page(eval, error);
}

static void
eval_close(struct eval *eval)
{
	for (guint i = 0; i < EVAL_KINDS; i++)
		figures_free(eval->results[i].figures);
	options_clear(&eval->options);
	g_strfreev(eval->profiles);
	g_free(eval->models);
	g_free(eval->report);
}

int
eval_main(int argc, char **argv)
{
	struct eval eval = { .cost = EVAL_COST_RATIO };
	const GOptionEntry entries[] = {
		{ "unseen", 0, 0, G_OPTION_ARG_NONE, &eval.unseen,
		  "train anew without each author and each buyer in turn, and "
		  "measure on those",
		  NULL },
		{ "report", 0, 0, G_OPTION_ARG_FILENAME, &eval.report,
		  "write the figures with plots as one HTML file", "OUT.html" },
		{ "cost", 0, 0, G_OPTION_ARG_DOUBLE, &eval.cost,
		  "what a held wanted mail costs, in let-in pitches "
		  "(default 20)",
		  "N" },
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &eval.profiles,
		  "only judge for this buyer of the corpus (may come again)",
		  "FILE" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &eval.models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "eval",
		.arguments = "CORPUS [CORPUS|FEATURES...]",
		.summary = "Judges a labelled corpus with the models in use, "
			   "or with models that had not seen the author or "
			   "buyer (--unseen): ROC AUC with 95 % intervals, "
			   "precision and recall, calibration, and the worst "
			   "mistakes.",
		.examples =
			"  pitchward eval corpus/\n"
			"  pitchward eval --profile priya --json corpus/\n"
			"  pitchward eval --unseen --report eval.html corpus/ "
			"real.features",
		.entries = entries,
		.args_min = 1,
		.args_max = G_MAXUINT,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &eval.options, &error) ||
	    !check_options(&eval, &error) || !check_paths(&eval, &error) ||
	    !(eval.unseen ? eval_unseen(&eval, &error)
			  : eval_serving(&eval, &error)))
		code = failure_exit(error);
	eval_close(&eval);
	return code;
}
