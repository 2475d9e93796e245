/*
 * Promotion: what cannot be written down does not serve, a history that was
 * hurt still rolls back, and an id tells which model it is.
 */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../lib/store_kit.h"
#include "model/model.h"
#include "model/promotion.h"

#define PLACE	 "teams/it/relevance"
#define STARTERS "outreach-1+relevance-1"

/* A team's model; `bias` makes other weights. */
struct sort {
	double bias;
	const char *starters;
	const char *members;
	gint64 learned_us;
};

static struct card *
card_of(const struct sort *sort)
{
	struct card *card = card_new();

	card->kind = MODEL_RELEVANCE;
	card->created_us = G_GINT64_CONSTANT(1795305600000000);
	card->adapts.starters = g_strdup(sort->starters);
	card->adapts.whose = g_strdup("it");
	card->adapts.members = g_strsplit(sort->members, ",", -1);
	card->adapts.learned_us = card->created_us + sort->learned_us;
	card->sources = g_strdup("feedback 1");
	card_add_metric(card, "auc-held-out", (struct estimate){ 1, NAN, NAN });
	return card;
}

static struct adapter *
adapter_of(const struct sort *sort)
{
	g_autofree guint8 *table = g_malloc0(TERM_BUCKETS);
	g_autoptr(GBytes) bytes = g_bytes_new(table, TERM_BUCKETS);
	g_autoptr(Background) background = background_new_from_bytes(bytes);
	g_autoptr(Imprint) imprint = imprint_new();
	const struct adapt_label label = { .imprint = imprint,
					   .positive = TRUE,
					   .logit = sort->bias,
					   .vendor = "",
					   .message = "" };

	return adapter_fit(background, &label, 1);
}

/* What serves afterwards; the caller's. */
static char *
add(const char *models, const struct sort *sort)
{
	const struct promotion promotion = { models, "ann", "a test" };
	g_autoptr(Adapter) adapter = adapter_of(sort);
	g_autoptr(Card) card = card_of(sort);
	g_autoptr(GError) error = NULL;

	g_assert_true(promotion_add(&promotion, adapter, card, &error));
	g_assert_no_error(error);
	return promotion_serving(models, PLACE);
}

static char *
add_weights(const char *models, double bias)
{
	const struct sort sort = { bias, STARTERS, "ann,bob", 1 };

	return add(models, &sort);
}

static void
assert_serves(const char *models, const char *id)
{
	g_autofree char *serving = promotion_serving(models, PLACE);

	g_assert_cmpstr(serving, ==, id);
}

