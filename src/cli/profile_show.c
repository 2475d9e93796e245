/* What serves of a buyer, what did, and how the two differ. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diff.h"
#include "failure_private.h"
#include "print_private.h"
#include "profile_private.h"

static const char *const origin_words[] = {
	[SERVED_FILE] = "file",	      [SERVED_VERSION] = "version",
	[SERVED_CHANGED] = "changed", [SERVED_GONE] = "gone",
	[SERVED_REMOVED] = "removed",
};

/* A file takes the bytes as they are; a terminal must not be steered. */
static void
put_text(GBytes *text)
{
	gsize size;
	const char *data = g_bytes_get_data(text, &size);
	g_autofree char *copy = profile_text(text);

	if (isatty(STDOUT_FILENO))
		print_text(copy, TRUE);
	else if (size > 0)
		fwrite(data, 1, size, stdout);
}

static void
put_origin(const struct served *served)
{
	g_autofree char *origin =
		served_origin_text(served->origin, served->number);

	printf("%s: %s, ", served->id, origin);
	print_text(served->path, FALSE);
	putchar('\n');
}

static void
put_json(const struct served *served, guint number, GBytes *text)
{
	json_t *object = json_object();
	g_autofree char *copy = text ? profile_text(text) : NULL;

	json_object_set_new(object, "id", print_json_text(served->id));
	json_object_set_new(object, "origin",
			    json_string(origin_words[served->origin]));
	json_object_set_new(object, "newest",
			    json_integer((json_int_t)served->number));
	json_object_set_new(object, "file", print_json_text(served->path));
	if (number == PROFILES_SERVING)
		number = served->origin == SERVED_VERSION ? served->number : 0;
	if (copy) {
		json_object_set_new(object, "version",
				    json_integer((json_int_t)number));
		json_object_set_new(object, "text", print_json_text(copy));
	}
	print_json(object);
}

static gboolean
show(struct profile_run *run, const char *wanted, gboolean origin,
     GError **error)
{
	g_autoptr(ProfilesView) view = NULL;
	g_autoptr(GBytes) text = NULL;
	guint number = PROFILES_SERVING;

	if (wanted && !profile_number(wanted, &number, error))
		return FALSE;
	if (!profile_run_open(run, FALSE, error))
		return FALSE;
	view = profiles_view(&run->where, run->options.args[0], error);
	if (!view)
		return FALSE;
	if (!origin) {
		text = profiles_text(view, number, error);
		if (!text)
			return FALSE;
	}
	if (run->options.json)
		put_json(view->served, number, text);
	else if (origin)
		put_origin(view->served);
	else
		put_text(text);
	if (!origin && !wanted && view->served->origin == SERVED_CHANGED)
		fprintf(stderr,
			"pitchward: %s: the file serves, since it was changed "
			"after version %u\n",
			view->served->id, view->served->number);
	return TRUE;
}

