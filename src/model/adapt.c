#include "model/adapt.h"

#include <math.h>
#include <string.h>

#include "adapt_private.h"

/* Rarity of a stem that the background does not know: about one mail in 400. */
#define IDF_UNSEEN 6.0f

#define SWEEPS_MAX   200
#define HALVINGS_MAX 45
#define CHANGE_MIN   1e-7

/*
 * The dual of the problem: logit_i = offset_i + sum_j kernel_ij c_j, where at
 * the optimum c_i = target_i - P_i. All c start at 0, which is the starter.
 */
struct dual {
	guint n;
	struct vector *x;
	double *kernel; /* n x n */
	double *offset;
	double *target;
	double *c;
};

static float
stem_value(const struct term *term, const guint8 *table)
{
	const float idf = background_idf(table, term->bucket);

	return (idf > 0 ? idf : IDF_UNSEEN) * (1 + logf((float)term->count));
}

void
adapt_stems(const struct term *terms, guint n,
	    const struct background *background, struct vector *vector)
{
	const guint8 *table = background_table(background);
	double squares = 0;
	float scale;

	vector_reserve(vector, n);
	for (guint i = 0; i < n; i++) {
		float value;

		if (terms[i].block != TERM_STEM || terms[i].count == 0)
			continue;
		value = stem_value(&terms[i], table);
		vector_add(vector, terms[i].bucket, value);
		squares += (double)value * (double)value;
	}
	scale = squares > 0 ? (float)(1 / sqrt(squares)) : 0;
	for (guint i = 0; i < vector->n; i++)
		vector->items[i].value *= scale;
	vector_sort(vector);
}

double
adapt_probability(double logit)
{
	return logit >= 0 ? 1 / (1 + exp(-logit))
			  : exp(logit) / (1 + exp(logit));
}

static void
kernel_fill(struct dual *dual)
{
	const guint n = dual->n;
	g_autofree float *row = g_new0(float, TERM_BUCKETS);

	for (guint i = 0; i < n; i++) {
		const struct vector *x = &dual->x[i];

		for (guint f = 0; f < x->n; f++)
			row[x->items[f].index] = x->items[f].value;
		for (guint k = i; k < n; k++) {
			const double cosine =
				vector_dot(&dual->x[k], row, TERM_BUCKETS);

			dual->kernel[(gsize)i * n + k] =
				dual->kernel[(gsize)k * n + i] =
					ADAPT_STEMS * ADAPT_STEMS * cosine +
					ADAPT_BIAS * ADAPT_BIAS;
		}
		for (guint f = 0; f < x->n; f++)
			row[x->items[f].index] = 0;
	}
}

static void
dual_open(struct dual *dual, const struct background *background,
	  const struct adapt_label *labels, guint n)
{
	dual->n = n;
	dual->x = g_new0(struct vector, n + 1);
	dual->kernel = g_new0(double, (gsize)n *n + 1);
	dual->offset = g_new0(double, n + 1);
	dual->target = g_new0(double, n + 1);
	dual->c = g_new0(double, n + 1);
	for (guint i = 0; i < n; i++) {
		const struct imprint *imprint = labels[i].imprint;

		adapt_stems(imprint->stems, imprint->n_stems, background,
			    &dual->x[i]);
		dual->offset[i] = labels[i].logit;
		dual->target[i] = labels[i].positive ? 1 : 0;
	}
	kernel_fill(dual);
}

static void
dual_close(struct dual *dual)
{
	for (guint i = 0; i < dual->n; i++)
		vector_clear(&dual->x[i]);
	g_free(dual->x);
	g_free(dual->kernel);
	g_free(dual->offset);
	g_free(dual->target);
	g_free(dual->c);
}

/* c = target - P(rest + self c): the right side falls as c rises. */
static double
solve_one(double target, double rest, double self)
{
	double low = target - 1;
	double high = target;

	for (guint i = 0; i < HALVINGS_MAX; i++) {
		const double c = (low + high) / 2;

		if (c > target - adapt_probability(rest + self * c))
			high = c;
		else
			low = c;
	}
	return (low + high) / 2;
}

/* Coordinate by coordinate; the problem is strictly convex. */
static void
dual_solve(struct dual *dual)
{
	const guint n = dual->n;
	double change = 1;

	for (guint sweep = 0; sweep < SWEEPS_MAX && change > CHANGE_MIN;
	     sweep++) {
		change = 0;
		for (guint i = 0; i < n; i++) {
			const double *row = &dual->kernel[(gsize)i * n];
			double rest = dual->offset[i] - row[i] * dual->c[i];
			double c;

			for (guint k = 0; k < n; k++)
				rest += row[k] * dual->c[k];
			c = solve_one(dual->target[i], rest, row[i]);
			change = MAX(change, fabs(c - dual->c[i]));
			dual->c[i] = c;
		}
	}
}

struct adapter *
adapter_fit(const struct background *background,
	    const struct adapt_label *labels, guint n)
{
	struct linear linear = { g_new0(float, ADAPT_SIZE), ADAPT_SIZE, 0 };
	struct adapter *adapter;
	struct dual dual;

	dual_open(&dual, background, labels, n);
	dual_solve(&dual);
	for (guint i = 0; i < n; i++) {
		const double share = ADAPT_STEMS * ADAPT_STEMS * dual.c[i];

		for (guint f = 0; f < dual.x[i].n; f++)
			linear.w[dual.x[i].items[f].index] +=
				(float)(share *
					(double)dual.x[i].items[f].value);
		linear.bias += ADAPT_BIAS * ADAPT_BIAS * dual.c[i];
	}
	linear.w[TERM_BUCKETS] = 1;
	adapter = adapter_new(&linear);
	dual_close(&dual);
	linear_clear(&linear);
	return adapter;
}
