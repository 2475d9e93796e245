/* `pitchward train --for BUYER` and `--team NAME`: models of feedback. */
#include "learn_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "command_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "learn_labels_private.h"
#include "model/golden.h"
#include "model/promotion.h"
#include "options_private.h"

#define EXIT_NO 1

/* One run of the command. */
struct learn {
	struct options options;
	char *addr; /* --for */
	char *team; /* --team */
	char *models;
	gboolean dry_run;
	char *whose;	    /* buyer's id or team's name */
	GPtrArray *members; /* ids of buyers */
	struct snapshot *snapshot;
	struct store *store;
	char *folder; /* of the models that serve */
	char *own;    /* of those that may be changed; NULL before */
	struct learn_labels labels;
	guint passed;
};

static void
learn_clear(struct learn *learn)
{
	options_clear(&learn->options);
	g_free(learn->addr);
	g_free(learn->team);
	g_free(learn->models);
	g_free(learn->whose);
	g_free(learn->folder);
	g_free(learn->own);
	g_clear_pointer(&learn->members, g_ptr_array_unref);
	learn_labels_clear(&learn->labels);
	g_clear_pointer(&learn->snapshot, snapshot_unref);
	g_clear_pointer(&learn->store, store_close);
}

/* The buyers named, or all of them for `--team all`. */
static gboolean
find_members(struct learn *learn, GError **error)
{
	char *const *args = learn->options.args;
	const struct config *config = learn->snapshot->config;
	const GPtrArray *buyers = learn->snapshot->buyers;

	for (guint i = 0; args[i] != NULL; i++) {
		char *id = installation_buyer(config, args[i], error);

		if (id == NULL)
			return FALSE;
		/* Named twice, by id and address, a buyer counts once. */
		if (g_ptr_array_find_with_equal_func(learn->members, id,
						     g_str_equal, NULL))
			g_free(id);
		else
			g_ptr_array_add(learn->members, id);
	}
	if (args[0] != NULL || strcmp(learn->team, PROMOTION_ALL) != 0)
		return TRUE;
	for (guint i = 0; i < buyers->len; i++) {
		const struct buyer *buyer = buyers->pdata[i];

		g_ptr_array_add(learn->members, g_strdup(buyer->profile->id));
	}
	return TRUE;
}

static gboolean
find_whose(struct learn *learn, GError **error)
{
	learn->members = g_ptr_array_new_with_free_func(g_free);
	if (learn->team == NULL) {
		learn->whose = installation_buyer(learn->snapshot->config,
						  learn->addr, error);
		g_ptr_array_add(learn->members, g_strdup(learn->whose));
		return learn->whose != NULL;
	}
	if (!find_members(learn, error))
		return FALSE;
	learn->whose = g_strdup(learn->team);
	if (learn->members->len > 0 && promotion_name_valid(learn->team))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    learn->members->len > 0
			    ? "--team: '%s' is no name: letters, digits, '_', "
			      "'-' and '.' are allowed"
			    : "--team %s: say whose labels: buyers' ids or "
			      "addresses, or --team all",
		    learn->team);
	return FALSE;
}

static gboolean
learn_open(struct learn *learn, GError **error)
{
	const struct config *config;

	learn->snapshot =
		installation_snapshot(&learn->options, learn->models, error);
	if (learn->snapshot == NULL || !find_whose(learn, error))
		return FALSE;
	config = learn->snapshot->config;
	learn->folder = model_folder_find(learn->models, config->models, error);
	if (learn->folder == NULL)
		return FALSE;
	learn->store = installation_store(config, error);
	return learn->store != NULL;
}

/* The lowest of those that the model would serve. */
static double
hold_of(const struct learn *learn)
{
	const GPtrArray *buyers = learn->snapshot->buyers;
	double hold = 1;

	for (guint i = 0; i < buyers->len; i++) {
		const struct profile *profile =
			((const struct buyer *)buyers->pdata[i])->profile;

		if (g_ptr_array_find_with_equal_func(
			    learn->members, profile->id, g_str_equal, NULL))
			hold = MIN(hold, profile->hold);
	}
	return hold;
}

