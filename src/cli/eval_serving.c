/* Judging a corpus with the models in use, as the milter would. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "eval_private.h"
#include "failure_private.h"
#include "given_private.h"
#include "installation_private.h"
#include "progress_private.h"
#include "screen/screen.h"

#define MESSAGE_SIZE_MAX (64 << 20)

struct serving {
	struct eval *eval;
	struct snapshot *snapshot;
	struct corpus *corpus;
	GPtrArray *buyers; /* of struct buyer, as corpus->profiles; or NULL */
	struct evaluation *outreach;
	struct evaluation *relevance;
	struct progress progress;
	char *judges;
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
is_wanted(char *const *wanted, const struct profile *profile)
{
	for (guint i = 0; wanted != NULL && wanted[i] != NULL; i++) {
		g_autofree char *base = g_path_get_basename(wanted[i]);

		if (g_str_has_suffix(base, ".yaml"))
			base[strlen(base) - strlen(".yaml")] = '\0';
		if (strcmp(base, profile->id) == 0)
			return TRUE;
	}
	return wanted == NULL;
}

/* The first --profile that is none of the corpus: nothing is judged for it. */
static gboolean
refuse_stranger(const struct serving *serving, GError **error)
{
	const GPtrArray *profiles = serving->corpus->profiles;
	char *const *names = serving->eval->profiles;
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		g_ptr_array_add(ids, profile->id);
	}
	g_ptr_array_add(ids, NULL);
	for (guint i = 0; names[i] != NULL; i++) {
		char *const one[] = { names[i], NULL };
		g_autofree char *hint = given_hint(
			names[i], (const char *const *)(void *)ids->pdata);
		guint k = 0;

		while (k < profiles->len && !is_wanted(one, profiles->pdata[k]))
			k++;
		if (k < profiles->len)
			continue;
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--profile: '%s' is not a profile of the corpus%s",
			    names[i], hint);
		return FALSE;
	}
	g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--profile: the same profile twice");
	return FALSE;
}

/* Every --profile must be one of the corpus. */
static gboolean
buyers_open(struct serving *serving, GError **error)
{
	const GPtrArray *profiles = serving->corpus->profiles;
	char **names = serving->eval->profiles;
	guint wanted = 0;

	serving->buyers = g_ptr_array_new_with_free_func(buyer_free);
	for (guint i = 0; i < profiles->len; i++) {
		struct buyer *buyer = NULL;

		if (is_wanted(names, profiles->pdata[i])) {
			buyer = g_new0(struct buyer, 1);
			buyer->profile = profiles->pdata[i];
			buyer->interest = interest_new(
				buyer->profile,
				model_background(serving->snapshot->relevance));
			wanted++;
		}
		g_ptr_array_add(serving->buyers, buyer);
	}
	if (names == NULL || wanted == g_strv_length(names))
		return TRUE;
	return refuse_stranger(serving, error);
}

static struct screening *
screening_of(const struct serving *serving, const struct corpus_mail *mail,
	     GError **error)
{
	static const struct envelope no_envelope = { .sender = "",
						     .queue_id = "" };
	g_autoptr(GBytes) bytes =
		file_read(mail->path, MESSAGE_SIZE_MAX, error);

	return bytes != NULL ? screening_new(serving->snapshot, NULL, NULL,
					     &no_envelope, bytes, 0)
			     : NULL;
}

/* A judgement yet without its score. */
static struct judged
judged_of(const struct corpus_mail *mail)
{
	return (struct judged){ .mail = mail,
				.kind = mail->kind,
				.source = mail->source,
				.author = mail->author,
				.positive = corpus_kind_sells(mail->kind) };
}

static gboolean
judge_for(struct serving *serving, const struct corpus_mail *mail,
	  struct screening *screening, const struct corpus_grade *grade,
	  GError **error)
{
	const struct buyer *buyer = serving->buyers->pdata[grade->profile];
	const struct reading *reading = screening_reading(screening);
	g_auto(Judgement) judgement = { .reasons = NULL };
	struct judged one = judged_of(mail);

	if (buyer == NULL)
		return TRUE;
	if (!screening_judge(screening, buyer, SCREEN_ALL, &judgement, error))
		return FALSE;
	one.profile = buyer->profile->id;
	one.grade = grade->grade;
	one.positive = grade->grade >= JUDGED_RELEVANT;
	one.words = reading->text.words->len + reading->subject.words->len;
	one.decision = one.probability = judgement.relevance;
	g_array_append_val(serving->relevance->judged, one);
	return TRUE;
}

