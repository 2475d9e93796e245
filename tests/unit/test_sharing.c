/*
 * Models that other nodes promoted: taken whole, checked as any that comes from
 * elsewhere, and nothing that the store says leads out of the folder.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../../src/milter/taking_private.h"
#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "base/error.h"
#include "base/file.h"
#include "model/model.h"
#include "review/sharing.h"

/* A node with the shipped starters, and what the store says and has. */
struct node {
	char *folder;
	char *models;
	char *shipped; /* id */
	GPtrArray *rows;
	GHashTable *packs; /* id -> GBytes */
};

static void
copy(const char *from, const char *to)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = file_read(from, 16 << 20, &error);

	g_assert_no_error(error);
	g_assert_true(file_replace(to, g_bytes_get_data(bytes, NULL),
				   g_bytes_get_size(bytes), 0644, &error));
}

/* Of the relevance model, or both. */
static void
copy_starter(const char *kind, const char *folder)
{
	static const char *const files[] = { "model.svm", "terms.idf",
					     "card.yaml" };

	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *from =
			g_build_filename("models", kind, files[i], NULL);
		g_autofree char *to = g_build_filename(folder, files[i], NULL);

		copy(from, to);
	}
}

static void
node_open(struct node *node)
{
	node->folder = kit_quick_folder();
	node->models = g_build_filename(node->folder, "models", NULL);
	for (guint i = 0; model_kinds[i]; i++) {
		g_autofree char *place =
			g_build_filename(node->models, model_kinds[i], NULL);

		copy_starter(model_kinds[i], place);
	}
	node->shipped = promotion_serving(node->models, "relevance");
	node->rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_model_free);
	node->packs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					    (GDestroyNotify)g_bytes_unref);
}

static void
node_close(struct node *node)
{
	g_ptr_array_unref(node->rows);
	g_hash_table_unref(node->packs);
	g_free(node->models);
	g_free(node->shipped);
	kit_remove(node->folder);
}

static GPtrArray *
list(gpointer handle, GError **error)
{
	struct node *node = handle;

	(void)error;
	return g_ptr_array_ref(node->rows);
}

static GBytes *
get(gpointer handle, const char *id, GError **error)
{
	struct node *node = handle;
	GBytes *pack = g_hash_table_lookup(node->packs, id);

	if (pack)
		return g_bytes_ref(pack);
	g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "no %s", id);
	return NULL;
}

static void
say(struct node *node, const char *place, const char *id)
{
	struct store_model *model = g_new0(struct store_model, 1);

	model->place = g_strdup(place);
	model->id = g_strdup(id);
	model->by = g_strdup("ann");
	model->note = g_strdup("better");
	g_ptr_array_set_size(node->rows, 0);
	g_ptr_array_add(node->rows, model);
}

/* Another version of the shipped relevance model, as another node packs it. */
static GBytes *
pack_of(const struct node *node, const char *id)
{
	g_autofree char *other = g_build_filename(node->folder, id, NULL);
	g_autofree char *place = g_build_filename(other, "relevance", NULL);
	g_autofree char *path = g_build_filename(place, "card.yaml", NULL);
	g_autofree char *card = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) parts = NULL;
	GBytes *pack;

	copy_starter("relevance", place);
	g_assert_true(g_file_get_contents(path, &card, NULL, NULL));
	parts = g_strsplit(card, node->shipped, -1);
	g_free(card);
	card = model_kit_seal(g_strjoinv(id, parts));
	g_assert_true(g_file_set_contents(path, card, -1, NULL));
	pack = promotion_pack(other, "relevance", &error);
	g_assert_no_error(error);
	return pack;
}

static gboolean
install(struct node *node, guint *n, GError **error)
{
	const struct taking taking = { node, list, get };

	return taking_install(&taking, node->models, "models", n, error);
}

static void
assert_serves(const struct node *node, const char *id)
{
	g_autofree char *serving = promotion_serving(node->models, "relevance");
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) model =
		model_load(node->models, MODEL_RELEVANCE, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(serving, ==, id);
	g_assert_cmpstr(model_id(model), ==, id);
}

