/*
 * Trials of what was learned, on the authored mail with its grades as labels:
 * what is better passes, what is not is refused with the reason, and wrong
 * labels do no harm.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "../../src/model/trial_private.h"
#include "../lib/store_kit.h"
#include "learn_world.h"
#include "model/golden.h"
#include "model/trial.h"

#define SEEDS	 3
#define FALL_MAX 0.01 /* of the area, against the starter */
#define HOLD	 0.80
#define TRAIN_US (2 * G_USEC_PER_SEC)
#define BURST	 40

enum poison { PURE, TENTH, BURST_OF_ONE };

/* What a poison did, over buyers and splits. */
struct harm {
	double starter;
	double served;
	guint passed;
	guint n;
};

static struct trial *
try_labels(const struct learn_world *world, const GArray *labels)
{
	const struct trial_request request = {
		.background = world->training.background,
		.labels = (const struct adapt_label *)(void *)labels->data,
		.n = labels->len,
	};

	return trial_run(&request);
}

static void
poison(GArray *labels, enum poison poison, guint seed)
{
	if (poison == TENTH)
		learn_poison_tenth(labels, seed);
	if (poison == BURST_OF_ONE)
		learn_poison_burst(labels, seed, BURST);
}

static void
suffer(const struct learn_world *world, enum poison kind, guint buyer,
       guint seed, struct harm *harm)
{
	struct learn_halves halves;
	g_autoptr(GArray) labels = NULL;
	g_autoptr(Trial) trial = NULL;

	learn_halve(world, buyer, seed, &halves);
	labels = learn_labels(&halves, seed);
	if (learn_can_tell(&halves)) {
		poison(labels, kind, seed);
		trial = try_labels(world, labels);
		harm->starter += learn_auc(world, &halves, NULL);
		harm->served += learn_auc(world, &halves, trial->adapter);
		harm->passed += trial->result == TRIAL_PASSED;
		harm->n++;
	}
	learn_halves_clear(&halves);
}

static void
assert_harmless(const struct learn_world *world, enum poison kind)
{
	struct harm harm = { .n = 0 };

	for (guint seed = 1; seed <= SEEDS; seed++)
		for (guint buyer = 0; buyer < world->buyers; buyer++)
			suffer(world, kind, buyer, seed, &harm);
	g_assert_cmpuint(harm.n, >, world->buyers);
	harm.starter /= harm.n;
	harm.served /= harm.n;
	g_test_message("AUC %.4f, the starter's %.4f; %u of %u passed",
		       harm.served, harm.starter, harm.passed, harm.n);
	g_assert_cmpfloat(harm.served, >, harm.starter - FALL_MAX);
	if (kind == PURE) {
		g_assert_cmpfloat(harm.served, >, harm.starter);
		g_assert_cmpuint(harm.passed, >, harm.n / 3);
	}
}

static void
test_pure(gconstpointer data)
{
	assert_harmless(data, PURE);
}

static void
test_tenth(gconstpointer data)
{
	assert_harmless(data, TENTH);
}

static void
test_burst(gconstpointer data)
{
	assert_harmless(data, BURST_OF_ONE);
}

/* Labels of all buyers, without vendors, `n` of them, oldest first. */
static GArray *
labels_mixed(const struct learn_world *world, guint n)
{
	GArray *labels = g_array_new(FALSE, FALSE, sizeof(struct adapt_label));

	for (guint i = 0; i < n; i++) {
		struct adapt_label label = learn_label(
			&world->items[(gsize)i * world->n / n], i + 1);

		label.vendor = label.message = "";
		g_array_append_val(labels, label);
	}
	return labels;
}

static void
test_speed(gconstpointer data)
{
	const struct learn_world *world = data;
	g_autoptr(GArray) labels = labels_mixed(world, 200);
	const gint64 began = g_get_monotonic_time();
	g_autoptr(Trial) trial = try_labels(world, labels);
	const gint64 took = g_get_monotonic_time() - began;

	g_test_message("%u labels in %d ms", trial->counted,
		       (int)(took / 1000));
	g_assert_cmpuint(trial->counted, ==, 200);
	g_assert_cmpint(took, <, TRAIN_US);
}

static void
assert_refused(const struct trial *trial, enum trial_result result,
	       const char *part)
{
	g_assert_cmpint(trial->result, ==, result);
	g_assert_null(trial->adapter);
	if (strstr(trial->why, part) == NULL)
		g_error("'%s' does not say '%s'", trial->why, part);
}

