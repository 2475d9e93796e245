#include "command_private.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/file.h"
#include "eval_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "model/corpus.h"
#include "options_private.h"
#include "progress_private.h"
#include "screen/screen.h"

#define MESSAGE_SIZE_MAX (64 << 20)
#define RELEVANT_GRADE	 2

/* One run of the command. */
struct eval {
	struct options options;
	char **profiles; /* --profile; NULL: all of the corpus */
	char *models;
	struct snapshot *snapshot;
	struct corpus *corpus;
	GPtrArray *buyers; /* of struct buyer, as corpus->profiles; or NULL */
	GArray *outreach;  /* of struct eval_case */
	GArray *relevance; /* of struct eval_case */
	struct progress progress;
};

static void
buyer_free(gpointer data)
{
	struct buyer *buyer = data;

	if (buyer == NULL)
		return;
	interest_free(buyer->interest);
	g_free(buyer);
}

/* The ids named by --profile, as "priya" or "profiles/priya.yaml". */
static gboolean
is_wanted(const struct eval *eval, const struct profile *profile)
{
	for (guint i = 0; eval->profiles != NULL && eval->profiles[i]; i++) {
		g_autofree char *base = g_path_get_basename(eval->profiles[i]);

		if (g_str_has_suffix(base, ".yaml"))
			base[strlen(base) - strlen(".yaml")] = '\0';
		if (strcmp(base, profile->id) == 0)
			return TRUE;
	}
	return eval->profiles == NULL;
}

/* Every --profile must be one of the corpus: others judged nothing there. */
static gboolean
buyers_open(struct eval *eval, GError **error)
{
	const GPtrArray *profiles = eval->corpus->profiles;
	guint wanted = 0;

	eval->buyers = g_ptr_array_new_with_free_func(buyer_free);
	for (guint i = 0; i < profiles->len; i++) {
		struct buyer *buyer = NULL;

		if (is_wanted(eval, profiles->pdata[i])) {
			buyer = g_new0(struct buyer, 1);
			buyer->profile = profiles->pdata[i];
			buyer->interest = interest_new(
				buyer->profile,
				model_background(eval->snapshot->relevance));
			wanted++;
		}
		g_ptr_array_add(eval->buyers, buyer);
	}
	if (eval->profiles == NULL || wanted == g_strv_length(eval->profiles))
		return TRUE;
	g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--profile: not a profile of the corpus");
	return FALSE;
}

static struct screening *
screening_of(const struct eval *eval, const struct corpus_mail *mail,
	     GError **error)
{
	static const struct envelope no_envelope = { .sender = "",
						     .queue_id = "" };
	g_autoptr(GBytes) bytes =
		file_read(mail->path, MESSAGE_SIZE_MAX, error);

	return bytes != NULL ? screening_new(eval->snapshot, NULL, NULL,
					     &no_envelope, bytes, 0)
			     : NULL;
}

static gboolean
judge_for(struct eval *eval, const struct corpus_mail *mail,
	  struct screening *screening, guint profile, int grade, GError **error)
{
	const struct buyer *buyer = eval->buyers->pdata[profile];
	g_auto(Judgement) judgement = { .reasons = NULL };
	struct eval_case one = { mail, NULL, 0, grade >= RELEVANT_GRADE };

	if (buyer == NULL)
		return TRUE;
	if (!screening_judge(screening, buyer, SCREEN_ALL, &judgement, error))
		return FALSE;
	one.profile = buyer->profile;
	one.score = judgement.relevance;
	g_array_append_val(eval->relevance, one);
	return TRUE;
}

static gboolean
judge_relevance(struct eval *eval, const struct corpus_mail *mail,
		struct screening *screening, GError **error)
{
	g_autoptr(GArray) grades =
		corpus_grades(eval->corpus, mail, screening_mail(screening));

