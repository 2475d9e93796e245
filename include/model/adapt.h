/*
 * What feedback adds to a starter model: the model of one buyer or of a team.
 *
 *	logit(x) = starter(x) + w . stems(x) + b
 *
 * starter(x) is the starter's calibrated logit, stems(x) the message's stems
 * weighed by rarity and scaled to unit length; w and b have normal priors of
 * mean 0 and deviations ADAPT_STEMS and ADAPT_BIAS, and are the most probable
 * ones given the labels (logistic regression with an offset; the prior mean is
 * the source model, as in Chelba and Acero 2006, "Adaptation of maximum
 * entropy capitalizer"). So it is the starter where there are no labels, each
 * label bounds what it can move (a wrong one too), and probabilities need no
 * second calibration: the priors shrink them towards the starter's by as much
 * as labels are few. A C-SVC over the same inputs, with Platt's sigmoid on
 * cross-validated decisions and mixed with the starter by n / (n + 10), was
 * tried: on buyers not seen (tests/bench/learning.c) its area under the ROC
 * curve after 0, 10, 20 and 50 labels was 0.927, 0.928, 0.948 and 0.950, its
 * log-loss 0.315, 0.310, 0.274 and 0.249; here, with the same starter, 0.927,
 * 0.938, 0.945 and 0.949, and 0.315, 0.276, 0.258 and 0.248. It needs labels
 * of both classes, and fits a wrong one in full.
 *
 * It is linear, and kept as libsvm's model file as every model is.
 */
#ifndef MODEL_ADAPT_H
#define MODEL_ADAPT_H

#include <glib.h>

#include "features/background.h"
#include "features/terms.h"
#include "features/vector.h"
#include "model/card.h"
#include "model/imprint.h"
#include "model/model.h"

#define ADAPT_VERSION	 1		    /* of the inputs */
#define ADAPT_SIZE	 (TERM_BUCKETS + 1) /* a bucket each, the logit */
#define ADAPT_STEMS	 16.0
#define ADAPT_BIAS	 0.5
#define ADAPT_LABELS_MAX 2000 /* the newest; time and memory are n^2 */
#define ADAPT_VENDOR_MAX 3    /* the newest of one vendor */

/* One thing said about one message; all borrowed. */
struct adapt_label {
	const struct imprint *imprint; /* for its stems */
	double logit;		       /* what the starter says */
	gboolean positive;	       /* relevant; or outreach */
	gint64 time_us;		       /* when it was said */
	const char *vendor;  /* registrable domain, "" when not known */
	const char *message; /* equal for the same mail, "" for no other */
};

struct adapter;
typedef struct adapter Adapter; /* for g_autoptr(Adapter) */

/* Learns from all labels (may be none); takes every one as it is. */
struct adapter *adapter_fit(const struct background *background,
			    const struct adapt_label *labels, guint n);

/* One owner more, in any thread; adapter_free() is one less. */
struct adapter *adapter_ref(struct adapter *adapter);
void adapter_free(struct adapter *adapter);

/* The stems among terms as a sorted vector, added to one of zeroes. */
void adapt_stems(const struct term *terms, guint n,
		 const struct background *background, struct vector *vector);

/* The adapted logit of a message. Thread-safe. */
double adapter_decide(const struct adapter *adapter, double logit,
		      const struct vector *stems);

/* The same of an imprint. */
double adapter_judge(const struct adapter *adapter,
		     const struct background *background,
		     const struct imprint *imprint, double logit);

/* The probability of a logit. */
double adapt_probability(double logit);

/* What a stem's bucket adds to the logit, by its value; and what all get. */
double adapter_weight(const struct adapter *adapter, guint32 bucket);
double adapter_bias(const struct adapter *adapter);

/*
 * The labels to learn from, newest last: of one message the newest (of one
 * buyer) or the mean of what was said (`team`: a tie counts for nothing, the
 * logit is the mean), of one vendor the newest ADAPT_VENDOR_MAX, so that
 * nobody's burst of clicks decides about everybody, and of all the newest
 * ADAPT_LABELS_MAX. An array of struct adapt_label, the caller's.
 */
GArray *adapt_select(const struct adapt_label *labels, guint n, gboolean team);

/*
 * Whose model it is, and over which starters it was made: it says nothing
 * without them. Written into the folder: model.svm and card.yaml, whose id is
 * "WHOSE-KIND-" and the beginning of a digest of the weights, the starters, the
 * members and `learned_us`: the same weights over other starters are another
 * model. The card (kind, counts, figures) is completed; its adapts.* say the
 * rest. Errors: BASE_ERROR_*.
 */
gboolean adapter_save(const struct adapter *adapter, const char *folder,
		      struct card *card, GError **error);

/*
 * Reads a folder, with the checks of model_load(). Errors: those of
 * model_load(); MODEL_ERROR_BROKEN also when it is a starter.
 */
struct adapter *adapter_load(const char *folder, GError **error);

/* The card it was loaded with or saved by; borrowed, NULL before. */
const struct card *adapter_card(const struct adapter *adapter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Adapter, adapter_free)

#endif
