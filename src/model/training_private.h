/*
 * One kind of model in the making: its examples, the decision values that
 * models gave which had not seen their group, and the figures made of them.
 */
#ifndef MODEL_TRAINING_PRIVATE_H
#define MODEL_TRAINING_PRIVATE_H

#include <glib.h>

#include "features/background.h"
#include "model/card.h"
#include "svm_private.h"

struct training {
	enum model_kind kind;
	guint n;
	guint room;
	const struct vector **x;
	gboolean *y;
	guint *group;
	const char **names;   /* the group's name of each example, borrowed */
	const char **sources; /* borrowed */
	GHashTable *groups;   /* name -> number */
	double *decisions;
	struct background *background;
	struct vector *owned; /* vectors made here; NULL: others' */
	guint n_owned;
};

void training_init(struct training *training, enum model_kind kind, guint room);
void training_clear(struct training *training);

/* Borrows all it is given. */
void training_add(struct training *training, const struct vector *vector,
		  gboolean positive, const char *group, const char *source);

/*
 * Fits the card's sigmoid on the decisions and adds the figures; `threshold`
 * is the probability at which precision and recall are told.
 */
void training_measure(const struct training *training, double threshold,
		      struct card *card);

#endif
