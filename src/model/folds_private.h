/*
 * Which group is held out when: groups (authors, senders, buyers) stay
 * together, so no model meets an author it is asked about. Large groups are a
 * fold of their own, small ones share folds.
 */
#ifndef MODEL_FOLDS_PRIVATE_H
#define MODEL_FOLDS_PRIVATE_H

#include <glib.h>

#define FOLDS_SHARED 5
#define FOLDS_OWN    40 /* examples of a group that is a fold of its own */

struct folds {
	guint n;   /* some may be empty */
	guint *of; /* the fold of each group */
};

/*
 * `y` and `group` (numbers from 0) have n places. Every fold leaves both
 * classes to train on, which takes two groups that have each: with one, what
 * is left to measure when it is held out is of the other class alone. Errors:
 * MODEL_ERROR_DATA when a class comes from fewer than two groups.
 */
gboolean folds_spread(const gboolean *y, const guint *group, guint n,
		      struct folds *folds, GError **error);
void folds_clear(struct folds *folds);

#endif
