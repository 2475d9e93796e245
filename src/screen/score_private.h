/* What one model said of one vector, kept for who asks why. */
#ifndef SCREEN_SCORE_PRIVATE_H
#define SCREEN_SCORE_PRIVATE_H

#include <glib.h>

#include "features/vector.h"
#include "model/imprint.h"
#include "model/model.h"
#include "screen/snapshot.h"

struct score {
	const struct buyer *buyer; /* whose; NULL: everybody's */
	gboolean done;
	struct vector vector;
	double decision;
	double probability; /* -1 until done */
	gboolean copied;    /* passages of the profile's words left out */
};

void score_init(struct score *score, const struct buyer *buyer);

/* Asks the model about the vector. MODEL_ERROR_BROKEN: it gives no number. */
gboolean score_fill(struct score *score, const struct model *model,
		    GError **error);

struct imprint_score score_imprint(const struct score *score);

/* An array that frees its elements; and the score of a buyer in it, which is
 * added when there is none. */
GPtrArray *scores_new(void);
struct score *scores_find(GPtrArray *scores, const struct buyer *buyer);

#endif
