/*
 * Training the models that are shipped: from labelled corpora and feature
 * files, measured on authors, senders and buyers that the measured model had
 * not seen, calibrated on the same, then fitted on everything.
 */
#ifndef MODEL_STARTER_H
#define MODEL_STARTER_H

#include <glib.h>

#include "model/card.h"
#include "model/corpus.h"
#include "model/sample.h"

/* Called with what is being done ("outreach: unseen authors"). */
typedef void (*starter_progress)(const char *what, guint done, guint total,
				 gpointer data);

struct starter {
	struct samples *samples;  /* borrowed */
	const GPtrArray *corpora; /* of struct corpus, for pairs; borrowed */
	/*
	 * Imprints (golden_load()) of mail that the new outreach model may not
	 * hold whatever its labels are now; borrowed, or NULL.
	 */
	const GPtrArray *golden;
	gint64 created_us;
	starter_progress progress; /* may be NULL */
	gpointer data;
};

/*
 * Trains one kind and writes model.svm, terms.idf and card.yaml into
 * FOLDER/KIND; `folder` NULL: only measures. The same data gives the same
 * bytes. The card is the caller's (may be NULL). Errors: MODEL_ERROR_DATA,
 * MODEL_ERROR_REFUSED when an outreach model would hold mail that must never be
 * held (golden.h), and nothing is written; BASE_ERROR_*.
 */
gboolean starter_train(const struct starter *starter, enum model_kind kind,
		       const char *folder, struct card **card, GError **error);

#endif
