/*
 * From decision values to probabilities: Platt's sigmoid, fitted on decision
 * values of examples the model did not see (Platt 1999; the Newton method of
 * Lin, Lin and Weng 2007).
 */
#ifndef MODEL_CALIBRATE_H
#define MODEL_CALIBRATE_H

#include <glib.h>

/*
 * P(class | d) = 1 / (1 + exp(a d + b)); a is at most -SIGMOID_SLOPE_MIN for a
 * useful classifier.
 */
#define SIGMOID_SLOPE_MIN 1e-6

struct sigmoid {
	double a;
	double b;
};

/* Finite, whatever the decisions. */
struct sigmoid sigmoid_fit(const double *decisions, const gboolean *y, guint n);
double sigmoid_apply(const struct sigmoid *sigmoid, double decision);

#endif
