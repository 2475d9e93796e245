/*
 * Decision values for examples a model has not seen: groups (authors,
 * senders, buyers) stay together, so no model meets an author it is asked
 * about. Large groups are a fold of their own, small ones share folds. Every
 * model sees both classes, which takes two groups that have each: with one,
 * what is left to measure when it is held out is of the other class alone.
 */
#ifndef MODEL_CROSSVAL_PRIVATE_H
#define MODEL_CROSSVAL_PRIVATE_H

#include <glib.h>

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

/*
 * `decisions` has n places. Trains on as many threads as there are
 * processors, 4 at most. Errors: MODEL_ERROR_DATA when a class comes from
 * fewer than two groups.
 */
gboolean crossval_decide(const struct crossval_data *data,
			 const struct svm_setting *setting,
			 crossval_progress progress, gpointer user,
			 double *decisions, GError **error);

/* A number for each distinct string, in order of appearance. */
guint group_number(GHashTable *groups, const char *name);

#endif