/* What serves now: the model of this place, or the buyer's team's, or NULL. */
static struct adapter *
serving_of(const struct learn *learn, const char *place, enum model_kind kind,
	   const struct adapter **serving)
{
	g_autofree char *own = g_build_filename(learn->folder, place, NULL);
	g_autoptr(Adapter) adapter = adapter_load(own, NULL);
	const GPtrArray *buyers = learn->snapshot->buyers;

	*serving = adapter;
	if (adapter != NULL && strcmp(adapter_card(adapter)->adapts.starters,
				      learn->snapshot->models) == 0)
		return g_steal_pointer(&adapter);
	*serving = NULL;
	for (guint i = 0; learn->team == NULL && i < buyers->len; i++) {
		const struct buyer *buyer = buyers->pdata[i];

		if (strcmp(buyer->profile->id, learn->whose) == 0)
			*serving = buyer->adapted[kind];
	}
	return NULL;
}

static struct card *
card_of(const struct learn *learn, enum model_kind kind, const GArray *labels,
	const struct trial *trial)
{
	static const char *const ranges[] = { "score-p05", "score-p50",
					      "score-p95" };
	struct card *card = card_new();

	card->kind = kind;
	card->created_us = clock_now_us();
	card->adapts.starters = g_strdup(learn->snapshot->models);
	card->adapts.whose = g_strdup(learn->whose);
	for (guint i = 0; i < labels->len; i++)
		card->adapts.learned_us = MAX(
			card->adapts.learned_us,
			g_array_index(labels, struct adapt_label, i).time_us);
	card->examples = labels->len;
	card->positive = trial->positive;
	card->groups = trial->vendors;
	card->sources = g_strdup_printf("feedback %u", trial->counted);
	if (learn->team != NULL) {
		card->adapts.members = g_new0(char *, learn->members->len + 1);
		for (guint i = 0; i < learn->members->len; i++)
			card->adapts.members[i] =
				g_strdup(learn->members->pdata[i]);
	}
	card_add_metric(card, "loss-held-out",
			(struct estimate){ trial->candidate.loss, NAN, NAN });
	card_add_metric(card, "loss-held-out-before",
			(struct estimate){ trial->serving.loss, NAN, NAN });
	card_add_metric(card, "auc-held-out",
			(struct estimate){ trial->candidate.auc, NAN, NAN });
	card_add_metric(card, "auc-held-out-before",
			(struct estimate){ trial->serving.auc, NAN, NAN });
	for (guint i = 0; i < G_N_ELEMENTS(ranges); i++)
		card_add_metric(card, ranges[i],
				(struct estimate){ trial->range[i], NAN, NAN });
	return card;
}

/* Where it may be put, with the starters that it was made over. */
static gboolean
own_folder(struct learn *learn, GError **error)
{
	g_autofree char *own = model_folder_own(
		learn->models, learn->snapshot->config->models);

	if (!promotion_prepare(own, learn->folder, error))
		return FALSE;
	g_free(learn->own);
	learn->own = g_steal_pointer(&own);
	return TRUE;
}

static gboolean
promote(struct learn *learn, const struct trial *trial, struct card *card,
	GError **error)
{
	g_autofree char *why = g_strdup_printf(
		"trained on %u labels: log-loss %.4f against %.4f, ROC AUC "
		"%.4f against %.4f, on the %u newest, p = %.3f",
		trial->counted, trial->candidate.loss, trial->serving.loss,
		trial->candidate.auc, trial->serving.auc, trial->held_out,
		trial->p);
	const char *sudo = g_getenv("SUDO_USER");
	const struct promotion promotion = {
		.models = learn->own,
		.who = sudo != NULL ? sudo : g_get_user_name(),
		.why = why,
	};

	return promotion_add(&promotion, trial->adapter, card, error);
}

static void
tell(struct learn *learn, const struct trial *trial, const char *place,
     const char *id)
{
	const struct learn_outcome outcome = {
		.place = place,
		.said = &learn->labels.said,
		.trial = trial,
		.id = id,
		.folder = learn->own,
	};

	if (learn->options.json)
		learn_print_json(&outcome);
	else
		learn_print(&outcome);
	if (trial->result == TRIAL_PASSED)
		learn->passed++;
}

