#include "model/model.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "features/outreach.h"
#include "features/relevance.h"
#include "model/card.h"
#include "model_private.h"
#include "svm_private.h"

#define PROBE_TOLERANCE 1e-5 /* float weights against libsvm's doubles */

G_DEFINE_QUARK(pitchward - model - error - quark, model_error)

const char *const model_kinds[] = { "outreach", "relevance", NULL };

struct model {
	struct card *card;
	struct linear linear;
	struct background *background;
};

const struct model_shape model_shapes[] = {
	[MODEL_OUTREACH] = { OUTREACH_SIZE, OUTREACH_VERSION },
	[MODEL_RELEVANCE] = { RELEVANCE_SIZE, RELEVANCE_VERSION },
};

void
model_free(struct model *model)
{
	if (model == NULL)
		return;
	g_clear_pointer(&model->card, card_free);
	g_clear_pointer(&model->background, background_free);
	linear_clear(&model->linear);
	g_free(model);
}

/* A file of the model's folder, once its digest is the one the card tells. */
static GBytes *
read_checked(const char *path, const char *digest, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = file_read(path, SVM_SIZE_MAX, &local);
	g_autofree char *found = NULL;

	if (bytes == NULL) {
		g_set_error_literal(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
				    local->message);
		return NULL;
	}
	found = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	if (strcmp(found, digest) == 0)
		return g_steal_pointer(&bytes);
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
		    "%s: its SHA-256 is not the card's: truncated, damaged or "
		    "not the file that was trained",
		    path);
	return NULL;
}

static gboolean
probes_agree(const struct model *model, const struct svm_probe *probes,
	     GError **error)
{
	const struct card *card = model->card;

	for (guint i = 0; i < card->n_probes; i++) {
		double ours = model_decide(model, &card->probes[i].vector);
		double told = card->probes[i].decision;
		double slack = PROBE_TOLERANCE * (1 + fabs(told));

		if (fabs(ours - told) <= slack &&
		    fabs(probes[i].decision - told) <= slack)
			continue;
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "probe %u gives %g here, %g by libsvm, %g when it "
			    "was trained",
			    i + 1, ours, probes[i].decision, told);
		return FALSE;
	}
	return TRUE;
}

static gboolean
load_linear(struct model *model, const char *folder, GError **error)
{
	const struct card *card = model->card;
	g_autofree char *path = g_build_filename(folder, "model.svm", NULL);
	g_autoptr(GBytes) bytes = read_checked(path, card->sha_model, error);
	struct svm_probe probes[CARD_PROBES_MAX];

	if (bytes == NULL)
		return FALSE;
	for (guint i = 0; i < card->n_probes; i++)
		probes[i].vector = &card->probes[i].vector;
	if (svm_read(bytes, model_shapes[card->kind].size, probes,
		     card->n_probes, &model->linear, error) &&
	    probes_agree(model, probes, error))
		return TRUE;
	g_prefix_error(error, "%s: ", path);
	return FALSE;
}

static gboolean
load_terms(struct model *model, const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "terms.idf", NULL);
	g_autoptr(GBytes) bytes =
		read_checked(path, model->card->sha_terms, error);

	if (bytes == NULL)
		return FALSE;
	model->background = background_new_from_bytes(bytes);
	if (model->background != NULL)
		return TRUE;
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
		    "%s: must have %u bytes", path, TERM_BUCKETS);
	return FALSE;
}

static gboolean
card_fits(const struct card *card, enum model_kind kind, const char *path,
	  GError **error)
{
	if (card->kind != kind) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "%s: of kind %s, must be %s", path,
			    model_kinds[card->kind], model_kinds[kind]);
		return FALSE;
	}
	if (card->features != model_shapes[kind].version) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_VERSION,
			    "%s: made for features %d, this program has %d: "
			    "train it again",
			    path, (int)card->features,
			    model_shapes[kind].version);
		return FALSE;
	}
	return TRUE;
}

struct model *
model_load(const char *folder, enum model_kind kind, GError **error)
{
	g_autofree char *own =
		g_build_filename(folder, model_kinds[kind], NULL);
	g_autofree char *path = g_build_filename(own, "card.yaml", NULL);
	g_autoptr(Model) model = g_new0(struct model, 1);

	model->card = card_load(path, error);
	if (model->card == NULL || !card_fits(model->card, kind, path, error) ||
	    !load_linear(model, own, error) || !load_terms(model, own, error))
		return NULL;
	return g_steal_pointer(&model);
}

const struct background *
model_background(const struct model *model)
{
	return model->background;
}

const struct card *
model_card(const struct model *model)
{
	return model->card;
}

const char *
model_id(const struct model *model)
{
	return model->card->id;
}

double
model_decide(const struct model *model, const struct vector *vector)
{
	return vector_dot(vector, model->linear.w, model->linear.size) +
	       model->linear.bias;
}

double
model_probability(const struct model *model, double decision)
{
	return sigmoid_apply(&model->card->sigmoid, decision);
}

double
model_weight(const struct model *model, guint index)
{
	return index < model->linear.size ? (double)model->linear.w[index] : 0;
}

double
model_bias(const struct model *model)
{
	return model->linear.bias;
}
