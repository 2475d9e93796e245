/* The labels of a training: read by retrain_labels.c, tried by retrain.c. */
#ifndef REVIEW_RETRAIN_PRIVATE_H
#define REVIEW_RETRAIN_PRIVATE_H

#include "review/retrain.h"

struct retrain_labels {
	GPtrArray *notes; /* one a label */
	struct retrain_said said;
};

/*
 * Those that teach a model of the kind: an array of struct adapt_label, which
 * borrow from `labels`. The relevance starter judges again what it can.
 */
GArray *retrain_labels_for(const struct retrain_labels *labels,
			   const struct model *relevance, enum model_kind kind);

#endif
