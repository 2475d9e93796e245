/* Whose mail of the last week looks to the models as it did not before. */
#ifndef CLI_DRIFTS_PRIVATE_H
#define CLI_DRIFTS_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "review/drift.h"
#include "store/store.h"

struct drifts_entry {
	char *buyer; /* id; NULL: all mail together */
	struct drift drift;
};

/*
 * All mail together first, then by id the buyers of whom a figure is out of its
 * range: an array of struct drifts_entry that frees its elements. `models` is
 * the folder with the buyers' own models; NULL: none has one.
 */
GPtrArray *drifts_find(struct store *store, const char *models, gint64 now_us,
		       GError **error);

gboolean drifts_is_out(const struct drifts_entry *entry);

/* "0.90 in the last week, and between 0.20 and 0.35 before"; the caller's. */
char *drifts_text(const struct drift_figure *figure);

/* {buyer, judged, outreach, relevance}, buyer null for all. */
json_t *drifts_json(const struct drifts_entry *entry);

#endif
