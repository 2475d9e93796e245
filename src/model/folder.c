#include <unistd.h>

#include "base/error.h"
#include "model/model.h"

#define LINK_MAX 4096

/* models/ of the tree whose build/bin/ (or build/x/bin/) we run from. */
static char *
source_tree_models(void)
{
	char link[LINK_MAX];
	ssize_t n = readlink("/proc/self/exe", link, sizeof link - 1);
	char *folder;

	if (n < 0)
		return NULL;
	link[n] = '\0';
	folder = g_path_get_dirname(link);
	for (guint up = 0; up < 4; up++) {
		g_autofree char *build = g_path_get_basename(folder);
		char *parent = g_path_get_dirname(folder);
		g_autofree char *models =
			g_build_filename(parent, "models", NULL);

		g_free(folder);
		folder = parent;
		if (g_strcmp0(build, "build") == 0) {
			g_free(folder);
			return g_steal_pointer(&models);
		}
	}
	g_free(folder);
	return NULL;
}

static gboolean
has_models(const char *folder)
{
	g_autofree char *own = NULL;

	if (folder == NULL || folder[0] == '\0')
		return FALSE;
	own = g_build_filename(folder, model_kinds[MODEL_OUTREACH], NULL);
	return g_file_test(own, G_FILE_TEST_IS_DIR);
}

char *
model_folder_own(const char *given, const char *configured)
{
	const char *named = g_getenv("PITCHWARD_MODELS");

	if (given != NULL)
		return g_strdup(given);
	return g_strdup(named != NULL && named[0] != '\0' ? named : configured);
}

char *
model_folder_shipped(void)
{
	g_autofree char *tree = source_tree_models();

	if (has_models(tree))
		return g_steal_pointer(&tree);
	return has_models(PITCHWARD_MODELS) ? g_strdup(PITCHWARD_MODELS) : NULL;
}

char *
model_folder_find(const char *given, const char *configured, GError **error)
{
	g_autofree char *tree = source_tree_models();
	const char *places[] = { given, g_getenv("PITCHWARD_MODELS"),
				 configured, tree, PITCHWARD_MODELS };
	g_autoptr(GString) looked = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		if (has_models(places[i]))
			return g_strdup(places[i]);
		if (places[i] != NULL && places[i][0] != '\0')
			g_string_append_printf(looked, "%s %s",
					       looked->len > 0 ? "," : "",
					       places[i]);
		if (i == 0 && given != NULL)
			break; /* who names a folder means that one */
	}
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT,
		    "no models: there is no folder 'outreach' in%s",
		    looked->str);
	return NULL;
}
