/*
 * Models from a small corpus: trained twice they are the same bytes, loaded
 * they decide as libsvm does, and damaged in any way they are refused by name.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "../../src/model/svm_private.h"
#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "features/relevance.h"
#include "model/model.h"
#include "model/starter.h"

#define THREADS 4

/* Trained once for all tests. */
struct world {
	char *corpus;
	char *models;
};

static const char *const files[] = { "model.svm", "terms.idf", "card.yaml" };

static gboolean
train(const char *folder, enum model_kind kind, const char *out,
      struct card **card, GError **error)
{
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(Corpus) corpus = corpus_load(folder, error);
	g_autoptr(GPtrArray) corpora = g_ptr_array_new();
	struct starter starter = { .samples = samples,
				   .corpora = corpora,
				   .created_us = 20779 * G_GINT64_CONSTANT(
								 86400000000) };

	g_assert_nonnull(corpus);
	g_ptr_array_add(corpora, corpus);
	return samples_add_corpus(samples, corpus, signals, NULL, NULL,
				  error) &&
	       starter_train(&starter, kind, out, card, error);
}

static void
train_both(const char *corpus, const char *out)
{
	g_autoptr(GError) error = NULL;

	for (guint kind = 0; kind < 2; kind++)
		g_assert_true(train(corpus, (enum model_kind)kind, out, NULL,
				    &error));
	g_assert_no_error(error);
}

static char *
file_of(const char *models, enum model_kind kind, const char *name)
{
	return g_build_filename(models, model_kinds[kind], name, NULL);
}

/* The bytes of a file; the caller's. */
static GString *
bytes_of(const char *path)
{
	char *data;
	gsize size;
	GString *bytes;
	g_autoptr(GError) error = NULL;

	g_file_get_contents(path, &data, &size, &error);
	g_assert_no_error(error);
	bytes = g_string_new_len(data, (gssize)size);
	g_free(data);
	return bytes;
}

static void
put(const char *path, const GString *bytes, gsize size)
{
	g_assert_true(
		g_file_set_contents(path, bytes->str, (gssize)size, NULL));
}

/* A folder with a copy of the outreach model, to spoil. */
static char *
copy_of(const struct world *world)
{
	char *folder = kit_quick_folder();
	g_autofree char *own = g_build_filename(folder, "outreach", NULL);

	g_assert_cmpint(g_mkdir(own, 0755), ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *from =
			file_of(world->models, MODEL_OUTREACH, files[i]);
		g_autofree char *to = file_of(folder, MODEL_OUTREACH, files[i]);
		g_autoptr(GString) bytes = bytes_of(from);

		put(to, bytes, bytes->len);
	}
	return folder;
}

/* Refused with this code; the message names `file` (of outreach). */
static void
assert_refused(const char *folder, enum model_error code, const char *file)
{
	g_autofree char *path = file_of(folder, MODEL_OUTREACH, file);
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) model = model_load(folder, MODEL_OUTREACH, &error);

	g_assert_null(model);
	g_assert_error(error, MODEL_ERROR, (gint)code);
	if (!g_str_has_prefix(error->message, path))
		g_error("'%s' does not name %s", error->message, path);
}

/* The card's digest of a file, made that of the file as it now is. */
static void
reseal(const char *folder, const char *old, const char *new)
{
	g_autofree char *path = file_of(folder, MODEL_OUTREACH, "card.yaml");
	g_autoptr(GString) card = bytes_of(path);
	char *text;

	g_assert_cmpuint(g_string_replace(card, old, new, 1), ==, 1);
	text = model_kit_seal(g_strdup(card->str));
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_free(text);
}

static void
reseal_file(const char *folder, const char *name)
{
	g_autofree char *path = file_of(folder, MODEL_OUTREACH, name);
	g_autofree char *card_path =
		file_of(folder, MODEL_OUTREACH, "card.yaml");
	g_autoptr(Card) card = card_load(card_path, NULL);
	g_autoptr(GString) bytes = bytes_of(path);
	g_autofree char *sum = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)bytes->str, bytes->len);
	const char *old = strcmp(name, "model.svm") == 0 ? card->sha_model
							 : card->sha_terms;

	if (strcmp(old, sum) != 0)
		reseal(folder, old, sum);
}

