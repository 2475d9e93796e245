#include "options_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "failure_private.h"
#include "help_private.h"
#include "print_private.h"

void
options_clear(struct options *options)
{
	g_clear_pointer(&options->config, g_free);
	g_clear_pointer(&options->args, g_strfreev);
}

static void
add_names(GPtrArray *names, const GOptionEntry *entries)
{
	for (; entries && entries->long_name; entries++) {
		if (*entries->long_name)
			g_ptr_array_add(
				names,
				g_strdup_printf("--%s", entries->long_name));
	}
}

/* The nearest valid spelling of the first long option that is unknown. */
static void
suggest(const GOptionEntry *own, const GOptionEntry *common, char **argv,
	GError *error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *const *list;

	add_names(names, own);
	add_names(names, common);
	g_ptr_array_add(names, NULL);
	list = (const char *const *)(void *)names->pdata;
	for (argv++; *argv; argv++) {
		g_autofree char *word = g_strndup(*argv, strcspn(*argv, "="));
		const char *nearest;

		if (!g_str_has_prefix(word, "--") || !word[2] ||
		    g_strv_contains(list, word))
			continue;
		nearest = nearest_word(word, list);
		if (nearest) {
			g_autofree char *old = error->message;

			error->message = g_strdup_printf("%s; did you mean %s?",
							 old, nearest);
		}
		return;
	}
}

static gboolean
check_count(const struct options_spec *spec, char **args, GError **error)
{
	guint n = g_strv_length(args);

	if (n < spec->args_min) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: %s is missing; 'pitchward %s --help' explains",
			    spec->command, spec->arguments, spec->command);
		return FALSE;
	}
	if (n > spec->args_max) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: unexpected argument '%s'; "
			    "'pitchward %s --help' explains",
			    spec->command, args[spec->args_max], spec->command);
		return FALSE;
	}
	for (; *args; args++) {
		if (**args)
			continue;
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: %s: must not be empty", spec->command,
			    spec->arguments);
		return FALSE;
	}
	return TRUE;
}

/* Its own --help breaks no lines, and prints bytes that C locales have not. */
static GOptionContext *
context_new(const struct options_spec *spec, const GOptionEntry *common)
{
	GOptionContext *context = g_option_context_new(NULL);

	g_option_context_set_help_enabled(context, FALSE);
	if (spec->entries)
		g_option_context_add_main_entries(context, spec->entries, NULL);
	g_option_context_add_main_entries(context, common, NULL);
	return context;
}

static gboolean
parse_all(GOptionContext *context, int argc, char **argv, GError **error)
{
	g_auto(GStrv) copy = g_new0(char *, (gsize)argc + 1);

	for (int i = 0; i < argc; i++)
		copy[i] = g_strdup(argv[i]);
	return g_option_context_parse_strv(context, &copy, error);
}

/* GLib's quotes are UTF-8, whatever the terminal. */
static char *
plain_quotes(const char *text)
{
	GString *plain = g_string_new(text);

	g_string_replace(plain, "\u201C", "'", 0);
	g_string_replace(plain, "\u201D", "'", 0);
	return g_string_free(plain, FALSE);
}

/* The number that an option was given, or NULL where it is none. */
static const char *
value_of(const GOptionEntry *entry, char **arg)
{
	const gsize len = strlen(entry->long_name);

	if (!g_str_has_prefix(*arg, "--") ||
	    strncmp(*arg + 2, entry->long_name, len) != 0)
		return NULL;
	if ((*arg)[2 + len] == '=')
		return *arg + 2 + len + 1;
	return (*arg)[2 + len] == '\0' ? arg[1] : NULL;
}

static gboolean
is_number(const GOptionEntry *entry, const char *text)
{
	char *end = NULL;

	errno = 0;
	if (entry->arg == G_OPTION_ARG_DOUBLE) {
		g_ascii_strtod(text, &end);
	} else {
		const gint64 n = g_ascii_strtoll(text, &end, 0);

		if (n < G_MININT || n > G_MAXINT)
			errno = ERANGE;
	}
	return *text && *end == '\0' && errno == 0;
}