static void
test_few(gconstpointer data)
{
	const struct learn_world *world = data;
	g_autoptr(GArray) labels = labels_mixed(world, 15);
	g_autoptr(Trial) trial = try_labels(world, labels);

	assert_refused(trial, TRIAL_FEW, "15 labels count: 16 are needed");
}

/* Without the other kind nothing can be ranked, however few the errors. */
static void
test_one_kind(gconstpointer data)
{
	const struct learn_world *world = data;

	for (guint kind = 0; kind < 2; kind++) {
		g_autoptr(GArray) labels = labels_mixed(world, 40);
		g_autoptr(Trial) trial = NULL;

		for (guint i = 0; i < labels->len; i++) {
			struct adapt_label *label =
				&g_array_index(labels, struct adapt_label, i);

			label->positive = (i < 28 ? i % 2 : kind) != 0;
		}
		trial = try_labels(world, labels);
		assert_refused(trial, TRIAL_FEW,
			       "the newest 12 labels are all of one kind");
		g_assert_cmpuint(trial->held_out, ==, 0);
		g_assert_true(isnan(trial->candidate.loss));
	}
}

/* Labels that say nothing: what was learned from some is wrong of others. */
static void
test_noise(gconstpointer data)
{
	const struct learn_world *world = data;
	g_autoptr(GArray) labels = labels_mixed(world, 120);
	g_autoptr(GRand) dice = g_rand_new_with_seed(7);
	g_autoptr(Trial) trial = NULL;

	for (guint i = 0; i < labels->len; i++) {
		struct adapt_label *label =
			&g_array_index(labels, struct adapt_label, i);

		label->positive = g_rand_boolean(dice);
		label->logit = 0;
	}
	trial = try_labels(world, labels);
	assert_refused(trial, TRIAL_WORSE, "newest labels");
}

/*
 * Business mail in a seller's words, which sits just under the threshold, and
 * labels that call such words outreach.
 */
static void
test_golden(gconstpointer data)
{
	const struct learn_world *world = data;
	g_autoptr(GArray) labels = labels_mixed(world, 60);
	g_autoptr(GPtrArray) golden = g_ptr_array_new();
	g_autoptr(Trial) refused = NULL;
	g_autoptr(Trial) passed = NULL;
	struct trial_request request = {
		.background = world->training.background,
		.labels = (const struct adapt_label *)(void *)labels->data,
		.n = labels->len,
		.golden = golden,
		.hold = HOLD,
	};

	for (guint i = 0; i < labels->len; i++) {
		struct adapt_label *label =
			&g_array_index(labels, struct adapt_label, i);

		label->logit = i == labels->len - 1 ? -4 : 0;
		label->positive = i < labels->len - 1;
	}
	for (guint i = 0; i < 3; i++) {
		struct imprint *imprint = world->items[i * 10].imprint;

		imprint->outreach =
			(struct imprint_score){ TRUE, 1, imprint_logit(0.79) };
		g_ptr_array_add(golden, imprint);
	}
	refused = trial_run(&request);
	assert_refused(refused, TRIAL_GOLDEN, "of the golden set");
	g_assert_cmpuint(refused->golden, ==, 3);
	for (guint i = 0; i < golden->len; i++)
		((struct imprint *)golden->pdata[i])->outreach.logit = -6;
	passed = trial_run(&request);
	g_assert_cmpint(passed->result, ==, TRIAL_PASSED);
}

/* The model that serves is not asked what it was told. */
static void
test_serving(gconstpointer data)
{
	const struct learn_world *world = data;
	g_autoptr(GArray) labels = labels_mixed(world, 100);
	const struct adapt_label *first =
		(const struct adapt_label *)(void *)labels->data;
	char *folder = kit_quick_folder();
	g_autoptr(Adapter) made =
		adapter_fit(world->training.background, first, 95);
	g_autoptr(Adapter) serving = NULL;
	g_autoptr(Card) card = card_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Trial) stale = NULL;
	g_autoptr(Trial) retracted = NULL;
	struct trial_request request = {
		.background = world->training.background,
		.labels = first,
		.n = labels->len,
	};

	card->kind = MODEL_RELEVANCE;
	card->created_us = G_GINT64_CONSTANT(1795305600000000);
	card->adapts.starters = g_strdup("a+b");
	card->adapts.whose = g_strdup("ada");
	card->adapts.learned_us = 95;
	card->examples = 95;
	card->sources = g_strdup("feedback");
	card_add_metric(card, "auc-held-out",
			(struct estimate){ 0.9, NAN, NAN });
	g_assert_true(adapter_save(made, folder, card, NULL));
	serving = adapter_load(folder, &error);
	g_assert_no_error(error);
	g_assert_nonnull(serving);
	request.serving = serving;
	stale = trial_run(&request);
	assert_refused(stale, TRIAL_FEW, "5 labels count that are newer");
	/* Without the first ten, which it learned from. */
	request.labels = first + 10;
	request.n -= 10;
	retracted = trial_run(&request);
	g_assert_true(retracted->starter);
	g_assert_cmpuint(retracted->held_out, ==, 27);
	kit_remove(folder);
}

