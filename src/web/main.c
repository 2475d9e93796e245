#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "service_private.h"

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

static int
log_sink_parse(const char *word)
{
	static const char *const words[] = { [LOG_SINK_STDERR] = "stderr",
					     [LOG_SINK_SYSLOG] = "syslog",
					     [LOG_SINK_JOURNAL] = "journal" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(word, words[i]) == 0)
			return (int)i;
	return -1;
}

static int
usage_error(const char *text)
{
	g_autoptr(GString) plain = g_string_new(text);

	/* GLib's quotes are UTF-8, whatever the terminal. */
	g_string_replace(plain, "\u201C", "'", 0);
	g_string_replace(plain, "\u201D", "'", 0);
	fprintf(stderr, "pitchward-web: %s; see --help\n", plain->str);
	return EX_USAGE;
}

/* What is to be opened must not take the number of a closed standard file. */
static void
keep_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int
main(int argc, char **argv)
{
	g_autofree char *config = NULL;
	g_autofree char *models = NULL;
	g_autofree char *log = NULL;
	g_autofree char *link = NULL;
	gboolean check = FALSE;
	gboolean version = FALSE;
	gboolean explain = FALSE;
	struct service_options options = { .log = -1 };
	const GOptionEntry entries[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &config, NULL,
		  NULL },
		{ "check", 0, 0, G_OPTION_ARG_NONE, &check, NULL, NULL },
		{ "link", 0, 0, G_OPTION_ARG_STRING, &link, NULL, NULL },
		{ "log", 0, 0, G_OPTION_ARG_STRING, &log, NULL, NULL },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &models, NULL, NULL },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &explain, NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	keep_standard_files();
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error))
		return usage_error(error->message);
	if (argc > 1)
		return usage_error("no arguments are wanted");
	if (log && (options.log = log_sink_parse(log)) < 0)
		return usage_error("--log is stderr, syslog or journal");
	if (explain || version) {
		fputs(explain ? help : "pitchward-web " PITCHWARD_VERSION "\n",
		      stdout);
		return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
	}
	options.config = config ? config : PITCHWARD_CONF;
	options.models = models;
	if (check)
		return service_check(&options);
	return link ? service_link(&options, link) : service_run(&options);
}
