#include "unreadable_private.h"

#include "base/identity.h"

/* The first of the files: it matters only where something in it is barred. */
#define TOP 0

static void
unreadable_free(gpointer data)
{
	struct unreadable *one = data;

	g_free(one->path);
	g_free(one->why);
	g_free(one->mend);
	g_free(one);
}

/* The folder and what is read of it. */
static void
add_folder(GPtrArray *files, const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	if (!dir)
		return;
	g_ptr_array_add(files, g_strdup(folder));
	while ((name = g_dir_read_name(dir)) != NULL)
		if (*name != '.' && g_str_has_suffix(name, ".yaml"))
			g_ptr_array_add(files,
					g_build_filename(folder, name, NULL));
}

static GPtrArray *
files_of(const char *path, const struct config *config)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(files, g_path_get_dirname(path));
	g_ptr_array_add(files, g_strdup(path));
	add_folder(files, config->profiles);
	add_folder(files, config->groups);
	if (config->signals)
		g_ptr_array_add(files, g_strdup(config->signals));
	return files;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct unreadable *left = *(const struct unreadable *const *)a;
	const struct unreadable *right = *(const struct unreadable *const *)b;

	return g_strcmp0(left->path, right->path);
}

/* What is in a folder that is barred will be told once that is not. */
static GPtrArray *
tell(const GPtrArray *barred, const char *top, const char *user,
     const char *group)
{
	g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *found = g_ptr_array_new_with_free_func(unreadable_free);

	for (guint i = 0; i < barred->len; i++)
		g_hash_table_add(set, barred->pdata[i]);
	for (guint i = 0; i < barred->len; i++) {
		const char *path = barred->pdata[i];
		g_autofree char *folder = g_path_get_dirname(path);
		g_autofree char *quoted = g_shell_quote(path);
		const gboolean dir = g_file_test(path, G_FILE_TEST_IS_DIR);
		struct unreadable *one;

		if (g_hash_table_contains(set, folder) ||
		    (path == top && barred->len == 1))
			continue;
		one = g_new0(struct unreadable, 1);
		one->path = g_strdup(path);
		one->why = g_strdup_printf("%s, as whom the daemon runs, may "
					   "not read it",
					   user);
		one->mend =
			g_strdup_printf("chgrp %s %s; chmod %s %s", group,
					quoted, dir ? "0750" : "0640", quoted);
		g_ptr_array_add(found, one);
	}
	g_ptr_array_sort(found, compare);
	return found;
}

GPtrArray *
unreadable_find(const char *path, const struct config *config, GError **error)
{
	const char *state = identity_path(config->store, config->key);
	g_autoptr(GPtrArray) files = files_of(path, config);
	g_autoptr(GPtrArray) barred = identity_barred(state, files, error);
	g_autofree char *user = NULL;
	g_autofree char *group = NULL;

	if (!barred || !identity_owner(state, &user, &group, error))
		return NULL;
	return tell(barred, files->pdata[TOP], user, group);
}
