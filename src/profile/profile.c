#include "profile/profile.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "profile/config.h"
#include "profile_private.h"

#define SUFFIX ".yaml"

void
profile_free(struct profile *profile)
{
	if (!profile)
		return;
	g_free(profile->path);
	g_free(profile->id);
	g_free(profile->name);
	g_free(profile->role);
	g_strfreev(profile->addresses);
	g_free(profile->sector);
	g_strfreev(profile->regions);
	g_clear_pointer(&profile->priorities, g_ptr_array_unref);
	g_clear_pointer(&profile->refusals, g_ptr_array_unref);
	g_strfreev(profile->fit.regions);
	g_strfreev(profile->fit.must_have);
	g_strfreev(profile->allow);
	g_strfreev(profile->block);
	g_free(profile->digest.at);
	g_free(profile->digest.zone);
	g_free(profile);
}

static char *
id_of_path(const char *path)
{
	char *id = g_path_get_basename(path);

	if (g_str_has_suffix(id, SUFFIX))
		id[strlen(id) - strlen(SUFFIX)] = '\0';
	return id;
}

static GHashTable *
places_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* NULL when the tree could not be built or anything in it is wrong. */
static struct profile *
profile_of_tree(const char *path, struct yaml *yaml, GHashTable *places)
{
	g_autoptr(Profile) profile = NULL;

	if (!yaml)
		return NULL;
	profile = g_new0(struct profile, 1);
	profile->path = g_strdup(path);
	profile->id = id_of_path(path);
	profile_read(yaml, profile, places);
	return yaml_failed(yaml) ? NULL : g_steal_pointer(&profile);
}

struct profile *
profile_load(const char *path, struct faults *faults)
{
	g_autoptr(GHashTable) places = places_new();
	g_autoptr(Yaml) yaml = yaml_load(path, faults);

	return profile_of_tree(path, yaml, places);
}

struct profile *
profile_parse(const char *path, const char *text, gsize size,
	      struct faults *faults)
{
	g_autoptr(GHashTable) places = places_new();
	g_autoptr(Yaml) yaml = yaml_parse(path, text, size, faults);

	return profile_of_tree(path, yaml, places);
}

/* The id becomes a key in the store and a word in logs. */
static gboolean
file_name_valid(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";

	return strlen(name) <= 64 + strlen(SUFFIX) &&
	       name[strspn(name, letters)] == '\0';
}

static gint
name_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the folder's profiles, sorted; NULL when it cannot be read. */
static GPtrArray *
folder_names(const char *folder, struct faults *faults)
{
	DIR *dir = opendir(folder);
	const int saved_errno = errno;
	const struct dirent *entry;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	if (!dir) {
		faults_add(faults, folder, 0, 0, "%s", g_strerror(saved_errno));
		return names;
	}
	while ((entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (*name == '.')
			continue;
		if (g_str_has_suffix(name, ".yml"))
			faults_add(faults, path, 0, 0,
				   "a profile's name must end in .yaml");
		else if (g_str_has_suffix(name, SUFFIX) &&
			 !file_name_valid(name))
			faults_add(faults, path, 0, 0,
				   "a profile's name must be at most 64 "
				   "letters, digits, '-', '_' and '.'");
		else if (g_str_has_suffix(name, SUFFIX))
			g_ptr_array_add(names, g_strdup(name));
	}
	closedir(dir);
	g_ptr_array_sort(names, name_compare);
	return names;
}

static void
profile_destroy(gpointer data)
{
	profile_free(data);
}

GPtrArray *
profile_load_folder(const char *folder, struct faults *faults)
{
	GPtrArray *profiles = g_ptr_array_new_with_free_func(profile_destroy);
	g_autoptr(GPtrArray) names = folder_names(folder, faults);
	g_autoptr(GHashTable) places = places_new();

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(
			folder, g_ptr_array_index(names, i), NULL);
		g_autoptr(Yaml) yaml = yaml_load(path, faults);
		struct profile *profile = profile_of_tree(path, yaml, places);

		if (profile)
			g_ptr_array_add(profiles, profile);
	}
	return profiles;
}

/* A fault for a written threshold outside the limits. */
static gboolean
within(const struct profile *profile, struct profile_place place,
       const char *key, double value, const double limits[2],
       struct faults *faults)
{
	char shown[3][G_ASCII_DTOSTR_BUF_SIZE];

	if (place.line == 0 || (value >= limits[0] && value <= limits[1]))
		return TRUE;
	g_ascii_formatd(shown[0], sizeof(shown[0]), "%.15g", value);
	g_ascii_formatd(shown[1], sizeof(shown[1]), "%.15g", limits[0]);
	g_ascii_formatd(shown[2], sizeof(shown[2]), "%.15g", limits[1]);
	faults_add(faults, profile->path, place.line, place.column,
		   "%s must be between %s and %s, the administrator's limits, "
		   "not %s",
		   key, shown[1], shown[2], shown[0]);
	return FALSE;
}

gboolean
profile_within_limits(const struct profile *profile,
		      const struct config *config, struct faults *faults)
{
	const double accept[2] = { config->accept_min, config->accept_max };
	const double hold[2] = { config->hold_min, 1 };
	gboolean ok = within(profile, profile->accept_place, "accept",
			     profile->accept, accept, faults);

	return within(profile, profile->hold_place, "hold", profile->hold, hold,
		      faults) &&
	       ok;
}

void
profile_clamp(struct profile *profile, const struct config *config)
{
	profile->accept =
		CLAMP(profile->accept, config->accept_min, config->accept_max);
	profile->tag = MIN(profile->tag, profile->accept);
	profile->hold = MAX(profile->hold, config->hold_min);
	profile->unsure = MIN(profile->unsure, profile->hold);
}

gboolean
sender_listed(char *const *patterns, const char *addr)
{
	const char *at = strrchr(addr, '@');

	for (; at && *patterns; patterns++)
		if (g_ascii_strcasecmp(*patterns,
				       **patterns == '@' ? at : addr) == 0)
			return TRUE;
	return FALSE;
}
