#include "command_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/escape.h"
#include "failure_private.h"
#include "print_private.h"

static void
usage(FILE *out, const struct command_table *table)
{
	fprintf(out,
		"Usage: %s [OPTION...] COMMAND [OPTION...] [ARGUMENT...]\n\n"
		"%s\n\nCommands:\n",
		table->program, table->about);
	for (const struct command *c = table->commands; c->name; c++)
		fprintf(out, "  %-12s %s\n", c->name, c->summary);
	fprintf(out,
		"\nOptions of all commands, which may stand before them too:\n"
		"  --config=FILE  configuration (default " PITCHWARD_CONF ")\n"
		"  --json         print JSON, one object a line\n"
		"  --version      print the version\n"
		"  -h, --help     print this explanation\n"
		"\n'%s COMMAND --help' explains a command;\n"
		"pitchward(1) tells more, and what the exit codes mean.\n",
		table->program);
}

static const struct command *
command_find(const struct command *commands, const char *name)
{
	for (; commands->name; commands++) {
		if (strcmp(commands->name, name) == 0)
			return commands;
	}
	return NULL;
}

static const char *
command_nearest(const struct command *commands, const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	char *const *list;

	for (; commands->name; commands++)
		g_ptr_array_add(names, g_strdup(commands->name));
	g_ptr_array_add(names, NULL);
	g_ptr_array_set_free_func(names, g_free);
	list = (char *const *)names->pdata;
	name = nearest_word(name, (const char *const *)list);
	return name ? g_intern_string(name) : NULL;
}

static int
unknown(const struct command_table *table, const char *name)
{
	const char *nearest = command_nearest(table->commands, name);
	g_autofree char *safe = escape_text(name, FALSE);

	if (*name == '-')
		fprintf(stderr,
			"pitchward: unknown option '%s' before a command: "
			"there only --config, --json, --help and --version "
			"may stand\n",
			safe);
	else if (nearest)
		fprintf(stderr,
			"pitchward: unknown command '%s'; did you mean "
			"'%s %s'?\n",
			safe, table->program, nearest);
	else
		fprintf(stderr,
			"pitchward: unknown command '%s'; '%s --help' lists "
			"what there is\n",
			safe, table->program);
	return EX_USAGE;
}

static gboolean
is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* How many words an option that all commands have takes; 0 for others. */
static int
common_words(const char *word)
{
	if (strcmp(word, "--config") == 0)
		return 2;
	return strcmp(word, "--json") == 0 ||
	       g_str_has_prefix(word, "--config=");
}

/* Common options may stand before the command: it gets them as its own. */
static int
run_named(const struct command_table *table, int argc, char **argv, int at)
{
	const struct command *command = command_find(table->commands, argv[at]);
	g_autofree char **words = g_new(char *, argc);

	if (!command)
		return unknown(table, argv[at]);
	memcpy(words, argv, sizeof(*words) * (gsize)at);
	memcpy(words + at, argv + at + 1,
	       sizeof(*words) * (gsize)(argc - at - 1));
	words[0] = argv[at];
	words[argc - 1] = NULL;
	return command->main(argc - 1, words);
}

int
command_run(const struct command_table *table, int argc, char **argv)
{
	int at = 1;

	while (at < argc && common_words(argv[at]) > 0)
		at += common_words(argv[at]);
	if (at > argc) {
		fputs("pitchward: Missing argument for --config\n", stderr);
		return EX_USAGE;
	}
	if (at == argc) {
		usage(stderr, table);
		return EX_USAGE;
	}
	if (is_help(argv[at])) {
		usage(stdout, table);
		return EX_OK;
	}
	if (strcmp(argv[at], "--version") == 0) {
		print_version();
		return EX_OK;
	}
	return run_named(table, argc, argv, at);
}
