#include "command_private.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/escape.h"
#include "check_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "model/model.h"
#include "options_private.h"
#include "print_private.h"
#include "profile/group.h"
#include "shelf_private.h"
#include "unreadable_private.h"

/* One run of the command. */
struct checking {
	struct options options;
	char *models;
	struct config *config; /* of the installation; NULL without one */
	struct faults *faults; /* of what is being checked now */
	int code;
};

static void
print_good(const struct checking *checking, const char *path, const char *what)
{
	json_t *object;

	if (!checking->options.json) {
		print_text(path, FALSE);
		printf(": %s, ok\n", what);
		return;
	}
	object = json_object();
	json_object_set_new(object, "file", print_json_text(path));
	json_object_set_new(object, "kind", json_string(what));
	json_object_set_new(object, "ok", json_true());
	print_json(object);
}

static void
print_fault_json(const char *line)
{
	struct fault_place place = { 0 };
	json_t *object = json_object();

	check_split(line, &place);
	json_object_set_new(object, "file", print_json_text(place.file));
	if (place.line > 0) {
		json_object_set_new(object, "line",
				    json_integer((json_int_t)place.line));
		json_object_set_new(object, "column",
				    json_integer((json_int_t)place.column));
	}
	json_object_set_new(object, "ok", json_false());
	json_object_set_new(object, "fault", print_json_text(place.text));
	print_json(object);
	g_free(place.file);
}

static void
print_fault(const struct checking *checking, const char *line)
{
	g_autofree char *safe = NULL;

	if (checking->options.json) {
		print_fault_json(line);
		return;
	}
	safe = escape_text(line, FALSE);
	fprintf(stderr, "%s\n", safe);
}

/* What is wrong with one thing, or that nothing is. */
static void
finish(struct checking *checking, const char *path, const char *what)
{
	struct faults *faults = checking->faults;

	for (guint i = 0; i < faults_count(faults); i++)
		print_fault(checking, faults_get(faults, i));
	if (faults_count(faults) > 0)
		checking->code = failure_worse(checking->code, EX_CONFIG);
	else
		print_good(checking, path, what);
	faults_free(faults);
	checking->faults = faults_new();
}

static void
complain(struct checking *checking, const char *path, GError *error)
{
	faults_add(checking->faults, path, 0, 0, "%s", error->message);
	g_error_free(error);
}

static void
check_config(struct checking *checking, const char *path)
{
	g_autoptr(Config) config = config_load(path, checking->faults);

	finish(checking, path, "configuration");
}

static void
check_profile(struct checking *checking, const char *path)
{
	g_autoptr(Profile) profile = profile_load(path, checking->faults);

	if (profile && checking->config)
		profile_within_limits(profile, checking->config,
				      checking->faults);
	finish(checking, path, "profile");
}

static void
check_signals(struct checking *checking, const char *path)
{
	g_autoptr(Signals) signals = signals_load(path, checking->faults);

	finish(checking, path, "signals");
}

/* A folder that a person named is not meant to be empty. */
static void
check_profiles(struct checking *checking, const char *folder)
{
	g_autoptr(GPtrArray) profiles =
		profile_load_folder(folder, checking->faults);
	g_autofree char *what = g_strdup_printf("%u profile%s", profiles->len,
						print_plural(profiles->len));

	for (guint i = 0; checking->config && i < profiles->len; i++)
		profile_within_limits(profiles->pdata[i], checking->config,
				      checking->faults);
	if (profiles->len == 0 && faults_count(checking->faults) == 0)
		faults_add(checking->faults, folder, 0, 0,
			   "there is no profile and no model in it");
	finish(checking, folder, what);
}

/* Those of the installation that a group may name. NULL: any; with one that has
 * faults, which are told elsewhere, nobody knows. */
static GPtrArray *
profiles_there(const struct checking *checking)
{
	g_autoptr(Faults) told = faults_new();
	g_autoptr(GPtrArray) profiles =
		checking->config ? installation_profiles(checking->config, told)
				 : NULL;

	return faults_count(told) == 0 ? g_steal_pointer(&profiles) : NULL;
}

static void
check_group(struct checking *checking, const char *path)
{
	g_autoptr(GPtrArray) profiles = profiles_there(checking);
	g_autoptr(Group) group = group_load(path, profiles, checking->faults);

	finish(checking, path, "group");
}

