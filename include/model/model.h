/*
 * A trained classifier: libsvm's model file beside its card.
 *
 * A model is a folder with model.svm, terms.idf (the background its features
 * were weighted by) and card.yaml. Loading checks the card's own checksum, its
 * SHA-256 of the other two, and the form of model.svm before libsvm sees a
 * byte (it trusts its input); then it folds the linear model to one weight
 * vector (w = sum of alpha_i y_i x_i) and checks that it gives the decision
 * values that the trainer wrote into the card for the probe vectors. libsvm
 * changes the locale and keeps static state: loads are serialised here and
 * belong outside callbacks. Immutable once loaded; thread-safe.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <glib.h>

#include "features/background.h"
#include "features/vector.h"

#define MODEL_ERROR (model_error_quark())

enum model_error {
	MODEL_ERROR_ABSENT,  /* no such model */
	MODEL_ERROR_BROKEN,  /* checksum, form or probes are wrong */
	MODEL_ERROR_VERSION, /* made for other features */
	MODEL_ERROR_DATA,    /* too little or one-sided data to train on */
	MODEL_ERROR_REFUSED  /* trained, but it may not serve */
};

GQuark model_error_quark(void);

enum model_kind { MODEL_OUTREACH, MODEL_RELEVANCE };

/* "outreach", "relevance": the name of the folder too. */
extern const char *const model_kinds[];

struct model;
typedef struct model Model; /* for g_autoptr(Model) */

/*
 * Loads FOLDER/outreach or FOLDER/relevance. Errors: MODEL_ERROR_ABSENT when
 * there is no card, else MODEL_ERROR_BROKEN or _VERSION; the message names the
 * file and what is wrong with it. BASE_ERROR_IO when the system has no memory
 * to load it in.
 */
struct model *model_load(const char *folder, enum model_kind kind,
			 GError **error);

/* The same of a model's own folder, wherever it is. */
struct model *model_load_own(const char *folder, enum model_kind kind,
			     GError **error);

/*
 * The same as model_load(), but that `before` (may be NULL) is shared when it
 * is of the same folder and none of its files changed since it was read.
 */
struct model *model_load_since(const char *folder, enum model_kind kind,
			       struct model *before, GError **error);

/* One owner less, in any thread; of the last, all of it. */
void model_free(struct model *model);

/* The background to weight terms by; borrowed. */
const struct background *model_background(const struct model *model);

/* The card it was loaded with; borrowed (model/card.h). */
struct card;
const struct card *model_card(const struct model *model);

/* The card's id, as in logs and headers of the command line; borrowed. */
const char *model_id(const struct model *model);

/* The decision value: positive leans to the class (outreach, relevant). */
double model_decide(const struct model *model, const struct vector *vector);

/* The calibrated probability of a decision value, 0..1, rising with it. */
double model_probability(const struct model *model, double decision);

/* One feature's weight in the decision value, and the constant part. */
double model_weight(const struct model *model, guint index);
double model_bias(const struct model *model);

/*
 * Where models are looked for, best first: `given` (--models), the
 * environment's PITCHWARD_MODELS, the configuration's folder, models/ of the
 * source tree the program was built in and runs from, the installed place.
 * The first that has a folder "outreach"; the caller's. MODEL_ERROR_ABSENT
 * lists the places looked at.
 */
char *model_folder_find(const char *given, const char *configured,
			GError **error);

/*
 * The folder whose models may be changed: `given`, else PITCHWARD_MODELS, else
 * the configuration's, whether it is there or not; never the source tree or
 * the installed place. The caller's.
 */
char *model_folder_own(const char *given, const char *configured);

/*
 * Where the starters lie that came with the programs: the source tree, or the
 * installed place; NULL when neither has any. The caller's.
 */
char *model_folder_shipped(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Model, model_free)

#endif
