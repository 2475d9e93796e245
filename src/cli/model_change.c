#include "model_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/file.h"
#include "base/identity.h"
#include "failure_private.h"
#include "given_private.h"
#include "installation_private.h"
#include "learn_private.h"
#include "model/promotion.h"
#include "named_private.h"
#include "options_private.h"
#include "print_private.h"
#include "review/sharing.h"

/* How many of the options --for, --team, --why a command has. */
enum { WITH_NONE = 0, WITH_WHOSE = 2, WITH_WHY = 3 };

/* One run of any of the commands. */
struct change {
	struct options options;
	char *models;
	char *addr; /* --for */
	char *team;
	char *why;
	char *folder; /* of the models that serve */
	char *own;    /* of those that may be changed; may not be there */
	char *buyer;  /* whose `addr` is */
	struct store *store; /* that other nodes share; else NULL */
	gboolean changed;
};

static gboolean
asked_rightly(const struct change *change, GError **error)
{
	if (change->addr != NULL && change->team != NULL)
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "say either --for or --team");
	else if (change->team != NULL && !promotion_name_valid(change->team))
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--team: '%s' is no name: letters, digits, '_', "
			    "'-' and '.' are allowed",
			    change->team);
	else
		return TRUE;
	return FALSE;
}

/* Another folder than the installation's is nobody else's business. */
static gboolean
open_shared(struct change *change, const struct config *config, GError **error)
{
	if (change->models != NULL ||
	    installation_store_file(config->store) != NULL)
		return TRUE;
	change->store = installation_store(config, error);
	return change->store != NULL;
}

static gboolean
change_open(struct change *change, GError **error)
{
	const gboolean absent = installation_is_absent(&change->options);
	g_autoptr(Config) config =
		absent ? config_default()
		       : installation_config(&change->options, error);
	g_autofree char *lock = NULL;

	if (config == NULL)
		return FALSE;
	change->folder =
		model_folder_find(change->models, config->models, error);
	if (change->folder == NULL)
		return FALSE;
	change->own = model_folder_own(change->models, config->models);
	lock = g_build_filename(change->own, ".lock", NULL);
	if (!identity_act(lock, error))
		return FALSE;
	/* Without an installation an id is as good as a profile's name. */
	if (change->addr != NULL && absent &&
	    promotion_name_valid(change->addr))
		change->buyer = g_strdup(change->addr);
	else if (change->addr != NULL)
		change->buyer = installation_buyer(config, change->addr, error);
	return (change->addr == NULL || change->buyer != NULL) &&
	       (absent || open_shared(change, config, error));
}

static struct promotion
promotion_of(const struct change *change)
{
	const char *sudo = g_getenv("SUDO_USER");

	return (struct promotion){
		.models = change->own,
		.who = sudo != NULL ? sudo : g_get_user_name(),
		.why = change->why != NULL ? change->why : "by hand",
	};
}

/* Who asks for a buyer's or a team's model means theirs. */
static gboolean
is_theirs(const struct change *change, const struct card *card, GError **error)
{
	const gboolean of_team = card->adapts.members != NULL;
	const char *whose = card->adapts.whose;

	if ((change->buyer == NULL ||
	     (!of_team && g_strcmp0(whose, change->buyer) == 0)) &&
	    (change->team == NULL ||
	     (of_team && g_strcmp0(whose, change->team) == 0)))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "%s %s: %s is a model of %s%s",
		    change->team != NULL ? "--team" : "--for",
		    change->team != NULL ? change->team : change->addr,
		    card->id, of_team ? "the team " : "",
		    card->adapts.starters != NULL ? whose : "everybody");
	return FALSE;
}

