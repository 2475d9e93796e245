/*
 * The command line of one command: its own options beside those that all
 * have (--config, --json, --help, --version).
 */
#ifndef CLI_OPTIONS_PRIVATE_H
#define CLI_OPTIONS_PRIVATE_H

#include <glib.h>

/* What a command takes, and what its --help says. */
struct options_spec {
	const char *command;   /* "quarantine list" */
	const char *arguments; /* "ID...", or NULL when it takes none */
	const char *summary;
	const char *examples;	     /* one a line */
	const GOptionEntry *entries; /* its own; NULL when there are none */
	guint args_min;
	guint args_max; /* G_MAXUINT: any number */
};

struct options {
	char *config; /* path */
	gboolean config_given;
	gboolean json;
	char **args; /* never NULL */
};
typedef struct options Options; /* for g_auto(Options) */

void options_clear(struct options *options);

/*
 * Reads argv into `options`, which is all zero (clear it in any case) and into
 * the spec's entries, as GOption does: texts as G_OPTION_ARG_FILENAME, any
 * bytes, the caller's. --help and --version print and end the process. Errors:
 * G_OPTION_ERROR, CLI_ERROR_USAGE.
 */
gboolean options_parse(const struct options_spec *spec, int argc, char **argv,
		       struct options *options, GError **error);

/* A length of time of an option; CLI_ERROR_USAGE names the option. */
gboolean options_duration(const char *option, const char *text,
			  gint64 *duration_us, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

#endif