static void
test_permutation(void)
{
	static const struct {
		const char *name;
		double gains[5];
		guint n;
		double p;
	} cases[] = {
		{ "all alike", { 1, 1, 1, 1, 1 }, 5, 1.0 / 32 },
		{ "all against", { -1, -1, -1, -1, -1 }, 5, 1 },
		{ "one of two", { 2, 1, 0, 0, 0 }, 2, 0.25 },
		{ "even", { 1, -1, 0, 0, 0 }, 2, 0.75 },
		{ "none", { 0, 0, 0, 0, 0 }, 0, 1 },
	};
	double many[40];

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const double p = trial_permute(cases[i].gains, cases[i].n);

		if (fabs(p - cases[i].p) > 1e-12)
			g_error("%s: p is %g, must be %g", cases[i].name, p,
				cases[i].p);
	}
	/* Drawn, where there are too many signs: about the normal's tail. */
	for (guint i = 0; i < G_N_ELEMENTS(many); i++)
		many[i] = i % 3 == 0 ? -1 : 1;
	g_assert_cmpfloat_with_epsilon(trial_permute(many, G_N_ELEMENTS(many)),
				       0.04, 0.02);
}

/* What the golden set says of mail survives, and damage does not. */
static void
test_golden_file(gconstpointer data)
{
	const struct learn_world *world = data;
	char *folder = kit_quick_folder();
	g_autofree char *path = g_build_filename(folder, GOLDEN_FILE, NULL);
	g_autoptr(GPtrArray) golden = g_ptr_array_new();
	g_autoptr(GPtrArray) back = NULL;
	g_autofree char *bytes = NULL;
	gsize size;

	for (guint i = 0; i < 20; i++)
		g_ptr_array_add(golden, world->items[i].imprint);
	g_assert_true(golden_save(golden, path, NULL));
	back = golden_load(path, NULL);
	g_assert_cmpuint(back->len, ==, 20);
	g_assert_cmpuint(((struct imprint *)back->pdata[19])->n_stems, ==,
			 world->items[19].imprint->n_stems);
	g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
	for (gsize at = 0; at < size; at += size / 50) {
		g_autoptr(GError) error = NULL;

		bytes[at] ^= 4;
		g_assert_true(
			g_file_set_contents(path, bytes, (gssize)size, NULL));
		g_assert_null(golden_load(path, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
		bytes[at] ^= 4;
	}
	g_assert_true(g_file_set_contents(path, bytes, (gssize)size - 1, NULL));
	g_assert_null(golden_load(path, NULL));
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	struct learn_world world = { .n = 0 };
	int code;

	g_test_init(&argc, &argv, NULL);
	learn_world_open(&world);
	g_test_add_func("/trial/permutation-test", test_permutation);
	g_test_add_data_func("/trial/labels-help", &world, test_pure);
	g_test_add_data_func("/trial/a-tenth-flipped-is-harmless", &world,
			     test_tenth);
	g_test_add_data_func("/trial/a-burst-of-one-vendor-is-harmless", &world,
			     test_burst);
	g_test_add_data_func("/trial/200-labels-in-two-seconds", &world,
			     test_speed);
	g_test_add_data_func("/trial/too-few", &world, test_few);
	g_test_add_data_func("/trial/one-kind-is-refused", &world,
			     test_one_kind);
	g_test_add_data_func("/trial/noise-is-refused", &world, test_noise);
	g_test_add_data_func("/trial/golden-is-never-held", &world,
			     test_golden);
	g_test_add_data_func("/trial/not-on-what-serving-learned", &world,
			     test_serving);
	g_test_add_data_func("/trial/golden-file", &world, test_golden_file);
	code = g_test_run();
	learn_world_close(&world);
	return code;
}
