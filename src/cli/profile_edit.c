/* What serves, in a person's editor, and back as a version. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/file.h"
#include "base/identity.h"
#include "failure_private.h"
#include "profile_private.h"
#include "question_private.h"

/* The text on its way: a file nobody else can read. */
struct draft {
	char *folder;
	char *path;
	char *text; /* as it was read last */
};

static gboolean
draft_make(struct draft *draft, const char *id, GError **error)
{
	g_autofree char *name = g_strconcat(id, ".yaml", NULL);

	draft->folder = g_dir_make_tmp("pitchward-XXXXXX", error);
	if (!draft->folder)
		return FALSE;
	draft->path = g_build_filename(draft->folder, name, NULL);
	return file_replace(draft->path, draft->text, strlen(draft->text), 0600,
			    error);
}

/* An editor may have left a copy: then the folder stays. */
static void
draft_remove(const struct draft *draft)
{
	if (draft->path)
		g_unlink(draft->path);
	if (draft->folder)
		g_rmdir(draft->folder);
}

static void
draft_clear(struct draft *draft)
{
	g_free(draft->folder);
	g_free(draft->path);
	g_free(draft->text);
}

static const char *
editor(void)
{
	const char *visual = g_getenv("VISUAL");
	const char *plain = g_getenv("EDITOR");

	if (visual && *visual)
		return visual;
	return plain && *plain ? plain : "vi";
}

/* The words of the setting, then the file. */
static gboolean
run_editor(const char *path, GError **error)
{
	g_auto(GStrv) words = NULL;
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_auto(GStrv) args = NULL;
	g_auto(GStrv) environment = identity_environment();
	gint status;

	if (!g_shell_parse_argv(editor(), NULL, &words, error))
		return FALSE;
	g_strv_builder_addv(builder, (const char **)(void *)words);
	g_strv_builder_add(builder, path);
	args = g_strv_builder_end(builder);
	return g_spawn_sync(NULL, args, environment,
			    G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
			    identity_leave, NULL, NULL, NULL, &status, error) &&
	       g_spawn_check_wait_status(status, error);
}

static gboolean
draft_edit(struct draft *draft, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (!run_editor(draft->path, &local)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_IO,
			    "the editor '%s': %s", editor(), local->message);
		return FALSE;
	}
	bytes = file_read(draft->path, PROFILES_TEXT_MAX, error);
	if (!bytes)
		return FALSE;
	g_free(draft->text);
	draft->text = profile_text(bytes);
	return TRUE;
}

static gboolean
accept_choice(const char *answer, GError **error)
{
	if (g_ascii_strcasecmp(answer, "e") == 0 ||
	    g_ascii_strcasecmp(answer, "g") == 0)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "e to edit again, g to give up");
	return FALSE;
}

static gboolean
wants_again(void)
{
	g_autofree char *answer = NULL;

	if (!question_possible())
		return FALSE;
	answer = question_ask("Edit again (e) or give up (g)?", "e",
			      accept_choice, NULL);
	return answer && g_ascii_strcasecmp(answer, "e") == 0;
}

/* Until it is right, unchanged, or given up. */
static gboolean
edit_until(struct profile_run *run, struct draft *draft,
	   struct profiles_change *change, GError **error)
{
	g_autofree char *before = g_strdup(draft->text);

	for (;;) {
		g_autoptr(GError) local = NULL;

		if (!draft_edit(draft, error))
			return FALSE;
		if (strcmp(before, draft->text) == 0) {
			printf("%s: nothing changed\n", change->id);
			return TRUE;
		}
		change->text = draft->text;
		if (profile_put(run, change, &local))
			return TRUE;
		if (local->domain != PROFILE_ERROR) {
			g_propagate_error(error, g_steal_pointer(&local));
			return FALSE;
		}
		failure_print(local);
		if (!wants_again()) {
			g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS,
				    "%s: nothing changed", change->id);
			return FALSE;
		}
	}
}

static gboolean
edit_view(struct profile_run *run, const struct profiles_view *view,
	  GError **error)
{
	g_autoptr(GBytes) bytes = profiles_text(view, PROFILES_SERVING, error);
	g_autofree char *name = NULL;
	struct draft draft = { 0 };
	struct profiles_change change = { .id = view->served->id,
					  .by = run->by,
					  .note = run->note,
					  .after = view->served->number };
	gboolean ok;

	if (!bytes)
		return FALSE;
	draft.text = profile_text(bytes);
	name = g_strconcat(view->served->id, ".yaml", NULL);
	change.name = name;
	ok = draft_make(&draft, view->served->id, error) &&
	     edit_until(run, &draft, &change, error);
	if (ok || !draft.path)
		draft_remove(&draft);
	else
		fprintf(stderr, "pitchward: the text is kept in %s\n",
			draft.path);
	draft_clear(&draft);
	return ok;
}

static gboolean
edit(struct profile_run *run, GError **error)
{
	g_autoptr(ProfilesView) view = NULL;

	if (!profile_run_open(run, TRUE, error))
		return FALSE;
	view = profiles_view(&run->where, run->options.args[0], error);
	return view && edit_view(run, view, error);
}

int
profile_edit_main(int argc, char **argv)
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
		.command = "profile edit",
		.arguments = "ID",
		.summary = "Opens what serves in $VISUAL or $EDITOR; the text "
			   "that is saved serves, as a new version, if all of "
			   "it is right.",
		.examples = "  pitchward profile edit priya",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    edit(&run, &error))
		return EX_OK;
	return failure_exit(error);
}