static void
check_groups(struct checking *checking, const char *folder)
{
	g_autoptr(GPtrArray) profiles = profiles_there(checking);
	g_autoptr(GPtrArray) groups =
		group_load_folder(folder, profiles, checking->faults);
	g_autofree char *what = g_strdup_printf("%u group%s", groups->len,
						print_plural(groups->len));

	finish(checking, folder, what);
}

static guint
count_serving(const GPtrArray *served)
{
	guint n = 0;

	for (guint i = 0; i < served->len; i++) {
		const struct served *one = served->pdata[i];

		n += one->origin < SERVED_GONE;
	}
	return n;
}

/* What does not come from its file is told apart. */
static void
check_served(struct checking *checking)
{
	const struct config *config = checking->config;
	g_autoptr(GPtrArray) versions = installation_versions(config);
	g_autoptr(GPtrArray) served =
		served_load(config, versions, NULL, checking->faults);
	const guint n = count_serving(served);
	g_autofree char *what =
		g_strdup_printf("%u profile%s", n, print_plural(n));

	/* Why has been told; who serves is not known without it. */
	if (!versions && installation_has_store(config))
		checking->code = failure_worse(checking->code, EX_UNAVAILABLE);
	finish(checking, config->profiles, what);
	for (guint i = 0; i < served->len; i++) {
		const struct served *one = served->pdata[i];
		g_autofree char *origin =
			served_origin_text(one->origin, one->number);
		g_autofree char *text =
			g_strconcat("what serves: ", origin, NULL);

		if (one->origin != SERVED_FILE && one->origin != SERVED_REMOVED)
			print_good(checking, one->path, text);
	}
}

/* `folder` holds the models' own folders. */
static void
check_model(struct checking *checking, const char *folder, enum model_kind kind)
{
	GError *error = NULL;
	g_autofree char *path =
		g_build_filename(folder, model_kinds[kind], NULL);
	g_autofree char *what = NULL;
	g_autoptr(Model) model = model_load(folder, kind, &error);

	if (model)
		what = g_strdup_printf("model %s", model_id(model));
	else
		complain(checking, path, error);
	finish(checking, path, what);
}

static void
check_other(struct checking *checking, const struct shelf_model *model)
{
	g_autofree char *what =
		model->card
			? g_strdup_printf("model %s%s", model->card->id,
					  model->rests ? ", " SHELF_RESTS : "")
			: NULL;

	if (model->fault)
		faults_add(checking->faults, model->path, 0, 0, "%s",
			   model->fault);
	finish(checking, model->path, what);
}

static void
tell_newer(const struct checking *checking, const struct shelf *shelf)
{
	for (guint kind = 0; kind < SHELF_MODELS; kind++) {
		g_autofree char *newer =
			shelf_newer(shelf, (enum model_kind)kind);
		g_autofree char *safe =
			newer ? escape_text(newer, FALSE) : NULL;

		if (newer && checking->options.json)
			print_good(checking, newer,
				   "newer starter, which does not serve");
		else if (newer)
			printf("%s: newer than what serves; 'pitchward model "
			       "promote %s' lets it serve\n",
			       safe, safe);
	}
}

static void
check_models(struct checking *checking, const char *folder)
{
	g_auto(Shelf) shelf = { 0 };
	g_autoptr(GPtrArray) others = NULL;

	check_model(checking, folder, MODEL_OUTREACH);
	check_model(checking, folder, MODEL_RELEVANCE);
	shelf_try(folder, &shelf);
	others = shelf_others(&shelf, FALSE);
	for (guint i = 0; i < others->len; i++)
		check_other(checking, others->pdata[i]);
	tell_newer(checking, &shelf);
}

/* The folder of one model: its name is the model's kind. */
static void
check_model_folder(struct checking *checking, const char *path)
{
	g_autofree char *whole = g_canonicalize_filename(path, NULL);
	g_autofree char *folder = g_path_get_dirname(whole);
	g_autofree char *name = g_path_get_basename(whole);

	if (strcmp(name, model_kinds[MODEL_RELEVANCE]) == 0)
		check_model(checking, folder, MODEL_RELEVANCE);
	else
		check_model(checking, folder, MODEL_OUTREACH);
}

static void
check_found_models(struct checking *checking, const char *configured)
{
	GError *error = NULL;
	g_autofree char *folder =
		model_folder_find(checking->models, configured, &error);

	if (folder) {
		check_models(checking, folder);
		return;
	}
	complain(checking, "models", error);
	finish(checking, "models", NULL);
}

