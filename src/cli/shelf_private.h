/* The models of an installation as they lie in their folder. */
#ifndef CLI_SHELF_PRIVATE_H
#define CLI_SHELF_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "model/card.h"
#include "options_private.h"

#define SHELF_MODELS 2

struct shelf_model {
	enum model_kind kind;
	char *path;	   /* its folder */
	struct card *card; /* NULL when it cannot be read */
	char *fault;	   /* why it cannot be used, or NULL */
};

struct shelf {
	char *folder;
	struct shelf_model models[SHELF_MODELS];
};
typedef struct shelf Shelf; /* for g_auto(Shelf) */

void shelf_clear(struct shelf *shelf);

/*
 * Finds the folder (`given` by --models may be NULL) and tries both models;
 * what is wrong with one of them stands in its `fault`.
 */
gboolean shelf_open(const struct options *options, const char *given,
		    struct shelf *shelf, GError **error);

/* Whole days since the model was made; -1 when its card cannot be read. */
gint64 shelf_age_days(const struct shelf_model *model);

/* Id, kind, path, day, and whether it can be used. */
json_t *shelf_json(const struct shelf_model *model);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shelf, shelf_clear)

#endif
