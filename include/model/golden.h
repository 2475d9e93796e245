/*
 * The golden set: mail that must never be held, as imprints without words.
 *
 * MODELS/golden.imprints is a line that says what it is, then for each message
 * the length of its imprint (two bytes, little-endian) and the imprint, then
 * the SHA-256 of all before it (32 bytes).
 */
#ifndef MODEL_GOLDEN_H
#define MODEL_GOLDEN_H

#include <glib.h>

#include "model/imprint.h"
#include "model/model.h"
#include "model/starter.h"

#define GOLDEN_FILE	"golden.imprints"
#define GOLDEN_SIZE_MAX (1 << 20) /* bytes of the file */
#define GOLDEN_HOLD	0.80	  /* where profiles hold by default */

/* The starters that judge. */
struct golden_judges {
	const struct model *outreach;
	const struct model *relevance;
};

/*
 * Imprints of the corpora's business, transactional and list mail: an array of
 * struct imprint that frees its elements. Their decision values come from
 * models that had not seen the author, as training measures: the starter
 * itself learned from them, and what it says of them would be too sure.
 * Errors: MODEL_ERROR_DATA, BASE_ERROR_*.
 */
GPtrArray *golden_make(const struct starter *starter,
		       const struct golden_judges *judges, GError **error);

/* BASE_ERROR_LIMIT when it would be larger than GOLDEN_SIZE_MAX. */
gboolean golden_save(const GPtrArray *golden, const char *path, GError **error);

/*
 * MODEL_ERROR_ABSENT when there is no such file; MODEL_ERROR_BROKEN when it is
 * not as it was written.
 */
GPtrArray *golden_load(const char *path, GError **error);

/*
 * That of a folder of models, or else of those that are shipped
 * (model_folder_find()). MODEL_ERROR_ABSENT when neither has one.
 */
GPtrArray *golden_find(const char *models, GError **error);

#endif
