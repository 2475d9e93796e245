/* The models of an installation as they lie in their folder. */
#ifndef CLI_SHELF_PRIVATE_H
#define CLI_SHELF_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "model/card.h"
#include "options_private.h"

#define SHELF_MODELS 2

/* Why one is not used that was made over starters which no longer serve. */
#define SHELF_RESTS                                                            \
	"rests: made over other starters than those that serve; train it "     \
	"again"

struct shelf_model {
	enum model_kind kind;
	char *path;	   /* its folder */
	struct card *card; /* NULL when it cannot be read */
	char *fault;	   /* why it cannot be used, or NULL */
	char *place;	   /* where it serves ("relevance",
			      "buyers/priya/relevance"), or NULL: on the shelf */
	gboolean rests;	   /* it does not serve although it is in a place */
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

/*
 * Of a folder of models: those of buyers and teams, tried as well, then, when
 * they are asked for, what lies on the shelf. An array of struct shelf_model
 * that frees its elements.
 */
GPtrArray *shelf_others(const struct shelf *shelf, gboolean with_shelf);

/* Tries the starters of a folder, which is not looked for. */
void shelf_try(const char *folder, struct shelf *shelf);

/*
 * The folder of a starter that came with the programs and is newer than the
 * one that serves instead of it, or NULL; the caller's.
 */
char *shelf_newer(const struct shelf *shelf, enum model_kind kind);

/* Whole days since the model was made; -1 when its card cannot be read. */
gint64 shelf_age_days(const struct shelf_model *model);

/*
 * {kind, id, place, path, created, age_days, serves, ok, fault}: the same of
 * every model; null where there is none.
 */
json_t *shelf_json(const struct shelf_model *model);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shelf, shelf_clear)

#endif
