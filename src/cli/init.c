#include "command_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/identity.h"
#include "draft_private.h"
#include "failure_private.h"
#include "init_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"
#include "profile/config.h"
#include "review/profiles.h"

#define PROFILE_SUFFIX ".yaml"

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

/*
 * As the file that the daemon reads already. What the system does not let us
 * give away is seen by `pitchward check`.
 */
static void
make_alike(const char *path, const char *model)
{
	struct stat st;

	if (stat(model, &st) != 0)
		return;
	(void)!lchown(path, (uid_t)-1, st.st_gid);
	(void)!chmod(path, (st.st_mode & 0666) | 0600);
}

/* A file would put an end to what serves of the buyer from the store. */
static gboolean
check_unknown(const struct profiles *where, const char *id, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(ProfilesView) view = profiles_view(where, id, &local);

	if (!view) {
		if (g_error_matches(local, BASE_ERROR, BASE_ERROR_NOT_FOUND))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (!view->served->text)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_EXISTS,
		    "'%s' has a profile in the store, version %u, and is left "
		    "as it is; nothing was written",
		    id, view->served->number);
	return FALSE;
}

/* Without the store nobody knows whom a file would stand beside. */
static gboolean
open_store(const struct config *site, struct store **store, GError **error)
{
	if (!installation_has_store(site))
		return TRUE;
	*store = installation_store(site, error);
	if (*store)
		return TRUE;
	g_prefix_error(error, "nothing was written, since the store cannot "
			      "be asked who is there: ");
	return FALSE;
}

/* Whether it stands beside the files and versions that are there. */
static gboolean
check_beside(const struct config *site, const struct draft *draft,
	     const char *id, GError **error)
{
	g_autoptr(Store) store = NULL;
	struct profiles where = { .config = site };
	const struct profiles_change change = { .id = id,
						.name = draft->profile_path,
						.text = draft->profile_text };
	g_autoptr(Faults) faults = faults_new();

	if (!open_store(site, &store, error))
		return FALSE;
	where.store = store;
	return check_unknown(&where, id, error) &&
	       profiles_check(&where, &change, faults, error) &&
	       faults_report(faults, error);
}

/* Asking the store made us its owner; the files are of who runs us. */
static gboolean
write_beside(const struct draft *draft, GError **error)
{
	const struct identity acting = identity_pause();
	const gboolean ok =
		write_new(draft->profile_path, draft->profile_text, error);

	if (ok)
		make_alike(draft->profile_path, draft->config_path);
	identity_resume(acting);
	return ok;
}

/* A profile more; all else stays as it is. */
static gboolean
draft_add(const struct draft *draft, const struct config *site, GError **error)
{
	g_autofree char *name = g_path_get_basename(draft->profile_path);
	g_autofree char *id =
		g_strndup(name, strlen(name) - strlen(PROFILE_SUFFIX));

	return check_absent(draft->profile_path, error) &&
	       check_beside(site, draft, id, error) &&
	       write_beside(draft, error);
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
print_next_reload(const struct draft *draft)
{
	g_autofree char *config = escape_text(draft->config_path, FALSE);
	g_autofree char *profile = escape_text(draft->profile_path, FALSE);

	printf("\n%s is left as it is. Next:\n"
	       "  edit %s: its priorities are examples\n"
	       "  pitchward check --config %s\n"
	       "  systemctl reload pitchward-milter pitchward-web\n",
	       config, profile, config);
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

/* What is of the site and not of a buyer cannot be given twice. */
static gboolean
refuse_answers(const char *path, const struct answers *answers, GError **error)
{
	const struct {
		const char *option;
		const char *text;
	} given[] = {
		{ "--company-domain", answers->domain },
		{ "--mta", answers->mta },
		{ "--authserv-id", answers->authserv_id },
		{ "--store-dir", answers->state },
		{ "--socket", answers->socket },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(given); i++) {
		if (!given[i].text)
			continue;
		g_set_error(error, CLI_ERROR, CLI_ERROR_EXISTS,
			    "init: %s: %s exists, and is left as it is; "
			    "nothing was written",
			    given[i].option, path);
		return FALSE;
	}
	return TRUE;
}

/* NULL: there is none yet. One with faults is to be mended first. */
static gboolean
find_site(const struct answers *answers, struct config **site, GError **error)
{
	g_autofree char *path =
		g_build_filename(answers->folder, "pitchward.yaml", NULL);
	g_autoptr(Faults) faults = NULL;

	*site = NULL;
	if (!*answers->folder || access(path, F_OK) != 0)
		return TRUE;
	if (!refuse_answers(path, answers, error))
		return FALSE;
	faults = faults_new();
	*site = config_load(path, faults);
	return faults_report(faults, error);
}

static gboolean
init(const struct options *options, struct answers *answers, GError **error)
{
	g_auto(Draft) draft = { 0 };
	g_autoptr(Config) site = NULL;
	gboolean ok;

	if (options->config_given) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "init: --config: it is written to "
				    "DIR/pitchward.yaml; name DIR alone");
		return FALSE;
	}
	if (!find_site(answers, &site, error) ||
	    !answers_complete(answers, error))
		return FALSE;
	draft_make(answers, site, &draft);
	ok = draft_check(&draft, answers, site, error) &&
	     (site ? draft_add(&draft, site, error)
		   : draft_write(&draft,
				 answers->make_state ? answers->state : NULL,
				 error));
	if (ok && !site)
		print_written(options, draft.config_path);
	if (ok)
		print_written(options, draft.profile_path);
	if (ok && !options->json)
		(site ? print_next_reload : print_next)(&draft);
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
		.summary = "Writes a configuration and a first profile, or "
			   "beside a configuration a profile more; what is "
			   "not given is asked for on a terminal.",
		.examples = "  pitchward init /etc/pitchward\n"
			    "  pitchward init /etc/pitchward --name 'Tara Ito' "
			    "--template cfo \\\n"
			    "      --email tara@example.com\n"
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
