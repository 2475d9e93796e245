#include "crossval_private.h"

#define SHARED_FOLDS 5
#define OWN_FOLD_MIN 40 /* examples of a group that is a fold of its own */
#define THREADS_MAX  4

/* What the folds' threads share; `lock` guards what is written. */
struct crossval {
	const struct crossval_data *data;
	double cost;
	guint size;
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

/* The fold of each group: the caller's; `folds` says how many there are. */
static guint *
folds_new(const struct crossval_data *data, guint *folds)
{
	guint groups = 0;
	guint next = SHARED_FOLDS;
	guint shared = 0;
	guint *fold_of;
	g_autofree guint *members = NULL;

	for (guint i = 0; i < data->n; i++)
		groups = MAX(groups, data->group[i] + 1);
	members = g_new0(guint, groups + 1);
	fold_of = g_new0(guint, groups + 1);
	for (guint i = 0; i < data->n; i++)
		members[data->group[i]]++;
	for (guint i = 0; i < groups; i++)
		fold_of[i] = members[i] >= OWN_FOLD_MIN
				     ? next++
				     : shared++ % SHARED_FOLDS;
	*folds = next;
	return fold_of;
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
	if (!svm_fit(data->examples, use, n, data->y, run->cost, run->size,
		     &linear, error))
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

gboolean
crossval_decide(const struct crossval_data *data, double cost, guint size,
		crossval_progress progress, gpointer user, double *decisions,
		GError **error)
{
	struct crossval run = { .data = data,
				.cost = cost,
				.size = size,
				.progress = progress,
				.user = user,
				.decisions = decisions };
	g_autofree guint *fold_of = folds_new(data, &run.folds);
	gint threads = (gint)MIN(g_get_num_processors(), THREADS_MAX);
	GThreadPool *pool;

	run.fold_of = fold_of;
	g_mutex_init(&run.lock);
	pool = g_thread_pool_new(fold_run, &run, threads, FALSE, NULL);
	for (guint i = 0; i < run.folds; i++)
		g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	g_mutex_clear(&run.lock);
	if (run.error == NULL)
		return TRUE;
	g_propagate_error(error, run.error);
	return FALSE;
}
