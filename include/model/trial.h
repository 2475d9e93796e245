/*
 * Whether a model of feedback may serve: labels in the order they were said,
 * the newest held out, what was learned from the others against what serves.
 *
 * The checks, in this order:
 *   1. enough labels: TRIAL_LEARN_MIN to learn from and TRIAL_HELD_MIN held
 *	out, which are the newest 30 % otherwise. None that the serving model
 *	learned from is held out: it would be asked what it was told. When some
 *	of what it learned from was retracted since, the starter takes its
 *	place. Both kinds of label must be among those held out.
 *   2. on the held-out labels the candidate has the smaller log-loss, and no
 *	smaller area under the ROC curve. Where TRIAL_TEST_MIN or more are held
 *	out, the difference must be one that chance rarely makes: p < 0.10 of
 *	a one-sided paired permutation test that flips the signs of the
 *	differences in log-loss (Fisher 1935, "The design of experiments";
 *	Pitman 1937; exact up to 14 signs, else 10,000 draws by a fixed seed).
 *	Labels of one vendor are one sign: a burst about one vendor is one
 *	observation. With fewer the test could hardly ever pass (8 signs
 *	must nearly all agree), while the priors keep a model of few labels
 *	next to the starter, so that its errors are small: better in the mean
 *	is asked for, the p-value is told.
 *   3. no message of the golden set (business, transactional and list mail)
 *	reaches the hold threshold by what was learned, with the candidate or
 *	with the model of all labels, which is the one to promote. (A message
 *	that the starter alone would hold says nothing about the candidate.)
 */
#ifndef MODEL_TRIAL_H
#define MODEL_TRIAL_H

#include <glib.h>

#include "model/adapt.h"
#include "model/metrics.h"

#define TRIAL_HELD_MIN	8
#define TRIAL_LEARN_MIN 8
#define TRIAL_TEST_MIN	30
#define TRIAL_P_MAX	0.10

enum trial_result {
	TRIAL_PASSED,
	TRIAL_FEW,   /* labels, new ones, or of one kind among them */
	TRIAL_WORSE, /* than what serves */
	TRIAL_GOLDEN /* a message that must never be held would be */
};

struct trial_request {
	const struct background *background;
	const struct adapt_label *labels; /* active ones, in any order */
	guint n;
	gboolean team;
	const struct adapter *serving; /* NULL: the starter */
	gboolean shared; /* it serves a team: of its labels these are a part */
	const GPtrArray *golden; /* of struct imprint; NULL: not asked */
	double hold;		 /* P(outreach) from which mail is held */
};

/* What one model said of the labels that were held out. */
struct trial_score {
	double loss; /* mean log-loss; NaN when none were held out */
	double auc;  /* as above */
};

struct trial {
	enum trial_result result;
	char *why;     /* in plain words, with figures; NULL: it passed */
	guint counted; /* labels, after adapt_select() */
	guint positive;
	guint vendors;
	guint learned; /* of them, to make the candidate */
	guint held_out;
	gboolean starter; /* the starter stood in for the serving model */
	struct trial_score serving;
	struct trial_score candidate;
	/* How much smaller the candidate's log-loss is; its interval is over
	 * vendors. NaN before the test. */
	struct estimate gain;
	double p;		 /* NaN before the test */
	guint golden;		 /* messages asked about, below it before */
	double golden_most;	 /* their highest P(outreach) */
	double range[3];	 /* 5th, 50th, 95th percentile of P, held out */
	struct adapter *adapter; /* of all labels; NULL unless it passed */
};
typedef struct trial Trial; /* for g_autoptr(Trial) */

struct trial *trial_run(const struct trial_request *request);
void trial_free(struct trial *trial);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trial, trial_free)

#endif
