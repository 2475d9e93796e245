#include "model/golden.h"

GPtrArray *
golden_find(const char *models, GError **error)
{
	g_autofree char *own = g_build_filename(models, GOLDEN_FILE, NULL);
	g_autofree char *shipped = NULL;
	g_autofree char *path = NULL;

	if (g_file_test(own, G_FILE_TEST_EXISTS))
		return golden_load(own, error);
	shipped = model_folder_find(NULL, NULL, error);
	if (shipped == NULL)
		return NULL;
	path = g_build_filename(shipped, GOLDEN_FILE, NULL);
	return golden_load(path, error);
}
