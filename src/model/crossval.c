#include "crossval_private.h"

#include "model/model.h"

#define SHARED_FOLDS 5
#define OWN_FOLD_MIN 40 /* examples of a group that is a fold of its own */
#define THREADS_MAX  4

/* What the folds' threads share; `lock` guards what is written. */
struct crossval {
	const struct crossval_data *data;
	const struct svm_setting *setting;
	const guint *fold_of; /* of each group */
	guint folds;
	crossval_progress progress;
	gpointer user;
	GMutex lock;
	guint done;
	double *decisions;
	GError *error;
};

guint
group_number(GHashTable *groups, const char *name)
{
	gpointer place;

	if (g_hash_table_lookup_extended(groups, name, NULL, &place))
		return GPOINTER_TO_UINT(place);
	place = GUINT_TO_POINTER(g_hash_table_size(groups));
	g_hash_table_insert(groups, g_strdup(name), place);
	return GPOINTER_TO_UINT(place);
}

/* What the groups have, and where they go. */
struct groups {
	guint n;
	guint *members;
	guint8 *classes; /* bits: 1 some outside the class, 2 some of it */
	guint *fold_of;
};

static void
groups_open(struct groups *groups, const struct crossval_data *data)
{
	groups->n = 0;
	for (guint i = 0; i < data->n; i++)
		groups->n = MAX(groups->n, data->group[i] + 1);
	groups->members = g_new0(guint, groups->n + 1);
	groups->classes = g_new0(guint8, groups->n + 1);
	groups->fold_of = g_new0(guint, groups->n + 1);
	for (guint i = 0; i < data->n; i++) {
		groups->members[data->group[i]]++;
		groups->classes[data->group[i]] |= data->y[i] ? 2 : 1;
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
	guint next = SHARED_FOLDS;
	guint shared = 0;

	for (guint pass = 0; pass < (by_class ? G_N_ELEMENTS(order) : 1);
	     pass++)
		for (guint i = 0; i < groups->n; i++)
			if (!by_class || groups->classes[i] == order[pass])
				groups->fold_of[i] =
					groups->members[i] >= OWN_FOLD_MIN
						? next++
						: shared++ % SHARED_FOLDS;
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

/* A fold may be empty when few groups share folds: nothing to do then. */
static gboolean
fold_decide(const struct crossval *run, guint fold, GError **error)
{
	const struct crossval_data *data = run->data;
	g_autofree guint *use = g_new(guint, data->n + 1);
	struct linear linear = { NULL, 0, 0 };
	guint n = 0;

	for (guint i = 0; i < data->n; i++)
		if (run->fold_of[data->group[i]] != fold)
			use[n++] = i;
	if (n == data->n)
		return TRUE;
	if (!svm_fit(data->examples, use, n, run->setting, &linear, error))
		return FALSE;
	for (guint i = 0; i < data->n; i++)
		if (run->fold_of[data->group[i]] == fold)
			run->decisions[i] =
				vector_dot(data->x[i], linear.w, linear.size) +
				linear.bias;
	linear_clear(&linear);
	return TRUE;
}

static void
fold_run(gpointer number, gpointer shared)
{
	struct crossval *run = shared;
	GError *error = NULL;

	fold_decide(run, GPOINTER_TO_UINT(number) - 1, &error);
	g_mutex_lock(&run->lock);
	if (error != NULL && run->error == NULL)
		run->error = g_steal_pointer(&error);
	run->done++;
	if (run->progress != NULL)
		run->progress(run->done, run->folds, run->user);
	g_mutex_unlock(&run->lock);
	g_clear_error(&error);
}

static gboolean
folds_run(struct crossval *run, GError **error)
{
	gint threads = (gint)MIN(g_get_num_processors(), THREADS_MAX);
	GThreadPool *pool;

	g_mutex_init(&run->lock);
	pool = g_thread_pool_new(fold_run, run, threads, FALSE, NULL);
	for (guint i = 0; i < run->folds; i++)
		g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	g_mutex_clear(&run->lock);
	if (run->error == NULL)
		return TRUE;
	g_propagate_error(error, run->error);
	return FALSE;
}

gboolean
crossval_decide(const struct crossval_data *data,
		const struct svm_setting *setting, crossval_progress progress,
		gpointer user, double *decisions, GError **error)
{
	struct groups groups;
	struct crossval run = { .data = data,
				.setting = setting,
				.progress = progress,
				.user = user,
				.decisions = decisions };
	gboolean done = FALSE;

	groups_open(&groups, data);
	if (groups_suffice(&groups, error)) {
		run.folds = groups_spread(&groups, FALSE);
		if (class_clumps(&groups, 1) || class_clumps(&groups, 2))
			run.folds = groups_spread(&groups, TRUE);
		run.fold_of = groups.fold_of;
		done = folds_run(&run, error);
	}
	groups_close(&groups);
	return done;
}
