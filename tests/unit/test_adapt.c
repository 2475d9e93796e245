/* Learning from labels: what it moves, what it leaves, and how it is kept. */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "model/adapt.h"
#include "model/model.h"

#define EPSILON 1e-9

static struct background *
background_flat(void)
{
	g_autofree guint8 *table = g_malloc(TERM_BUCKETS);
	g_autoptr(GBytes) bytes = NULL;

	memset(table, 48, TERM_BUCKETS);
	bytes = g_bytes_new(table, TERM_BUCKETS);
	return background_new_from_bytes(bytes);
}

/* An imprint of three stems, of which the first tells what it is about. */
static struct imprint *
imprint_about(guint32 topic, guint32 n)
{
	struct imprint *imprint = imprint_new();

	imprint->relevance = (struct imprint_score){ TRUE, 0, 0 };
	imprint->stems = g_new0(struct term, 3);
	imprint->n_stems = 3;
	imprint->stems[0] = (struct term){ topic, 1, TERM_STEM };
	imprint->stems[1] = (struct term){ 1000 + n, 1, TERM_STEM };
	imprint->stems[2] = (struct term){ 5000 + n * 3, 1, TERM_STEM };
	return imprint;
}

/* Labels about topic 7 (relevant) and topic 9 (not), in turn. */
struct lesson {
	struct background *background;
	guint n;
	struct adapt_label labels[64];
	struct imprint *imprints[64];
};

static void
lesson_open(struct lesson *lesson, guint n)
{
	lesson->background = background_flat();
	lesson->n = n;
	for (guint i = 0; i < n; i++) {
		lesson->imprints[i] = imprint_about(i % 2 == 0 ? 7 : 9, i);
		lesson->labels[i] = (struct adapt_label){
			.imprint = lesson->imprints[i],
			.positive = i % 2 == 0,
			.time_us = 1000 + i,
			.vendor = "",
			.message = "",
		};
	}
}

static void
lesson_close(struct lesson *lesson)
{
	for (guint i = 0; i < lesson->n; i++)
		imprint_free(lesson->imprints[i]);
	background_free(lesson->background);
}

static double
logit_of(const struct lesson *lesson, const struct adapter *adapter,
	 guint32 topic, double logit)
{
	g_autoptr(Imprint) imprint = imprint_about(topic, 900);

	return adapter_judge(adapter, lesson->background, imprint, logit);
}

static void
test_nothing(void)
{
	struct lesson lesson;
	g_autoptr(Adapter) adapter = NULL;

	lesson_open(&lesson, 0);
	adapter = adapter_fit(lesson.background, NULL, 0);
	for (double logit = -6; logit <= 6; logit += 1.5)
		g_assert_cmpfloat_with_epsilon(
			logit_of(&lesson, adapter, 7, logit), logit, EPSILON);
	lesson_close(&lesson);
}

static void
test_learns(void)
{
	struct lesson lesson;
	double before = 0;

	lesson_open(&lesson, 40);
	for (guint n = 4; n <= 40; n += 12) {
		g_autoptr(Adapter) adapter =
			adapter_fit(lesson.background, lesson.labels, n);
		const double wanted = logit_of(&lesson, adapter, 7, 0);
		const double other = logit_of(&lesson, adapter, 9, 0);

		/* More labels, more of it; and never what is unheard of. */
		g_assert_cmpfloat(wanted - other, >, before);
		g_assert_cmpfloat(fabs(logit_of(&lesson, adapter, 77, 0)), <,
				  0.3);
		before = wanted - other;
	}
	lesson_close(&lesson);
}

/* One class alone is no error, and shifts what it says by little. */
static void
test_one_class(void)
{
	struct lesson lesson;
	g_autoptr(Adapter) adapter = NULL;

	lesson_open(&lesson, 40);
	for (guint i = 0; i < lesson.n; i++)
		lesson.labels[i].positive = TRUE;
	adapter = adapter_fit(lesson.background, lesson.labels, lesson.n);
	g_assert_cmpfloat(logit_of(&lesson, adapter, 7, 0), >, 0.5);
	g_assert_cmpfloat(logit_of(&lesson, adapter, 77, 0), <, 1.0);
	lesson_close(&lesson);
}

