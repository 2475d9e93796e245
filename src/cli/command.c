#include "command_private.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/error.h"
#include "failure_private.h"
#include "print_private.h"

static void
usage(FILE *out, const struct command_table *table)
{
	fprintf(out, "Usage: %s COMMAND [OPTION...] [ARGUMENT...]\n\n%s\n\n",
		table->program, table->about);
	for (const struct command *c = table->commands; c->name; c++)
		fprintf(out, "  %-12s %s\n", c->name, c->summary);
	fprintf(out,
		"\n'%s COMMAND --help' explains a command; see also "
		"pitchward(1).\n",
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
	g_autofree char *safe = print_escape(name, FALSE);

	fprintf(stderr, "pitchward: unknown %s '%s'",
		*name == '-' ? "option" : "command", safe);
	if (nearest)
		fprintf(stderr, "; did you mean '%s %s'?\n", table->program,
			nearest);
	else
		fprintf(stderr, "; '%s --help' lists what there is\n",
			table->program);
	return EX_USAGE;
}

/* A full disk behind standard output must not look like success. */
static int
finish(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	fprintf(stderr, "pitchward: standard output: %s\n", g_strerror(errno));
	return EX_IOERR;
}

static gboolean
is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int
command_run(const struct command_table *table, int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		usage(stderr, table);
		return EX_USAGE;
	}
	if (is_help(argv[1])) {
		usage(stdout, table);
		return finish(EX_OK);
	}
	if (strcmp(argv[1], "--version") == 0) {
		print_version();
		return finish(EX_OK);
	}
	command = command_find(table->commands, argv[1]);
	if (!command)
		return unknown(table, argv[1]);
	return finish(command->main(argc - 1, argv + 1));
}
