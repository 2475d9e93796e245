#include "adapt_private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "parts_private.h"

#define PROBES	       4
#define PROBE_FEATURES 24

struct adapter {
	gint refs;
	struct card *card; /* NULL: neither loaded nor saved */
	double logit_weight;
	double bias;
	guint n;
	guint32 *buckets; /* rising */
	float *weights;
};

static void
adapter_take(struct adapter *adapter, const struct linear *linear)
{
	guint n = 0;

	for (guint i = 0; i < TERM_BUCKETS; i++)
		n += linear->w[i] < 0 || linear->w[i] > 0;
	adapter->logit_weight = (double)linear->w[TERM_BUCKETS];
	adapter->bias = linear->bias;
	adapter->buckets = g_new(guint32, n + 1);
	adapter->weights = g_new(float, n + 1);
	for (guint i = 0; i < TERM_BUCKETS; i++) {
		if (!(linear->w[i] < 0 || linear->w[i] > 0))
			continue;
		adapter->buckets[adapter->n] = i;
		adapter->weights[adapter->n++] = linear->w[i];
	}
}

struct adapter *
adapter_new(const struct linear *linear)
{
	struct adapter *adapter = g_new0(struct adapter, 1);

	adapter->refs = 1;
	g_assert(linear->size == ADAPT_SIZE);
	adapter_take(adapter, linear);
	return adapter;
}

struct adapter *
adapter_ref(struct adapter *adapter)
{
	g_atomic_int_inc(&adapter->refs);
	return adapter;
}

void
adapter_free(struct adapter *adapter)
{
	if (adapter == NULL || !g_atomic_int_dec_and_test(&adapter->refs))
		return;
	g_clear_pointer(&adapter->card, card_free);
	g_free(adapter->buckets);
	g_free(adapter->weights);
	g_free(adapter);
}

double
adapter_weight(const struct adapter *adapter, guint32 bucket)
{
	guint low = 0;
	guint high = adapter->n;

	while (low < high) {
		const guint middle = low + (high - low) / 2;

		if (adapter->buckets[middle] < bucket)
			low = middle + 1;
		else
			high = middle;
	}
	return low < adapter->n && adapter->buckets[low] == bucket
		       ? (double)adapter->weights[low]
		       : 0;
}

double
adapter_bias(const struct adapter *adapter)
{
	return adapter->bias;
}

const struct card *
adapter_card(const struct adapter *adapter)
{
	return adapter->card;
}

double
adapter_decide(const struct adapter *adapter, double logit,
	       const struct vector *stems)
{
	double sum = adapter->logit_weight * logit + adapter->bias;

	for (guint i = 0; i < stems->n; i++)
		sum += adapter_weight(adapter, stems->items[i].index) *
		       (double)stems->items[i].value;
	return sum;
}

double
adapter_judge(const struct adapter *adapter,
	      const struct background *background,
	      const struct imprint *imprint, double logit)
{
	struct vector stems = { NULL, 0, 0 };
	double decision;

	adapt_stems(imprint->stems, imprint->n_stems, background, &stems);
	decision = adapter_decide(adapter, logit, &stems);
	vector_clear(&stems);
	return decision;
}

/* As a vector of weights that are there, for libsvm's file. */
static void
linear_make(const struct adapter *adapter, struct linear *linear)
{
	linear->w = g_new0(float, ADAPT_SIZE);
	linear->size = ADAPT_SIZE;
	linear->bias = adapter->bias;
	for (guint i = 0; i < adapter->n; i++)
		linear->w[adapter->buckets[i]] = adapter->weights[i];
	linear->w[TERM_BUCKETS] = (float)adapter->logit_weight;
}

/* Some of the heaviest places and some that weigh nothing, at both logits. */
static void
probes_take(const struct adapter *adapter, struct card *card)
{
	const guint step = MAX(adapter->n / (PROBES * PROBE_FEATURES), 1);
	guint at = 0;

	card->n_probes = PROBES;
	for (guint i = 0; i < PROBES; i++) {
		struct vector *vector = &card->probes[i].vector;

		vector_clear(vector);
		for (guint k = 0; k < PROBE_FEATURES && at < adapter->n;
		     k++, at += step)
			vector_add(vector, adapter->buckets[at], 0.125f);
		vector_add(vector, TERM_BUCKETS, i % 2 == 0 ? 1.0f : -1.0f);
	}
}