static void
trains_the_same_twice(gconstpointer data)
{
	const struct world *world = data;
	char *again = kit_quick_folder();

	train_both(world->corpus, again);
	for (guint kind = 0; kind < 2; kind++)
		for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
			g_autofree char *a = file_of(
				world->models, (enum model_kind)kind, files[i]);
			g_autofree char *b =
				file_of(again, (enum model_kind)kind, files[i]);
			g_autoptr(GString) x = bytes_of(a);
			g_autoptr(GString) y = bytes_of(b);

			g_assert_true(g_string_equal(x, y));
		}
	kit_remove(again);
}

/* Over one already there, as `make models` does. */
static void
trains_in_place(gconstpointer data)
{
	const struct world *world = data;
	char *folder = copy_of(world);
	g_autoptr(GError) error = NULL;

	train_both(world->corpus, folder);
	model_free(model_load(folder, MODEL_OUTREACH, &error));
	g_assert_no_error(error);
	kit_remove(folder);
}

static void
tells_what_it_is(gconstpointer data)
{
	const struct world *world = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) outreach =
		model_load(world->models, MODEL_OUTREACH, &error);
	g_autoptr(Model) relevance =
		model_load(world->models, MODEL_RELEVANCE, &error);
	const struct card *card;

	g_assert_no_error(error);
	card = model_card(outreach);
	g_assert_true(
		g_str_has_prefix(model_id(outreach), "starter-outreach-"));
	g_assert_cmpint(card->kind, ==, MODEL_OUTREACH);
	g_assert_cmpint(card->features, ==, OUTREACH_VERSION);
	/* All but the fraud, which is the spam filter's work. */
	g_assert_cmpint(card->examples, ==,
			MODEL_KIT_AUTHORS * (MODEL_KIT_MAILS - 1));
	g_assert_cmpint(card->positive, ==, MODEL_KIT_AUTHORS * 4);
	g_assert_cmpint(card->groups, ==, MODEL_KIT_AUTHORS);
	g_assert_cmpstr(card->sources, ==, "kit 54");
	card = model_card(relevance);
	g_assert_cmpint(card->examples, ==, MODEL_KIT_AUTHORS * 4 * 2);
	g_assert_cmpint(card->positive, ==, 16);
	g_assert_cmpint(card->groups, ==, 2);
}

static double
metric_of(const struct card *card, const char *name)
{
	for (guint i = 0; i < card->metrics->len; i++) {
		const struct card_metric *metric = card->metrics->pdata[i];

		if (strcmp(metric->name, name) == 0)
			return metric->estimate.value;
	}
	g_error("no figure %s", name);
}

/* So plain a corpus is learned; else the features do not reach the SVM. */
static void
learns(gconstpointer data)
{
	const struct world *world = data;

	for (guint kind = 0; kind < 2; kind++) {
		g_autofree char *path = file_of(
			world->models, (enum model_kind)kind, "card.yaml");
		g_autoptr(Card) card = card_load(path, NULL);

		g_assert_cmpfloat(metric_of(card, "auc-pooled"), >, 0.95);
		g_assert_cmpfloat(metric_of(card, "auc-kit"), >, 0.95);
		metric_of(card, "precision-at-threshold");
		metric_of(card, "recall-at-threshold");
		metric_of(card, "calibration-error");
	}
}

