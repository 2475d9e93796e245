#include "folds_private.h"

#include "model/model.h"

/* What the groups have, and where they go. */
struct groups {
	guint n;
	guint *members;
	guint8 *classes; /* bits: 1 some outside the class, 2 some of it */
	guint *fold_of;	 /* the caller's in the end */
};

static void
groups_open(struct groups *groups, const gboolean *y, const guint *group,
	    guint n)
{
	groups->n = 0;
	for (guint i = 0; i < n; i++)
		groups->n = MAX(groups->n, group[i] + 1);
	groups->members = g_new0(guint, groups->n + 1);
	groups->classes = g_new0(guint8, groups->n + 1);
	groups->fold_of = g_new0(guint, groups->n + 1);
	for (guint i = 0; i < n; i++) {
		groups->members[group[i]]++;
		groups->classes[group[i]] |= y[i] ? 2 : 1;
	}
}

static void
groups_close(struct groups *groups)
{
	g_free(groups->members);
	g_free(groups->classes);
	g_free(groups->fold_of);
}

/* A class that only one group has is not there when that one is held out. */
static gboolean
groups_suffice(const struct groups *groups, GError **error)
{
	guint has[2] = { 0, 0 };

	for (guint i = 0; i < groups->n; i++) {
		has[0] += groups->classes[i] & 1 ? 1 : 0;
		has[1] += groups->classes[i] & 2 ? 1 : 0;
	}
	if (has[0] >= 2 && has[1] >= 2)
		return TRUE;
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_DATA,
		    "examples of the class come from %u and others from %u "
		    "authors or buyers: two of each are needed, to measure on "
		    "one that was not seen",
		    has[1], has[0]);
	return FALSE;
}

/*
 * Puts each group into a fold; returns how many folds there are. By class:
 * groups with one class alone go first and last, those with both between, so
 * that the groups that have a class follow one another.
 */
static guint
groups_spread(const struct groups *groups, gboolean by_class)
{
	static const guint8 order[] = { 2, 3, 1 };
	guint next = FOLDS_SHARED;
	guint shared = 0;

	for (guint pass = 0; pass < (by_class ? G_N_ELEMENTS(order) : 1);
	     pass++)
		for (guint i = 0; i < groups->n; i++)
			if (!by_class || groups->classes[i] == order[pass])
				groups->fold_of[i] =
					groups->members[i] >= FOLDS_OWN
						? next++
						: shared++ % FOLDS_SHARED;
	return next;
}

/* Whether all groups that have the class are in one fold. */
static gboolean
class_clumps(const struct groups *groups, guint8 class)
{
	guint fold = G_MAXUINT;

	for (guint i = 0; i < groups->n; i++) {
		if (!(groups->classes[i] & class))
			continue;
		if (fold != G_MAXUINT && groups->fold_of[i] != fold)
			return FALSE;
		fold = groups->fold_of[i];
	}
	return TRUE;
}

gboolean
folds_spread(const gboolean *y, const guint *group, guint n,
	     struct folds *folds, GError **error)
{
	struct groups groups;
	gboolean done;

	groups_open(&groups, y, group, n);
	done = groups_suffice(&groups, error);
	if (done) {
		folds->n = groups_spread(&groups, FALSE);
		if (class_clumps(&groups, 1) || class_clumps(&groups, 2))
			folds->n = groups_spread(&groups, TRUE);
		folds->of = g_steal_pointer(&groups.fold_of);
	}
	groups_close(&groups);
	return done;
}

void
folds_clear(struct folds *folds)
{
	g_clear_pointer(&folds->of, g_free);
	folds->n = 0;
}
