#include "review/drift.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "store/store.h"

#define WEEK_US	    (7 * CLOCK_DAY_US)
#define OUTREACH    0.5
#define ERRORS	    3.0 /* how many standard errors are chance */
#define SPREAD_MAX  0.5 /* no deviation of numbers in 0..1 is larger */
#define RANGE_WEEKS 2	/* at least, to tell what is usual */

/* Sums of one week. */
struct week {
	guint judged;
	guint outreach;
	guint relevant; /* those of outreach with a relevance */
	double relevance;
};

static double
share_of(const struct week *week)
{
	return week->judged >= DRIFT_MIN ? (double)week->outreach / week->judged
					 : NAN;
}

static double
mean_of(const struct week *week)
{
	return week->relevant >= DRIFT_MIN ? week->relevance / week->relevant
					   : NAN;
}

static void
count(const GPtrArray *rows, gint64 now_us, struct week *weeks)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct store_message *row = rows->pdata[i];
		const gint64 age_us = now_us - row->time_us;
		struct week *week =
			&weeks[CLAMP(age_us / WEEK_US, 0, DRIFT_WEEKS)];

		if (age_us < 0 || age_us >= DRIFT_US || !(row->outreach >= 0))
			continue;
		week->judged++;
		if (row->outreach < OUTREACH)
			continue;
		week->outreach++;
		if (row->relevance >= 0) {
			week->relevant++;
			week->relevance += row->relevance;
		}
	}
}

/* What the weeks before span; NaN when too few can tell. */
static void
range_of(const struct week *weeks, double (*tell)(const struct week *),
	 double error, struct drift_figure *figure)
{
	guint n = 0;

	figure->low = INFINITY;
	figure->high = -INFINITY;
	for (guint i = 1; i <= DRIFT_WEEKS; i++) {
		const double value = tell(&weeks[i]);

		if (isnan(value))
			continue;
		n++;
		figure->low = MIN(figure->low, value);
		figure->high = MAX(figure->high, value);
	}
	if (n < RANGE_WEEKS)
		figure->low = figure->high = NAN;
	figure->low -= ERRORS * error;
	figure->high += ERRORS * error;
}

/*
 * Of this week's share by chance, were it that of the weeks before: this week's
 * own would be 0 where all or none were outreach (Laplace's rule of succession
 * keeps it above that).
 */
static double
share_error(const struct week *weeks)
{
	double outreach = 1;
	double judged = 2;
	double p;

	for (guint i = 1; i <= DRIFT_WEEKS; i++) {
		if (weeks[i].judged < DRIFT_MIN)
			continue;
		outreach += weeks[i].outreach;
		judged += weeks[i].judged;
	}
	p = outreach / judged;
	return sqrt(p * (1 - p) / MAX(weeks[0].judged, 1));
}

/* NaN, which compares to nothing, is never out. */
static void
judge(struct drift_figure *figure)
{
	figure->out =
		figure->value < figure->low || figure->value > figure->high;
}

static double
metric_of(const struct card *card, const char *name)
{
	for (guint i = 0; card != NULL && i < card->metrics->len; i++) {
		const struct card_metric *metric = card->metrics->pdata[i];

		if (strcmp(metric->name, name) == 0)
			return metric->estimate.value;
	}
	return NAN;
}

void
drift_check(const GPtrArray *rows, const struct card *card, gint64 now_us,
	    struct drift *drift)
{
	struct week weeks[DRIFT_WEEKS + 1] = { { .judged = 0 } };
	struct drift made = { .n = 0 };
	const double low = metric_of(card, "score-p05");
	const double high = metric_of(card, "score-p95");

	count(rows, now_us, weeks);
	made.n = weeks[0].judged;
	made.outreach.value = share_of(&weeks[0]);
	made.relevance.value = mean_of(&weeks[0]);
	range_of(weeks, share_of, share_error(weeks), &made.outreach);
	range_of(weeks, mean_of, SPREAD_MAX / sqrt(MAX(weeks[0].relevant, 1)),
		 &made.relevance);
	judge(&made.outreach);
	judge(&made.relevance);
	if (made.relevance.value < low || made.relevance.value > high)
		made.relevance = (struct drift_figure){ made.relevance.value,
							low, high, TRUE };
	*drift = made;
}
