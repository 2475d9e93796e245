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

int
main(int argc, char **argv)
{
	struct supervisor_options options = { .foreground = FALSE };
	const GOptionEntry own[] = { { "foreground", 'f', 0, G_OPTION_ARG_NONE,
				       &options.foreground, NULL, NULL },
				     G_OPTION_ENTRY_NULL };
	const struct program program = { PROGRAM, help, own };
	g_auto(ProgramOptions) given = { .config = NULL };
	int code;

	code = program_begin(&program, argc, argv, &given);
	if (code >= 0)
		return code;
	options.config = given.config;
	options.models = given.models;
	options.log = given.log;
	return given.check ? program_finish(PROGRAM, supervisor_check(&options))
			   : supervisor_run(&options);
}