/* What the starter knows already teaches nothing. */
static void
test_known(void)
{
	struct lesson lesson;
	g_autoptr(Adapter) adapter = NULL;

	lesson_open(&lesson, 40);
	for (guint i = 0; i < lesson.n; i++)
		lesson.labels[i].logit = lesson.labels[i].positive ? 9 : -9;
	adapter = adapter_fit(lesson.background, lesson.labels, lesson.n);
	g_assert_cmpfloat_with_epsilon(logit_of(&lesson, adapter, 7, 0), 0,
				       0.3);
	lesson_close(&lesson);
}

static const struct adapt_label *
at(const GArray *labels, guint i)
{
	return &g_array_index(labels, struct adapt_label, i);
}

static void
test_select_messages(void)
{
	struct adapt_label labels[] = {
		{ .message = "m1",
		  .vendor = "",
		  .positive = TRUE,
		  .time_us = 1,
		  .logit = 2 },
		{ .message = "m1",
		  .vendor = "",
		  .positive = TRUE,
		  .time_us = 2,
		  .logit = 4 },
		{ .message = "m1",
		  .vendor = "",
		  .positive = FALSE,
		  .time_us = 3,
		  .logit = 6 },
		{ .message = "m2",
		  .vendor = "",
		  .positive = TRUE,
		  .time_us = 5 },
		{ .message = "m2",
		  .vendor = "",
		  .positive = FALSE,
		  .time_us = 4 },
		{ .message = "", .vendor = "", .positive = TRUE, .time_us = 9 },
		{ .message = "", .vendor = "", .positive = TRUE, .time_us = 8 },
	};
	g_autoptr(GArray) one =
		adapt_select(labels, G_N_ELEMENTS(labels), FALSE);
	g_autoptr(GArray) team =
		adapt_select(labels, G_N_ELEMENTS(labels), TRUE);

	/* Of a buyer the newest of each message; oldest message first. */
	g_assert_cmpuint(one->len, ==, 4);
	g_assert_false(at(one, 0)->positive);
	g_assert_true(at(one, 1)->positive);
	g_assert_cmpint(at(one, 3)->time_us, ==, 9);
	/* Of a team the mean: two to one, and a tie that says nothing. */
	g_assert_cmpuint(team->len, ==, 3);
	g_assert_true(at(team, 0)->positive);
	g_assert_cmpfloat_with_epsilon(at(team, 0)->logit, 4, EPSILON);
}

static void
test_select_vendors(void)
{
	struct adapt_label labels[50];
	g_autoptr(GArray) chosen = NULL;
	guint loud = 0;

	for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
		labels[i] = (struct adapt_label){
			.message = "",
			.vendor = i < 40 ? "loud.example" : "",
			.time_us = i,
		};
	chosen = adapt_select(labels, G_N_ELEMENTS(labels), FALSE);
	for (guint i = 0; i < chosen->len; i++)
		if (at(chosen, i)->vendor[0] != '\0') {
			loud++;
			g_assert_cmpint(at(chosen, i)->time_us, >=,
					40 - ADAPT_VENDOR_MAX);
		}
	g_assert_cmpuint(loud, ==, ADAPT_VENDOR_MAX);
	g_assert_cmpuint(chosen->len, ==, 10 + ADAPT_VENDOR_MAX);
}

static struct card *
card_of(const char *whose)
{
	struct card *card = card_new();

	card->kind = MODEL_RELEVANCE;
	card->created_us = G_GINT64_CONSTANT(1795305600000000);
	card->adapts.starters = g_strdup("starter-a+starter-b");
	card->adapts.whose = g_strdup(whose);
	card->adapts.learned_us = 123456789;
	card->examples = 40;
	card->sources = g_strdup("feedback 40");
	card_add_metric(card, "auc-held-out",
			(struct estimate){ 0.9, NAN, NAN });
	return card;
}