static gboolean
judge_relevance(struct serving *serving, const struct corpus_mail *mail,
		struct screening *screening, GError **error)
{
	g_autoptr(GArray) grades =
		corpus_grades(serving->corpus, mail, screening_mail(screening));

	for (guint i = 0; i < grades->len; i++)
		if (!judge_for(serving, mail, screening,
			       &g_array_index(grades, struct corpus_grade, i),
			       error))
			return FALSE;
	return TRUE;
}

static gboolean
judge_mail(struct serving *serving, const struct corpus_mail *mail,
	   GError **error)
{
	g_autoptr(Screening) screening = screening_of(serving, mail, error);
	g_auto(Judgement) judgement = { .reasons = NULL };
	struct judged one = judged_of(mail);

	if (screening == NULL ||
	    !screening_judge(screening, NULL, SCREEN_ALL, &judgement, error))
		return FALSE;
	one.decision = one.probability = judgement.outreach;
	g_array_append_val(mail->kind == KIND_FRAUD ? serving->outreach->frauds
						    : serving->outreach->judged,
			   one);
	return !mail->judged || !corpus_kind_sells(mail->kind) ||
	       judge_relevance(serving, mail, screening, error);
}

/* The same judgement again, now with names for what made it. */
static GPtrArray *
why(const struct judged *judged, gpointer data)
{
	const struct serving *serving = data;
	g_autoptr(Screening) screening =
		screening_of(serving, judged->mail, NULL);
	g_auto(Judgement) judgement = { .reasons = NULL };
	const struct buyer *found = NULL;

	for (guint i = 0; judged->profile && i < serving->buyers->len; i++) {
		const struct buyer *buyer = serving->buyers->pdata[i];

		if (buyer != NULL && buyer->profile->id == judged->profile)
			found = buyer;
	}
	if (screening == NULL ||
	    !screening_judge(screening, found, SCREEN_ALL | SCREEN_REASONS,
			     &judgement, NULL))
		return NULL;
	return g_steal_pointer(&judgement.reasons);
}

static gboolean
judge_all(struct serving *serving, GError **error)
{
	const GPtrArray *mails = serving->corpus->mails;

	progress_begin(&serving->progress, "messages judged", mails->len);
	for (guint i = 0; i < mails->len; i++) {
		if (!judge_mail(serving, mails->pdata[i], error))
			return FALSE;
		progress_step(&serving->progress);
	}
	progress_clear(&serving->progress);
	return TRUE;
}

static gboolean
serving_run(struct serving *serving, GError **error)
{
	struct eval *eval = serving->eval;

	serving->snapshot =
		installation_snapshot(&eval->options, eval->models, error);
	if (serving->snapshot == NULL)
		return FALSE;
	serving->corpus = corpus_load(eval->options.args[0], error);
	if (serving->corpus == NULL || !buyers_open(serving, error) ||
	    !judge_all(serving, error))
		return FALSE;
	if (!eval->options.json)
		printf("models %s, profiles from the corpus. Figures on mail "
		       "a model was trained on flatter it.\n",
		       serving->snapshot->models);
	serving->judges = g_strdup_printf("Judged by the models in use, %s",
					  serving->snapshot->models);
	eval->judges = serving->judges;
	eval->results[0] = (struct eval_result){ serving->outreach, NULL, why,
						 serving, NULL };
	eval->results[1] = (struct eval_result){ serving->relevance, NULL, why,
						 serving, NULL };
	return eval_tell(eval, error);
}

gboolean
eval_serving(struct eval *eval, GError **error)
{
	struct serving serving = { .eval = eval };
	gboolean done;

	serving.outreach = evaluation_new(MODEL_OUTREACH);
	serving.relevance = evaluation_new(MODEL_RELEVANCE);
	serving.outreach->seen = serving.relevance->seen = TRUE;
	done = serving_run(&serving, error);
	progress_clear(&serving.progress);
	evaluation_free(serving.outreach);
	evaluation_free(serving.relevance);
	g_free(serving.judges);
	g_clear_pointer(&serving.buyers, g_ptr_array_unref);
	g_clear_pointer(&serving.corpus, corpus_free);
	g_clear_pointer(&serving.snapshot, snapshot_unref);
	return done;
}
