/*
 * How good scores are, with intervals.
 */
#ifndef MODEL_METRICS_H
#define MODEL_METRICS_H

#include <glib.h>

/* One scored example of a group (author, sender) that stays together. */
struct scored {
	double score;
	gboolean positive;
	guint group; /* numbers from 0 */
};

/* A figure and its 95 % interval. */
struct estimate {
	double value; /* NaN when it cannot be told */
	double low;
	double high;
};

/*
 * The area under the ROC curve (ties count half; Mann and Whitney 1947). Its
 * interval is a bootstrap over groups, 500 draws by a fixed seed (percentile
 * method, Efron 1979).
 */
struct estimate metrics_auc(const struct scored *scored, guint n);

/*
 * The same with lengths matched: examples are put into five strata of equal
 * number by `sizes` (equal sizes stay together), and only a positive and a
 * negative of one stratum make a pair; so each stratum's own area counts by
 * its pairs. A score that follows length alone comes near 0.5.
 */
struct estimate metrics_auc_matched(const struct scored *scored,
				    const guint *sizes, guint n);

/*
 * The mean of n figures (none above 1) and its interval by Student's t of n - 1
 * degrees of freedom (NaN where n < 2): the table of NIST/SEMATECH e-Handbook
 * of Statistical Methods, 1.3.6.7.2, to 30 of them, then the first term of
 * Cornish and Fisher's expansion (1938), which is right to 0.003.
 */
struct estimate metrics_mean(const double *values, guint n);

/* At a threshold: score >= threshold means the class. Wilson intervals. */
struct metrics_point {
	guint true_positive, false_positive, false_negative, true_negative;
	struct estimate precision;
	struct estimate recall;
};

struct metrics_point metrics_at(const struct scored *scored, guint n,
				double threshold);

/*
 * Expected calibration error of probabilities: ten bins of equal width, the
 * mean gap between score and frequency weighted by the bin (Naeini 2015).
 */
double metrics_calibration(const struct scored *scored, guint n);

/* The bins of it: examples, their mean score, and how many are of the class. */
#define METRICS_BINS 10

struct metrics_bin {
	guint n;
	guint positive;
	double mean; /* NaN when empty */
};

void metrics_bins(const struct scored *scored, guint n,
		  struct metrics_bin bins[METRICS_BINS]);

/* Wilson's 95 % interval of k successes in n (1927). */
struct estimate metrics_share(guint k, guint n);

#endif
