/*
 * All figures of an evaluation, made once for text, JSON and the report.
 *
 * Ranking figures (areas under curves) compare decision values; thresholds
 * are held against probabilities. Intervals are drawn over groups (authors,
 * buyers), and inside one group or language over campaigns.
 */
#ifndef MODEL_FIGURES_H
#define MODEL_FIGURES_H

#include <glib.h>

#include "model/evaluation.h"

/* The area of one part of the mail. */
struct figure_row {
	const char *by; /* "all", "known by", "source", "author", "buyer",
			 * "language", "kind" */
	char *name;
	guint n;
	guint positive;
	guint held; /* not of the class, at or over the higher threshold */
	struct estimate auc;
	double pitches;	   /* outreach: kind outreach alone against the rest */
	double *baselines; /* area of each, NaN where it cannot be told */
};

/* What happens to the mail of one kind at the thresholds. */
struct figure_kind {
	enum corpus_kind kind;
	gboolean positive; /* counts as the class */
	guint n;
	double mean;	      /* probability */
	struct estimate low;  /* share at or over the lower threshold */
	struct estimate high; /* share at or over the higher one */
	guint high_n;
};

/* How a buyer's judgements lie. */
struct figure_buyer {
	const char *profile;
	guint n[4];	/* by grade */
	guint high[4];	/* of them at or over the higher threshold */
	guint low[4];	/* at or over the lower one */
	double mean[4]; /* probability; NaN for none */
};

struct figure_baseline {
	const struct baseline *baseline; /* NULL: the model itself */
	guint n;
	struct estimate auc;
	double mean; /* of the groups */
	double average_precision;
	double recall; /* at 1 % false positives */
	double ours;   /* the model's area on the same mail */
	guint won, of; /* groups in which the model ranks better */
};

struct figures {
	const struct evaluation *evaluation; /* borrowed */
	GPtrArray *rows;		     /* of struct figure_row */
	GArray *kinds;			     /* of struct figure_kind */
	GArray *buyers;			     /* of struct figure_buyer */
	GArray *baselines;	 /* of struct figure_baseline, ours first */
	struct estimate mean;	 /* of the groups' areas */
	guint groups;		 /* how many are in it */
	struct estimate matched; /* relevance: lengths matched, else NaN */
	double average_precision;
	double calibration;
	struct metrics_point points[2];
	struct estimate unwanted; /* relevance: of judged_unwanted(), under the
				   * lower threshold; else NaN */
};
typedef struct figures Figures; /* for g_autoptr(Figures) */

struct figures *figures_new(const struct evaluation *evaluation);
void figures_free(struct figures *figures);

/* All judgements as scores to rank, or as probabilities; the caller's. */
struct scored *figures_decisions(const struct evaluation *evaluation);
struct scored *figures_probabilities(const struct evaluation *evaluation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Figures, figures_free)

#endif
