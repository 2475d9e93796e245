#include "screen/served.h"

#include <string.h>

#include "profile/sources.h"
#include "store/versions.h"

static void
served_free(gpointer data)
{
	struct served *served = data;

	g_free(served->id);
	g_free(served->path);
	g_free(served->digest);
	g_free(served->name);
	g_clear_pointer(&served->file, g_bytes_unref);
	g_clear_pointer(&served->version, g_bytes_unref);
	g_clear_pointer(&served->text, g_bytes_unref);
	profile_free(served->profile);
	g_free(served);
}

/* Of a buyer with a file. */
static struct served *
served_of_source(const struct profile_source *source)
{
	struct served *served = g_new0(struct served, 1);

	served->id = g_strdup(source->id);
	served->path = g_strdup(source->name);
	served->digest =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, source->text);
	served->name = g_strdup(source->name);
	served->file = g_bytes_ref(source->text);
	served->text = g_bytes_ref(source->text);
	return served;
}

struct served *
served_new(const char *folder, const char *id)
{
	struct served *served = g_new0(struct served, 1);
	g_autofree char *file = g_strconcat(id, ".yaml", NULL);

	served->id = g_strdup(id);
	served->path = g_build_filename(folder, file, NULL);
	served->digest = g_strdup("");
	served->name = g_strdup(served->path);
	return served;
}

static void
settle(struct served *served, const struct store_version *version)
{
	served->number = version->number;
	served->version = g_bytes_new(version->text, strlen(version->text));
	if (strcmp(version->base, served->digest) != 0) {
		served->origin = served->file ? SERVED_CHANGED : SERVED_GONE;
		return;
	}
	served->origin = SERVED_VERSION;
	g_clear_pointer(&served->text, g_bytes_unref);
	served->text = g_bytes_ref(served->version);
	g_free(served->name);
	served->name = g_strdup_printf("%s (version %u)", served->path,
				       version->number);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct served *left = *(const struct served *const *)a;
	const struct served *right = *(const struct served *const *)b;

	return strcmp(left->id, right->id);
}

GPtrArray *
served_find(const char *folder, const GPtrArray *versions,
	    struct faults *faults)
{
	g_autoptr(GPtrArray) sources = profile_sources_read(folder, faults);
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *found = g_ptr_array_new_with_free_func(served_free);

	for (guint i = 0; i < sources->len; i++) {
		struct served *served = served_of_source(sources->pdata[i]);

		g_ptr_array_add(found, served);
		g_hash_table_insert(by_id, served->id, served);
	}
	for (guint i = 0; versions && i < versions->len; i++) {
		const struct store_version *version = versions->pdata[i];
		struct served *served =
			g_hash_table_lookup(by_id, version->buyer);

		/* The id is a file's name: it must not lead elsewhere. */
		if (!profile_id_valid(version->buyer))
			continue;
		if (!served) {
			served = served_new(folder, version->buyer);
			g_ptr_array_add(found, served);
			g_hash_table_insert(by_id, served->id, served);
		}
		settle(served, version);
	}
	g_ptr_array_sort(found, compare);
	return found;
}

static void
source_destroy(gpointer data)
{
	profile_source_free(data);
}

void
served_parse(const GPtrArray *served, const struct config *config,
	     struct faults *faults)
{
	g_autoptr(GPtrArray) sources =
		g_ptr_array_new_with_free_func(source_destroy);
	g_autoptr(GPtrArray) profiles = NULL;
	guint next = 0;

	for (guint i = 0; i < served->len; i++) {
		const struct served *one = served->pdata[i];

		if (one->text)
			g_ptr_array_add(sources,
					profile_source_new(one->id, one->name,
							   one->text));
	}
	profiles = profile_sources_parse(sources, faults);
	for (guint i = 0; i < served->len; i++) {
		struct served *one = served->pdata[i];

		if (!one->text)
			continue;
		profile_free(one->profile);
		one->profile = g_steal_pointer(&profiles->pdata[next++]);
		if (one->profile && config)
			profile_within_limits(one->profile, config, faults);
	}
}

GPtrArray *
served_load(const struct config *config, const GPtrArray *versions,
	    struct faults *faults)
{
	GPtrArray *served = served_find(config->profiles, versions, faults);

	served_parse(served, config, faults);
	return served;
}

struct served *
served_get(const GPtrArray *served, const char *id)
{
	for (guint i = 0; i < served->len; i++) {
		struct served *one = served->pdata[i];

		if (strcmp(one->id, id) == 0)
			return one;
	}
	return NULL;
}

char *
served_origin_text(enum served_origin origin, guint number)
{
	switch (origin) {
	case SERVED_VERSION:
		return g_strdup_printf("version %u", number);
	case SERVED_CHANGED:
		return g_strdup_printf(
			"file, since it was changed after version %u", number);
	case SERVED_GONE:
		return g_strdup_printf("nothing, since the file under version "
				       "%u was removed",
				       number);
	case SERVED_FILE:
	default:
		return g_strdup("file");
	}
}
