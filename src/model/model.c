#include "model/model.h"

#include <string.h>

#include "base/file.h"
#include "features/outreach.h"
#include "features/relevance.h"
#include "model/card.h"
#include "model_private.h"
#include "parts_private.h"
#include "svm_private.h"

G_DEFINE_QUARK(pitchward - model - error - quark, model_error)

const char *const model_kinds[] = { "outreach", "relevance", NULL };

#define FILES 3

static const char *const files[FILES] = { "card.yaml", "model.svm",
					  "terms.idf" };

struct model {
	gint refs;
	char *own; /* its folder, links resolved */
	struct file_stamp stamps[FILES];
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
	if (model == NULL || !g_atomic_int_dec_and_test(&model->refs))
		return;
	g_free(model->own);
	g_clear_pointer(&model->card, card_free);
	g_clear_pointer(&model->background, background_free);
	linear_clear(&model->linear);
	g_free(model);
}

static gboolean
load_terms(struct model *model, const char *folder, GError **error)
{
	g_autoptr(GBytes) bytes =
		parts_read(folder, "terms.idf", model->card->sha_terms, error);

	if (bytes == NULL)
		return FALSE;
	model->background = background_new_from_bytes(bytes);
	if (model->background != NULL)
		return TRUE;
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
		    "%s/terms.idf: must have %u bytes", folder, TERM_BUCKETS);
	return FALSE;
}

static gboolean
card_fits(const struct card *card, enum model_kind kind, const char *path,
	  GError **error)
{
	if (card->adapts.starters != NULL) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "%s: made of the feedback of %s, must be a starter",
			    path, card->adapts.whose);
		return FALSE;
	}
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

static void
stamps_read(const char *own, struct file_stamp stamps[FILES])
{
	for (guint i = 0; i < FILES; i++) {
		g_autofree char *path = g_build_filename(own, files[i], NULL);

		stamps[i] = file_stamp_of(path);
	}
}

static gboolean
is_unchanged(const struct model *model, const char *own)
{
	struct file_stamp stamps[FILES];
	gboolean same = strcmp(model->own, own) == 0;

	stamps_read(own, stamps);
	for (guint i = 0; i < FILES; i++)
		same = same && file_stamp_same(&stamps[i], &model->stamps[i]);
	return same;
}

static struct model *
load_from(const char *own, enum model_kind kind, GError **error)
{
	g_autofree char *path = g_build_filename(own, "card.yaml", NULL);
	g_autoptr(Model) model = g_new0(struct model, 1);

	model->refs = 1;
	model->own = g_strdup(own);
	stamps_read(own, model->stamps);
	model->card = card_load(path, error);
	if (model->card == NULL || !card_fits(model->card, kind, path, error) ||
	    !parts_linear(own, model->card, model_shapes[kind].size,
			  &model->linear, error) ||
	    !load_terms(model, own, error))
		return NULL;
	return g_steal_pointer(&model);
}

struct model *
model_load_own(const char *folder, enum model_kind kind, GError **error)
{
	g_autofree char *own = parts_folder(folder);
	g_autoptr(GError) local = NULL;
	struct model *model = load_from(own, kind, &local);

	if (model == NULL && parts_moved(folder, &own)) {
		g_clear_error(&local);
		model = load_from(own, kind, &local);
	}
	if (model == NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return model;
}

struct model *
model_load_since(const char *folder, enum model_kind kind, struct model *before,
		 GError **error)
{
	g_autofree char *place =
		g_build_filename(folder, model_kinds[kind], NULL);
	g_autofree char *own = parts_folder(place);

	if (before == NULL || !is_unchanged(before, own))
		return model_load_own(place, kind, error);
	g_atomic_int_inc(&before->refs);
	return before;
}

struct model *
model_load(const char *folder, enum model_kind kind, GError **error)
{
	return model_load_since(folder, kind, NULL, error);
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
