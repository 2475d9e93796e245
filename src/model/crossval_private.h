/*
 * Decision values for examples a model has not seen: one model a fold
 * (folds_private.h), trained on what the other folds hold.
 */
#ifndef MODEL_CROSSVAL_PRIVATE_H
#define MODEL_CROSSVAL_PRIVATE_H

#include <glib.h>

#include "folds_private.h"
#include "svm_private.h"

struct crossval_data {
	const struct svm_examples *examples;
	const struct vector *const *x; /* the same vectors */
	const gboolean *y;
	const guint *group; /* of each example, numbers from 0 */
	guint n;
};

/* Called from one thread at a time. */
typedef void (*crossval_progress)(guint done, guint total, gpointer user);

/* One run over given folds. */
struct crossval_run {
	const struct crossval_data *data;
	const struct svm_setting *setting;
	const struct folds *folds;
	const gboolean *use;	/* what may be trained on; NULL: everything */
	struct linear *linears; /* a place a fold, zeroes; NULL: not kept */
	crossval_progress progress; /* may be NULL */
	gpointer user;
};

/*
 * `decisions` has n places. Trains on as many threads as there are
 * processors, 4 at most. Errors: MODEL_ERROR_DATA when what may be used of the
 * other folds is of one class.
 */
gboolean crossval_run(const struct crossval_run *run, double *decisions,
		      GError **error);

/* Spreads the folds itself. Errors: those of both. */
gboolean crossval_decide(const struct crossval_data *data,
			 const struct svm_setting *setting,
			 crossval_progress progress, gpointer user,
			 double *decisions, GError **error);

/* A number for each distinct string, in order of appearance. */
guint group_number(GHashTable *groups, const char *name);

#endif
