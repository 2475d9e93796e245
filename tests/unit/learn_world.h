/*
 * The authored mail as buyers would meet it: every pair of a mail that sells
 * and a buyer who judged it, as an imprint whose relevance comes from a model
 * that had not seen this buyer. Labels are the grades.
 */
#ifndef TESTS_LEARN_WORLD_H
#define TESTS_LEARN_WORLD_H

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "../../src/model/training_private.h"
#include "features/relevance.h"
#include "model/adapt.h"
#include "model/metrics.h"
#include "profile/signals.h"

#define LEARN_CORPUS "tests/corpus/authored"

struct learn_item {
	struct imprint *imprint;
	double logit;
	gboolean relevant;
	guint buyer;
	const char *campaign; /* stays on one side of a split */
	const char *author;
	char *name; /* of the mail */
};

struct learn_world {
	struct corpus *corpus;
	struct samples *samples;
	struct training training;
	guint n;
	struct learn_item *items;
	guint buyers;
};

/* Platt's sigmoid on all buyers but one, who had no part in it. */
static inline struct sigmoid
learn_sigmoid(const struct training *training, guint but)
{
	g_autofree double *decisions = g_new(double, training->n);
	g_autofree gboolean *y = g_new(gboolean, training->n);
	guint n = 0;

	for (guint i = 0; i < training->n; i++) {
		if (training->group[i] == but)
			continue;
		decisions[n] = training->decisions[i];
		y[n++] = training->y[i];
	}
	return sigmoid_fit(decisions, y, n);
}

static inline void
learn_item_fill(const struct learn_world *world, guint i,
		const struct sigmoid *sigmoid, GHashTable *rows)
{
	const struct training *training = &world->training;
	const struct sample_pair *pair =
		world->samples->pairs->pdata[training->sample[i]];
	const struct sample *sample =
		world->samples->samples->pdata[pair->sample];
	const struct corpus_mail *row = g_hash_table_lookup(rows, sample->name);
	struct learn_item *item = &world->items[i];
	const double decision = training->decisions[i];

	item->logit = imprint_logit(sigmoid_apply(sigmoid, decision));
	item->imprint = imprint_new();
	item->imprint->relevance =
		(struct imprint_score){ TRUE, decision, item->logit };
	imprint_set_stems(item->imprint, sample->terms, training->background);
	imprint_set_dense(item->imprint, sample->dense, outreach_dense_count());
	for (guint k = 0; k < pair->likeness.n; k++)
		vector_add(&item->imprint->likeness,
			   pair->likeness.items[k].index,
			   pair->likeness.items[k].value);
	item->relevant = training->y[i];
	item->buyer = training->group[i];
	item->author = row->author;
	item->name = row->name;
	item->campaign = row->campaign != NULL && row->campaign[0] != '\0'
				 ? row->campaign
				 : row->name;
}

static inline void
learn_world_decide(struct learn_world *world)
{
	g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < world->corpus->mails->len; i++) {
		struct corpus_mail *row = world->corpus->mails->pdata[i];

		g_hash_table_insert(rows, row->path, row);
	}
	world->n = world->training.n;
	world->items = g_new0(struct learn_item, world->n);
	world->buyers = g_hash_table_size(world->training.groups);
	for (guint buyer = 0; buyer < world->buyers; buyer++) {
		struct sigmoid sigmoid = learn_sigmoid(&world->training, buyer);

		for (guint i = 0; i < world->n; i++)
			if (world->training.group[i] == buyer)
				learn_item_fill(world, i, &sigmoid, rows);
	}
}

static inline void
learn_world_open(struct learn_world *world)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(GPtrArray) corpora = g_ptr_array_new();

	world->corpus = corpus_load(LEARN_CORPUS, &error);
	g_assert_no_error(error);
	world->samples = samples_new();
	g_ptr_array_add(corpora, world->corpus);
	samples_add_corpus(world->samples, world->corpus, signals, NULL, NULL,
			   &error);
	g_assert_no_error(error);
	training_prepare(&world->training, MODEL_RELEVANCE, world->samples,
			 corpora, &error);
	g_assert_no_error(error);
	training_decide(&world->training, NULL, NULL, NULL, &error);
	g_assert_no_error(error);
	learn_world_decide(world);
}

static inline void
learn_world_close(struct learn_world *world)
{
	for (guint i = 0; i < world->n; i++)
		imprint_free(world->items[i].imprint);
	g_free(world->items);
	training_clear(&world->training);
	samples_free(world->samples);
	corpus_free(world->corpus);
}