/* `folder` is NULL where no folder of models was changed. */
static void
tell(const struct change *change, const char *what, const char *place,
     const char *id, const char *folder)
{
	json_t *object;

	if (!change->options.json) {
		print_text(place, FALSE);
		printf(": %s ", what);
		print_text(id != NULL ? id : "none: the starter serves", FALSE);
		if (folder != NULL) {
			fputs(" (in ", stdout);
			print_text(folder, FALSE);
			putchar(')');
		}
		putchar('\n');
		return;
	}
	object = json_object();
	json_object_set_new(object, "place", print_json_text(place));
	json_object_set_new(object, "did", json_string(what));
	json_object_set_new(object, "model",
			    id != NULL ? print_json_text(id) : json_null());
	json_object_set_new(object, "folder",
			    folder != NULL ? print_json_text(folder)
					   : json_null());
	print_json(object);
}

/*
 * The folder of a model: named by a path, or on the shelf. Another place may
 * have served, and have a shelf, before there was a folder of our own.
 */
static char *
source_of(const struct change *change, const char *given, GError **error)
{
	const char *shelves[] = { change->own, change->folder };

	if (strchr(given, '/') != NULL)
		return given_folder(given, "a model", error) ? g_strdup(given)
							     : NULL;
	/* "models" is a folder when it is one here, else an id. */
	if (g_file_test(given, G_FILE_TEST_IS_DIR))
		return g_strconcat("./", given, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(shelves); i++) {
		g_autofree char *folder = g_build_filename(
			shelves[i], PROMOTION_SHELF, given, NULL);

		if (promotion_name_valid(given) &&
		    g_file_test(folder, G_FILE_TEST_IS_DIR))
			return g_steal_pointer(&folder);
	}
	g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
		    "%s: no model has this name in %s/%s", given, change->own,
		    PROMOTION_SHELF);
	return NULL;
}

static gboolean
promote(struct change *change, GError **error)
{
	const struct promotion promotion = promotion_of(change);
	g_autofree char *folder =
		source_of(change, change->options.args[0], error);
	g_autofree char *place = NULL;
	g_autoptr(Card) found = NULL;
	g_autoptr(Card) card = NULL;

	found = folder != NULL ? promotion_check(folder, error) : NULL;
	if (found == NULL || !is_theirs(change, found, error) ||
	    !promotion_prepare(change->own, change->folder, error))
		return FALSE;
	if (!sharing_promote(change->store, &promotion, folder, &card, error))
		return FALSE;
	place = promotion_place(card);
	tell(change, "serves", place, card->id, change->own);
	change->changed = TRUE;
	return TRUE;
}

/* "relevance", "buyers/priya/relevance", "teams/it/outreach". */
static char *
place_of(const struct change *change, GError **error)
{
	const char *kind = change->options.args[0];

	if (given_choice("which model", kind, model_kinds, error) < 0)
		return NULL;
	if (change->buyer != NULL)
		return g_build_filename(PROMOTION_BUYERS, change->buyer, kind,
					NULL);
	if (change->team != NULL)
		return g_build_filename(PROMOTION_TEAMS, change->team, kind,
					NULL);
	return g_strdup(kind);
}

static gboolean
rollback(struct change *change, GError **error)
{
	const struct promotion promotion = promotion_of(change);
	g_autofree char *place = place_of(change, error);
	g_autofree char *now = NULL;

	if (place == NULL)
		return FALSE;
	if (!g_file_test(change->own, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT,
			    "%s: nothing was promoted in %s that could be "
			    "taken back",
			    place, change->own);
		return FALSE;
	}
	if (!sharing_rollback(change->store, &promotion, place, &now, error))
		return FALSE;
	tell(change, "is back to", place, now, change->own);
	change->changed = TRUE;
	return TRUE;
}

/* What is there stays; it may be what would be written. */
static gboolean
write_new(const char *path, GBytes *bytes, GError **error)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	g_autoptr(GBytes) old = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return named_replace(path, data, size, 0644, error);
	old = file_read(path, size, NULL);
	if (old != NULL && g_bytes_equal(old, bytes))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_EXISTS,
		    "%s: is there already, and is another file", path);
	return FALSE;
}

