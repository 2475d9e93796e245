#include "model/calibrate.h"

#include <math.h>

#define STEPS_MAX    100
#define HALVINGS_MAX 40
#define RIDGE	     1e-12
#define GRADIENT_MIN 1e-5

double
sigmoid_apply(const struct sigmoid *sigmoid, double decision)
{
	double f = sigmoid->a * decision + sigmoid->b;

	return f >= 0 ? exp(-f) / (1.0 + exp(-f)) : 1.0 / (1.0 + exp(f));
}

/* The negative log likelihood with softened targets. */
static double
loss(const struct sigmoid *s, const double *d, const double *t, guint n)
{
	double sum = 0;

	for (guint i = 0; i < n; i++) {
		double f = s->a * d[i] + s->b;

		sum += f >= 0 ? t[i] * f + log1p(exp(-f))
			      : (t[i] - 1) * f + log1p(exp(f));
	}
	return sum;
}

/* Gradient g[2] and Hessian h[3] (aa, ab, bb). */
static void
slopes(const struct sigmoid *s, const double *d, const double *t, guint n,
       double g[2], double h[3])
{
	g[0] = g[1] = h[1] = 0;
	h[0] = h[2] = RIDGE;
	for (guint i = 0; i < n; i++) {
		double p = sigmoid_apply(s, d[i]);
		double q = p * (1 - p);

		h[0] += d[i] * d[i] * q;
		h[1] += d[i] * q;
		h[2] += q;
		g[0] += d[i] * (t[i] - p);
		g[1] += t[i] - p;
	}
}

/* Halves the Newton step until the loss falls; FALSE when it will not. */
static gboolean
step(struct sigmoid *s, const double *d, const double *t, guint n,
     const double g[2], const double h[3])
{
	double det = h[0] * h[2] - h[1] * h[1];
	double da = -(h[2] * g[0] - h[1] * g[1]) / det;
	double db = -(-h[1] * g[0] + h[0] * g[1]) / det;
	double slope = g[0] * da + g[1] * db;
	double now = loss(s, d, t, n);
	double size = 1;

	for (guint i = 0; i < HALVINGS_MAX; i++) {
		struct sigmoid next = { s->a + size * da, s->b + size * db };

		if (loss(&next, d, t, n) < now + 0.0001 * size * slope) {
			*s = next;
			return TRUE;
		}
		size /= 2;
	}
	return FALSE;
}

struct sigmoid
sigmoid_fit(const double *decisions, const gboolean *y, guint n)
{
	g_autofree double *targets = g_new(double, n + 1);
	struct sigmoid sigmoid = { 0, 0 };
	double positive = 0;
	double negative;

	for (guint i = 0; i < n; i++)
		positive += y[i] ? 1 : 0;
	negative = n - positive;
	for (guint i = 0; i < n; i++)
		targets[i] = y[i] ? (positive + 1) / (positive + 2)
				  : 1 / (negative + 2);
	sigmoid.b = log((negative + 1) / (positive + 1));
	for (guint i = 0; i < STEPS_MAX; i++) {
		double g[2];
		double h[3];

		slopes(&sigmoid, decisions, targets, n, g, h);
		if (fabs(g[0]) < GRADIENT_MIN && fabs(g[1]) < GRADIENT_MIN)
			break;
		if (!step(&sigmoid, decisions, targets, n, g, h))
			break;
	}
	return sigmoid;
}
