/*
 * The files of a model's folder, read with distrust: digests and probes are
 * those of its card, or nothing is taken.
 */
#ifndef MODEL_PARTS_PRIVATE_H
#define MODEL_PARTS_PRIVATE_H

#include <glib.h>

#include "model/card.h"
#include "svm_private.h"

/*
 * The folder that a name means now. A model that was promoted is a symbolic
 * link, which may be swapped between two reads: follow it once, then read all
 * files from what it was. The caller's.
 */
char *parts_folder(const char *folder);

/*
 * Whether the name leads elsewhere by now than to `*own`, which is replaced
 * then: what failed is worth another try. A plain folder that becomes a link
 * while it is read cannot be followed once.
 */
gboolean parts_moved(const char *folder, char **own);

/*
 * A file of the folder, when its digest is this. MODEL_ERROR_BROKEN, also when
 * it cannot be read.
 */
GBytes *parts_read(const char *folder, const char *name, const char *digest,
		   GError **error);

/*
 * The weights in model.svm, checked against the card's probes. MODEL_ERROR_*,
 * BASE_ERROR_IO.
 */
gboolean parts_linear(const char *folder, const struct card *card, guint size,
		      struct linear *linear, GError **error);

#endif