static gboolean
export_it(struct change *change, GError **error)
{
	char *const *args = change->options.args;
	const gboolean is_theirs =
		change->buyer != NULL || change->team != NULL;
	g_autofree char *name =
		is_theirs ? place_of(change, error) : g_strdup(args[0]);
	g_autofree char *id = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (name == NULL)
		return FALSE;
	bytes = promotion_pack(change->folder, name, error);
	if (bytes == NULL || !write_new(args[1], bytes, error))
		return FALSE;
	id = promotion_serving(change->folder, name);
	tell(change, "holds", args[1], id != NULL ? id : name, NULL);
	return TRUE;
}

static gboolean
import_it(struct change *change, GError **error)
{
	g_autofree char *id = NULL;

	if (!promotion_import(change->own, change->options.args[0], &id,
			      error) ||
	    !promotion_prepare(change->own, change->folder, error))
		return FALSE;
	tell(change, "holds", PROMOTION_SHELF, id, change->own);
	return TRUE;
}

/* `last`: how many of the options that follow --models the command has. */
static int
run(const struct options_spec *base, guint last,
    gboolean (*act)(struct change *, GError **), int argc, char **argv)
{
	struct change change = { .changed = FALSE };
	GOptionEntry entries[] = {
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &change.models,
		  "folder of the models", "DIR" },
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &change.addr,
		  "a buyer's own model: address or id", "BUYER" },
		{ "team", 0, 0, G_OPTION_ARG_FILENAME, &change.team,
		  "a team's model", "NAME" },
		{ "why", 0, 0, G_OPTION_ARG_FILENAME, &change.why,
		  "what the history tells as the reason", "TEXT" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	struct options_spec spec = *base;
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	entries[1 + last] = entries[G_N_ELEMENTS(entries) - 1];
	spec.entries = entries;
	if (!options_parse(&spec, argc, argv, &change.options, &error) ||
	    !asked_rightly(&change, &error) || !change_open(&change, &error) ||
	    !act(&change, &error))
		code = failure_exit(error);
	if (change.changed)
		learn_print_served();
	options_clear(&change.options);
	g_free(change.models);
	g_free(change.addr);
	g_free(change.team);
	g_free(change.why);
	g_free(change.folder);
	g_free(change.own);
	g_free(change.buyer);
	store_close(change.store);
	return code;
}

int
model_promote_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "model promote",
		.arguments = "ID|DIR",
		.summary = "Lets a model serve: one of the shelf, or any "
			   "folder with a model, which is copied there first. "
			   "Its card says for whom.",
		.examples =
			"  pitchward model promote priya-relevance-0a1b2c3d\n"
			"  pitchward model promote ./new/outreach",
		.args_min = 1,
		.args_max = 1,
	};

	return run(&spec, WITH_WHY, promote, argc, argv);
}

int
model_rollback_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "model rollback",
		.arguments = "outreach|relevance",
		.summary = "Takes the last promotion back: of the starter, of "
			   "a buyer's own model (--for) or a team's (--team).",
		.examples = "  pitchward model rollback relevance\n"
			    "  pitchward model rollback relevance --for priya",
		.args_min = 1,
		.args_max = 1,
	};

	return run(&spec, WITH_WHY, rollback, argc, argv);
}

int
model_export_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "model export",
		.arguments = "ID|outreach|relevance FILE",
		.summary = "Writes a model of the shelf, or what serves as "
			   "outreach or relevance (--for a buyer, --team), "
			   "into one new file with checksums.",
		.examples = "  pitchward model export outreach outreach.model\n"
			    "  pitchward model export relevance priya.model "
			    "--for priya",
		.args_min = 2,
		.args_max = 2,
	};

	return run(&spec, WITH_WHOSE, export_it, argc, argv);
}

int
model_import_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "model import",
		.arguments = "FILE",
		.summary = "Puts an exported model on the shelf, once its "
			   "checksums and its card are found to be right. It "
			   "serves when it is promoted.",
		.examples = "  pitchward model import outreach.model",
		.args_min = 1,
		.args_max = 1,
	};

	return run(&spec, WITH_NONE, import_it, argc, argv);
}