static void
assert_takes_back(const char *models, const char *id)
{
	const struct promotion promotion = { models, "ann", "a test" };
	g_autofree char *now = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(promotion_rollback(&promotion, PLACE, &now, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(now, ==, id);
	assert_serves(models, id);
}

static char *
history_of(const char *models)
{
	g_autofree char *path =
		g_build_filename(models, PROMOTION_HISTORY, NULL);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return g_strdup("");
	return text;
}

/* Files may grow to this size and no further, as on a full disk. */
static void
limit_files(rlim_t size)
{
	struct rlimit limit;

	g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
	limit.rlim_cur = MIN(size, limit.rlim_max);
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* One id, or NULL for a rollback, with room for `room` more bytes. */
static void
change_refused(const char *models, const char *id, gsize room)
{
	const struct promotion promotion = { models, "ann", "a test" };
	g_autofree char *serving = promotion_serving(models, PLACE);
	g_autofree char *before = history_of(models);
	g_autofree char *after = NULL;
	g_autoptr(GError) error = NULL;
	gboolean done;

	limit_files(strlen(before) + room);
	done = id ? promotion_promote(&promotion, id, NULL, &error)
		  : promotion_rollback(&promotion, PLACE, NULL, &error);
	limit_files(RLIM_INFINITY);
	g_assert_false(done);
	g_assert_nonnull(strstr(error->message, PROMOTION_HISTORY));
	g_assert_null(strstr(error->message, g_strerror(EEXIST)));
	after = history_of(models);
	g_assert_cmpstr(after, ==, before);
	assert_serves(models, serving);
}

static void
test_full(void)
{
	char *models = kit_quick_folder();
	g_autofree char *first = add_weights(models, 0);
	g_autofree char *second = add_weights(models, -2);

	/* The line does not begin, breaks off, lacks its end. */
	for (gsize room = 0; room <= 90; room += 15) {
		change_refused(models, first, room);
		change_refused(models, NULL, room);
	}
	assert_takes_back(models, first);
	assert_takes_back(models, NULL);
	/* Where nothing served, nothing does. */
	change_refused(models, second, 0);
	kit_remove(models);
}

/* As a version before this one left it: half a line, and the next one. */
static void
test_hurt(void)
{
	char *models = kit_quick_folder();
	g_autofree char *path =
		g_build_filename(models, PROMOTION_HISTORY, NULL);
	g_autofree char *first = add_weights(models, 0);
	g_autofree char *whole = history_of(models);
	g_autofree char *second = add_weights(models, -2);
	g_autofree char *both = history_of(models);

	for (gsize cut = 1; cut < strlen(whole); cut++) {
		g_autofree char *half = g_strndup(whole, cut);
		g_autofree char *text = g_strconcat(whole, half, both, NULL);

		g_assert_true(g_file_set_contents(path, text, -1, NULL));
		assert_takes_back(models, first);
		/* What is cut off is a line of its own from now on. */
		g_assert_true(g_file_set_contents(path, half, -1, NULL));
		g_free(add_weights(models, -2));
		assert_takes_back(models, first);
		g_free(add_weights(models, -2));
	}
	kit_remove(models);
}

/* The same weights: who they are for, and over what, makes the model. */
static void
test_id(void)
{
	static const struct sort sorts[] = {
		{ 0, STARTERS, "ann,bob", 1 },
		{ 0, STARTERS, "ann,bob,cyd", 1 },
		{ 0, "outreach-2+relevance-1", "ann,bob", 1 },
		{ 0, STARTERS, "ann,bob", 2 },
	};
	char *models = kit_quick_folder();
	g_autofree char *folder = g_build_filename(models, PLACE, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(sorts); i++) {
		g_autofree char *id = add(models, &sorts[i]);
		g_autoptr(GError) error = NULL;
		g_autoptr(Adapter) serves = adapter_load(folder, &error);
		g_autofree char *again = NULL;
		g_autofree char *members = NULL;

		g_assert_no_error(error);
		members = g_strjoinv(",", adapter_card(serves)->adapts.members);
		g_assert_cmpstr(members, ==, sorts[i].members);
		g_assert_cmpstr(adapter_card(serves)->adapts.starters, ==,
				sorts[i].starters);
		again = add(models, &sorts[i]);
		g_assert_cmpstr(again, ==, id);
	}
	kit_remove(models);
}

/* One of a shelf of before: its id was of the weights alone. */
static void
test_old_id(void)
{
	static const char old[] = "it-relevance-0a1b2c3d";
	const struct sort sort = { 0, STARTERS, "ann,bob", 1 };
	char *models = kit_quick_folder();
	const struct promotion promotion = { models, "ann", "a test" };
	g_autofree char *draft = g_build_filename(models, "draft", NULL);
	g_autofree char *path = g_build_filename(draft, "card.yaml", NULL);
	g_autofree char *newer = NULL;
	g_autoptr(Adapter) adapter = adapter_of(&sort);
	g_autoptr(Card) card = card_of(&sort);
	g_autoptr(GError) error = NULL;

	g_assert_true(adapter_save(adapter, draft, card, &error));
	g_free(card->id);
	card->id = g_strdup(old);
	g_assert_true(card_save(card, path, &error));
	g_assert_true(promotion_promote(&promotion, draft, NULL, &error));
	g_assert_no_error(error);
	assert_serves(models, old);
	newer = add(models, &sort);
	g_assert_cmpstr(newer, !=, old);
	assert_takes_back(models, old);
	kit_remove(models);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	signal(SIGXFSZ, SIG_IGN);
	g_test_add_func("/promotion/not-written-down-does-not-serve",
			test_full);
	g_test_add_func("/promotion/hurt-history-rolls-back", test_hurt);
	g_test_add_func("/promotion/id-tells-whose-and-over-what", test_id);
	g_test_add_func("/promotion/old-id-serves", test_old_id);
	return g_test_run();
}