/* A buyer's items in two halves, campaigns whole. Borrowed. */
struct learn_halves {
	GPtrArray *pool;
	GPtrArray *kept;
};

static inline void
learn_halve(const struct learn_world *world, guint buyer, guint seed,
	    struct learn_halves *halves)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed * 1000 + buyer);
	g_autoptr(GHashTable) sides =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	halves->pool = g_ptr_array_new();
	halves->kept = g_ptr_array_new();
	for (guint i = 0; i < world->n; i++) {
		struct learn_item *item = &world->items[i];
		gpointer side = NULL;

		if (item->buyer != buyer)
			continue;
		if (!g_hash_table_lookup_extended(sides, item->campaign, NULL,
						  &side)) {
			side = GINT_TO_POINTER(g_rand_boolean(dice));
			g_hash_table_insert(sides, g_strdup(item->campaign),
					    side);
		}
		g_ptr_array_add(side != NULL ? halves->pool : halves->kept,
				item);
	}
}

static inline void
learn_halves_clear(struct learn_halves *halves)
{
	g_ptr_array_unref(halves->pool);
	g_ptr_array_unref(halves->kept);
}

/* Two of each class are kept back: an area can be told. */
static inline gboolean
learn_can_tell(const struct learn_halves *halves)
{
	guint relevant = 0;

	for (guint i = 0; i < halves->kept->len; i++) {
		const struct learn_item *item = halves->kept->pdata[i];

		relevant += item->relevant ? 1 : 0;
	}
	return relevant >= 2 && halves->kept->len - relevant >= 2;
}

/* As the review queue shows them: the unsure first. */
static inline gint
learn_unsure(gconstpointer a, gconstpointer b)
{
	const struct learn_item *x = *(struct learn_item *const *)a;
	const struct learn_item *y = *(struct learn_item *const *)b;
	const double l = fabs(x->logit);
	const double r = fabs(y->logit);

	return (l > r) - (l < r);
}

static inline struct adapt_label
learn_label(const struct learn_item *item, gint64 time_us)
{
	return (struct adapt_label){ .imprint = item->imprint,
				     .logit = item->logit,
				     .positive = item->relevant,
				     .time_us = time_us,
				     .vendor = item->campaign,
				     .message = item->name };
}

/* All labels of the pool, as they came in time. */
static inline GArray *
learn_labels(const struct learn_halves *halves, guint seed)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	GArray *labels = g_array_new(FALSE, FALSE, sizeof(struct adapt_label));

	for (guint i = 0; i < halves->pool->len; i++) {
		const struct adapt_label label =
			learn_label(halves->pool->pdata[i], g_rand_int(dice));

		g_array_append_val(labels, label);
	}
	return labels;
}

/* A tenth of them says the opposite. */
static inline void
learn_poison_tenth(GArray *labels, guint seed)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);

	for (guint i = 0; i < labels->len; i++) {
		struct adapt_label *label =
			&g_array_index(labels, struct adapt_label, i);

		if (g_rand_int_range(dice, 0, 10) == 0)
			label->positive = !label->positive;
	}
}

/*
 * One vendor's mail labelled the opposite over and over, each a mail of its
 * own, newer than everything else.
 */
static inline void
learn_poison_burst(GArray *labels, guint seed, guint times)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	const struct adapt_label victim = g_array_index(
		labels, struct adapt_label,
		(guint)g_rand_int_range(dice, 0, (gint32)labels->len));

	for (guint i = 0; i < times; i++) {
		struct adapt_label label = victim;

		label.positive = !victim.positive;
		label.message = "";
		label.time_us = (gint64)G_MAXUINT32 + i;
		g_array_append_val(labels, label);
	}
}

/* On the half kept back; the starter's without an adapter. */
static inline double
learn_auc(const struct learn_world *world, const struct learn_halves *halves,
	  const struct adapter *adapter)
{
	g_autofree struct scored *scored =
		g_new(struct scored, halves->kept->len + 1);

	for (guint i = 0; i < halves->kept->len; i++) {
		const struct learn_item *item = halves->kept->pdata[i];

		scored[i] = (struct scored){
			adapter != NULL
				? adapter_judge(adapter,
						world->training.background,
						item->imprint, item->logit)
				: item->logit,
			item->relevant, 0
		};
	}
	return metrics_auc(scored, halves->kept->len).value;
}

#endif