static void
test_kept(void)
{
	struct lesson lesson;
	char *folder = kit_quick_folder();
	g_autoptr(Adapter) adapter = NULL;
	g_autoptr(Adapter) back = NULL;
	g_autoptr(Card) card = card_of("priya");
	g_autoptr(GError) error = NULL;

	lesson_open(&lesson, 40);
	card->adapts.members = g_strsplit("ada ben", " ", -1);
	adapter = adapter_fit(lesson.background, lesson.labels, lesson.n);
	g_assert_true(adapter_save(adapter, folder, card, &error));
	g_assert_no_error(error);
	back = adapter_load(folder, &error);
	g_assert_no_error(error);
	g_assert_true(
		g_str_has_prefix(adapter_card(back)->id, "priya-relevance-"));
	g_assert_cmpstr(adapter_card(back)->adapts.starters, ==,
			"starter-a+starter-b");
	g_assert_cmpstr(adapter_card(back)->adapts.members[1], ==, "ben");
	g_assert_cmpint(adapter_card(back)->adapts.learned_us, ==, 123456789);
	g_assert_null(adapter_card(back)->sha_terms);
	for (guint32 topic = 7; topic <= 9; topic++)
		g_assert_cmpfloat_with_epsilon(
			logit_of(&lesson, back, topic, 0.25),
			logit_of(&lesson, adapter, topic, 0.25), 1e-5);
	lesson_close(&lesson);
	kit_remove(folder);
}

/* A byte of either file changed: refused, and the message names the file. */
static void
test_damaged(void)
{
	static const char *const files[] = { "model.svm", "card.yaml" };
	struct lesson lesson;
	char *folder = kit_quick_folder();
	g_autoptr(Adapter) adapter = NULL;
	g_autoptr(Card) card = card_of("priya");

	lesson_open(&lesson, 20);
	adapter = adapter_fit(lesson.background, lesson.labels, lesson.n);
	g_assert_true(adapter_save(adapter, folder, card, NULL));
	for (guint f = 0; f < G_N_ELEMENTS(files); f++) {
		g_autofree char *path =
			g_build_filename(folder, files[f], NULL);
		g_autofree char *data = NULL;
		gsize size;

		g_assert_true(g_file_get_contents(path, &data, &size, NULL));
		for (guint step = 0; step < 40; step++) {
			const gsize place = size * step / 40;
			g_autoptr(GError) error = NULL;
			g_autoptr(Adapter) bad = NULL;

			data[place] ^= 1;
			g_assert_true(g_file_set_contents(path, data,
							  (gssize)size, NULL));
			bad = adapter_load(folder, &error);
			g_assert_null(bad);
			g_assert_nonnull(strstr(error->message, files[f]));
			data[place] ^= 1;
		}
		g_assert_true(g_file_set_contents(path, data, (gssize)size / 2,
						  NULL));
		g_assert_null(adapter_load(folder, NULL));
		g_assert_true(
			g_file_set_contents(path, data, (gssize)size, NULL));
	}
	lesson_close(&lesson);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/adapt/no-labels-is-the-starter", test_nothing);
	g_test_add_func("/adapt/labels-move-what-they-are-about", test_learns);
	g_test_add_func("/adapt/one-class-alone", test_one_class);
	g_test_add_func("/adapt/what-is-known-teaches-nothing", test_known);
	g_test_add_func("/adapt/one-label-a-message", test_select_messages);
	g_test_add_func("/adapt/few-labels-a-vendor", test_select_vendors);
	g_test_add_func("/adapt/kept-and-read-again", test_kept);
	g_test_add_func("/adapt/damaged-is-refused", test_damaged);
	return g_test_run();
}
