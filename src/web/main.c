#include "base/program.h"
#include "service_private.h"

#define PROGRAM "pitchward-web"

static const char help[] =
	"Usage: pitchward-web [OPTION...]\n"
	"\n"
	"Serves the pages on which buyers review what was held.\n"
	"\n"
	"Options:\n"
	"  -c, --config=FILE    configuration\n"
	"                       (default " PITCHWARD_CONF ")\n"
	"      --check          only say what is wrong with the configuration\n"
	"      --link=ADDRESS   print a link that signs that address in, "
	"once,\n"
	"                       within 15 minutes; for when mail does not "
	"work\n"
	"      --log=SINK       stderr, syslog or journal, whatever is "
	"configured\n"
	"      --models=DIR     models, instead of the configured ones\n"
	"  -V, --version        print the version\n"
	"  -h, --help           print this explanation\n"
	"\n"
	"Examples:\n"
	"  pitchward-web --check\n"
	"  pitchward-web --log=stderr\n"
	"  sudo -u pitchward pitchward-web --link=admin@example.org\n"
	"\n"
	"pitchward-web(8) tells more, and what the exit codes mean.\n";

int
main(int argc, char **argv)
{
	g_autofree char *link = NULL;
	const GOptionEntry own[] = { { "link", 0, 0, G_OPTION_ARG_STRING, &link,
				       NULL, NULL },
				     G_OPTION_ENTRY_NULL };
	const struct program program = { PROGRAM, help, own };
	g_auto(ProgramOptions) given = { .config = NULL };
	struct service_options options;
	int code;

	code = program_begin(&program, argc, argv, &given);
	if (code >= 0)
		return code;
	options = (struct service_options){ given.config, given.models,
					    given.log };
	if (given.check)
		return service_check(&options);
	return link ? service_link(&options, link) : service_run(&options);
}