/*
 * Our words for the first value that is no number, or NULL; the caller's.
 * GLib's tell neither what is allowed nor, of an integer, how large.
 */
static char *
wrong_number(const GOptionEntry *entries, char **argv)
{
	for (; entries && entries->long_name; entries++) {
		const gboolean real = entries->arg == G_OPTION_ARG_DOUBLE;

		for (char **arg = argv + 1;
		     (real || entries->arg == G_OPTION_ARG_INT) && *arg;
		     arg++) {
			const char *text = value_of(entries, arg);

			if (text && !is_number(entries, text))
				return g_strdup_printf(
					real ? "--%s: '%s' is no number: 20 or "
					       "0.5 are"
					     : "--%s: '%s' is no whole number "
					       "up to 2147483647",
					entries->long_name, text);
		}
	}
	return NULL;
}

static void
explain(const struct options_spec *spec, const GOptionEntry *common,
	char **argv, GError *wrong, GError **error)
{
	g_autofree char *plain = NULL;

	if (g_error_matches(wrong, G_OPTION_ERROR,
			    G_OPTION_ERROR_UNKNOWN_OPTION))
		suggest(spec->entries, common, argv, wrong);
	if (g_error_matches(wrong, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE))
		plain = wrong_number(spec->entries, argv);
	if (!plain)
		plain = plain_quotes(wrong->message);
	g_set_error(error, wrong->domain, wrong->code, "%s: %s", spec->command,
		    plain);
}

/* An empty value is a variable of a script that was never set. */
static gboolean
check_filled(const char *command, const GOptionEntry *entries, GError **error)
{
	for (; entries && entries->long_name; entries++) {
		const char *const *value = entries->arg_data;

		if (!*entries->long_name ||
		    entries->arg != G_OPTION_ARG_FILENAME || !*value || **value)
			continue;
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: --%s: must not be empty", command,
			    entries->long_name);
		return FALSE;
	}
	return TRUE;
}

static gboolean
has_version(const GOptionEntry *entries)
{
	for (; entries && entries->long_name; entries++)
		if (strcmp(entries->long_name, "version") == 0)
			return TRUE;
	return FALSE;
}

gboolean
options_parse(const struct options_spec *spec, int argc, char **argv,
	      struct options *options, GError **error)
{
	gboolean version = FALSE;
	gboolean help = FALSE;
	GOptionEntry common[] = {
		{ "config", 0, 0, G_OPTION_ARG_FILENAME, &options->config,
		  "configuration (default " PITCHWARD_CONF ")", "FILE" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
		  "print JSON, one object a line", NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &help,
		  "print this explanation", NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &options->args, NULL, NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &version,
		  "print the version", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = NULL;
	g_autoptr(GError) wrong = NULL;

	/* A command's own goes before it. */
	if (has_version(spec->entries))
		common[G_N_ELEMENTS(common) - 2] =
			common[G_N_ELEMENTS(common) - 1];
	context = context_new(spec, common);
	if (!parse_all(context, argc, argv, &wrong)) {
		explain(spec, common, argv, wrong, error);
		return FALSE;
	}
	if (help)
		help_print(spec, common);
	else if (version)
		print_version();
	if (help || version)
		exit(print_finish(EX_OK));
	if (!check_filled(spec->command, common, error) ||
	    !check_filled(spec->command, spec->entries, error))
		return FALSE;
	options->config_given = options->config != NULL;
	if (!options->config)
		options->config = g_strdup(PITCHWARD_CONF);
	if (!options->args)
		options->args = g_new0(char *, 1);
	return check_count(spec, options->args, error);
}

gboolean
options_duration(const char *option, const char *text, gint64 *duration_us,
		 GError **error)
{
	g_autoptr(GError) local = NULL;

	if (duration_parse(text, duration_us, &local))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: %s", option,
		    local->message);
	return FALSE;
}
