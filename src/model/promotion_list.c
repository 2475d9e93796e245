#include <string.h>

#include "base/file.h"
#include "model/model.h"
#include "promotion_private.h"

static void
entry_free(gpointer data)
{
	struct promotion_entry *entry = data;

	g_free(entry->place);
	g_free(entry->folder);
	g_free(entry->id);
	g_free(entry);
}

static void
add_place(GPtrArray *entries, const char *models, const char *place)
{
	g_autofree char *folder = g_build_filename(models, place, NULL);
	struct promotion_entry *entry;

	if (!g_file_test(folder, G_FILE_TEST_EXISTS) &&
	    !g_file_test(folder, G_FILE_TEST_IS_SYMLINK))
		return;
	entry = g_new0(struct promotion_entry, 1);
	entry->place = g_strdup(place);
	entry->folder = g_steal_pointer(&folder);
	entry->id = promotion_serving(models, place);
	g_ptr_array_add(entries, entry);
}

/* Below "buyers" or "teams". */
static void
add_adapted(GPtrArray *entries, const char *models, const char *group)
{
	g_autofree char *folder = g_build_filename(models, group, NULL);
	g_autoptr(GPtrArray) names = file_names(folder);

	for (guint i = 0; i < names->len; i++)
		for (guint kind = 0; model_kinds[kind] != NULL; kind++) {
			g_autofree char *place =
				g_build_filename(group, names->pdata[i],
						 model_kinds[kind], NULL);

			add_place(entries, models, place);
		}
}

static gboolean
serves(const GPtrArray *entries, guint places, const char *id)
{
	for (guint i = 0; i < places; i++) {
		const struct promotion_entry *entry = entries->pdata[i];

		if (g_strcmp0(entry->id, id) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
add_shelf(GPtrArray *entries, const char *models)
{
	g_autofree char *shelf =
		g_build_filename(models, PROMOTION_SHELF, NULL);
	g_autoptr(GPtrArray) names = file_names(shelf);
	const guint places = entries->len;

	for (guint i = 0; i < names->len; i++) {
		const char *id = names->pdata[i];
		struct promotion_entry *entry;

		if (serves(entries, places, id))
			continue;
		entry = g_new0(struct promotion_entry, 1);
		entry->folder = g_build_filename(shelf, id, NULL);
		entry->id = g_strdup(id);
		g_ptr_array_add(entries, entry);
	}
}

GPtrArray *
promotion_list(const char *models)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);

	for (guint kind = 0; model_kinds[kind] != NULL; kind++)
		add_place(entries, models, model_kinds[kind]);
	add_adapted(entries, models, PROMOTION_BUYERS);
	add_adapted(entries, models, PROMOTION_TEAMS);
	add_shelf(entries, models);
	return entries;
}
