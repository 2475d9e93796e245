/*
 * Promotion: what serves is swapped whole or not at all, comes back by
 * rollback, travels as one file, and nothing unsound gets a place.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "base/error.h"
#include "model/model.h"
#include "model/promotion.h"
#include "model/starter.h"

#define SWAPS  60
#define FIRSTS 12

/* Two starters of relevance, trained once. */
struct world {
	char *folder;
	char *models[2]; /* folders of models */
	char *ids[2];
};

static void
train(const char *corpus_folder, const char *out, gint64 day)
{
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Corpus) corpus = corpus_load(corpus_folder, &error);
	g_autoptr(GPtrArray) corpora = g_ptr_array_new();
	struct starter starter = { .samples = samples,
				   .corpora = corpora,
				   .created_us = day * G_GINT64_CONSTANT(
							       86400000000) };

	g_assert_no_error(error);
	g_ptr_array_add(corpora, corpus);
	g_assert_true(samples_add_corpus(samples, corpus, signals, NULL, NULL,
					 &error));
	for (guint kind = 0; kind < 2; kind++)
		g_assert_true(starter_train(&starter, (enum model_kind)kind,
					    out, NULL, &error));
	g_assert_no_error(error);
}

static void
world_open(struct world *world)
{
	world->folder = kit_quick_folder();
	for (guint i = 0; i < 2; i++) {
		g_autofree char *name = g_strdup_printf("corpus%u", i);
		g_autofree char *corpus =
			g_build_filename(world->folder, name, NULL);
		g_autofree char *out = g_strdup_printf("models%u", i);

		model_kit_corpus(corpus);
		if (i == 1) /* other words, other weights */
			model_kit_write(corpus, "profiles/ada.yaml",
					"version: 1\n"
					"buyer: {name: Ada, role: CIO, "
					"addresses: [ada@buyer.example]}\n"
					"priorities:\n"
					"  - {id: edr, name: Endpoint defence, "
					"keywords: [laptops, servers]}\n");
		world->models[i] = g_build_filename(world->folder, out, NULL);
		train(corpus, world->models[i], 20779);
		world->ids[i] =
			promotion_serving(world->models[i], "relevance");
	}
	g_assert_cmpstr(world->ids[0], !=, world->ids[1]);
}

static void
world_close(struct world *world)
{
	for (guint i = 0; i < 2; i++) {
		g_free(world->models[i]);
		g_free(world->ids[i]);
	}
	kit_remove(world->folder);
}

/* A copy of the first models, plain folders as shipped, to change. */
static char *
shipped(const struct world *world)
{
	static const char *const files[] = { "model.svm", "terms.idf",
					     "card.yaml" };
	char *models = kit_quick_folder();

	for (guint kind = 0; kind < 2; kind++)
		for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
			g_autofree char *from = g_build_filename(
				world->models[0], model_kinds[kind], files[i],
				NULL);
			g_autofree char *name = g_build_filename(
				model_kinds[kind], files[i], NULL);
			g_autofree char *to =
				g_build_filename(models, name, NULL);
			g_autofree char *data = NULL;
			gsize size;

			model_kit_write(models, name, "");
			g_assert_true(
				g_file_get_contents(from, &data, &size, NULL));
			g_assert_true(g_file_set_contents(to, data,
							  (gssize)size, NULL));
		}
	return models;
}

static struct promotion
promotion_in(const char *models)
{
	return (struct promotion){ models, "ann", "a\ttest\nwith lines" };
}

static void
assert_serves(const char *models, const char *place, const char *id)
{
	g_autofree char *serving = promotion_serving(models, place);

	g_assert_cmpstr(serving, ==, id);
}

static void
assert_loads(const char *models, const char *id)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) model = model_load(models, MODEL_RELEVANCE, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(model_id(model), ==, id);
}

static char *
other(const struct world *world)
{
	return g_build_filename(world->models[1], "relevance", NULL);
}

static void
promote_ok(const char *models, const char *name)
{
	const struct promotion promotion = promotion_in(models);
	g_autoptr(GError) error = NULL;

	g_assert_true(promotion_promote(&promotion, name, NULL, &error));
	g_assert_no_error(error);
}