/* Whole vectors of real messages, not only the card's short probes. */
static void
decides_as_libsvm(gconstpointer data)
{
	const struct world *world = data;
	g_autoptr(Model) model =
		model_load(world->models, MODEL_OUTREACH, NULL);
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(Corpus) corpus = corpus_load(world->corpus, NULL);
	g_autoptr(Samples) samples = samples_new();
	g_autofree char *path =
		file_of(world->models, MODEL_OUTREACH, "model.svm");
	g_autoptr(GString) text = bytes_of(path);
	g_autoptr(GBytes) bytes = g_bytes_new(text->str, text->len);
	struct linear linear = { NULL, 0, 0 };
	double last = -1;

	samples_add_corpus(samples, corpus, signals, NULL, NULL, NULL);
	for (guint i = 0; i < samples->samples->len; i += 7) {
		const struct sample *sample = samples->samples->pdata[i];
		struct vector vector = { NULL, 0, 0 };
		struct svm_probe probe = { &vector, 0 };
		double ours;

		outreach_combine(sample->terms, sample->dense,
				 model_background(model), &vector);
		ours = model_decide(model, &vector);
		vector_sort(&vector);
		g_assert_cmpfloat_with_epsilon(model_decide(model, &vector),
					       ours, 1e-5);
		g_assert_true(svm_read(bytes, OUTREACH_SIZE, &probe, 1, &linear,
				       NULL));
		g_assert_cmpfloat_with_epsilon(ours, probe.decision, 1e-5);
		linear_clear(&linear);
		vector_clear(&vector);
	}
	for (int i = -50; i <= 50; i++) {
		double p = model_probability(model, i / 10.0);

		g_assert_cmpfloat(p, >, last);
		last = p;
	}
	g_assert_cmpfloat(model_weight(model, G_MAXUINT), ==, 0);
}

static void
refuses_cut_files(gconstpointer data)
{
	const struct world *world = data;
	char *folder = copy_of(world);

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			file_of(folder, MODEL_OUTREACH, files[i]);
		g_autoptr(GString) bytes = bytes_of(path);

		for (guint part = 0; part < 16; part++) {
			put(path, bytes, bytes->len * part / 16);
			assert_refused(folder, MODEL_ERROR_BROKEN, files[i]);
		}
		put(path, bytes, bytes->len - 1);
		assert_refused(folder, MODEL_ERROR_BROKEN, files[i]);
		put(path, bytes, bytes->len);
	}
	kit_remove(folder);
}

/* Even a card that speaks for the cut file does not bring it to libsvm. */
static void
refuses_cut_and_sealed(gconstpointer data)
{
	const struct world *world = data;
	g_autofree char *whole =
		file_of(world->models, MODEL_OUTREACH, "model.svm");
	g_autoptr(GString) bytes = bytes_of(whole);

	for (guint part = 0; part < 16; part++) {
		char *folder = copy_of(world);
		g_autofree char *path =
			file_of(folder, MODEL_OUTREACH, "model.svm");

		put(path, bytes, bytes->len * part / 16);
		reseal_file(folder, "model.svm");
		assert_refused(folder, MODEL_ERROR_BROKEN, "model.svm");
		kit_remove(folder);
	}
}

static void
refuses_turned_bits(gconstpointer data)
{
	const struct world *world = data;
	char *folder = copy_of(world);

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			file_of(folder, MODEL_OUTREACH, files[i]);
		g_autoptr(GString) bytes = bytes_of(path);
		gsize step = strcmp(files[i], "card.yaml") == 0
				     ? 5
				     : bytes->len / 61;

		for (gsize at = 0; at < bytes->len; at += step) {
			char bit = (char)(1 << (at % 8));

			bytes->str[at] ^= bit;
			put(path, bytes, bytes->len);
			bytes->str[at] ^= bit;
			assert_refused(folder, MODEL_ERROR_BROKEN, files[i]);
		}
		put(path, bytes, bytes->len);
	}
	kit_remove(folder);
}

struct edit_case {
	const char *name;
	const char *old;
	const char *new;
	enum model_error code;
	const char *file; /* that the message names */
};

/* Changes by a hand that also made the checksum right. */
static const struct edit_case edits[] = {
	{ "decision of a probe", "  - decision: ", "  - decision: 9 #",
	  MODEL_ERROR_BROKEN, "model.svm" },
	{ "falling slope", "{a: -", "{a: ", MODEL_ERROR_BROKEN, "card.yaml" },
	{ "endless slope", "{a: -", "{a: -9999999", MODEL_ERROR_BROKEN,
	  "card.yaml" },
	{ "kind", "kind: outreach", "kind: relevance", MODEL_ERROR_BROKEN,
	  "card.yaml" },
	{ "later features", "features: 2", "features: 3", MODEL_ERROR_VERSION,
	  "card.yaml" },
	{ "no features", "features: 2", "features: 0", MODEL_ERROR_VERSION,
	  "card.yaml" },
};

