#include "profile_private.h"

#include <stdio.h>
#include <string.h>

#include "command_private.h"
#include "failure_private.h"
#include "installation_private.h"

void
profile_run_clear(struct profile_run *run)
{
	options_clear(&run->options);
	g_clear_pointer(&run->config, config_free);
	g_clear_pointer(&run->store, store_close);
	g_clear_pointer(&run->by, g_free);
	g_clear_pointer(&run->note, g_free);
}

gboolean
profile_run_open(struct profile_run *run, gboolean writes, GError **error)
{
	const char *invoker = g_getenv("SUDO_USER");

	run->config = installation_config(&run->options, error);
	if (!run->config)
		return FALSE;
	if (!run->by)
		run->by =
			g_strdup_printf("command line, %s",
					invoker ? invoker : g_get_user_name());
	run->where.config = run->config;
	if (!writes && !installation_has_store(run->config))
		return TRUE;
	run->store = installation_store(run->config, error);
	run->where.store = run->store;
	return run->store != NULL;
}

gboolean
profile_number(const char *text, guint *number, GError **error)
{
	guint64 value;

	if (g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &value, NULL)) {
		*number = (guint)value;
		return TRUE;
	}
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "'%s' is no version: a number is needed, 0 is the file",
		    text);
	return FALSE;
}

char *
profile_title(const struct profiles_view *view, guint number)
{
	const struct served *served = view->served;

	if (number == PROFILES_SERVING)
		number = served->origin == SERVED_VERSION ? served->number : 0;
	return number > 0
		       ? g_strdup_printf("%s (version %u)", served->id, number)
		       : g_strdup_printf("%s (file)", served->id);
}

char *
profile_text(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	return g_strndup(data ? data : "", size);
}

int
profile_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "apply", "serve another text, from a file",
		  profile_apply_main },
		{ "show", "print what serves, or a version",
		  profile_show_main },
		{ "edit", "change what serves in an editor",
		  profile_edit_main },
		{ "history", "list versions, by whom and why",
		  profile_history_main },
		{ "diff", "show how versions differ", profile_diff_main },
		{ "remove", "take away a buyer who has no file",
		  profile_remove_main },
		{ "rollback", "serve an earlier version again",
		  profile_rollback_main },
		{ "suggest", "what feedback says the profile should say",
		  profile_suggest_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward profile",
		.about = "What buyers want to hear about, and its versions. "
			 "Running milters follow within two seconds.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
