#include <stdio.h>
#include <sysexits.h>

#include "base/program.h"
#include "milter/supervisor.h"

#define PROGRAM "pitchward-milter"

static const char help[] =
	"Usage: pitchward-milter [OPTION...]\n"
	"\n"
	"Screens mail for Postfix or sendmail.\n"
	"\n"
	"Options:\n"
	"  -c, --config=FILE  configuration\n"
	"                     (default " PITCHWARD_CONF ")\n"
	"  -f, --foreground   stay in the foreground\n"
	"      --check        only say what is wrong with the configuration\n"
	"      --log=SINK     stderr, syslog or journal, whatever is "
	"configured\n"
	"      --models=DIR   models, instead of the configured ones\n"
	"  -V, --version      print the version\n"
	"  -h, --help         print this explanation\n"
	"\n"
	"Examples:\n"
	"  pitchward-milter --check\n"
	"  pitchward-milter --foreground --log=stderr\n"
	"\n"
	"pitchward-milter(8) tells more, and what the exit codes mean.\n";

static int
run(const struct supervisor_options *options, gboolean check)
{
	return check ? program_finish(PROGRAM, supervisor_check(options))
		     : supervisor_run(options);
}

int
main(int argc, char **argv)
{
	g_autofree char *config = NULL;
	g_autofree char *models = NULL;
	g_autofree char *log = NULL;
	gboolean check = FALSE;
	gboolean version = FALSE;
	gboolean explain = FALSE;
	struct supervisor_options options = { .log = -1 };
	const GOptionEntry entries[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &config, NULL,
		  NULL },
		{ "foreground", 'f', 0, G_OPTION_ARG_NONE, &options.foreground,
		  NULL, NULL },
		{ "check", 0, 0, G_OPTION_ARG_NONE, &check, NULL, NULL },
		{ "log", 0, 0, G_OPTION_ARG_STRING, &log, NULL, NULL },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &models, NULL, NULL },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &explain, NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	program_begin();
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error))
		return program_usage(PROGRAM, error->message);
	if (argc > 1)
		return program_usage(PROGRAM, "no arguments are wanted");
	if (log && (options.log = program_log_sink(log)) < 0)
		return program_usage(PROGRAM,
				     "--log is stderr, syslog or journal");
	if (explain || version) {
		fputs(explain ? help : PROGRAM " " PITCHWARD_VERSION "\n",
		      stdout);
		return program_finish(PROGRAM, EX_OK);
	}
	options.config = config ? config : PITCHWARD_CONF;
	options.models = models;
	return run(&options, check);
}
