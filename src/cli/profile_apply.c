/* A new text of a profile, from a file or from an earlier version. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/diff.h"
#include "base/error.h"
#include "base/file.h"
#include "failure_private.h"
#include "installation_private.h"
#include "print_private.h"
#include "profile_private.h"

#define SUFFIX ".yaml"

/* `diff` may be NULL. */
static void
report_json(const char *id, guint number, const char *diff)
{
	json_t *object = json_object();

	json_object_set_new(object, "id", print_json_text(id));
	json_object_set_new(object, "changed",
			    json_boolean(diff ? *diff != '\0' : number > 0));
	if (number > 0)
		json_object_set_new(object, "version",
				    json_integer((json_int_t)number));
	if (diff)
		json_object_set_new(object, "diff", print_json_text(diff));
	print_json(object);
}

gboolean
profile_put(struct profile_run *run, const struct profiles_change *change,
	    GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	guint number = 0;

	if (!profiles_apply(&run->where, change, &number, faults, error)) {
		/* The error is set already, or is the faults. */
		if (faults_count(faults) > 0)
			faults_report(faults, error);
		return FALSE;
	}
	if (run->options.json)
		report_json(change->id, number, NULL);
	else if (number > 0)
		printf("%s: version %u serves\n", change->id, number);
	else
		printf("%s: nothing changed\n", change->id);
	return TRUE;
}

/* What serves now; NULL: the buyer is new. */
static char *
text_now(const struct profile_run *run, const char *id, char **title)
{
	g_autoptr(ProfilesView) view = profiles_view(&run->where, id, NULL);
	g_autoptr(GBytes) bytes =
		view ? profiles_text(view, PROFILES_SERVING, NULL) : NULL;

	if (!bytes)
		return NULL;
	*title = profile_title(view, PROFILES_SERVING);
	return profile_text(bytes);
}

gboolean
profile_try(struct profile_run *run, const struct profiles_change *change,
	    GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autofree char *title = NULL;
	g_autofree char *old = NULL;
	g_autofree char *diff = NULL;

	if (!profiles_check(&run->where, change, faults, error) ||
	    !faults_report(faults, error))
		return FALSE;
	old = text_now(run, change->id, &title);
	diff = diff_unified(title ? title : "/dev/null", change->name,
			    old ? old : "", change->text);
	if (run->options.json)
		report_json(change->id, 0, diff);
	else if (*diff)
		print_text(diff, TRUE);
	else
		printf("%s: nothing changed\n", change->id);
	return TRUE;
}

/* The buyer's id, from --for or the file's name; the caller's. */
static char *
find_id(const struct profile_run *run, const char *path, const char *addr,
	GError **error)
{
	g_autofree char *name = g_path_get_basename(path);

	if (addr)
		return installation_buyer(run->config, addr, error);
	if (strlen(name) > strlen(SUFFIX) && g_str_has_suffix(name, SUFFIX))
		return g_strndup(name, strlen(name) - strlen(SUFFIX));
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "profile apply: whose is %s? Name it ID" SUFFIX
		    ", or say --for ID",
		    path);
	return NULL;
}

static char *
read_text(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, PROFILES_TEXT_MAX, error);
	gsize size;
	const char *data;

	if (!bytes)
		return NULL;
	data = g_bytes_get_data(bytes, &size);
	if (size == 0 || !memchr(data, '\0', size))
		return profile_text(bytes);
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS,
		    "%s: not a text: it has NUL bytes", path);
	return NULL;
}

struct apply_flags {
	char *addr;
	gboolean anew; /* the buyer may be a new one */
	gboolean dry;
};

/* A new buyer is made on purpose only. */
static gboolean
apply_change(struct profile_run *run, const struct profiles_change *change,
	     gboolean dry, GError **error)
{
	GError *failure = NULL;

	if (dry ? profile_try(run, change, &failure)
		: profile_put(run, change, &failure))
		return TRUE;
	if (change->known &&
	    g_error_matches(failure, BASE_ERROR, BASE_ERROR_NOT_FOUND)) {
		g_autofree char *said = failure->message;

		failure->message = g_strdup_printf(
			"%s; --new makes a new buyer of it", said);
	}
	g_propagate_error(error, failure);
	return FALSE;
}

static gboolean
apply(struct profile_run *run, const struct apply_flags *flags, GError **error)
{
	const char *path = run->options.args[0];
	struct profiles_change change = { .name = path,
					  .after = PROFILES_SERVING,
					  .known = !flags->anew };
	g_autofree char *text = read_text(path, error);
	g_autofree char *id = NULL;

	if (!text || !profile_run_open(run, !flags->dry, error))
		return FALSE;
	id = find_id(run, path, flags->addr, error);
	if (!id)
		return FALSE;
	change.id = id;
	change.text = text;
	change.by = run->by;
	change.note = run->note;
	return apply_change(run, &change, flags->dry, error);
}

