#include "training_private.h"

#include <math.h>
#include <string.h>

#include "crossval_private.h"

void
training_init(struct training *training, enum model_kind kind, guint room)
{
	memset(training, 0, sizeof *training);
	training->kind = kind;
	training->room = room;
	training->x = g_new0(const struct vector *, room + 1);
	training->y = g_new0(gboolean, room + 1);
	training->group = g_new0(guint, room + 1);
	training->sample = g_new0(guint, room + 1);
	training->names = g_new0(const char *, room + 1);
	training->sources = g_new0(const char *, room + 1);
	training->decisions = g_new0(double, room + 1);
	training->groups =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void
training_clear(struct training *training)
{
	for (guint i = 0; i < training->n_owned; i++)
		vector_clear(&training->owned[i]);
	g_free(training->owned);
	g_free(training->x);
	g_free(training->y);
	g_free(training->group);
	g_free(training->sample);
	g_free(training->names);
	g_free(training->sources);
	g_free(training->decisions);
	g_clear_pointer(&training->groups, g_hash_table_unref);
	svm_examples_free(training->examples);
	folds_clear(&training->folds);
	background_free(training->background);
}

void
training_add(struct training *training, const struct training_example *example)
{
	guint at = training->n++;

	g_assert(at < training->room);
	training->x[at] = example->vector;
	training->y[at] = example->positive;
	training->group[at] = group_number(training->groups, example->group);
	training->sample[at] = example->sample;
	training->names[at] = example->group;
	training->sources[at] = example->source;
}

struct crossval_data
training_data(const struct training *training)
{
	return (struct crossval_data){ training->examples, training->x,
				       training->y, training->group,
				       training->n };
}

gboolean
training_decide(struct training *training, crossval_progress progress,
		gpointer user, struct linear **linears, GError **error)
{
	struct crossval_data data;
	struct crossval_run run = { .data = &data,
				    .setting = &training->setting,
				    .folds = &training->folds,
				    .progress = progress,
				    .user = user };

	if (!folds_spread(training->y, training->group, training->n,
			  &training->folds, error))
		return FALSE;
	training->examples =
		svm_examples_new(training->x, training->y, training->n);
	data = training_data(training);
	if (linears != NULL)
		run.linears = *linears =
			g_new0(struct linear, training->folds.n);
	return crossval_run(&run, training->decisions, error);
}

/* The scored examples of one source or group (NULL: of all) in `scored`. */
static guint
select_scored(const struct training *training, const char *source,
	      const char *group, struct scored *scored)
{
	guint n = 0;

	for (guint i = 0; i < training->n; i++) {
		if ((source != NULL &&
		     strcmp(training->sources[i], source) != 0) ||
		    (group != NULL && strcmp(training->names[i], group) != 0))
			continue;
		scored[n++] =
			(struct scored){ training->decisions[i], training->y[i],
					 training->group[i] };
	}
	return n;
}

/* NaN when the group is too small to tell. */
static double
auc_of_group(const struct training *training, const char *group)
{
	g_autofree struct scored *scored =
		g_new(struct scored, training->n + 1);
	guint n = select_scored(training, NULL, group, scored);
	guint positive = 0;

	for (guint i = 0; i < n; i++)
		positive += scored[i].positive ? 1 : 0;
	if (n < TRAINING_GROUP_MIN || positive < TRAINING_CLASS_MIN ||
	    n - positive < TRAINING_CLASS_MIN)
		return NAN;
	return metrics_auc(scored, n).value;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

/* Each group's own AUC, then their mean with its interval. */
static void
measure_groups(const struct training *training, struct card *card)
{
	GList *names =
		g_list_sort(g_hash_table_get_keys(training->groups), by_name);
	g_autofree double *values = g_new(double, g_list_length(names) + 1);
	guint n = 0;

	for (GList *at = names; at != NULL; at = at->next) {
		struct estimate own = { auc_of_group(training, at->data), NAN,
					NAN };
		g_autofree char *name =
			g_strdup_printf("auc-%s", (const char *)at->data);

		if (isnan(own.value))
			continue;
		card_add_metric(card, name, own);
		values[n++] = own.value;
	}
	g_list_free(names);
	if (n >= 2)
		card_add_metric(card, "auc-mean-of-groups",
				metrics_mean(values, n));
}

/* Every source by itself, in order of name. */
static void
measure_sources(const struct training *training, struct card *card)
{
	g_autofree struct scored *scored =
		g_new(struct scored, training->n + 1);
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	GList *names;

	for (guint i = 0; i < training->n; i++)
		g_hash_table_add(seen, g_strdup(training->sources[i]));
	names = g_list_sort(g_hash_table_get_keys(seen), by_name);
	for (GList *at = names; at != NULL; at = at->next) {
		guint n = select_scored(training, at->data, NULL, scored);
		g_autofree char *name =
			g_strdup_printf("auc-%s", (const char *)at->data);

		card_add_metric(card, name, metrics_auc(scored, n));
		g_string_append_printf(text, "%s%s %u",
				       text->len > 0 ? ", " : "",
				       (const char *)at->data, n);
	}
	g_list_free(names);
	g_free(card->sources);
	card->sources = g_strdup(text->str);
}

void
training_measure(const struct training *training, double threshold,
		 struct card *card)
{
	g_autofree struct scored *scored =
		g_new(struct scored, training->n + 1);
	guint n = select_scored(training, NULL, NULL, scored);
	struct estimate error = { 0, NAN, NAN };
	struct metrics_point point;

	card->sigmoid = sigmoid_fit(training->decisions, training->y, n);
	card->examples = n;
	card->groups = g_hash_table_size(training->groups);
	for (guint i = 0; i < n; i++) {
		scored[i].score =
			sigmoid_apply(&card->sigmoid, scored[i].score);
		card->positive += scored[i].positive ? 1 : 0;
	}
	card_add_metric(card, "auc-pooled", metrics_auc(scored, n));
	point = metrics_at(scored, n, threshold);
	card_add_metric(card, "precision-at-threshold", point.precision);
	card_add_metric(card, "recall-at-threshold", point.recall);
	error.value = metrics_calibration(scored, n);
	card_add_metric(card, "calibration-error", error);
	measure_sources(training, card);
	measure_groups(training, card);
}
