/*
 * bogofilter (Raymond, Relson, Andree: a Bayesian filter of spam) trained in
 * a private folder for each fold. It reads the messages themselves, so only
 * mail that has text takes part.
 */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "baseline_private.h"

/* The folder is this run's own: a word list, and its lock. */
struct bogofilter {
	const struct baseline_request *request;
	char *folder;
	double *scores;
};

/* Folder and files in it, as far as they are there. */
static void
folder_remove(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		g_unlink(file);
	}
	g_clear_pointer(&dir, g_dir_close);
	g_rmdir(path);
}

/* A file, not a pipe: a reader that ends early would end us by SIGPIPE. */
static GSubprocess *
bogofilter_start(const struct bogofilter *run, const char *mode,
		 const GString *paths, GError **error)
{
	const char *const argv[] = { run->request->bogofilter,
				     "-C",
				     "-d",
				     run->folder,
				     mode,
				     "-b",
				     NULL };
	g_autofree char *list = g_build_filename(run->folder, "paths", NULL);
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE |
					  G_SUBPROCESS_FLAGS_STDERR_SILENCE);

	if (!g_file_set_contents(list, paths->str, (gssize)paths->len, error))
		return NULL;
	g_subprocess_launcher_set_stdin_file_path(launcher, list);
	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C", TRUE);
	return g_subprocess_launcher_spawnv(launcher, argv, error);
}

/*
 * Runs it on messages named one a line; what it prints is the caller's. -C:
 * no configuration of this machine or user.
 */
static char *
bogofilter_run(const struct bogofilter *run, const char *mode,
	       const GString *paths, GError **error)
{
	g_autoptr(GSubprocess) process =
		bogofilter_start(run, mode, paths, error);
	g_autoptr(GBytes) output = NULL;
	gsize size;
	const char *text;

	if (process == NULL || !g_subprocess_communicate(process, NULL, NULL,
							 &output, NULL, error))
		return NULL;
	text = g_bytes_get_data(output, &size);
	/* 0 spam, 1 ham, 2 unsure: of the last message. */
	if (g_subprocess_get_if_exited(process) &&
	    g_subprocess_get_exit_status(process) <= 2)
		return g_strndup(text != NULL ? text : "", size);
	g_set_error(error, BASE_ERROR, BASE_ERROR_IO, "%s %s failed",
		    run->request->bogofilter, mode);
	return NULL;
}

static guint
fold_of(const struct bogofilter *run, guint example)
{
	const struct training *training = run->request->training;

	return training->folds.of[training->group[example]];
}

/* The path to read, or NULL for mail that is known by its features alone. */
static const char *
path_of(const struct bogofilter *run, guint example)
{
	const struct sample *sample = baseline_sample(run->request, example);

	return sample->name[0] != '\0' ? sample->name : NULL;
}

static gboolean
fold_train(const struct bogofilter *run, guint fold, gboolean class,
	   GError **error)
{
	const struct training *training = run->request->training;
	g_autoptr(GString) paths = g_string_new(NULL);
	g_autofree char *output = NULL;

	for (guint i = 0; i < training->n; i++) {
		const char *path = path_of(run, i);

		if (path != NULL && fold_of(run, i) != fold &&
		    training->y[i] == class)
			g_string_append_printf(paths, "%s\n", path);
	}
	output = bogofilter_run(run, class ? "-s" : "-n", paths, error);
	return output != NULL;
}

/* Lines "PATH SCORE" in the order asked. */
static gboolean
scores_read(const struct bogofilter *run, guint fold, const char *output,
	    GError **error)
{
	g_auto(GStrv) lines = g_strsplit(output, "\n", -1);
	guint line = 0;

	for (guint i = 0; i < run->request->training->n; i++) {
		const char *path = path_of(run, i);
		gsize len = path != NULL ? strlen(path) : 0;

		if (path == NULL || fold_of(run, i) != fold)
			continue;
		if (lines[line] == NULL ||
		    strncmp(lines[line], path, len) != 0 ||
		    lines[line][len] != ' ') {
			g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
				    "%s said nothing of %s",
				    run->request->bogofilter, path);
			return FALSE;
		}
		run->scores[i] = g_ascii_strtod(lines[line] + len, NULL);
		line++;
	}
	return TRUE;
}