	for (guint i = 0; i < grades->len; i++) {
		const struct corpus_grade *grade =
			&g_array_index(grades, struct corpus_grade, i);

		if (!judge_for(eval, mail, screening, grade->profile,
			       grade->grade, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
judge_mail(struct eval *eval, const struct corpus_mail *mail, GError **error)
{
	g_autoptr(Screening) screening = screening_of(eval, mail, error);
	g_auto(Judgement) judgement = { .reasons = NULL };
	struct eval_case one = { mail, NULL, 0, corpus_kind_sells(mail->kind) };

	if (screening == NULL ||
	    !screening_judge(screening, NULL, SCREEN_ALL, &judgement, error))
		return FALSE;
	one.score = judgement.outreach;
	if (mail->kind != KIND_FRAUD)
		g_array_append_val(eval->outreach, one);
	return !mail->judged || !corpus_kind_sells(mail->kind) ||
	       judge_relevance(eval, mail, screening, error);
}

/* The same judgement again, now with names for what made it. */
static GPtrArray *
why(const struct eval_case *one, gpointer data)
{
	const struct eval *eval = data;
	g_autoptr(Screening) screening = screening_of(eval, one->mail, NULL);
	g_auto(Judgement) judgement = { .reasons = NULL };
	const struct buyer *buyer = NULL;

	for (guint i = 0; one->profile && i < eval->buyers->len; i++)
		if (eval->corpus->profiles->pdata[i] == one->profile)
			buyer = eval->buyers->pdata[i];
	if (screening == NULL ||
	    !screening_judge(screening, buyer, SCREEN_ALL | SCREEN_REASONS,
			     &judgement, NULL))
		return NULL;
	return g_steal_pointer(&judgement.reasons);
}

static gboolean
eval_run(struct eval *eval, GError **error)
{
	const struct eval_report outreach = {
		"outreach", eval->outreach, { 0.50, 0.80 }, why, eval
	};
	const struct eval_report relevance = {
		"relevance", eval->relevance, { 0.35, 0.65 }, why, eval
	};

	eval->snapshot =
		installation_snapshot(&eval->options, eval->models, error);
	if (eval->snapshot == NULL)
		return FALSE;
	eval->corpus = corpus_load(eval->options.args[0], error);
	if (eval->corpus == NULL || !buyers_open(eval, error))
		return FALSE;
	progress_begin(&eval->progress, "messages judged",
		       eval->corpus->mails->len);
	for (guint i = 0; i < eval->corpus->mails->len; i++) {
		if (!judge_mail(eval, eval->corpus->mails->pdata[i], error))
			return FALSE;
		progress_step(&eval->progress);
	}
	progress_clear(&eval->progress);
	if (!eval->options.json)
		printf("models %s, profiles from the corpus. Figures on mail "
		       "a model was trained on flatter it.\n",
		       eval->snapshot->models);
	eval_report_print(&outreach, eval->options.json);
	eval_report_print(&relevance, eval->options.json);
	return TRUE;
}

static void
eval_close(struct eval *eval)
{
	progress_clear(&eval->progress);
	g_array_unref(eval->outreach);
	g_array_unref(eval->relevance);
	g_clear_pointer(&eval->buyers, g_ptr_array_unref);
	g_clear_pointer(&eval->corpus, corpus_free);
	g_clear_pointer(&eval->snapshot, snapshot_unref);
	options_clear(&eval->options);
	g_strfreev(eval->profiles);
	g_free(eval->models);
}

int
eval_main(int argc, char **argv)
{
	struct eval eval = { .profiles = NULL };
	const GOptionEntry entries[] = {
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &eval.profiles,
		  "only judge for this buyer of the corpus (may come again)",
		  "FILE" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &eval.models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "eval",
		.arguments = "CORPUS",
		.summary = "Judges a labelled corpus with the models in use: "
			   "ROC AUC with 95 % intervals, precision and recall, "
			   "calibration, and the worst mistakes.",
		.examples = "  pitchward eval corpus/\n"
			    "  pitchward eval --profile priya --json corpus/",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	eval.outreach = g_array_new(FALSE, FALSE, sizeof(struct eval_case));
	eval.relevance = g_array_new(FALSE, FALSE, sizeof(struct eval_case));
	if (!options_parse(&spec, argc, argv, &eval.options, &error) ||
	    !eval_run(&eval, &error)) {
		progress_clear(&eval.progress);
		code = failure_exit(error);
	}
	eval_close(&eval);
	return code;
}