static void
test_first(gconstpointer data)
{
	const struct world *world = data;
	char *models = shipped(world);
	g_autofree char *name = other(world);
	const struct promotion promotion = promotion_in(models);
	g_autofree char *now = NULL;
	g_autofree char *history = NULL;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	promote_ok(models, name);
	assert_serves(models, "relevance", world->ids[1]);
	assert_loads(models, world->ids[1]);
	/* Again changes nothing. */
	promote_ok(models, world->ids[1]);
	/* The shipped one went to the shelf, and comes back. */
	g_assert_true(
		promotion_rollback(&promotion, "relevance", &now, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(now, ==, world->ids[0]);
	assert_loads(models, world->ids[0]);
	g_assert_false(
		promotion_rollback(&promotion, "relevance", NULL, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT);
	assert_serves(models, "relevance", world->ids[0]);
	history = g_build_filename(models, PROMOTION_HISTORY, NULL);
	g_assert_true(g_file_get_contents(history, &text, NULL, NULL));
	g_assert_nonnull(strstr(text, "\tann\ta test with lines\n"));
	g_assert_nonnull(strstr(text, "\trollback\trelevance\t"));
	kit_remove(models);
}

/* promote, promote, rollback, promote, rollback, rollback: a stack. */
static void
test_stack(gconstpointer data)
{
	const struct world *world = data;
	char *models = shipped(world);
	g_autofree char *name = other(world);
	const struct promotion promotion = promotion_in(models);
	static const struct {
		gboolean promote;
		guint id;
		guint now;
	} steps[] = {
		{ TRUE, 1, 1 }, { TRUE, 0, 0 },	 { FALSE, 0, 1 },
		{ TRUE, 0, 0 }, { FALSE, 0, 1 }, { FALSE, 0, 0 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		if (steps[i].promote)
			promote_ok(models,
				   i == 0 ? name : world->ids[steps[i].id]);
		else
			g_assert_true(promotion_rollback(
				&promotion, "relevance", NULL, NULL));
		assert_serves(models, "relevance", world->ids[steps[i].now]);
	}
	kit_remove(models);
}

/* Another thread loads all the time, and never sees a half. */
struct reader {
	const char *models;
	gint stop;
	guint loads;
	guint failures;
	guint absent;
};

static gpointer
read_all_the_time(gpointer data)
{
	struct reader *reader = data;

	while (!g_atomic_int_get(&reader->stop)) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Model) model =
			model_load(reader->models, MODEL_RELEVANCE, &error);

		reader->loads++;
		if (model == NULL) {
			g_test_message("%s", error->message);
			reader->failures++;
		}
	}
	return NULL;
}

/* From plain folders, which become links; then `swaps` times. */
static void
swap_under_readers(const struct world *world, guint swaps)
{
	char *models = shipped(world);
	g_autofree char *name = other(world);
	struct reader reader = { .models = models };
	GThread *thread;

	thread = g_thread_new("reader", read_all_the_time, &reader);
	promote_ok(models, name);
	for (guint i = 0; i < swaps; i++)
		promote_ok(models, world->ids[i % 2]);
	g_atomic_int_set(&reader.stop, 1);
	g_thread_join(thread);
	g_assert_cmpuint(reader.failures, ==, 0);
	kit_remove(models);
}

static void
test_swap(gconstpointer data)
{
	swap_under_readers(data, SWAPS);
}

static void
test_first_swap(gconstpointer data)
{
	for (guint i = 0; i < FIRSTS; i++)
		swap_under_readers(data, 2);
}

/* A model of feedback that says `weight` of everything. */
static void
add_adapted(const char *models, const char *whose, double logit, char **id)
{
	g_autofree guint8 *table = g_malloc0(TERM_BUCKETS);
	g_autoptr(GBytes) bytes = g_bytes_new(table, TERM_BUCKETS);
	g_autoptr(Background) background = background_new_from_bytes(bytes);
	g_autoptr(Imprint) imprint = imprint_new();
	const struct adapt_label label = { .imprint = imprint,
					   .positive = TRUE,
					   .logit = logit,
					   .vendor = "",
					   .message = "" };
	g_autoptr(Adapter) adapter = adapter_fit(background, &label, 1);
	const struct promotion promotion = promotion_in(models);
	g_autoptr(Card) card = card_new();
	g_autoptr(GError) error = NULL;

	card->kind = MODEL_RELEVANCE;
	card->created_us = G_GINT64_CONSTANT(1795305600000000);
	card->adapts.starters = g_strdup("a+b");
	card->adapts.whose = g_strdup(whose);
	card->sources = g_strdup("feedback 1");
	card_add_metric(card, "auc-held-out", (struct estimate){ 1, NAN, NAN });
	g_assert_true(promotion_add(&promotion, adapter, card, &error));
	g_assert_no_error(error);
	*id = g_strdup(card->id);
}

static void
test_buyers(gconstpointer data)
{
	const struct world *world = data;
	static const char place[] = "buyers/ada/relevance";
	char *models = shipped(world);
	const struct promotion promotion = promotion_in(models);
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	g_autofree char *now = NULL;
	g_autoptr(GPtrArray) list = NULL;
	const struct promotion_entry *entry;

	add_adapted(models, "ada", 0, &first);
	assert_serves(models, place, first);
	add_adapted(models, "ada", -2, &second);
	assert_serves(models, place, second);
	list = promotion_list(models);
	g_assert_cmpuint(list->len, ==, 4);
	entry = list->pdata[2];
	g_assert_cmpstr(entry->place, ==, place);
	entry = list->pdata[3];
	g_assert_null(entry->place);
	g_assert_cmpstr(entry->id, ==, first);
	g_assert_true(promotion_rollback(&promotion, place, &now, NULL));
	g_assert_cmpstr(now, ==, first);
	g_clear_pointer(&now, g_free);
	g_assert_true(promotion_rollback(&promotion, place, &now, NULL));
	g_assert_null(now);
	assert_serves(models, place, NULL);
	/* The starters were not touched. */
	assert_serves(models, "relevance", world->ids[0]);
	kit_remove(models);
}

static void
test_names(void)
{
	static const char *const bad[] = { "",	      ".",	   "..",
					   ".hidden", "a/b",	   "a b",
					   "a\nb",    "../../etc", "é" };
	g_autofree char *longest = g_strnfill(PROMOTION_NAME_MAX + 1, 'a');

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		if (promotion_name_valid(bad[i]))
			g_error("'%s' passes for a name", bad[i]);
	g_assert_false(promotion_name_valid(longest));
	g_assert_true(promotion_name_valid("priya.nair-relevance-0a1b2c3d"));
}

static void
test_refused(gconstpointer data)
{
	const struct world *world = data;
	char *models = shipped(world);
	const struct promotion promotion = promotion_in(models);
	g_autofree char *broken = g_build_filename(models, "broken", NULL);
	static const struct {
		const char *name;
		const char *says;
	} cases[] = {
		{ "starter-nobody", "no model has this name" },
		{ "bad name", "no id of a model" },
		{ "/nonexistent/folder", "/nonexistent/folder" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(promotion_promote(&promotion, cases[i].name,
						 NULL, &error));
		if (strstr(error->message, cases[i].says) == NULL)
			g_error("'%s' does not say '%s'", error->message,
				cases[i].says);
	}
	model_kit_write(models, "broken/card.yaml", "version: 1\n");
	g_assert_false(promotion_promote(&promotion, broken, NULL, NULL));
	assert_serves(models, "relevance", world->ids[0]);
	assert_loads(models, world->ids[0]);
	kit_remove(models);
}

static void
test_travel(gconstpointer data)
{
	const struct world *world = data;
	char *from = shipped(world);
	char *to = shipped(world);
	g_autofree char *file = g_build_filename(from, "out.model", NULL);
	g_autofree char *name = other(world);
	g_autofree char *id = NULL;
	g_autofree char *bytes = NULL;
	g_autoptr(GBytes) packed = NULL;
	g_autoptr(GError) error = NULL;
	gsize size;

	promote_ok(from, name);
	packed = promotion_pack(from, "relevance", &error);
	g_assert_no_error(error);
	g_assert_true(g_file_set_contents(file, g_bytes_get_data(packed, NULL),
					  (gssize)g_bytes_get_size(packed),
					  NULL));
	g_assert_null(promotion_pack(from, "../relevance", NULL));
	g_assert_true(promotion_import(to, file, &id, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(id, ==, world->ids[1]);
	assert_serves(to, "relevance", world->ids[0]);
	promote_ok(to, id);
	assert_loads(to, world->ids[1]);
	g_assert_true(g_file_get_contents(file, &bytes, &size, NULL));
	kit_remove(to);
	to = shipped(world);
	for (guint step = 0; step <= 40; step++) {
		const gsize at = step < 20 ? step * 8 : (size - 1) * step / 40;
		g_autoptr(GPtrArray) list = NULL;
		g_autoptr(GError) why = NULL;

		bytes[at] ^= 1;
		g_assert_true(
			g_file_set_contents(file, bytes, (gssize)size, NULL));
		g_assert_false(promotion_import(to, file, NULL, &why));
		g_assert_error(why, MODEL_ERROR, MODEL_ERROR_BROKEN);
		g_assert_true(g_str_has_prefix(why->message, file));
		bytes[at] ^= 1;
		g_assert_true(
			g_file_set_contents(file, bytes, (gssize)at, NULL));
		g_assert_false(promotion_import(to, file, NULL, NULL));
		list = promotion_list(to);
		g_assert_cmpuint(list->len, ==, 2);
	}
	kit_remove(from);
	kit_remove(to);
}

/* Where there was no folder, one is made whole; the other's is not touched. */
static void
test_prepare(gconstpointer data)
{
	const struct world *world = data;
	char *from = shipped(world);
	char *above = kit_quick_folder();
	g_autofree char *models = g_build_filename(above, "own", NULL);
	g_autofree char *golden =
		g_build_filename(models, "golden.imprints", NULL);
	g_autofree char *name = other(world);
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GError) error = NULL;

	model_kit_write(from, "golden.imprints", "as it was");
	g_assert_true(promotion_prepare(models, from, &error));
	g_assert_no_error(error);
	assert_serves(models, "relevance", world->ids[0]);
	assert_loads(models, world->ids[0]);
	g_assert_true(g_file_test(golden, G_FILE_TEST_EXISTS));
	promote_ok(models, name);
	assert_serves(models, "relevance", world->ids[1]);
	assert_serves(from, "relevance", world->ids[0]);
	/* One that has starters is left alone. */
	g_assert_true(promotion_prepare(models, from, NULL));
	assert_serves(models, "relevance", world->ids[1]);
	list = promotion_list(from);
	g_assert_cmpuint(list->len, ==, 2);
	kit_remove(above);
	kit_remove(from);
}

/* An export whose sums are right but whose names or model are not. */
static void
test_forged(gconstpointer data)
{
	const struct world *world = data;
	static const char *const bodies[] = {
		"pitchward model 1\n../evil 1 %s\n\nx",
		"pitchward model 1\ncard.yaml 99999999999999999999 %s\n\nx",
		"pitchward model 1\ncard.yaml 1 %s\n\nx",
		"pitchward model 1\ncard.yaml 5 %s\n\nx",
		"pitchward model 1\n\n",
		"pitchward model 1\n",
	};
	g_autofree char *one =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, "x", 1);
	char *models = shipped(world);
	g_autofree char *file = g_build_filename(models, "forged", NULL);

	for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autoptr(GString) body = g_string_new(bodies[i]);
		g_autofree char *sum = NULL;
		g_autofree char *text = NULL;

		g_string_replace(body, "%s", one, 0);
		sum = g_compute_checksum_for_string(
			G_CHECKSUM_SHA256, body->str, (gssize)body->len);
		text = g_strconcat(body->str, sum, "\n", NULL);
		g_assert_true(g_file_set_contents(file, text, -1, NULL));
		g_assert_false(promotion_import(models, file, NULL, NULL));
	}
	{
		g_autoptr(GPtrArray) list = promotion_list(models);

		g_assert_cmpuint(list->len, ==, 2);
	}
	kit_remove(models);
}

int
main(int argc, char **argv)
{
	struct world world;
	int code;

	g_test_init(&argc, &argv, NULL);
	world_open(&world);
	g_test_add_func("/promotion/names", test_names);
	g_test_add_data_func("/promotion/first-from-plain-folders", &world,
			     test_first);
	g_test_add_data_func("/promotion/rollback-is-a-stack", &world,
			     test_stack);
	g_test_add_data_func("/promotion/readers-see-no-half", &world,
			     test_swap);
	g_test_add_data_func("/promotion/nor-when-a-folder-becomes-a-link",
			     &world, test_first_swap);
	g_test_add_data_func("/promotion/buyers-have-their-own", &world,
			     test_buyers);
	g_test_add_data_func("/promotion/unsound-is-refused", &world,
			     test_refused);
	g_test_add_data_func("/promotion/export-and-import", &world,
			     test_travel);
	g_test_add_data_func("/promotion/a-folder-of-its-own", &world,
			     test_prepare);
	g_test_add_data_func("/promotion/forged-is-refused", &world,
			     test_forged);
	code = g_test_run();
	world_close(&world);
	return code;
}