static void
refuses_edited_cards(gconstpointer data)
{
	const struct world *world = data;

	for (guint i = 0; i < G_N_ELEMENTS(edits); i++) {
		char *folder = copy_of(world);

		g_test_message("%s", edits[i].name);
		reseal(folder, edits[i].old, edits[i].new);
		assert_refused(folder, edits[i].code, edits[i].file);
		kit_remove(folder);
	}
}

/* The digests name other bytes: a file of another model, or other terms. */
static void
refuses_strangers(gconstpointer data)
{
	const struct world *world = data;

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		char *folder = copy_of(world);
		g_autofree char *from =
			file_of(world->models, MODEL_RELEVANCE, files[i]);
		g_autofree char *to = file_of(folder, MODEL_OUTREACH, files[i]);
		g_autoptr(GString) bytes = bytes_of(from);

		put(to, bytes, bytes->len);
		assert_refused(folder, MODEL_ERROR_BROKEN, files[i]);
		/* A card of this kind for a model of the other. */
		if (i == 0) {
			reseal_file(folder, "model.svm");
			assert_refused(folder, MODEL_ERROR_BROKEN, files[i]);
		}
		kit_remove(folder);
	}
}

static void
refuses_no_files(gconstpointer data)
{
	const struct world *world = data;

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		char *folder = copy_of(world);
		g_autofree char *path =
			file_of(folder, MODEL_OUTREACH, files[i]);
		gboolean card = strcmp(files[i], "card.yaml") == 0;

		g_assert_cmpint(g_unlink(path), ==, 0);
		assert_refused(folder,
			       card ? MODEL_ERROR_ABSENT : MODEL_ERROR_BROKEN,
			       files[i]);
		g_assert_cmpint(g_mkdir(path, 0755), ==, 0);
		assert_refused(folder, MODEL_ERROR_BROKEN, files[i]);
		kit_remove(folder);
	}
}

