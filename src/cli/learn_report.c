#include "learn_private.h"

#include <math.h>
#include <stdio.h>

#include "print_private.h"

static const char *const results[] = { "passed", "too-few-labels", "no-better",
				       "holds-golden" };

static const char *
figure(double value, char buffer[G_ASCII_DTOSTR_BUF_SIZE])
{
	if (isnan(value))
		return "-";
	return g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, "%.4f", value);
}

static void
print_scores(const struct trial *trial)
{
	char a[G_ASCII_DTOSTR_BUF_SIZE];
	char b[G_ASCII_DTOSTR_BUF_SIZE];
	char p[G_ASCII_DTOSTR_BUF_SIZE];

	printf("  learned from %u, tried on the %u newest, against %s\n",
	       trial->learned, trial->held_out,
	       trial->starter
		       ? "the starter (labels that the serving model learned "
			 "from were retracted)"
		       : "what serves");
	printf("  log-loss  %s against %s (p = %s)\n",
	       figure(trial->candidate.loss, a), figure(trial->serving.loss, b),
	       figure(trial->p, p));
	if (isfinite(trial->gain.low))
		printf("            smaller by %s, 95 %% interval %s to %s\n",
		       figure(trial->gain.value, a), figure(trial->gain.low, b),
		       figure(trial->gain.high, p));
	printf("  ROC AUC   %s against %s\n", figure(trial->candidate.auc, a),
	       figure(trial->serving.auc, b));
	if (trial->golden > 0)
		printf("  golden    %u messages, the highest at %s\n",
		       trial->golden, figure(trial->golden_most, a));
}

static void
print_promoted(const char *id, const char *folder)
{
	printf("  promoted: %s in ", id);
	print_text(folder, FALSE);
	putchar('\n');
}

static void
print_words(const struct retrain_outcome *outcome, const char *folder)
{
	const struct trial *trial = outcome->trial;

	print_text(outcome->place, FALSE);
	printf(": %u of %u labels count (%u of the class), of %u vendor%s\n",
	       trial->counted, outcome->said.active, trial->positive,
	       trial->vendors, print_plural(trial->vendors));
	if (outcome->said.featureless > 0)
		printf("  %u left out: no features were kept of it (mail that "
		       "surely was no outreach, or older than 90 days)\n",
		       outcome->said.featureless);
	if (outcome->said.foreign > 0)
		printf("  %u left out: of another version of the features\n",
		       outcome->said.foreign);
	if (trial->held_out > 0)
		print_scores(trial);
	if (trial->result != TRIAL_PASSED)
		printf("  refused: %s\n", trial->why);
	else if (outcome->id != NULL)
		print_promoted(outcome->id, folder);
	else
		puts("  passed; nothing was changed (--dry-run)");
}

static void
print_object(const struct retrain_outcome *outcome, const char *folder)
{
	const struct trial *trial = outcome->trial;
	json_t *object = json_object();

	json_object_set_new(object, "place", print_json_text(outcome->place));
	json_object_set_new(object, "result",
			    json_string(results[trial->result]));
	json_object_set_new(object, "why",
			    trial->why != NULL ? print_json_text(trial->why)
					       : json_null());
	json_object_set_new(object, "model",
			    outcome->id != NULL ? print_json_text(outcome->id)
						: json_null());
	json_object_set_new(object, "folder",
			    outcome->id != NULL ? print_json_text(folder)
						: json_null());
	json_object_set_new(object, "labels",
			    json_integer(outcome->said.active));
	json_object_set_new(object, "without_features",
			    json_integer(outcome->said.featureless +
					 outcome->said.foreign));
	json_object_set_new(object, "counted", json_integer(trial->counted));
	json_object_set_new(object, "positive", json_integer(trial->positive));
	json_object_set_new(object, "learned", json_integer(trial->learned));
	json_object_set_new(object, "held_out", json_integer(trial->held_out));
	json_object_set_new(object, "loss",
			    print_json_number(trial->candidate.loss));
	json_object_set_new(object, "loss_serving",
			    print_json_number(trial->serving.loss));
	json_object_set_new(object, "auc",
			    print_json_number(trial->candidate.auc));
	json_object_set_new(object, "auc_serving",
			    print_json_number(trial->serving.auc));
	json_object_set_new(object, "gain",
			    print_json_number(trial->gain.value));
	json_object_set_new(object, "gain_low",
			    print_json_number(trial->gain.low));
	json_object_set_new(object, "gain_high",
			    print_json_number(trial->gain.high));
	json_object_set_new(object, "p", print_json_number(trial->p));
	json_object_set_new(object, "golden", json_integer(trial->golden));
	json_object_set_new(object, "golden_most",
			    print_json_number(trial->golden_most));
	print_json(object);
}

void
learn_print(const struct retrain_outcome *outcome, const char *folder,
	    gboolean json)
{
	if (json)
		print_object(outcome, folder);
	else
		print_words(outcome, folder);
	fflush(stdout);
}

void
learn_print_served(void)
{
	fputs("pitchward: a running pitchward-milter and pitchward-web take it "
	      "by themselves, within seconds\n",
	      stderr);
}
