#include "profile/profile.h"

#include <string.h>

#include "profile/config.h"
#include "profile_private.h"

#define SUFFIX ".yaml"

struct profile *
profile_ref(struct profile *profile)
{
	g_atomic_int_inc(profile->refs);
	return profile;
}

/* TRUE for the last one. */
static gboolean
disown(struct profile *profile)
{
	if (!profile->refs)
		return TRUE;
	if (!g_atomic_int_dec_and_test(profile->refs))
		return FALSE;
	g_slice_free(gint, profile->refs);
	return TRUE;
}

void
profile_free(struct profile *profile)
{
	if (!profile || !disown(profile))
		return;
	g_free(profile->path);
	g_free(profile->id);
	g_free(profile->name);
	g_free(profile->role);
	g_strfreev(profile->addresses);
	g_free(profile->address_places);
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

GHashTable *
profile_places_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

const char *
profile_places_add(GHashTable *places, const char *address, const char *file,
		   struct profile_place place)
{
	const char *first = g_hash_table_lookup(places, address);

	if (!first)
		g_hash_table_insert(places, g_strdup(address),
				    g_strdup_printf("%s:%u:%u", file,
						    place.line, place.column));
	return first;
}

/* Takes the id over. NULL when anything in the tree is wrong. */
static struct profile *
profile_of_tree(const char *path, char *id, struct yaml *yaml,
		GHashTable *places)
{
	g_autoptr(Profile) profile = g_new0(struct profile, 1);

	/*
	 * Counts lie side by side, apart from what they count: a process that
	 * was forked and shares its profiles with a later snapshot writes to
	 * few of the pages that it has in common with its parent.
	 */
	profile->refs = g_slice_new(gint);
	*profile->refs = 1;
	profile->path = g_strdup(path);
	profile->id = id;
	profile_read(yaml, profile, places);
	return yaml_failed(yaml) ? NULL : g_steal_pointer(&profile);
}

struct profile *
profile_load(const char *path, struct faults *faults)
{
	g_autoptr(GHashTable) places = profile_places_new();
	g_autoptr(Yaml) yaml = yaml_load(path, faults);

	return yaml ? profile_of_tree(path, id_of_path(path), yaml, places)
		    : NULL;
}

struct profile *
profile_parse(const char *path, const char *text, gsize size,
	      struct faults *faults)
{
	g_autoptr(GHashTable) places = profile_places_new();
	g_autoptr(Yaml) yaml = yaml_parse(path, text, size, faults);

	return yaml ? profile_of_tree(path, id_of_path(path), yaml, places)
		    : NULL;
}

struct profile *
profile_of_source(const struct profile_source *source, GHashTable *places,
		  struct faults *faults)
{
	gsize size;
	const char *text = g_bytes_get_data(source->text, &size);
	g_autoptr(Yaml) yaml =
		yaml_parse(source->name, text ? text : "", size, faults);

	return yaml ? profile_of_tree(source->name, g_strdup(source->id), yaml,
				      places)
		    : NULL;
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

static void
lower(double *value, double most)
{
	if (*value > most)
		*value = most;
}

static void
lift(double *value, double least)
{
	if (*value < least)
		*value = least;
}

void
profile_clamp(struct profile *profile, const struct config *config)
{
	lift(&profile->accept, config->accept_min);
	lower(&profile->accept, config->accept_max);
	lower(&profile->tag, profile->accept);
	lift(&profile->hold, config->hold_min);
	lower(&profile->unsure, profile->hold);
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
