#include "walk_private.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

/* A path still to be visited; `given` by a person, not found in a folder. */
struct step {
	char *path;
	gboolean given;
};

struct walk {
	GPtrArray *steps; /* of struct step, the next one last */
};

static void
step_free(gpointer data)
{
	struct step *step = data;

	g_free(step->path);
	g_free(step);
}

static void
push(struct walk *walk, char *path, gboolean given)
{
	struct step *step = g_new(struct step, 1);

	*step = (struct step){ path, given };
	g_ptr_array_add(walk->steps, step);
}

struct walk *
walk_new(char *const *paths)
{
	struct walk *walk = g_new(struct walk, 1);
	guint n = 0;

	walk->steps = g_ptr_array_new_with_free_func(step_free);
	while (paths[n])
		n++;
	while (n > 0)
		push(walk, g_strdup(paths[--n]), TRUE);
	return walk;
}

void
walk_free(struct walk *walk)
{
	g_ptr_array_unref(walk->steps);
	g_free(walk);
}

static gboolean
is_folder(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return g_file_test(path, G_FILE_TEST_IS_DIR);
}

static gboolean
is_wanted(const char *name, gboolean maildir)
{
	if (!maildir)
		return *name != '.';
	/* Maildir++ keeps subfolders beside cur and new, as ".Name". */
	return *name == '.' || strcmp(name, "cur") == 0 ||
	       strcmp(name, "new") == 0;
}

/* "." and "..", which readdir() gives too. */
static gboolean
is_self(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int
compare_down(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

static gboolean
push_folder(struct walk *walk, const char *path, GError **error)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gboolean maildir;

	if (!dir)
		return error_set_errno(error, errno, "%s", path);
	maildir = is_folder(path, "cur") && is_folder(path, "new");
	while ((entry = readdir(dir)) != NULL) {
		if (!is_self(entry->d_name) &&
		    is_wanted(entry->d_name, maildir))
			g_ptr_array_add(names, g_strdup(entry->d_name));
	}
	closedir(dir);
	g_ptr_array_sort(names, compare_down);
	for (guint i = 0; i < names->len; i++)
		push(walk, g_build_filename(path, names->pdata[i], NULL),
		     FALSE);
	return TRUE;
}

/*
 * Whether the path is a file to read; a folder is replaced by its contents. A
 * person may name a pipe or a link to a folder, a folder may not offer them.
 */
static gboolean
visit(struct walk *walk, const struct step *step, GError **error)
{
	struct stat st;
	gboolean link;

	if (step->given && strcmp(step->path, "-") == 0)
		return TRUE;
	if (lstat(step->path, &st) < 0)
		return error_set_errno(error, errno, "%s", step->path);
	link = S_ISLNK(st.st_mode);
	if (link && stat(step->path, &st) < 0)
		return error_set_errno(error, errno, "%s", step->path);
	if (!S_ISDIR(st.st_mode))
		return step->given || S_ISREG(st.st_mode);
	if (!link || step->given)
		push_folder(walk, step->path, error);
	return FALSE;
}

char *
walk_next(struct walk *walk, GError **error)
{
	while (walk->steps->len > 0) {
		struct step *step = g_ptr_array_steal_index(
			walk->steps, walk->steps->len - 1);
		g_autoptr(GError) local = NULL;
		char *path = NULL;

		if (visit(walk, step, &local))
			path = g_strdup(step->path);
		step_free(step);
		if (path)
			return path;
		if (local) {
			g_propagate_error(error, g_steal_pointer(&local));
			return NULL;
		}
	}
	return NULL;
}
