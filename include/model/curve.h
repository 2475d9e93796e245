/*
 * Scores against labels over all thresholds, as points to draw and to read
 * off. Arrays of struct curve_point are the caller's.
 */
#ifndef MODEL_CURVE_H
#define MODEL_CURVE_H

#include <glib.h>

#include "model/metrics.h"

struct curve_point {
	double x;
	double y;
	double threshold; /* score >= threshold means the class */
};

/*
 * The ROC curve: false against true positive rate from (0, 0) to (1, 1), a
 * point for each distinct score. Empty when a class is missing.
 */
GArray *curve_roc(const struct scored *scored, guint n);

/*
 * Recall against precision, a point for each distinct score, recall rising.
 * Empty without positives.
 */
GArray *curve_pr(const struct scored *scored, guint n);

/*
 * Average precision: precision summed over the steps of recall (Zhu 2004);
 * NaN without positives.
 */
double curve_average_precision(const struct scored *scored, guint n);

/*
 * The highest true positive rate at a false positive rate of at most `rate`;
 * NaN when a class is missing.
 */
double curve_recall_at(const struct scored *scored, guint n, double rate);

/* What each kind of error costs. */
struct curve_cost {
	double false_positive;
	double false_negative;
};

/* The cost of 1,000 examples when decided at a threshold; NaN for none. */
double curve_cost_at(const struct scored *scored, guint n, double threshold,
		     const struct curve_cost *cost);

/* Threshold (x) against that cost (y), for 0, 0.01 .. 1. */
GArray *curve_costs(const struct scored *scored, guint n,
		    const struct curve_cost *cost);

#endif
