#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "milter/supervisor.h"

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
	fprintf(stderr, "pitchward-milter: %s; see --help\n", text);
	return EX_USAGE;
}

int
main(int argc, char **argv)
{
	g_autofree char *config = NULL;
	g_autofree char *models = NULL;
	g_autofree char *log = NULL;
	gboolean check = FALSE;
	gboolean version = FALSE;
	struct supervisor_options options = { .log = -1 };
	const GOptionEntry entries[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &config,
		  "Configuration (" PITCHWARD_CONF ")", "FILE" },
		{ "foreground", 'f', 0, G_OPTION_ARG_NONE, &options.foreground,
		  "Stay in the foreground", NULL },
		{ "check", 0, 0, G_OPTION_ARG_NONE, &check,
		  "Only say what is wrong with the configuration", NULL },
		{ "log", 0, 0, G_OPTION_ARG_STRING, &log,
		  "stderr, syslog or journal, instead of the configured",
		  "SINK" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &models,
		  "Models, instead of the configured", "DIR" },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &version,
		  "Print the version", NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("- screen mail for an MTA");
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error))
		return usage_error(error->message);
	if (argc > 1)
		return usage_error("no arguments are wanted");
	if (log && (options.log = log_sink_parse(log)) < 0)
		return usage_error("--log is stderr, syslog or journal");
	if (version) {
		puts("pitchward-milter " PITCHWARD_VERSION);
		return EX_OK;
	}
	options.config = config ? config : PITCHWARD_CONF;
	options.models = models;
	return check ? supervisor_check(&options) : supervisor_run(&options);
}