int
profile_show_main(int argc, char **argv)
{
	g_auto(ProfileRun) run = { 0 };
	g_autofree char *number = NULL;
	gboolean origin = FALSE;
	const GOptionEntry entries[] = {
		{ "version", 0, 0, G_OPTION_ARG_FILENAME, &number,
		  "this version, not what serves; 0 is the file", "N" },
		{ "origin", 0, 0, G_OPTION_ARG_NONE, &origin,
		  "only where what serves comes from", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "profile show",
		.arguments = "ID",
		.summary = "Prints the profile that serves, or a version.",
		.examples = "  pitchward profile show priya\n"
			    "  pitchward profile show priya --version 3",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    show(&run, number, origin, &error))
		return EX_OK;
	return failure_exit(error);
}

static void
put_row_json(const struct served *served, const struct store_version *version,
	     gboolean serves)
{
	json_t *object = json_object();
	g_autofree char *time = version ? clock_format(version->time_us) : NULL;

	json_object_set_new(object, "id", print_json_text(served->id));
	json_object_set_new(
		object, "version",
		json_integer(version ? (json_int_t)version->number : 0));
	json_object_set_new(object, "time",
			    time ? json_string(time) : json_null());
	json_object_set_new(object, "by",
			    version ? print_json_text(version->by)
				    : json_null());
	json_object_set_new(object, "note",
			    print_json_text(version ? version->note : "file"));
	json_object_set_new(object, "removed",
			    json_boolean(version && *version->text == '\0'));
	json_object_set_new(object, "serves", json_boolean(serves));
	print_json(object);
}

static void
put_row(const struct store_version *version, gboolean serves)
{
	g_autofree char *time =
		version ? clock_format(version->time_us) : g_strdup("");

	printf("%c %5u  %-20s  ", serves ? '*' : ' ',
	       version ? version->number : 0, time);
	print_cell(version ? version->by : "file", 28);
	fputs("  ", stdout);
	print_text(version && version->note ? version->note : "", FALSE);
	putchar('\n');
}

static gboolean
history(struct profile_run *run, GError **error)
{
	g_autoptr(ProfilesView) view = NULL;
	const struct served *served;

	if (!profile_run_open(run, FALSE, error))
		return FALSE;
	view = profiles_view(&run->where, run->options.args[0], error);
	if (!view)
		return FALSE;
	served = view->served;
	for (guint i = view->versions->len; i > 0; i--) {
		const struct store_version *version =
			view->versions->pdata[i - 1];
		const gboolean serves = served->origin == SERVED_VERSION &&
					version->number == served->number;

		if (run->options.json)
			put_row_json(served, version, serves);
		else
			put_row(version, serves);
	}
	if (!served->file)
		return TRUE;
	if (run->options.json)
		put_row_json(served, NULL, served->origin != SERVED_VERSION);
	else
		put_row(NULL, served->origin != SERVED_VERSION);
	return TRUE;
}

int
profile_history_main(int argc, char **argv)
{
	g_auto(ProfileRun) run = { 0 };
	static const struct options_spec spec = {
		.command = "profile history",
		.arguments = "ID",
		.summary = "Lists the versions of a profile, the newest first, "
			   "and the file as 0; a star marks what serves.",
		.examples = "  pitchward profile history priya",
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    history(&run, &error))
		return EX_OK;
	return failure_exit(error);
}

static void
put_diff(const struct profile_run *run, const char *id, const char *titles[2],
	 const char *diff)
{
	json_t *object;

	if (!run->options.json) {
		print_text(diff, TRUE);
		return;
	}
	object = json_object();
	json_object_set_new(object, "id", print_json_text(id));
	json_object_set_new(object, "from", print_json_text(titles[0]));
	json_object_set_new(object, "to", print_json_text(titles[1]));
	json_object_set_new(object, "diff", print_json_text(diff));
	print_json(object);
}

static gboolean
compare(const struct profile_run *run, const struct profiles_view *view,
	guint from, guint to, GError **error)
{
	g_autofree char *from_title = profile_title(view, from);
	g_autofree char *to_title = profile_title(view, to);
	g_autoptr(GBytes) from_bytes = profiles_text(view, from, error);
	g_autoptr(GBytes) to_bytes =
		from_bytes ? profiles_text(view, to, error) : NULL;
	g_autofree char *old = NULL;
	g_autofree char *new = NULL;
	g_autofree char *diff = NULL;

	if (!to_bytes)
		return FALSE;
	old = profile_text(from_bytes);
	new = profile_text(to_bytes);
	diff = diff_unified(from_title, to_title, old, new);
	put_diff(run, view->served->id,
		 (const char *[2]){ from_title, to_title }, diff);
	return TRUE;
}

static gboolean
diff(struct profile_run *run, GError **error)
{
	char **args = run->options.args;
	g_autoptr(ProfilesView) view = NULL;
	guint from = 0;
	guint to = PROFILES_SERVING;

	if ((args[1] && !profile_number(args[1], &from, error)) ||
	    (args[1] && args[2] && !profile_number(args[2], &to, error)) ||
	    !profile_run_open(run, FALSE, error))
		return FALSE;
	view = profiles_view(&run->where, args[0], error);
	if (!view)
		return FALSE;
	if (!args[1] && view->versions->len == 0) {
		fprintf(stderr,
			"pitchward: '%s' has no versions: its file "
			"serves\n",
			args[0]);
		return TRUE;
	}
	if (!args[1] && !profiles_before(view, &from, error))
		return FALSE;
	return compare(run, view, from, to, error);
}

int
profile_diff_main(int argc, char **argv)
{
	g_auto(ProfileRun) run = { 0 };
	static const struct options_spec spec = {
		.command = "profile diff",
		.arguments = "ID [N [M]]",
		.summary = "Shows how what serves differs from what did before "
			   "or from version N, or version M from N; 0 is the "
			   "file.",
		.examples = "  pitchward profile diff priya\n"
			    "  pitchward profile diff priya 0 3",
		.args_min = 1,
		.args_max = 3,
	};
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    diff(&run, &error))
		return EX_OK;
	return failure_exit(error);
}
