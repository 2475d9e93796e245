/* The labels of `pitchward train --for|--team`, read from the store. */
#ifndef CLI_LEARN_LABELS_PRIVATE_H
#define CLI_LEARN_LABELS_PRIVATE_H

#include <glib.h>

#include "learn_private.h"
#include "model/adapt.h"
#include "model/model.h"
#include "progress_private.h"
#include "store/store.h"

struct learn_labels {
	struct store *store; /* borrowed */
	GPtrArray *notes;
	struct learn_said said;
	struct progress progress;
};

void learn_labels_clear(struct learn_labels *labels);

/*
 * What the members (ids of buyers) said and did not take back, with the
 * features of the moment, into one of zeroes. Errors: STORE_ERROR_*.
 */
gboolean learn_labels_read(struct learn_labels *labels, struct store *store,
			   const GPtrArray *members, GError **error);

/*
 * Those that teach a model of the kind: an array of struct adapt_label, which
 * borrow from `labels`. The relevance starter judges again what it can.
 */
GArray *learn_labels_for(const struct learn_labels *labels,
			 const struct model *relevance, enum model_kind kind);

/* Whether any is of mail that is no outreach: without, nothing is learned. */
gboolean learn_has_business(const GArray *labels);

#endif
