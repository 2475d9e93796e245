#include "learning_private.h"

#include <math.h>

#define SEED 4711

static const guint percents[] = { 10, 25, 50, 100 };

/* NaN when a group has too few; `group` G_MAXUINT: all. */
static double
area_of(const struct training *training, const double *decisions, guint group)
{
	g_autofree struct scored *scored =
		g_new(struct scored, training->n + 1);
	guint positive = 0;
	guint n = 0;

	for (guint i = 0; i < training->n; i++) {
		if (group != G_MAXUINT && training->group[i] != group)
			continue;
		positive += training->y[i] ? 1 : 0;
		/* One group for all: no interval is asked for. */
		scored[n++] =
			(struct scored){ decisions[i], training->y[i], 0 };
	}
	if (group != G_MAXUINT &&
	    (n < TRAINING_GROUP_MIN || positive < TRAINING_CLASS_MIN ||
	     n - positive < TRAINING_CLASS_MIN))
		return (double)NAN;
	return metrics_auc(scored, n).value;
}

double
learning_mean(const struct training *training, const double *decisions)
{
	guint groups = g_hash_table_size(training->groups);
	double sum = 0;
	guint n = 0;

	for (guint i = 0; i < groups; i++) {
		double value = area_of(training, decisions, i);

		if (isnan(value))
			continue;
		sum += value;
		n++;
	}
	return n > 0 ? sum / n : area_of(training, decisions, G_MAXUINT);
}

/* Each example's place in the order in which a draw takes them, 0..1. */
static double *
ranks_new(guint n, guint draw)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(SEED + draw);
	double *ranks = g_new(double, n + 1);

	for (guint i = 0; i < n; i++)
		ranks[i] = g_rand_double(dice);
	return ranks;
}

/* NaN when a fold is left without a class. */
static double
draw_measure(const struct training *training, guint percent, guint draw)
{
	g_autofree double *ranks = ranks_new(training->n, draw);
	g_autofree gboolean *use = g_new(gboolean, training->n + 1);
	g_autofree double *decisions = g_new(double, training->n + 1);
	const struct crossval_data data = training_data(training);
	const struct crossval_run run = { .data = &data,
					  .setting = &training->setting,
					  .folds = &training->folds,
					  .use = use };

	for (guint i = 0; i < training->n; i++)
		use[i] = ranks[i] * 100 < percent;
	if (!crossval_run(&run, decisions, NULL))
		return (double)NAN;
	return learning_mean(training, decisions);
}

static guint
draws_of(guint percent)
{
	/* All of it is the same whoever draws. */
	return percent < 100 ? LEARNING_DRAWS : 1;
}

/* FALSE when no draw told anything. */
static gboolean
part_finish(struct learning *point, guint told)
{
	point->mean /= told;
	return told > 0;
}

static void
part_add(struct learning *point, double value, guint *told)
{
	if (isnan(value))
		return;
	point->mean += value;
	point->low = MIN(point->low, value);
	point->high = MAX(point->high, value);
	(*told)++;
}

void
learning_measure(const struct training *training, learning_progress progress,
		 gpointer user, struct evaluation *evaluation)
{
	guint total = 0;
	guint done = 0;

	for (guint i = 0; i < G_N_ELEMENTS(percents); i++)
		total += draws_of(percents[i]);
	for (guint i = 0; i < G_N_ELEMENTS(percents); i++) {
		struct learning point = { percents[i], 0, 1, 0 };
		guint told = 0;

		for (guint draw = 0; draw < draws_of(percents[i]); draw++) {
			part_add(&point,
				 draw_measure(training, percents[i], draw),
				 &told);
			progress(++done, total, user);
		}
		if (part_finish(&point, told))
			g_array_append_val(evaluation->learning, point);
	}
}
