#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"

/* What is opened later must not take the number of a closed standard file. */
static void
take_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* -1: it is none. */
static int
find_sink(const char *word)
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
refuse(const char *name, const char *text)
{
	g_autoptr(GString) plain = g_string_new(text);

	/* GLib's quotes are UTF-8, whatever the terminal. */
	g_string_replace(plain, "\u201C", "'", 0);
	g_string_replace(plain, "\u201D", "'", 0);
	fprintf(stderr, "%s: %s; see --help\n", name, plain->str);
	return EX_USAGE;
}

static gboolean
parse(const GOptionEntry *common, const GOptionEntry *own, int *argc,
      char ***argv, GError **error)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, common, NULL);
	g_option_context_add_main_entries(context, own, NULL);
	return g_option_context_parse(context, argc, argv, error);
}

void
program_options_clear(struct program_options *options)
{
	g_clear_pointer(&options->config, g_free);
	g_clear_pointer(&options->models, g_free);
}

int
program_begin(const struct program *program, int argc, char **argv,
	      struct program_options *options)
{
	g_autofree char *log = NULL;
	gboolean version = FALSE;
	gboolean explain = FALSE;
	const GOptionEntry common[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
		  NULL, NULL },
		{ "check", 0, 0, G_OPTION_ARG_NONE, &options->check, NULL,
		  NULL },
		{ "log", 0, 0, G_OPTION_ARG_STRING, &log, NULL, NULL },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &options->models, NULL,
		  NULL },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &explain, NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GError) error = NULL;

	take_standard_files();
	if (!parse(common, program->own, &argc, &argv, &error))
		return refuse(program->name, error->message);
	if (argc > 1)
		return refuse(program->name, "no arguments are wanted");
	options->log = log ? find_sink(log) : -1;
	if (log && options->log < 0)
		return refuse(program->name,
			      "--log is stderr, syslog or journal");
	if (explain || version) {
		printf("%s%s", explain ? program->help : program->name,
		       explain ? "" : " " PITCHWARD_VERSION "\n");
		return program_finish(program->name, EX_OK);
	}
	if (!options->config)
		options->config = g_strdup(PITCHWARD_CONF);
	return -1;
}

void
program_raise_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

int
program_finish(const char *name, int code)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	/* What failed earlier has left its flag, and no reason. */
	fprintf(stderr, "%s: standard output: %s\n", name,
		errno ? g_strerror(errno) : "not all could be written");
	return EX_IOERR;
}