static gboolean
try_kind(struct learn *learn, enum model_kind kind, const GArray *labels,
	 const GPtrArray *golden, GError **error)
{
	g_autofree char *place = g_build_filename(
		learn->team != NULL ? PROMOTION_TEAMS : PROMOTION_BUYERS,
		learn->whose, model_kinds[kind], NULL);
	const struct adapter *serving = NULL;
	g_autoptr(Adapter) own = serving_of(learn, place, kind, &serving);
	const struct trial_request request = {
		.background = model_background(learn->snapshot->relevance),
		.labels = (const struct adapt_label *)(void *)labels->data,
		.n = labels->len,
		.team = learn->team != NULL,
		.serving = serving,
		.shared = own == NULL,
		.golden = golden,
		.hold = hold_of(learn),
	};
	g_autoptr(Trial) trial = trial_run(&request);
	g_autoptr(Card) card = card_of(learn, kind, labels, trial);
	gboolean done = TRUE;

	if (trial->result == TRIAL_PASSED && !learn->dry_run)
		done = own_folder(learn, error) &&
		       promote(learn, trial, card, error);
	if (done)
		tell(learn, trial, place, card->id);
	return done;
}

static gboolean
learn_run(struct learn *learn, GError **error)
{
	g_autoptr(GArray) relevance = NULL;
	g_autoptr(GArray) outreach = NULL;
	g_autoptr(GPtrArray) golden = NULL;

	if (!learn_open(learn, error) ||
	    !learn_labels_read(&learn->labels, learn->store, learn->members,
			       error))
		return FALSE;
	relevance = learn_labels_for(&learn->labels, learn->snapshot->relevance,
				     MODEL_RELEVANCE);
	outreach = learn_labels_for(&learn->labels, learn->snapshot->relevance,
				    MODEL_OUTREACH);
	if (!try_kind(learn, MODEL_RELEVANCE, relevance, NULL, error))
		return FALSE;
	if (!learn_has_business(outreach))
		return TRUE;
	golden = golden_find(learn->folder, error);
	return golden != NULL &&
	       try_kind(learn, MODEL_OUTREACH, outreach, golden, error);
}

static const struct options_spec *
spec_of(const GOptionEntry *entries, struct options_spec *spec)
{
	*spec = (struct options_spec){
		.command = "train",
		.arguments = "[BUYER...]",
		.summary = "Trains the model of a buyer (--for) or of a team "
			   "of buyers (--team) from what they said about "
			   "their mail, tries it against the model that "
			   "serves, and promotes it or refuses.",
		.examples = "  pitchward train --for priya.nair@corp.example\n"
			    "  pitchward train --team it priya omar\n"
			    "  pitchward train --team all --dry-run",
		.entries = entries,
		.args_max = G_MAXUINT,
	};
	return spec;
}

static gboolean
asked_rightly(const struct learn *learn, GError **error)
{
	if ((learn->addr == NULL) != (learn->team == NULL) &&
	    (learn->team != NULL || learn->options.args[0] == NULL))
		return TRUE;
	g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "train: say --for BUYER, or --team NAME and its "
			    "buyers");
	return FALSE;
}

int
learn_main(int argc, char **argv)
{
	struct learn learn = { .passed = 0 };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &learn.addr,
		  "whose model: a buyer's address or id", "BUYER" },
		{ "team", 0, 0, G_OPTION_ARG_FILENAME, &learn.team,
		  "a team's model; 'all': of all buyers", "NAME" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &learn.models,
		  "folder of the models", "DIR" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &learn.dry_run,
		  "try it, change nothing", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	struct options_spec spec;
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(spec_of(entries, &spec), argc, argv, &learn.options,
			   &error) ||
	    !asked_rightly(&learn, &error) || !learn_run(&learn, &error))
		code = failure_exit(error);
	else if (learn.passed == 0)
		code = EXIT_NO;
	if (learn.passed > 0 && !learn.dry_run)
		learn_print_reload();
	learn_clear(&learn);
	return code;
}
