/*
 * Whether the mail of a week looks to the models as mail did before: when it
 * does not, mail or models have changed, and somebody should look.
 *
 * Two figures: the share of judged mail that is outreach (0.5 and more), and
 * the mean relevance of that. The range of each is what the four weeks before
 * spanned, widened by three standard errors: those that a share of so many
 * mails as this week has by chance when it is truly that of the weeks before
 * together, and the largest that a mean of so many can have. Of a buyer with a
 * model of feedback the mean relevance must also lie between the 5th and 95th
 * percentile of the model's scores on the labels that were held out (score-p05
 * and score-p95 of its card). Weeks of fewer than DRIFT_MIN judged mails tell
 * nothing. Pure: no clock, no store.
 */
#ifndef REVIEW_DRIFT_H
#define REVIEW_DRIFT_H

#include <glib.h>

#include "model/card.h"

#define DRIFT_MIN   30
#define DRIFT_WEEKS 4 /* before this one */
#define DRIFT_US    (G_GINT64_CONSTANT(604800000000) * (DRIFT_WEEKS + 1))

/* One figure of a week, and where it should lie. */
struct drift_figure {
	double value; /* NaN: cannot be told */
	double low;   /* NaN: no range is known */
	double high;
	gboolean out;
};

struct drift {
	guint n; /* judged this week */
	struct drift_figure outreach;
	struct drift_figure relevance;
};

/*
 * `rows` are struct store_message of the DRIFT_US before `now_us`, in any
 * order; what was not judged does not count. `card` is that of the buyer's own
 * relevance model, or NULL.
 */
void drift_check(const GPtrArray *rows, const struct card *card, gint64 now_us,
		 struct drift *drift);

#endif
