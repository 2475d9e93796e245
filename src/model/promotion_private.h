/* What the parts of promotion share. */
#ifndef MODEL_PROMOTION_PRIVATE_H
#define MODEL_PROMOTION_PRIVATE_H

#include <glib.h>

#include "model/promotion.h"

#define PROMOTION_FILES 3

/* card.yaml last: a folder without it is no model. */
extern const char *const promotion_files[PROMOTION_FILES];

/* Whether there is a card in a folder. */
gboolean promotion_is_model(const char *folder);

/*
 * A new folder on the shelf to put a version together in, hidden until
 * promotion_shelve(); the caller's. promotion_drop() removes it with what is
 * in it, as far as it is there.
 */
char *promotion_draft(const char *models, GError **error);
void promotion_drop(const char *folder);

/*
 * Gives a draft the name on the shelf that its card tells, once it passes
 * promotion_check(). A version of that name stays, and the draft goes. The
 * card is the caller's.
 */
struct card *promotion_shelve(const char *models, const char *draft,
			      GError **error);

/* Copies a model's folder (checked or not) to the shelf; as above. */
struct card *promotion_copy(const char *models, const char *folder,
			    GError **error);

/* A file of a model, where there is one: without, nothing is done. */
gboolean promotion_file_copy(const char *source, const char *target,
			     GError **error);

/* "SHELF/ID"; NULL and an error when there is none, or it cannot be. */
char *promotion_version(const char *models, const char *id, GError **error);

/* One change, at the end of the history. */
struct promotion_event {
	const char *what; /* "promote", "rollback" */
	const char *place;
	const char *id;	    /* that serves now; NULL: none */
	const char *before; /* that did; NULL: none */
};

gboolean history_add(const struct promotion *promotion,
		     const struct promotion_event *event, GError **error);

/*
 * The ids that have served in a place, the last one last, without what was
 * taken back: an array of strings ("-" for none) that frees its elements. Lines
 * that are none of ours are passed over.
 */
GPtrArray *history_stack(const char *models, const char *place);

#endif
