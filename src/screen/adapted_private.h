/* What feedback has taught about a buyer, applied to one message. */
#ifndef SCREEN_ADAPTED_PRIVATE_H
#define SCREEN_ADAPTED_PRIVATE_H

#include <glib.h>

#include "features/reading.h"
#include "model/adapt.h"
#include "screen/snapshot.h"

/*
 * Gives each buyer their own model of each kind, or else their team's, as far
 * as it was made over these starters and can be used: what cannot is passed
 * over, the starter serves (`pitchward model list` says so). The adapters are
 * the snapshot's. Those that `before` (may be NULL) has of the same version on
 * the shelf are shared with it.
 */
void adapted_load(struct snapshot *snapshot, const char *folder,
		  const struct snapshot *before);

/* The buyer's probability; without a model (or buyer) the starter's own. */
double adapted_probability(const struct buyer *buyer, enum model_kind kind,
			   double probability, const struct vector *stems);

/*
 * Adds what the buyer's models add to the logit: the heaviest stems by the
 * words of this message, the others together, and the bias.
 */
void adapted_explain(const struct buyer *buyer, const struct reading *reading,
		     const struct vector *stems, GPtrArray *reasons);

#endif
