#include "profile/sources.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "profile/profile.h"
#include "profile_private.h"

#define SUFFIX ".yaml"

struct profile_source *
profile_source_new(const char *id, const char *name, GBytes *text)
{
	struct profile_source *source = g_new0(struct profile_source, 1);

	source->id = g_strdup(id);
	source->name = g_strdup(name);
	source->text = text ? g_bytes_ref(text) : NULL;
	return source;
}

void
profile_source_free(struct profile_source *source)
{
	if (!source)
		return;
	g_free(source->id);
	g_free(source->name);
	g_clear_pointer(&source->text, g_bytes_unref);
	profile_free(source->profile);
	g_free(source);
}

/* The id becomes a key in the store and a word in logs. */
gboolean
profile_id_valid(const char *id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";

	return *id && *id != '.' && strlen(id) <= 64 &&
	       id[strspn(id, letters)] == '\0';
}

static gint
name_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
take_name(const char *folder, const char *name, const char *what,
	  GPtrArray *ids, struct faults *faults)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *id = NULL;

	if (g_str_has_suffix(name, ".yml"))
		faults_add(faults, path, 0, 0, "%s's name must end in .yaml",
			   what);
	if (!g_str_has_suffix(name, SUFFIX))
		return;
	id = g_strndup(name, strlen(name) - strlen(SUFFIX));
	if (profile_id_valid(id))
		g_ptr_array_add(ids, g_steal_pointer(&id));
	else
		faults_add(faults, path, 0, 0,
			   "%s's name must be at most 64 letters, digits, '-', "
			   "'_' and '.'",
			   what);
}

GPtrArray *
profile_source_ids(const char *folder, const char *what, struct faults *faults)
{
	DIR *dir = opendir(folder);
	const int saved_errno = errno;
	const struct dirent *entry;
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

	if (!dir) {
		faults_add(faults, folder, 0, 0, "%s", g_strerror(saved_errno));
		return ids;
	}
	while ((entry = readdir(dir)) != NULL)
		if (*entry->d_name != '.')
			take_name(folder, entry->d_name, what, ids, faults);
	closedir(dir);
	g_ptr_array_sort(ids, name_compare);
	return ids;
}

static void
source_destroy(gpointer data)
{
	profile_source_free(data);
}

GPtrArray *
profile_sources_find(const char *folder, struct faults *faults)
{
	GPtrArray *sources = g_ptr_array_new_with_free_func(source_destroy);
	g_autoptr(GPtrArray) ids =
		profile_source_ids(folder, "a profile", faults);

	for (guint i = 0; i < ids->len; i++) {
		const char *id = ids->pdata[i];
		g_autofree char *name = g_strconcat(id, SUFFIX, NULL);
		g_autofree char *path = g_build_filename(folder, name, NULL);
		struct profile_source *source =
			profile_source_new(id, path, NULL);

		source->stamp = file_stamp_of(path);
		g_ptr_array_add(sources, source);
	}
	return sources;
}

gboolean
profile_source_read(struct profile_source *source, struct faults *faults)
{
	if (!source->text)
		source->text = yaml_read(source->name, faults);
	return source->text != NULL;
}

GPtrArray *
profile_sources_read(const char *folder, struct faults *faults)
{
	GPtrArray *sources = profile_sources_find(folder, faults);

	for (guint i = sources->len; i > 0; i--)
		if (!profile_source_read(sources->pdata[i - 1], faults))
			g_ptr_array_remove_index(sources, i - 1);
	return sources;
}

static void
profile_destroy(gpointer data)
{
	profile_free(data);
}

GPtrArray *
profile_sources_parse(const GPtrArray *sources, struct faults *faults)
{
	GPtrArray *profiles = g_ptr_array_new_with_free_func(profile_destroy);
	g_autoptr(GHashTable) places = profile_places_new();

	for (guint i = 0; i < sources->len; i++) {
		const struct profile_source *source = sources->pdata[i];

		if (source->profile)
			profile_claim(source->profile, places, faults);
		g_ptr_array_add(
			profiles,
			source->profile
				? profile_ref(source->profile)
				: profile_of_source(source, places, faults));
	}
	return profiles;
}

GPtrArray *
profile_load_folder(const char *folder, struct faults *faults)
{
	g_autoptr(GPtrArray) sources = profile_sources_read(folder, faults);
	GPtrArray *profiles = profile_sources_parse(sources, faults);

	while (g_ptr_array_remove(profiles, NULL))
		continue;
	return profiles;
}
