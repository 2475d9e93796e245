/* What learning an adapter hands to keeping and serving it. */
#ifndef MODEL_ADAPT_PRIVATE_H
#define MODEL_ADAPT_PRIVATE_H

#include <glib.h>

#include "model/adapt.h"
#include "svm_private.h"

/* The weights that are not 0, out of ADAPT_SIZE; never NULL. */
struct adapter *adapter_new(const struct linear *linear);

#endif