static void
test_taken(void)
{
	struct node node;
	g_autoptr(GError) error = NULL;
	guint n;

	node_open(&node);
	say(&node, "relevance", "other-1");
	g_hash_table_insert(node.packs, g_strdup("other-1"),
			    pack_of(&node, "other-1"));
	g_assert_true(install(&node, &n, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(n, ==, 1);
	assert_serves(&node, "other-1");
	/* What serves is not asked for again; what is on the shelf neither. */
	g_hash_table_remove_all(node.packs);
	g_assert_true(install(&node, &n, &error));
	g_assert_cmpuint(n, ==, 0);
	say(&node, "relevance", node.shipped);
	g_assert_true(install(&node, &n, &error));
	g_assert_no_error(error);
	assert_serves(&node, node.shipped);
	node_close(&node);
}

/* Changed on its way, cut off, or another than the one meant. */
static void
test_unsound(void)
{
	struct node node;

	node_open(&node);
	say(&node, "relevance", "other-1");
	for (guint i = 0; i < 4; i++) {
		g_autoptr(GBytes) whole = pack_of(&node, "other-1");
		g_autoptr(GBytes) second = pack_of(&node, "other-2");
		g_autoptr(GError) error = NULL;
		gsize size = g_bytes_get_size(whole);
		g_autofree char *data =
			g_memdup2(g_bytes_get_data(whole, NULL), size);
		guint n = 9;

		data[size / 2] ^= 1;
		g_hash_table_remove_all(node.packs);
		if (i == 1)
			g_hash_table_insert(node.packs, g_strdup("other-1"),
					    g_bytes_new(data, size));
		else if (i == 2)
			g_hash_table_insert(
				node.packs, g_strdup("other-1"),
				g_bytes_new_from_bytes(whole, 0, size - 9));
		else if (i == 3)
			g_hash_table_insert(node.packs, g_strdup("other-1"),
					    g_bytes_ref(second));
		g_test_message("case %u", i);
		g_assert_false(install(&node, &n, &error));
		g_assert_nonnull(error);
		g_assert_cmpuint(n, ==, 0);
		assert_serves(&node, node.shipped);
	}
	node_close(&node);
}

/* A database that was broken into. */
static void
test_hostile(void)
{
	static const struct {
		const char *place;
		const char *id;
	} rows[] = {
		{ "relevance", "../../../etc" },
		{ "relevance", "" },
		{ "../relevance", "other-1" },
		{ "outreach", "other-1" },
		{ "buyers/../relevance", "" },
		{ "buyers/priya/../../relevance", "" },
		{ "buyers/priya/secrets", "" },
	};
	struct node node;

	node_open(&node);
	g_hash_table_insert(node.packs, g_strdup("other-1"),
			    pack_of(&node, "other-1"));
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		guint n = 9;

		say(&node, rows[i].place, rows[i].id);
		/* Where nothing serves already there is nothing to do. */
		if (!install(&node, &n, &error))
			g_assert_nonnull(error);
		g_assert_cmpuint(n, ==, 0);
		assert_serves(&node, node.shipped);
	}
	node_close(&node);
}

/* One machine's own store is told nothing, and no store neither. */
static void
test_alone(void)
{
	struct node node;
	struct store *store;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autofree char *other = NULL;
	struct promotion promotion = { .who = "ann", .why = "better" };

	node_open(&node);
	promotion.models = node.models;
	store = kit_open(node.folder);
	g_bytes_unref(pack_of(&node, "other-1"));
	other = g_build_filename(node.folder, "other-1", "relevance", NULL);
	g_assert_true(sharing_promote(store, &promotion, other, NULL, &error));
	g_assert_no_error(error);
	assert_serves(&node, "other-1");
	g_assert_true(
		sharing_rollback(NULL, &promotion, "relevance", NULL, &error));
	assert_serves(&node, node.shipped);
	rows = store_model_list(store, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, ==, 0);
	store_close(store);
	node_close(&node);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sharing/what others promoted is taken", test_taken);
	g_test_add_func("/sharing/unsound is refused", test_unsound);
	g_test_add_func("/sharing/a hostile database", test_hostile);
	g_test_add_func("/sharing/one machine tells nobody", test_alone);
	return g_test_run();
}
