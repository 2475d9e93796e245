/* `pitchward train --for BUYER` and `--team NAME`: models of feedback. */
#include "learn_private.h"

#include <string.h>
#include <sysexits.h>

#include "command_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "model/promotion.h"
#include "options_private.h"
#include "progress_private.h"
#include "review/schedule.h"

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
	char *own;    /* of those that may be changed; may not be there */
	struct retrain_labels *labels;
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
	g_clear_pointer(&learn->labels, retrain_labels_free);
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
	learn->own = model_folder_own(learn->models, config->models);
	learn->store = installation_store(config, error);
	return learn->store != NULL;
}

/* What the command was told to be, for the history. */
const char *
learn_who(void)
{
	const char *sudo = g_getenv("SUDO_USER");

	return sudo != NULL ? sudo : g_get_user_name();
}

static void
step(gpointer data, guint done, guint total)
{
	struct progress *progress = data;

	if (done == 1)
		progress_begin(progress, "labels read", total);
	progress_step(progress);
	if (done == total)
		progress_clear(progress);
}

/* That it could not be noted does not take the model back. */
static void
note(const struct learn *learn, const struct retrain_whose *whose,
     const struct retrain_outcome *outcome)
{
	g_autoptr(GError) error = NULL;

	if (!learn->dry_run &&
	    !schedule_note(learn->store, whose, outcome, &error))
		failure_print(error);
}

static gboolean
try_kind(struct learn *learn, const struct retrain *retrain,
	 const struct retrain_whose *whose, enum model_kind kind,
	 GError **error)
{
	g_autoptr(RetrainOutcome) outcome =
		retrain_run(retrain, whose, learn->labels, kind, error);

	if (outcome == NULL)
		return FALSE;
	note(learn, whose, outcome);
	learn_print(outcome, learn->own, learn->options.json);
	if (outcome->trial->result == TRIAL_PASSED)
		learn->passed++;
	return TRUE;
}

static gboolean
learn_run(struct learn *learn, GError **error)
{
	const struct retrain_whose whose = { learn->whose, learn->team != NULL,
					     learn->members };
	struct progress progress = { .on = FALSE };
	const struct retrain retrain = {
		.snapshot = learn->snapshot,
		.store = learn->store,
		.folder = learn->folder,
		.own = learn->own,
		.who = learn_who(),
		.dry_run = learn->dry_run,
		.step = step,
		.data = &progress,
	};

	learn->labels = retrain_labels_read(&retrain, &whose, error);
	progress_clear(&progress);
	return learn->labels != NULL &&
	       try_kind(learn, &retrain, &whose, MODEL_RELEVANCE, error) &&
	       (!retrain_learns(learn->labels, MODEL_OUTREACH) ||
		try_kind(learn, &retrain, &whose, MODEL_OUTREACH, error));
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
	    !asked_rightly(&learn, &error) || !learn_open(&learn, &error) ||
	    !learn_run(&learn, &error))
		code = failure_exit(error);
	else if (learn.passed == 0)
		code = EXIT_NO;
	if (learn.passed > 0 && !learn.dry_run)
		learn_print_served();
	learn_clear(&learn);
	return code;
}