/* Silent when all is well, as for who is not root. */
static void
check_readable(struct checking *checking, const char *path)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) found =
		unreadable_find(path, checking->config, &error);

	for (guint i = 0; found && i < found->len; i++) {
		const struct unreadable *one = found->pdata[i];

		faults_add(checking->faults, one->path, 0, 0, "%s; mend: %s",
			   one->why, one->mend);
	}
	if (!found)
		complain(checking, path, error);
	if (faults_count(checking->faults) > 0)
		finish(checking, path, NULL);
}

static void
check_installation(struct checking *checking)
{
	const char *path = checking->options.config;

	if (installation_is_absent(&checking->options)) {
		g_autoptr(Config) usual = config_default();

		print_good(checking, path, "absent, built-in defaults");
		check_found_models(checking, usual->models);
		return;
	}
	checking->config = config_load(path, checking->faults);
	finish(checking, path, "configuration");
	if (!checking->config)
		return;
	check_readable(checking, path);
	if (checking->config->signals)
		check_signals(checking, checking->config->signals);
	check_served(checking);
	if (g_file_test(checking->config->groups, G_FILE_TEST_EXISTS))
		check_groups(checking, checking->config->groups);
	check_found_models(checking, checking->config->models);
}

/* From here on its limits hold. */
static void
check_site(struct checking *checking, const char *folder)
{
	struct options *options = &checking->options;

	g_free(options->config);
	options->config = g_build_filename(folder, "pitchward.yaml", NULL);
	options->config_given = TRUE;
	g_clear_pointer(&checking->config, config_free);
	check_installation(checking);
}

/* What cannot be read has no faults: the exit code tells them apart. */
static gboolean
is_there(struct checking *checking, const char *path)
{
	g_autoptr(GError) error = NULL;

	if (access(path, R_OK) == 0)
		return TRUE;
	error_set_errno(&error, errno, "%s", path);
	print_fault(checking, error->message);
	checking->code = failure_worse(checking->code, failure_code(error));
	return FALSE;
}

static void
check_file(struct checking *checking, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	switch (check_kind(path)) {
	case CHECK_PROFILE:
		check_profile(checking, path);
		return;
	case CHECK_SIGNALS:
		check_signals(checking, path);
		return;
	case CHECK_PROFILES:
		check_profiles(checking, path);
		return;
	case CHECK_GROUP:
		check_group(checking, path);
		return;
	case CHECK_GROUPS:
		check_groups(checking, path);
		return;
	case CHECK_CARD:
		check_model_folder(checking, folder);
		return;
	case CHECK_MODEL:
		check_model_folder(checking, path);
		return;
	case CHECK_MODELS:
		check_models(checking, path);
		return;
	case CHECK_SITE:
		check_site(checking, path);
		return;
	case CHECK_CONFIG:
		check_config(checking, path);
		return;
	}
}

/* The installation's limits hold for profiles, where there is one. */
static void
check_files(struct checking *checking)
{
	g_autoptr(Faults) ignored = faults_new();

	if (access(checking->options.config, R_OK) == 0)
		checking->config =
			config_load(checking->options.config, ignored);
	for (char **path = checking->options.args; *path; path++) {
		if (is_there(checking, *path))
			check_file(checking, *path);
	}
}

int
check_main(int argc, char **argv)
{
	struct checking checking = { .code = EX_OK };
	const GOptionEntry entries[] = {
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &checking.models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "check",
		.arguments = "[FILE...]",
		.summary = "Validates the installation, or the files named: "
			   "configuration, profiles, groups, signals, models.",
		.examples = "  pitchward check\n"
			    "  pitchward check profiles.d/priya.yaml",
		.entries = entries,
		.args_max = G_MAXUINT,
	};
	g_autoptr(GError) error = NULL;

	if (!options_parse(&spec, argc, argv, &checking.options, &error)) {
		checking.code = failure_exit(error);
	} else {
		checking.faults = faults_new();
		if (checking.options.args[0])
			check_files(&checking);
		else
			check_installation(&checking);
	}
	g_clear_pointer(&checking.faults, faults_free);
	g_clear_pointer(&checking.config, config_free);
	options_clear(&checking.options);
	g_free(checking.models);
	return checking.code;
}
