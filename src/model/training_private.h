/*
 * One kind of model in the making: its examples, the decision values that
 * models gave which had not seen their group, and the figures made of them.
 */
#ifndef MODEL_TRAINING_PRIVATE_H
#define MODEL_TRAINING_PRIVATE_H

#include <glib.h>

#include "crossval_private.h"
#include "features/background.h"
#include "model/card.h"
#include "model/sample.h"
#include "svm_private.h"

/* A group's own AUC is told, and counts in the mean, from this size on. */
#define TRAINING_GROUP_MIN 20
#define TRAINING_CLASS_MIN 3

struct training {
	enum model_kind kind;
	struct svm_setting setting;
	guint n;
	guint room;
	const struct vector **x;
	gboolean *y;
	guint *group;
	guint *sample;	      /* place in samples, or of the pair in pairs */
	const char **names;   /* the group's name of each example, borrowed */
	const char **sources; /* borrowed */
	GHashTable *groups;   /* name -> number */
	double *decisions;
	struct background *background;
	struct svm_examples *examples; /* NULL before training_decide() */
	struct folds folds;
	struct vector *owned; /* vectors made here; NULL: others' */
	guint n_owned;
};

void training_init(struct training *training, enum model_kind kind, guint room);
void training_clear(struct training *training);

/*
 * Fills it with the examples of a kind, for training_clear() in any case.
 * Pairs are made anew in `samples`. Errors: BASE_ERROR_*.
 */
gboolean training_prepare(struct training *training, enum model_kind kind,
			  struct samples *samples, const GPtrArray *corpora,
			  GError **error);

/* What is added to a training: all borrowed. */
struct training_example {
	const struct vector *vector;
	gboolean positive;
	const char *group;
	const char *source;
	guint sample;
};

void training_add(struct training *training,
		  const struct training_example *example);

/* What cross-validation needs of it; after training_decide() began. */
struct crossval_data training_data(const struct training *training);

/*
 * Decides on every group unseen. `linears` (may be NULL) gets the model of
 * each fold, for the caller to free: an array of training->folds.n places.
 */
gboolean training_decide(struct training *training, crossval_progress progress,
			 gpointer user, struct linear **linears,
			 GError **error);

/*
 * Fits the card's sigmoid on the decisions and adds the figures; `threshold`
 * is the probability at which precision and recall are told.
 */
void training_measure(const struct training *training, double threshold,
		      struct card *card);

#endif
