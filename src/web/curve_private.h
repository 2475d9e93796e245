/* What a model's card says, drawn: for those who do not see it, in words. */
#ifndef WEB_CURVE_PRIVATE_H
#define WEB_CURVE_PRIVATE_H

#include <glib.h>

#include "model/card.h"

/*
 * How a decision becomes a probability; where precision and recall are at the
 * threshold, with their intervals; and how well each group's mail is told
 * apart. A card has these figures and no points of curves: a plot whose figures
 * it has not is left out.
 */
void curve_put(GString *out, const struct card *card);

#endif
