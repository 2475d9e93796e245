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

/* Wilson's 95 % interval of k successes in n (1927). */
struct estimate metrics_share(guint k, guint n);

#endif
