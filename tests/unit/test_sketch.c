/*
 * Relevance from stems alone, held against relevance from the whole text, on
 * the authored corpus with the models that are shipped.
 */
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "features/sketch.h"
#include "model/corpus.h"
#include "model/imprint.h"
#include "model/model.h"
#include "profile/config.h"

#define CORPUS "tests/corpus/authored"
#define NOW    G_GINT64_CONSTANT(1795305600000000)
#define ACCEPT 0.65
#define TAG    0.35
#define NEAR   0.1

/* One message against one buyer. */
struct pair {
	double whole; /* decision value */
	double stems;
	double rank; /* of the one that was sorted by last */
};

struct figures {
	GArray *pairs; /* of struct pair */
	guint same;    /* column of the verdict matrix */
	guint near;
	guint near_same;
	guint far; /* two columns away */
	guint priorities;
};

static int
column(double probability)
{
	return probability >= ACCEPT ? 2 : probability >= TAG ? 1 : 0;
}

static void
compare(const struct model *model, struct reading *reading,
	const struct interest *interest, const struct imprint *imprint,
	struct figures *figures)
{
	struct vector vectors[2] = { { NULL, 0, 0 }, { NULL, 0, 0 } };
	int priorities[2];
	double p[2];
	struct pair pair = { 0 };

	relevance_vector(reading, interest, NOW, &vectors[0], &priorities[0],
			 NULL);
	sketch_vector(imprint->stems, imprint->n_stems, interest, NOW,
		      &vectors[1], &priorities[1]);
	g_assert_cmpuint(vectors[1].n, ==, relevance_count());
	pair.whole = model_decide(model, &vectors[0]);
	pair.stems = model_decide(model, &vectors[1]);
	g_assert_true(isfinite(pair.stems));
	p[0] = model_probability(model, pair.whole);
	p[1] = model_probability(model, pair.stems);
	figures->same += column(p[0]) == column(p[1]);
	figures->far += abs(column(p[0]) - column(p[1])) > 1;
	if (MAX(p[0], p[1]) >= NEAR) {
		figures->near++;
		figures->near_same += column(p[0]) == column(p[1]);
		figures->priorities += priorities[0] == priorities[1];
	}
	g_array_append_val(figures->pairs, pair);
	vector_clear(&vectors[0]);
	vector_clear(&vectors[1]);
}

static void
compare_mail(const struct model *model, const struct corpus_mail *row,
	     const GPtrArray *interests, struct figures *figures)
{
	g_autoptr(Config) config = config_default();
	g_autoptr(Imprint) imprint = imprint_new();
	g_autoptr(Reading) reading = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GArray) terms = NULL;
	g_autoptr(Mail) mail = NULL;
	gsize size;
	char *text;

	g_assert_true(g_file_get_contents(row->path, &text, &size, NULL));
	bytes = g_bytes_new_take(text, size);
	mail = mail_new(bytes, &config->limits);
	reading = reading_new(mail);
	terms = terms_new(reading, 1u << TERM_STEM);
	imprint_set_stems(imprint, terms, model_background(model));
	for (guint i = 0; i < interests->len; i++)
		compare(model, reading, interests->pdata[i], imprint, figures);
}

static gint
by_whole(gconstpointer a, gconstpointer b)
{
	const struct pair *x = a;
	const struct pair *y = b;

	return (x->whole > y->whole) - (x->whole < y->whole);
}

static gint
by_stems(gconstpointer a, gconstpointer b)
{
	const struct pair *x = a;
	const struct pair *y = b;

	return (x->stems > y->stems) - (x->stems < y->stems);
}

static double
spearman(GArray *pairs)
{
	const double n = pairs->len;
	double squares = 0;

	g_array_sort(pairs, by_whole);
	for (guint i = 0; i < pairs->len; i++)
		g_array_index(pairs, struct pair, i).rank = i;
	g_array_sort(pairs, by_stems);
	for (guint i = 0; i < pairs->len; i++)
		squares +=
			pow(g_array_index(pairs, struct pair, i).rank - i, 2);
	return 1 - 6 * squares / (n * (n * n - 1));
}

static void
interest_destroy(gpointer data)
{
	interest_free(data);
}

static void
test_agreement(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) model = model_load("models", MODEL_RELEVANCE, &error);
	g_autoptr(Corpus) corpus = corpus_load(CORPUS, &error);
	g_autoptr(GPtrArray) interests =
		g_ptr_array_new_with_free_func(interest_destroy);
	g_autoptr(GArray) pairs =
		g_array_new(FALSE, FALSE, sizeof(struct pair));
	struct figures figures = { .pairs = pairs };
	double rank;

	g_assert_no_error(error);
	for (guint i = 0; i < corpus->profiles->len; i++)
		g_ptr_array_add(interests,
				interest_new(corpus->profiles->pdata[i],
					     model_background(model)));
	for (guint i = 0; i < corpus->mails->len; i++) {
		const struct corpus_mail *row = corpus->mails->pdata[i];

		if (corpus_kind_sells(row->kind))
			compare_mail(model, row, interests, &figures);
	}
	rank = spearman(pairs);
	g_test_message("%u pairs: rank correlation %.3f, same column %.4f; of "
		       "%u near ones %.3f, priority %.3f; two columns %u",
		       pairs->len, rank, (double)figures.same / pairs->len,
		       figures.near, (double)figures.near_same / figures.near,
		       (double)figures.priorities / figures.near, figures.far);
	g_assert_cmpfloat(rank, >, 0.88);
	g_assert_cmpfloat((double)figures.same / pairs->len, >, 0.99);
	g_assert_cmpfloat((double)figures.near_same / figures.near, >, 0.87);
	g_assert_cmpfloat((double)figures.priorities / figures.near, >, 0.96);
	g_assert_cmpuint(figures.far * 1000, <, pairs->len);
}

/* Nothing of a message, and terms of blocks that do not count. */
static void
test_nothing(void)
{
	static const struct term letters[] = { { 7, 1, TERM_LETTERS } };
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) model = model_load("models", MODEL_RELEVANCE, &error);
	g_autoptr(Corpus) corpus = corpus_load(CORPUS, &error);
	g_autoptr(Interest) interest = NULL;
	struct vector vectors[2] = { { NULL, 0, 0 }, { NULL, 0, 0 } };
	int priority;

	g_assert_no_error(error);
	interest = interest_new(corpus->profiles->pdata[0],
				model_background(model));
	sketch_vector(NULL, 0, interest, NOW, &vectors[0], &priority);
	sketch_vector(letters, 1, interest, NOW, &vectors[1], &priority);
	for (guint i = 0; i < vectors[0].n; i++)
		g_assert_cmpfloat(vectors[0].items[i].value, ==,
				  vectors[1].items[i].value);
	g_assert_cmpfloat(
		model_probability(model, model_decide(model, &vectors[0])), <,
		TAG);
	vector_clear(&vectors[0]);
	vector_clear(&vectors[1]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sketch/agrees-with-the-whole-text", test_agreement);
	g_test_add_func("/sketch/of-nothing", test_nothing);
	return g_test_run();
}
