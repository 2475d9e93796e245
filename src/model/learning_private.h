/* How much of the other groups' mail is needed to judge an unseen one. */
#ifndef MODEL_LEARNING_PRIVATE_H
#define MODEL_LEARNING_PRIVATE_H

#include <glib.h>

#include "model/evaluation.h"
#include "training_private.h"

#define LEARNING_DRAWS 3

/* Draws are counted from 1 to the total. */
typedef void (*learning_progress)(guint done, guint total, gpointer user);

/*
 * Fills evaluation->learning: the models of all folds again, trained on 10,
 * 25, 50 and 100 % of their mail, three draws by fixed seeds (a larger part
 * holds the smaller ones). A part in which a class is missing is left out.
 */
void learning_measure(const struct training *training,
		      learning_progress progress, gpointer user,
		      struct evaluation *evaluation);

/*
 * The mean AUC of the groups that are large enough to tell; of all together
 * where none is.
 */
double learning_mean(const struct training *training, const double *decisions);

#endif
