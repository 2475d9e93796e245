/* Judging authors and buyers with models that had not seen them. */
#include <stdio.h>

#include "eval_private.h"
#include "examples_private.h"
#include "model/unseen.h"
#include "screen/verdict.h"

#define REASONS_MAX 8

static void
destroy_reason(gpointer reason)
{
	reason_free(reason);
}

static void
add_reason(const char *name, double value, double weight, gpointer data)
{
	struct reason *reason = g_new(struct reason, 1);

	*reason = (struct reason){ g_strdup(name), value, weight };
	g_ptr_array_add(data, reason);
}

static GPtrArray *
why(const struct judged *judged, gpointer data)
{
	GPtrArray *reasons = g_ptr_array_new_with_free_func(destroy_reason);

	unseen_explain(data, judged, REASONS_MAX, add_reason, reasons);
	return reasons;
}

static gboolean
unseen_run(struct eval *eval, const struct starter *starter, GError **error)
{
	g_autofree char *bogofilter = g_find_program_in_path("bogofilter");
	g_autoptr(Unseen) outreach =
		unseen_new(starter, MODEL_OUTREACH, bogofilter, error);
	g_autoptr(Unseen) relevance =
		outreach != NULL ? unseen_new(starter, MODEL_RELEVANCE,
					      bogofilter, error)
				 : NULL;
	g_autoptr(GPtrArray) streams =
		relevance != NULL
			? eval_stream(eval, starter,
				      unseen_evaluation(outreach), error)
			: NULL;
	struct examples *examples = starter->data;

	progress_clear(&examples->progress);
	if (streams == NULL)
		return FALSE;
	if (!eval->options.json)
		puts("models trained anew without each author and each buyer "
		     "in turn, and measured on those.");
	eval->judges = "Measured on authors and buyers that no model had seen";
	eval->results[0] = (struct eval_result){ unseen_evaluation(outreach),
						 NULL, why, outreach, streams };
	eval->results[1] = (struct eval_result){ unseen_evaluation(relevance),
						 NULL, why, relevance, NULL };
	return eval_tell(eval, error);
}

gboolean
eval_unseen(struct eval *eval, GError **error)
{
	struct examples examples;
	struct starter starter;
	gboolean done;

	examples_open(&examples);
	starter = (struct starter){ .samples = examples.samples,
				    .corpora = examples.corpora,
				    .progress = examples_tell,
				    .data = &examples };
	done = examples_read(&examples, eval->options.args, error) &&
	       unseen_run(eval, &starter, error);
	examples_close(&examples);
	return done;
}