int
profile_apply_main(int argc, char **argv)
{
	g_auto(ProfileRun) run = { 0 };
	struct apply_flags flags = { 0 };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &flags.addr,
		  "of the buyer with this id or address, whatever the file's "
		  "name",
		  "ADDR" },
		{ "note", 0, 0, G_OPTION_ARG_FILENAME, &run.note,
		  "why, for the history", "TEXT" },
		{ "by", 0, 0, G_OPTION_ARG_FILENAME, &run.by,
		  "who, for the history", "NAME" },
		{ "new", 0, 0, G_OPTION_ARG_NONE, &flags.anew,
		  "the buyer may be a new one, who needs no file", NULL },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &flags.dry,
		  "only check it, and show what would change", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "profile apply",
		.arguments = "FILE",
		.summary = "Makes the text of FILE (ID.yaml) the profile that "
			   "serves, as a new version, if all of it is right.",
		.examples = "  pitchward profile apply priya.yaml --note "
			    "\"EDR is decided\"\n"
			    "  pitchward profile apply draft.yaml --for priya "
			    "--dry-run\n"
			    "  pitchward profile apply ines.yaml --new",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;
	const gboolean ok =
		options_parse(&spec, argc, argv, &run.options, &error) &&
		apply(&run, &flags, &error);

	g_free(flags.addr);
	return ok ? EX_OK : failure_exit(error);
}

static gboolean
put_back(struct profile_run *run, const struct profiles_view *view,
	 guint number, GError **error)
{
	g_autoptr(GBytes) bytes = profiles_text(view, number, error);
	g_autofree char *title = profile_title(view, number);
	g_autofree char *note = g_strdup_printf("back to %s", title);
	g_autofree char *text = bytes ? profile_text(bytes) : NULL;
	const struct profiles_change change = {
		.id = view->served->id,
		.name = title,
		.text = text,
		.by = run->by,
		.note = run->note ? run->note : note,
		.after = view->served->number,
	};

	return text && profile_put(run, &change, error);
}

static gboolean
roll_back(struct profile_run *run, const char *to, GError **error)
{
	g_autoptr(ProfilesView) view = NULL;
	guint number = 0;

	if ((to && !profile_number(to, &number, error)) ||
	    !profile_run_open(run, TRUE, error))
		return FALSE;
	view = profiles_view(&run->where, run->options.args[0], error);
	if (!view || (!to && !profiles_before(view, &number, error)))
		return FALSE;
	return put_back(run, view, number, error);
}

int
profile_rollback_main(int argc, char **argv)
{
	g_auto(ProfileRun) run = { 0 };
	g_autofree char *to = NULL;
	const GOptionEntry entries[] = {
		{ "to", 0, 0, G_OPTION_ARG_FILENAME, &to,
		  "this version, 0 is the file (default: what served before)",
		  "N" },
		{ "note", 0, 0, G_OPTION_ARG_FILENAME, &run.note,
		  "why, for the history", "TEXT" },
		{ "by", 0, 0, G_OPTION_ARG_FILENAME, &run.by,
		  "who, for the history", "NAME" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "profile rollback",
		.arguments = "ID",
		.summary = "Makes an earlier text serve again, as a new "
			   "version.",
		.examples = "  pitchward profile rollback priya\n"
			    "  pitchward profile rollback priya --to 0",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    roll_back(&run, to, &error))
		return EX_OK;
	return failure_exit(error);
}

static gboolean
take_away(struct profile_run *run, GError **error)
{
	struct profiles_change change = { .id = run->options.args[0],
					  .after = PROFILES_SERVING };
	GError *failure = NULL;
	guint number;

	if (!profile_run_open(run, TRUE, error))
		return FALSE;
	change.by = run->by;
	change.note = run->note;
	if (!profiles_remove(&run->where, &change, &number, &failure)) {
		/* That there is a file is no fault of the configuration. */
		if (g_error_matches(failure, BASE_ERROR, BASE_ERROR_INVALID)) {
			failure->domain = CLI_ERROR;
			failure->code = CLI_ERROR_USAGE;
		}
		g_propagate_error(error, failure);
		return FALSE;
	}
	if (run->options.json)
		report_json(change.id, number, NULL);
	else if (number > 0)
		printf("%s: removed, as version %u\n", change.id, number);
	else
		printf("%s: nothing changed\n", change.id);
	return TRUE;
}

int
profile_remove_main(int argc, char **argv)
{
	g_auto(ProfileRun) run = { 0 };
	const GOptionEntry entries[] = {
		{ "note", 0, 0, G_OPTION_ARG_FILENAME, &run.note,
		  "why, for the history", "TEXT" },
		{ "by", 0, 0, G_OPTION_ARG_FILENAME, &run.by,
		  "who, for the history", "NAME" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "profile remove",
		.arguments = "ID",
		.summary = "Takes away a buyer who has no file, as a new "
			   "version; 'pitchward profile rollback' brings the "
			   "buyer back.",
		.examples = "  pitchward profile remove ines --note "
			    "\"left in May\"",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    take_away(&run, &error))
		return EX_OK;
	return failure_exit(error);
}