static gboolean
probes_decide(struct card *card, GBytes *svm, GError **error)
{
	struct svm_probe probes[CARD_PROBES_MAX];
	struct linear linear = { NULL, 0, 0 };

	for (guint i = 0; i < card->n_probes; i++)
		probes[i].vector = &card->probes[i].vector;
	if (!svm_read(svm, ADAPT_SIZE, probes, card->n_probes, &linear, error))
		return FALSE;
	linear_clear(&linear);
	for (guint i = 0; i < card->n_probes; i++)
		card->probes[i].decision = probes[i].decision;
	return TRUE;
}

/*
 * Of the weights and of what decides where they serve: the same weights for
 * other starters or other members are another model.
 */
static char *
card_digest(const struct card *card)
{
	const struct card_adapts *adapts = &card->adapts;
	g_autoptr(GString) text = g_string_new(card->sha_model);

	g_string_append_printf(text, "\n%s\n%" G_GINT64_FORMAT "\n",
			       adapts->starters, adapts->learned_us);
	for (char **id = adapts->members; id != NULL && *id != NULL; id++)
		g_string_append_printf(text, "%s\n", *id);
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str,
					     (gssize)text->len);
}

static void
card_complete(struct card *card, GBytes *svm)
{
	g_autofree char *digest = NULL;

	g_free(card->sha_model);
	card->sha_model = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, svm);
	digest = card_digest(card);
	g_free(card->id);
	card->id = g_strdup_printf("%s-%s-%.8s", card->adapts.whose,
				   model_kinds[card->kind], digest);
	card->features = ADAPT_VERSION;
	card->sigmoid = (struct sigmoid){ -1, 0 };
}

static gboolean
files_put(const char *folder, GBytes *svm, const struct card *card,
	  GError **error)
{
	g_autofree char *path = g_build_filename(folder, "model.svm", NULL);
	g_autofree char *card_path =
		g_build_filename(folder, "card.yaml", NULL);
	gsize size;
	const void *data = g_bytes_get_data(svm, &size);

	if (!folder_make(folder, error))
		return FALSE;
	if (g_chmod(folder, 0755) != 0)
		return error_set_errno(error, errno, "%s", folder);
	return file_replace(path, data, size, 0644, error) &&
	       card_save(card, card_path, error);
}

gboolean
adapter_save(const struct adapter *adapter, const char *folder,
	     struct card *card, GError **error)
{
	struct linear linear;
	g_autoptr(GBytes) svm = NULL;

	linear_make(adapter, &linear);
	svm = svm_format(&linear, error);
	linear_clear(&linear);
	if (svm == NULL)
		return FALSE;
	card_complete(card, svm);
	probes_take(adapter, card);
	return probes_decide(card, svm, error) &&
	       files_put(folder, svm, card, error);
}

static gboolean
card_fits(const struct card *card, const char *path, GError **error)
{
	if (card->adapts.starters == NULL) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "%s: a starter, must be of a buyer or a team",
			    path);
		return FALSE;
	}
	if (card->features != ADAPT_VERSION) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_VERSION,
			    "%s: made for features %d, this program has %d: "
			    "train it again",
			    path, (int)card->features, ADAPT_VERSION);
		return FALSE;
	}
	return TRUE;
}

static gboolean
load_weights(struct adapter *adapter, const char *folder, GError **error)
{
	struct linear linear = { NULL, 0, 0 };

	if (!parts_linear(folder, adapter->card, ADAPT_SIZE, &linear, error))
		return FALSE;
	adapter_take(adapter, &linear);
	linear_clear(&linear);
	return TRUE;
}

static struct adapter *
load_from(const char *own, GError **error)
{
	g_autofree char *path = g_build_filename(own, "card.yaml", NULL);
	g_autoptr(Adapter) adapter = g_new0(struct adapter, 1);

	adapter->refs = 1;
	adapter->card = card_load(path, error);
	if (adapter->card == NULL || !card_fits(adapter->card, path, error) ||
	    !load_weights(adapter, own, error))
		return NULL;
	return g_steal_pointer(&adapter);
}

struct adapter *
adapter_load(const char *folder, GError **error)
{
	g_autofree char *own = parts_folder(folder);
	g_autoptr(GError) local = NULL;
	struct adapter *adapter = load_from(own, &local);

	if (adapter == NULL && parts_moved(folder, &own)) {
		g_clear_error(&local);
		adapter = load_from(own, &local);
	}
	if (adapter == NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return adapter;
}
