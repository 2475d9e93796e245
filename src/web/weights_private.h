/* What models made their numbers of, as a person reads it. */
#ifndef WEB_WEIGHTS_PRIVATE_H
#define WEB_WEIGHTS_PRIVATE_H

#include <glib.h>

#include "store/store.h"

/* A section with every contribution to both scores of a message and their sums:
 * to the last one, what it was decided by. */
void weights_put(GString *out, const struct store_message *message);

#endif
