/* `pitchward train --due`: what a timer runs. */
#include "learn_private.h"

#include <sysexits.h>

#include "command_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "progress_private.h"
#include "review/schedule.h"

/* One run of the command. */
struct due {
	struct options options;
	char *models;
	char *folder; /* of the models that serve */
	char *own;    /* of those that may be changed; may not be there */
	struct snapshot *snapshot;
	struct store *store;
	struct progress progress;
};

static void
due_clear(struct due *due)
{
	options_clear(&due->options);
	g_free(due->models);
	g_free(due->folder);
	g_free(due->own);
	g_clear_pointer(&due->snapshot, snapshot_unref);
	g_clear_pointer(&due->store, store_close);
}

static gboolean
due_open(struct due *due, GError **error)
{
	const struct config *config;

	due->snapshot =
		installation_snapshot(&due->options, due->models, error);
	if (!due->snapshot)
		return FALSE;
	config = due->snapshot->config;
	due->folder = model_folder_find(due->models, config->models, error);
	due->own = model_folder_own(due->models, config->models);
	if (!due->folder)
		return FALSE;
	/* Nothing can be due before the daemon has made one. */
	if (!installation_tell_store(config))
		return TRUE;
	due->store = installation_store(config, error);
	return due->store != NULL;
}

static void
tell(gpointer data, const struct retrain_outcome *outcome)
{
	struct due *due = data;

	progress_clear(&due->progress);
	learn_print(outcome, due->own, due->options.json);
}

static void
step(gpointer data, guint done, guint total)
{
	struct due *due = data;

	(void)done;
	(void)total;
	progress_step(&due->progress);
}

static gboolean
due_run(struct due *due, GError **error)
{
	const struct retrain retrain = {
		.snapshot = due->snapshot,
		.store = due->store,
		.folder = due->folder,
		.own = due->own,
		.who = learn_who(),
	};
	const struct schedule schedule = {
		.retrain = &retrain,
		.now_us = clock_now_us(),
		.tell = tell,
		.step = step,
		.data = due,
	};
	gboolean done;

	if (!due->store)
		return TRUE;
	progress_begin(&due->progress, "buyers looked at",
		       due->snapshot->buyers->len);
	done = schedule_run(&schedule, error);
	progress_clear(&due->progress);
	return done;
}

int
learn_due_main(int argc, char **argv)
{
	struct due due = { .store = NULL };
	gboolean asked = FALSE;
	const GOptionEntry entries[] = {
		{ "due", 0, 0, G_OPTION_ARG_NONE, &asked,
		  "train what is due and what was asked for", NULL },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &due.models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "train",
		.summary = "For a timer: trains the models of those buyers and "
			   "teams whose labels are due, and what buyers asked "
			   "for on their page, each once. Tries each against "
			   "the model that serves, and promotes it or refuses.",
		.examples = "  pitchward train --due\n"
			    "  pitchward train --due --json",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &due.options, &error) ||
	    !due_open(&due, &error) || !due_run(&due, &error))
		code = failure_exit(error);
	if (due.snapshot && due.snapshot->partial)
		code = failure_worse(code, EX_CONFIG);
	due_clear(&due);
	return code;
}
