#include "command_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/escape.h"
#include "base/file.h"
#include "draft_private.h"
#include "failure_private.h"
#include "init_private.h"
#include "options_private.h"
#include "print_private.h"

static gboolean
check_absent(const char *path, GError **error)
{
	if (access(path, F_OK) != 0)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_EXISTS,
		    "%s exists, and is left as it is; nothing was written",
		    path);
	return FALSE;
}

/* Between the check and now somebody may have made it. */
static gboolean
write_new(const char *path, const char *text, GError **error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd < 0)
		return error_set_errno(error, errno, "%s", path);
	close(fd);
	return file_replace(path, text, strlen(text), 0640, error);
}

static gboolean
draft_write(const struct draft *draft, const char *state, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(draft->profile_path);

	return check_absent(draft->config_path, error) &&
	       check_absent(draft->profile_path, error) &&
	       (!state || folder_make(state, error)) &&
	       folder_make(folder, error) &&
	       write_new(draft->profile_path, draft->profile_text, error) &&
	       write_new(draft->config_path, draft->config_text, error);
}

static void
print_written(const struct options *options, const char *path)
{
	json_t *object;

	if (!options->json) {
		fputs("wrote ", stdout);
		print_text(path, FALSE);
		putchar('\n');
		return;
	}
	object = json_object();
	json_object_set_new(object, "wrote", print_json_text(path));
	print_json(object);
}

static void
print_next(const struct draft *draft)
{
	g_autofree char *config = escape_text(draft->config_path, FALSE);
	g_autofree char *profile = escape_text(draft->profile_path, FALSE);
	g_autofree char *folder = g_path_get_dirname(config);

	printf("\nNext:\n"
	       "  edit %s: its priorities are examples\n"
	       "  let the daemon's user read both: chgrp -R pitchward %s\n"
	       "  pitchward check --config %s\n"
	       "  join it to the MTA as %s says, then\n"
	       "  pitchward doctor --config %s\n",
	       profile, folder, config, config, config);
}

static gboolean
init(const struct options *options, struct answers *answers, GError **error)
{
	g_auto(Draft) draft = { 0 };
	gboolean ok;

	if (options->config_given) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "init: --config: it is written to "
				    "DIR/pitchward.yaml; name DIR alone");
		return FALSE;
	}
	if (!answers_complete(answers, error))
		return FALSE;
	draft_make(answers, &draft);
	ok = draft_check(&draft, answers, error) &&
	     draft_write(&draft, answers->make_state ? answers->state : NULL,
			 error);
	if (ok) {
		print_written(options, draft.config_path);
		print_written(options, draft.profile_path);
	}
	if (ok && !options->json)
		print_next(&draft);
	return ok;
}

/* `a` is what the options of `spec` fill. */
static int
init_parsed(const struct options_spec *spec, int argc, char **argv,
	    struct answers *a)
{
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (!options_parse(spec, argc, argv, &options, &error))
		return failure_exit(error);
	a->folder = options.args[0];
	return init(&options, a, &error) ? EX_OK : failure_exit(error);
}

int
init_main(int argc, char **argv)
{
	struct answers a = { 0 };
	const GOptionEntry entries[] = {
		{ "name", 0, 0, G_OPTION_ARG_FILENAME, &a.name,
		  "the buyer's name", "TEXT" },
		{ "email", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a.emails,
		  "the buyer's address (more than once for several)", "ADDR" },
		{ "template", 0, 0, G_OPTION_ARG_FILENAME, &a.template,
		  "whose priorities to begin with: ciso, cfo, it, general ...",
		  "NAME" },
		{ "role", 0, 0, G_OPTION_ARG_FILENAME, &a.role,
		  "the buyer's title, or a template's name", "TEXT" },
		{ "sector", 0, 0, G_OPTION_ARG_FILENAME, &a.sector,
		  "the company's sector", "TEXT" },
		{ "employees", 0, 0, G_OPTION_ARG_INT, &a.employees,
		  "how many people work there", "N" },
		{ "region", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a.regions,
		  "where (more than once for several)", "TEXT" },
		{ "zone", 0, 0, G_OPTION_ARG_FILENAME, &a.zone,
		  "time zone, as in Europe/Berlin", "ZONE" },
		{ "company-domain", 0, 0, G_OPTION_ARG_FILENAME, &a.domain,
		  "the company's mail domain (default: of the address)",
		  "DOMAIN" },
		{ "mta", 0, 0, G_OPTION_ARG_FILENAME, &a.mta,
		  "postfix or sendmail", "MTA" },
		{ "authserv-id", 0, 0, G_OPTION_ARG_FILENAME, &a.authserv_id,
		  "name in your own Authentication-Results", "NAME" },
		{ "store-dir", 0, 0, G_OPTION_ARG_FILENAME, &a.state,
		  "folder of the store, spool and key", "DIR" },
		{ "socket", 0, 0, G_OPTION_ARG_FILENAME, &a.socket,
		  "where the MTA talks to the filter", "unix:PATH" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "init",
		.arguments = "DIR",
		.summary = "Writes a configuration and a first profile; what "
			   "is not given is asked for on a terminal.",
		.examples = "  pitchward init /etc/pitchward\n"
			    "  pitchward init etc --name 'Priya Nair' "
			    "--template ciso \\\n"
			    "      --email priya@example.com",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	int code = init_parsed(&spec, argc, argv, &a);

	answers_clear(&a);
	return code;
}
