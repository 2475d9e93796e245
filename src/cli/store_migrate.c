#include "store_private.h"

#include <glib.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/file.h"
#include "failure_private.h"
#include "given_private.h"
#include "installation_private.h"
#include "store/place.h"
#include "transfer_private.h"

/* "; did you mean 'pitchward.db'?", or ""; the caller's. */
static char *
near_file(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	g_autoptr(GPtrArray) names = file_names(folder);

	g_ptr_array_add(names, NULL);
	return given_hint(name, (const char *const *)(void *)names->pdata);
}

static gboolean
is_absent(const GError *failure)
{
	return g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

/* Opening would make one where there is none. */
static gboolean
look_at_source(const char *url, struct store_place *place, GError **error)
{
	const char *file = installation_store_file(url);
	g_autofree char *shown = store_url_shown(url);
	g_autoptr(GError) failure = NULL;

	if (!store_place_look(url, place, &failure)) {
		g_autofree char *hint = file && is_absent(failure)
						? near_file(file)
						: g_strdup("");

		g_set_error(error, failure->domain, failure->code, "%s%s",
			    failure->message, hint);
		return FALSE;
	}
	if (place->schema == 0)
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "%s: there is nothing of ours in it", shown);
	return place->schema > 0;
}

/* It may still have to be made. */
static gboolean
look_at_target(const char *url, struct store_place *place, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (store_place_look(url, place, &failure) || is_absent(failure))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

static gboolean
check_places(const char *from, const char *to, GError **error)
{
	g_auto(StorePlace) source = { 0 };
	g_auto(StorePlace) target = { 0 };

	if (!look_at_source(from, &source, error) ||
	    !look_at_target(to, &target, error))
		return FALSE;
	if (g_strcmp0(source.identity, target.identity) != 0)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "that is the configured store itself: name the other one");
	return FALSE;
}

static gboolean
copy(const char *from, const char *to, const struct config *config,
     struct store_copied *copied, GError **error)
{
	g_autoptr(Store) source = installation_open_store(from, error);
	g_autoptr(Store) target =
		source ? installation_open_store(to, error) : NULL;

	if (!target || !transfer_run(source, target, copied, error))
		return FALSE;
	transfer_tell_key(source, config);
	return TRUE;
}

/* Of `from` and `to` one is named, the other is the configured store. */
static gboolean
migrate(const struct options *options, const char *from, const char *to,
	GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	struct store_copied copied = { 0 };
	g_autofree char *shown = NULL;

	if (!config || !installation_identity(config, error))
		return FALSE;
	from = from ? from : config->store;
	to = to ? to : config->store;
	if (!check_places(from, to, error) ||
	    !copy(from, to, config, &copied, error))
		return FALSE;
	shown = store_url_shown(to);
	transfer_print(options, shown, &copied);
	return TRUE;
}

static gboolean
check_way(const char *from, const struct options *options, GError **error)
{
	const char *url = from ? from : options->args[0];

	if ((from != NULL) != (options->args[0] != NULL)) {
		if (g_str_has_prefix(url, "sqlite:") ||
		    g_str_has_prefix(url, "postgresql:"))
			return TRUE;
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "'%s' is no store: its URL begins with sqlite: or "
			    "postgresql:",
			    url);
		return FALSE;
	}
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    from ? "either --from or the URL to copy to, not both"
			 : "name the store to copy to (sqlite:PATH or "
			   "postgresql://...), or with --from the one to copy "
			   "into the configured one");
	return FALSE;
}

int
store_migrate_main(int argc, char **argv)
{
	g_autofree char *from = NULL;
	const GOptionEntry entries[] = {
		{ "from", 0, 0, G_OPTION_ARG_FILENAME, &from,
		  "copy that store into the configured one", "URL" },
		G_OPTION_ENTRY_NULL
	};
	const struct options_spec spec = {
		.command = "store migrate",
		.arguments = "[URL]",
		.summary = "Copies the configured store into another, or "
			   "another into it. May be done\nagain while mail "
			   "flows: what is there is left, later changes are "
			   "taken.",
		.examples =
			"  pitchward store migrate postgresql:///pitchward\n"
			"  pitchward store migrate --from "
			"sqlite:/var/lib/pitchward/pitchward.db",
		.entries = entries,
		.args_max = 1,
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &options, &error) &&
	    check_way(from, &options, &error) &&
	    migrate(&options, from, options.args[0], &error))
		return EX_OK;
	return failure_exit(error);
}