static void
refuses_no_folder(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(model_load("/nonexistent", MODEL_RELEVANCE, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT);
	g_clear_error(&error);
	/* A file where the folder should be. */
	g_assert_null(model_load("/proc/self/exe", MODEL_RELEVANCE, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
}

static gpointer
load_many(gpointer data)
{
	const struct world *world = data;
	g_autoptr(GString) ids = g_string_new(NULL);

	for (guint i = 0; i < 4; i++) {
		enum model_kind kind = i % 2 ? MODEL_RELEVANCE : MODEL_OUTREACH;
		g_autoptr(GError) error = NULL;
		g_autoptr(Model) model =
			model_load(world->models, kind, &error);

		g_assert_no_error(error);
		g_string_append(ids, model_id(model));
	}
	return g_string_free(g_steal_pointer(&ids), FALSE);
}

static void
loads_at_once(gconstpointer data)
{
	GThread *threads[THREADS];
	char *first = NULL;

	for (guint i = 0; i < THREADS; i++)
		threads[i] =
			g_thread_new("load", load_many, (gpointer)(gsize)data);
	for (guint i = 0; i < THREADS; i++) {
		char *ids = g_thread_join(threads[i]);

		if (first == NULL)
			first = g_strdup(ids);
		g_assert_cmpstr(ids, ==, first);
		g_free(ids);
	}
	g_free(first);
}

/* labels.tsv with each line's kind and relevance as the function says. */
static void
relabel(const char *folder,
	const char *(*kind)(guint author, guint n, const char *old))
{
	g_autofree char *path = g_build_filename(folder, "labels.tsv", NULL);
	g_autoptr(GString) text = bytes_of(path);
	g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);

	for (guint i = 1; lines[i][0] != '\0'; i++) {
		g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
		char *old = fields[1];

		fields[1] = g_strdup(kind((i - 1) / MODEL_KIT_MAILS,
					  (i - 1) % MODEL_KIT_MAILS, old));
		g_free(old);
		g_free(lines[i]);
		lines[i] = g_strjoinv("\t", fields);
	}
	g_free(g_string_free(g_steal_pointer(&text), FALSE));
	text = g_string_new(NULL);
	for (guint i = 0; lines[i] != NULL; i++)
		g_string_append_printf(text, "%s\n", lines[i]);
	put(path, text, text->len);
}

static const char *
all_sell(guint author, guint n, const char *old)
{
	(void)author;
	(void)n;
	return strcmp(old, "fraud") == 0 ? old : "outreach";
}

static const char *
none_sells(guint author, guint n, const char *old)
{
	(void)author;
	(void)n;
	(void)old;
	return "business";
}

static const char *
all_fraud(guint author, guint n, const char *old)
{
	(void)author;
	(void)n;
	(void)old;
	return "fraud";
}

static const char *
first_sells(guint author, guint n, const char *old)
{
	(void)n;
	return author == 0 ? old : "business";
}

/* Half of the authors mean the contrary: nothing holds for the next one. */
static const char *
contrary(guint author, guint n, const char *old)
{
	gboolean sells = n < 4;

	if (strcmp(old, "fraud") == 0)
		return old;
	return sells == (author % 2 == 0) ? "outreach" : "business";
}

static void
refuses_data(void)
{
	static const struct {
		const char *name;
		const char *(*kind)(guint, guint, const char *);
		const char *said;
	} cases[] = {
		{ "all sell", all_sell, "come from 6 and others from 0 " },
		{ "none sells", none_sells, "come from 0 and others from 6 " },
		{ "nothing to judge", all_fraud,
		  "come from 0 and others from 0 " },
		{ "one author sells", first_sells,
		  "come from 1 and others from 6 " },
		{ "authors disagree", contrary, "no better than chance" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *folder = kit_quick_folder();
		char *out = kit_quick_folder();
		g_autofree char *own = g_build_filename(out, "outreach", NULL);
		g_autoptr(GError) error = NULL;

		g_test_message("%s", cases[i].name);
		model_kit_corpus(folder);
		relabel(folder, cases[i].kind);
		g_assert_false(
			train(folder, MODEL_OUTREACH, out, NULL, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_DATA);
		g_assert_true(g_str_has_prefix(error->message, "outreach: "));
		g_assert_nonnull(strstr(error->message, cases[i].said));
		g_assert_false(g_file_test(own, G_FILE_TEST_EXISTS));
		kit_remove(folder);
		kit_remove(out);
	}
}

/* Relevance that one buyer alone met, and with nobody who judged. */
static void
refuses_buyers(void)
{
	static const char *const labels[] = {
		"mail/a0.eml\toutreach\t\tada/edr=3\t\ten\t\tkit\ta\n"
		"mail/a3.eml\toutreach\t\tnone\t\ten\t\tkit\ta\n",
		"mail/a0.eml\toutreach\t\t?\t\ten\t\tkit\ta\n"
	};
	static const char *const said[] = { "come from 1 and others from 2 ",
					    "come from 0 and others from 0 " };

	for (guint i = 0; i < 2; i++) {
		char *folder = kit_quick_folder();
		g_autofree char *text = NULL;
		g_autoptr(GError) error = NULL;

		text = g_strconcat("path\tkind\tstep\trelevant\tattack\tlang\t"
				   "campaign\tsource\tauthor\n",
				   labels[i], NULL);
		model_kit_corpus(folder);
		model_kit_write(folder, "labels.tsv", text);
		g_assert_false(
			train(folder, MODEL_RELEVANCE, NULL, NULL, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_DATA);
		g_assert_true(g_str_has_prefix(error->message, "relevance: "));
		g_assert_nonnull(strstr(error->message, said[i]));
		kit_remove(folder);
	}
}

/* Where nothing can be written an old model stays as it was. */
static void
keeps_the_old(gconstpointer data)
{
	const struct world *world = data;
	char *folder = kit_quick_folder();
	g_autofree char *place = g_build_filename(folder, "outreach", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(place, "a file", -1, NULL));
	g_assert_false(
		train(world->corpus, MODEL_OUTREACH, folder, NULL, &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, place));
	kit_remove(folder);
}

static void
measures_only(gconstpointer data)
{
	const struct world *world = data;
	g_autoptr(Card) card = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(
		train(world->corpus, MODEL_OUTREACH, NULL, &card, &error));
	g_assert_no_error(error);
	g_assert_null(card->id);
	g_assert_cmpfloat(metric_of(card, "auc-pooled"), >, 0.95);
}

static void
finds_folders(gconstpointer data)
{
	const struct world *world = data;
	g_autofree char *kept = g_strdup(g_getenv("PITCHWARD_MODELS"));
	g_autofree char *given = NULL;
	g_autofree char *configured = NULL;
	g_autofree char *named = NULL;
	g_autoptr(GError) error = NULL;

	g_setenv("PITCHWARD_MODELS", "/nonexistent", TRUE);
	given = model_folder_find(world->models, "/nonexistent", &error);
	g_assert_cmpstr(given, ==, world->models);
	configured = model_folder_find(NULL, world->models, &error);
	g_assert_cmpstr(configured, ==, world->models);
	g_setenv("PITCHWARD_MODELS", world->models, TRUE);
	named = model_folder_find(NULL, "/nonexistent", &error);
	g_assert_cmpstr(named, ==, world->models);
	g_assert_no_error(error);
	/* Who names a folder means that one. */
	g_assert_null(model_folder_find("/tmp", world->models, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT);
	g_assert_nonnull(strstr(error->message, " /tmp"));
	if (kept != NULL)
		g_setenv("PITCHWARD_MODELS", kept, TRUE);
	else
		g_unsetenv("PITCHWARD_MODELS");
}

/* The tree's own files are old; those of a copy were written just now, and are
 * not believed to stay. */
static void
shares_unchanged(gconstpointer data)
{
	const struct world *world = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) first = model_load("models", MODEL_RELEVANCE, &error);
	g_autoptr(Model) same =
		model_load_since("models", MODEL_RELEVANCE, first, &error);
	g_autoptr(Model) other =
		model_load_since(world->models, MODEL_RELEVANCE, first, &error);
	g_autoptr(Model) copy = NULL;
	g_autoptr(Model) again = NULL;

	g_assert_no_error(error);
	g_assert_true(same == first);
	g_assert_true(other != first);
	train_both(world->corpus, world->models);
	copy = model_load_since(world->models, MODEL_RELEVANCE, NULL, &error);
	again = model_load_since(world->models, MODEL_RELEVANCE, copy, &error);
	g_assert_no_error(error);
	g_assert_true(again != copy);
	/* A model outlives whom it was shared by. */
	g_clear_pointer(&first, model_free);
	g_assert_nonnull(model_id(same));
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(gconstpointer data);
	} cases[] = {
		{ "/model/trains the same twice", trains_the_same_twice },
		{ "/model/trains in place", trains_in_place },
		{ "/model/card", tells_what_it_is },
		{ "/model/learns", learns },
		{ "/model/decides as libsvm", decides_as_libsvm },
		{ "/model/refuses/cut files", refuses_cut_files },
		{ "/model/refuses/cut and sealed", refuses_cut_and_sealed },
		{ "/model/refuses/turned bits", refuses_turned_bits },
		{ "/model/refuses/edited cards", refuses_edited_cards },
		{ "/model/refuses/files of others", refuses_strangers },
		{ "/model/refuses/no files", refuses_no_files },
		{ "/model/keeps the old", keeps_the_old },
		{ "/model/measures only", measures_only },
		{ "/model/loads at once", loads_at_once },
		{ "/model/shares what did not change", shares_unchanged },
		{ "/model/folder", finds_folders },
	};
	struct world world;
	int result;

	g_test_init(&argc, &argv, NULL);
	world.corpus = kit_quick_folder();
	world.models = kit_quick_folder();
	model_kit_corpus(world.corpus);
	train_both(world.corpus, world.models);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_test_add_data_func(cases[i].path, &world, cases[i].run);
	g_test_add_func("/model/refuses/data", refuses_data);
	g_test_add_func("/model/refuses/no folder", refuses_no_folder);
	g_test_add_func("/model/refuses/buyers", refuses_buyers);
	result = g_test_run();
	kit_remove(world.corpus);
	kit_remove(world.models);
	return result;
}