static gboolean
fold_score(const struct bogofilter *run, guint fold, GError **error)
{
	g_autoptr(GString) paths = g_string_new(NULL);
	g_autofree char *output = NULL;

	for (guint i = 0; i < run->request->training->n; i++)
		if (path_of(run, i) != NULL && fold_of(run, i) == fold)
			g_string_append_printf(paths, "%s\n", path_of(run, i));
	if (paths->len == 0)
		return TRUE;
	if (!fold_train(run, fold, TRUE, error) ||
	    !fold_train(run, fold, FALSE, error))
		return FALSE;
	output = bogofilter_run(run, "-TT", paths, error);
	return output != NULL && scores_read(run, fold, output, error);
}

static gboolean
folds_score(struct bogofilter *run, GError **error)
{
	static const char what[] = "baseline: bogofilter";
	const struct baseline_request *request = run->request;
	guint folds = request->training->folds.n;

	for (guint i = 0; i < folds; i++) {
		gboolean done;

		run->folder = g_dir_make_tmp("pitchward-eval-XXXXXX", error);
		if (run->folder == NULL)
			return FALSE;
		done = fold_score(run, i, error);
		folder_remove(run->folder);
		g_clear_pointer(&run->folder, g_free);
		if (!done)
			return FALSE;
		if (request->progress != NULL)
			request->progress(what, i + 1, folds, request->user);
	}
	return TRUE;
}

/* Decides with models trained on the mail that has text alone. */
static gboolean
same_decide(const struct bogofilter *run, double *scores, GError **error)
{
	const struct training *training = run->request->training;
	g_autofree gboolean *use = g_new(gboolean, training->n + 1);
	struct crossval_data data = training_data(training);
	const struct crossval_run own = { .data = &data,
					  .setting = &training->setting,
					  .folds = &training->folds,
					  .use = use };
	gboolean done;

	for (guint i = 0; i < training->n; i++)
		use[i] = path_of(run, i) != NULL;
	done = crossval_run(&own, scores, error);
	for (guint i = 0; i < training->n; i++)
		if (!use[i])
			scores[i] = (double)NAN;
	return done;
}

/* Ours, trained and asked on what bogofilter had. */
static void
same_mail(const struct bogofilter *run)
{
	struct baseline baseline = {
		"pitchward, trained on the same mail", "same mail", "",
		"our features, learned from the mail that has text alone",
		g_new(double, run->request->training->n + 1)
	};

	/* It has no other reason to fail than a class that is missing. */
	if (!same_decide(run, baseline.scores, NULL)) {
		g_clear_pointer(&baseline.scores, g_free);
		baseline.note = "too little mail with text";
	}
	g_array_append_val(run->request->evaluation->baselines, baseline);
}

gboolean
baseline_bogofilter(const struct baseline_request *request, GError **error)
{
	guint n = request->training->n;
	struct baseline baseline = {
		"bogofilter", "bogofilter", NULL,
		"its own word lists from the messages themselves, which needs "
		"their text",
		NULL
	};
	struct bogofilter run = { request, NULL, NULL };

	if (request->bogofilter == NULL) {
		baseline.note = "not installed";
		g_array_append_val(request->evaluation->baselines, baseline);
		return TRUE;
	}
	run.scores = baseline.scores = g_new(double, n + 1);
	for (guint i = 0; i < n; i++)
		run.scores[i] = (double)NAN;
	g_array_append_val(request->evaluation->baselines, baseline);
	if (!folds_score(&run, error))
		return FALSE;
	same_mail(&run);
	return TRUE;
}
