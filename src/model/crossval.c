#include "crossval_private.h"

#define THREADS_MAX 4

/* What the folds' threads share; `lock` guards what is written. */
struct crossval {
	const struct crossval_run *run;
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

/* What the model of a fold may learn from; FALSE when the fold is empty. */
static gboolean
fold_others(const struct crossval_run *run, guint fold, guint *use, guint *n)
{
	const struct crossval_data *data = run->data;
	gboolean empty = TRUE;

	*n = 0;
	for (guint i = 0; i < data->n; i++) {
		if (run->folds->of[data->group[i]] == fold)
			empty = FALSE;
		else if (run->use == NULL || run->use[i])
			use[(*n)++] = i;
	}
	return !empty;
}

/* A fold may be empty when few groups share folds: nothing to do then. */
static gboolean
fold_decide(const struct crossval *shared, guint fold, GError **error)
{
	const struct crossval_run *run = shared->run;
	const struct crossval_data *data = run->data;
	g_autofree guint *use = g_new(guint, data->n + 1);
	struct linear linear = { NULL, 0, 0 };
	guint n;

	if (!fold_others(run, fold, use, &n))
		return TRUE;
	if (!svm_fit(data->examples, use, n, run->setting, &linear, error))
		return FALSE;
	for (guint i = 0; i < data->n; i++)
		if (run->folds->of[data->group[i]] == fold)
			shared->decisions[i] =
				vector_dot(data->x[i], linear.w, linear.size) +
				linear.bias;
	if (run->linears != NULL)
		run->linears[fold] = linear;
	else
		linear_clear(&linear);
	return TRUE;
}

static void
fold_run(gpointer number, gpointer data)
{
	struct crossval *shared = data;
	const struct crossval_run *run = shared->run;
	GError *error = NULL;

	fold_decide(shared, GPOINTER_TO_UINT(number) - 1, &error);
	g_mutex_lock(&shared->lock);
	if (error != NULL && shared->error == NULL)
		shared->error = g_steal_pointer(&error);
	shared->done++;
	if (run->progress != NULL)
		run->progress(shared->done, run->folds->n, run->user);
	g_mutex_unlock(&shared->lock);
	g_clear_error(&error);
}

gboolean
crossval_run(const struct crossval_run *run, double *decisions, GError **error)
{
	struct crossval shared = { .run = run, .decisions = decisions };
	gint threads = (gint)MIN(g_get_num_processors(), THREADS_MAX);
	GThreadPool *pool;

	g_mutex_init(&shared.lock);
	pool = g_thread_pool_new(fold_run, &shared, threads, FALSE, NULL);
	for (guint i = 0; i < run->folds->n; i++)
		g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	g_mutex_clear(&shared.lock);
	if (shared.error == NULL)
		return TRUE;
	g_propagate_error(error, shared.error);
	return FALSE;
}

gboolean
crossval_decide(const struct crossval_data *data,
		const struct svm_setting *setting, crossval_progress progress,
		gpointer user, double *decisions, GError **error)
{
	struct folds folds = { 0, NULL };
	const struct crossval_run run = { .data = data,
					  .setting = setting,
					  .folds = &folds,
					  .progress = progress,
					  .user = user };
	gboolean done;

	done = folds_spread(data->y, data->group, data->n, &folds, error) &&
	       crossval_run(&run, decisions, error);
	folds_clear(&folds);
	return done;
}
