/* What vectors of each kind look like now; model.c. */
#ifndef MODEL_MODEL_PRIVATE_H
#define MODEL_MODEL_PRIVATE_H

#include <glib.h>

struct model_shape {
	guint size; /* indices are below this */
	int version;
};

/* By enum model_kind. */
extern const struct model_shape model_shapes[];

#endif
