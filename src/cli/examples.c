#include "examples_private.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/error.h"
#include "failure_private.h"
#include "given_private.h"
#include "profile/signals.h"

static void
free_corpus(gpointer corpus)
{
	corpus_free(corpus);
}

void
examples_open(struct examples *examples)
{
	*examples = (struct examples){ .samples = samples_new() };
	examples->corpora = g_ptr_array_new_with_free_func(free_corpus);
	examples->began_us = clock_monotonic_us();
}

void
examples_close(struct examples *examples)
{
	progress_clear(&examples->progress);
	g_clear_pointer(&examples->samples, samples_free);
	g_clear_pointer(&examples->corpora, g_ptr_array_unref);
}

void
examples_tell(const char *what, guint done, guint total, gpointer data)
{
	struct examples *examples = data;

	if (examples->doing != what) {
		progress_clear(&examples->progress);
		progress_begin(&examples->progress, what, total);
		/* The command's second, not that of each thing it does; and
		 * at once where the first step is long. */
		examples->progress.began_us =
			total > 0 ? examples->began_us : 0;
		examples->doing = what;
	}
	examples->progress.total = total;
	examples->progress.done = done - 1;
	progress_step(&examples->progress);
	if (done == total && total > 0)
		progress_clear(&examples->progress);
}

static void
tell_reading(guint done, guint total, gpointer data)
{
	static const char reading[] = "messages read";

	examples_tell(reading, done, total, data);
}

static gboolean
add_path(struct examples *examples, const struct signals *signals,
	 const char *path, GError **error)
{
	struct corpus *corpus;

	if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		return samples_add_file(examples->samples, path, error);
	corpus = corpus_load(path, error);
	if (corpus == NULL)
		return FALSE;
	g_ptr_array_add(examples->corpora, corpus);
	return samples_add_corpus(examples->samples, corpus, signals,
				  tell_reading, examples, error);
}

static gboolean
is_same(const char *a, const char *b)
{
	struct stat left;
	struct stat right;

	return stat(a, &left) == 0 && stat(b, &right) == 0 &&
	       left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/* Counted twice, a message would vouch for itself. */
static gboolean
check_paths(char *const *paths, GError **error)
{
	for (guint i = 0; paths[i] != NULL; i++) {
		if (!given_readable(paths[i], error))
			return FALSE;
		for (guint k = 0; k < i; k++) {
			if (!is_same(paths[i], paths[k]))
				continue;
			g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "%s and %s are the same; each counts once",
				    paths[k], paths[i]);
			return FALSE;
		}
	}
	return TRUE;
}

gboolean
examples_read(struct examples *examples, char *const *paths, GError **error)
{
	g_autoptr(Signals) signals = signals_builtin();

	if (!check_paths(paths, error))
		return FALSE;
	for (guint i = 0; paths[i] != NULL; i++) {
		examples->doing = NULL;
		if (!add_path(examples, signals, paths[i], error))
			return FALSE;
	}
	return TRUE;
}

gint64
examples_date_us(void)
{
	const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
	gint64 seconds = epoch != NULL ? g_ascii_strtoll(epoch, NULL, 10) : 0;

	return seconds > 0 ? seconds * CLOCK_SECOND_US : clock_now_us();
}
