#include "model_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "failure_private.h"
#include "installation_private.h"
#include "learn_private.h"
#include "model/promotion.h"
#include "options_private.h"
#include "print_private.h"

/* One run of any of the commands. */
struct change {
	struct options options;
	char *models;
	char *addr; /* --for */
	char *team;
	char *why;
	char *folder; /* of models */
	char *buyer;  /* whose `addr` is */
	gboolean changed;
};

static gboolean
change_open(struct change *change, GError **error)
{
	const gboolean absent = installation_is_absent(&change->options);
	g_autoptr(Config) config =
		absent ? config_default()
		       : installation_config(&change->options, error);

	if (config == NULL)
		return FALSE;
	change->folder =
		model_folder_find(change->models, config->models, error);
	if (change->folder == NULL)
		return FALSE;
	/* Without an installation an id is as good as a profile's name. */
	if (change->addr != NULL && absent &&
	    promotion_name_valid(change->addr))
		change->buyer = g_strdup(change->addr);
	else if (change->addr != NULL)
		change->buyer = installation_buyer(config, change->addr, error);
	return change->addr == NULL || change->buyer != NULL;
}

static struct promotion
promotion_of(const struct change *change)
{
	const char *sudo = g_getenv("SUDO_USER");

	return (struct promotion){
		.models = change->folder,
		.who = sudo != NULL ? sudo : g_get_user_name(),
		.why = change->why != NULL ? change->why : "by hand",
	};
}

/* Who asks for a buyer's model means that buyer's. */
static gboolean
is_theirs(const struct change *change, const char *folder, GError **error)
{
	g_autoptr(Card) card = promotion_check(folder, error);
	const char *whose;

	if (card == NULL)
		return FALSE;
	whose = card->adapts.members == NULL ? card->adapts.whose : NULL;
	if (change->buyer == NULL || g_strcmp0(whose, change->buyer) == 0)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "--for %s: %s is a model of %s%s", change->addr, card->id,
		    card->adapts.members != NULL ? "the team " : "",
		    card->adapts.starters != NULL ? card->adapts.whose
						  : "everybody");
	return FALSE;
}

static void
tell(const struct change *change, const char *what, const char *place,
     const char *id)
{
	json_t *object;

	if (!change->options.json) {
		print_text(place, FALSE);
		printf(": %s ", what);
		print_text(id != NULL ? id : "none: the starter serves", FALSE);
		putchar('\n');
		return;
	}
	object = json_object();
	json_object_set_new(object, "place", print_json_text(place));
	json_object_set_new(object, "did", json_string(what));
	json_object_set_new(object, "model",
			    id != NULL ? print_json_text(id) : json_null());
	print_json(object);
}

static gboolean
promote(struct change *change, GError **error)
{
	const struct promotion promotion = promotion_of(change);
	const char *given = change->options.args[0];
	g_autofree char *here = g_strconcat("./", given, NULL);
	g_autofree char *folder = NULL;
	g_autofree char *place = NULL;
	g_autoptr(Card) card = NULL;
	/* "models" is a folder when it is one here, else an id. */
	const gboolean is_here = strchr(given, '/') == NULL &&
				 g_file_test(given, G_FILE_TEST_IS_DIR);
	const char *name = is_here ? here : given;

	folder = strchr(name, '/') != NULL
			 ? g_strdup(name)
			 : g_build_filename(change->folder, PROMOTION_SHELF,
					    name, NULL);
	if (change->buyer != NULL && !is_theirs(change, folder, error))
		return FALSE;
	if (!promotion_promote(&promotion, name, &card, error))
		return FALSE;
	place = promotion_place(card);
	tell(change, "serves", place, card->id);
	change->changed = TRUE;
	return TRUE;
}

/* "relevance", "buyers/priya/relevance", "teams/it/outreach". */
static char *
place_of(const struct change *change, GError **error)
{
	const char *kind = change->options.args[0];

	for (guint i = 0; model_kinds[i] != NULL; i++) {
		if (g_strcmp0(kind, model_kinds[i]) != 0)
			continue;
		if (change->buyer != NULL)
			return g_build_filename(PROMOTION_BUYERS, change->buyer,
						kind, NULL);
		if (change->team != NULL && promotion_name_valid(change->team))
			return g_build_filename(PROMOTION_TEAMS, change->team,
						kind, NULL);
		if (change->team == NULL)
			return g_strdup(kind);
	}
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "model rollback: '%s' is neither 'outreach' nor "
		    "'relevance', or --team is no name",
		    kind);
	return NULL;
}

static gboolean
rollback(struct change *change, GError **error)
{
	const struct promotion promotion = promotion_of(change);
	g_autofree char *place = place_of(change, error);
	g_autofree char *now = NULL;

	if (place == NULL ||
	    !promotion_rollback(&promotion, place, &now, error))
		return FALSE;
	tell(change, "is back to", place, now);
	change->changed = TRUE;
	return TRUE;
}

static gboolean
export_it(struct change *change, GError **error)
{
	char *const *args = change->options.args;

	if (!promotion_export(change->folder, args[0], args[1], error))
		return FALSE;
	tell(change, "is in", args[1], args[0]);
	return TRUE;
}

static gboolean
import_it(struct change *change, GError **error)
{
	g_autofree char *id = NULL;

	if (!promotion_import(change->folder, change->options.args[0], &id,
			      error))
		return FALSE;
	tell(change, "holds", PROMOTION_SHELF, id);
	return TRUE;
}

static int
run(const struct options_spec *base,
    gboolean (*act)(struct change *, GError **), int argc, char **argv)
{
	struct change change = { .changed = FALSE };
	const GOptionEntry entries[] = {
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

	spec.entries = entries;
	if (!options_parse(&spec, argc, argv, &change.options, &error) ||
	    !change_open(&change, &error) || !act(&change, &error))
		code = failure_exit(error);
	if (change.changed)
		learn_print_reload();
	options_clear(&change.options);
	g_free(change.models);
	g_free(change.addr);
	g_free(change.team);
	g_free(change.why);
	g_free(change.folder);
	g_free(change.buyer);
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

	return run(&spec, promote, argc, argv);
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

	return run(&spec, rollback, argc, argv);
}

int
model_export_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "model export",
		.arguments = "ID FILE",
		.summary = "Writes a model of the shelf, or what serves as "
			   "outreach or relevance, into one file with "
			   "checksums.",
		.examples = "  pitchward model export outreach outreach.model",
		.args_min = 2,
		.args_max = 2,
	};

	return run(&spec, export_it, argc, argv);
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

	return run(&spec, import_it, argc, argv);
}
