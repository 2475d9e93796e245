#include "given_private.h"

#include <errno.h>
#include <unistd.h>

#include "base/error.h"
#include "failure_private.h"

char *
given_hint(const char *word, const char *const *allowed)
{
	const char *nearest = nearest_word(word, allowed);

	return nearest ? g_strdup_printf("; did you mean '%s'?", nearest)
		       : g_strdup("");
}

int
given_choice(const char *what, const char *word, const char *const *allowed,
	     GError **error)
{
	g_autoptr(GString) list = g_string_new(NULL);
	g_autofree char *hint = given_hint(word, allowed);

	for (int i = 0; allowed[i]; i++) {
		if (g_str_equal(allowed[i], word))
			return i;
		g_string_append_printf(list, "%s%s", i > 0 ? ", " : "",
				       allowed[i]);
	}
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "%s: '%s' is none of %s%s", what, word, list->str, hint);
	return -1;
}

gboolean
given_readable(const char *path, GError **error)
{
	return access(path, R_OK) == 0 ||
	       error_set_errno(error, errno, "%s", path);
}

gboolean
given_folder(const char *path, const char *what, GError **error)
{
	if (!given_readable(path, error))
		return FALSE;
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "%s: is no folder; %s is one", path, what);
	return FALSE;
}

gboolean
given_writable(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);

	if (access(folder, W_OK | X_OK) != 0)
		return error_set_errno(error, errno, "%s", folder);
	if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "%s: is a folder; a file is to be written", path);
	return FALSE;
}

gboolean
given_makeable(const char *path, GError **error)
{
	g_autofree char *place = g_canonicalize_filename(path, NULL);

	while (access(place, F_OK) != 0 && errno == ENOENT && place[1]) {
		char *parent = g_path_get_dirname(place);

		g_free(place);
		place = parent;
	}
	if (!g_file_test(place, G_FILE_TEST_IS_DIR))
		return error_set_errno(error, ENOTDIR, "%s", place);
	return access(place, W_OK | X_OK) == 0 ||
	       error_set_errno(error, errno, "%s", place);
}
