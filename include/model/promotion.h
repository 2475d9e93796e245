/*
 * Which models serve: the folder of models, its shelf, and its history.
 *
 *	MODELS/shelf/ID/		a version: model.svm, card.yaml, ...
 *	MODELS/outreach, relevance	the starters that serve
 *	MODELS/buyers/BUYER/KIND	a buyer's own
 *	MODELS/teams/NAME/KIND		a team's
 *	MODELS/history			who put what in place, when and why
 *
 * A place is a symbolic link to a version on the shelf, and is swapped by one
 * rename(2): a reader that follows the link once (model_load(), adapter_load())
 * sees the old version or the new one, whole. A place may also be a plain
 * folder, as models are shipped: its version is copied to the shelf when
 * another is first promoted there (RENAME_EXCHANGE; where the file system has
 * none, the place is missing for a moment, and a daemon that reloads just then
 * keeps what it has; who was reading the folder reads again). Versions stay on
 * the shelf. Changes are made under a
 * lock, one at a time; a crash leaves the old state or the new one.
 *
 * The history is a text file of one line a change, tab-separated: time, what
 * (promote, rollback), place, id, id before ("-": none), who, why. Rollback
 * takes the last promotion of the place back that was not yet taken back.
 *
 * Errors: MODEL_ERROR_ABSENT (no such model or place), MODEL_ERROR_BROKEN,
 * MODEL_ERROR_VERSION, BASE_ERROR_INVALID (a name that cannot be one, the
 * wrong place), BASE_ERROR_BUSY, BASE_ERROR_*; nothing is changed then.
 */
#ifndef MODEL_PROMOTION_H
#define MODEL_PROMOTION_H

#include <glib.h>

#include "model/adapt.h"
#include "model/card.h"

#define PROMOTION_SHELF	   "shelf"
#define PROMOTION_BUYERS   "buyers"
#define PROMOTION_TEAMS	   "teams"
#define PROMOTION_ALL	   "all" /* the team that serves whoever has no other */
#define PROMOTION_HISTORY  "history"
#define PROMOTION_NAME_MAX 128

/* Letters, digits, "_", "-", "."; not first a dot. For ids, buyers, teams. */
gboolean promotion_name_valid(const char *name);

/*
 * Where a model of this card serves, relative to the folder: "relevance",
 * "buyers/priya/relevance", "teams/it/relevance". NULL when its names cannot
 * be file names. The caller's.
 */
char *promotion_place(const struct card *card);

/*
 * Reads and checks a model's folder (starter or of feedback) as a daemon
 * would; the card is the caller's.
 */
struct card *promotion_check(const char *folder, GError **error);

/* Of one change; all borrowed. */
struct promotion {
	const char *models; /* the folder */
	const char *who;
	const char *why; /* with figures; tabs and line ends become spaces */
};

/*
 * Makes a folder of models that holds no starters yet whole: those of the
 * folder `from`, with its golden set, are copied to its shelf and serve from
 * there. A folder that has starters stays as it is.
 */
gboolean promotion_prepare(const char *models, const char *from,
			   GError **error);

/*
 * Puts a version of the shelf, or any model's folder (which is copied to the
 * shelf first), in the place its card says. `name` with a "/" is a folder.
 * `card` (may be NULL) gets the card, the caller's. Promoting what serves
 * changes nothing and succeeds.
 */
gboolean promotion_promote(const struct promotion *promotion, const char *name,
			   struct card **card, GError **error);

/* Shelves what was learned, whose card this is, and promotes it. */
gboolean promotion_add(const struct promotion *promotion,
		       const struct adapter *adapter, struct card *card,
		       GError **error);

/*
 * Takes back the last promotion of a place ("relevance"). `now` (may be NULL)
 * gets the id that serves afterwards, the caller's; NULL when none does, and
 * the starter (or the team's model) takes over. MODEL_ERROR_ABSENT when there
 * is nothing to take back.
 */
gboolean promotion_rollback(const struct promotion *promotion,
			    const char *place, char **now, GError **error);

/*
 * A buyer's or team's place where nothing serves any more, as after the last
 * rollback. That is so already: succeeds.
 */
gboolean promotion_clear(const struct promotion *promotion, const char *place,
			 GError **error);

/* The id that serves in a place, or NULL; the caller's. */
char *promotion_serving(const char *models, const char *place);

/*
 * A number that is another one after each change of what serves in a folder,
 * for whoever follows it; cheap, whatever there is in the folder. Links that
 * were made by hand are seen where they are starters.
 */
guint64 promotion_mark(const char *models);

/* A version on the shelf, or a place. */
struct promotion_entry {
	char *place;  /* where it serves, or NULL */
	char *folder; /* path */
	char *id;     /* on the shelf: its name; else the card's */
};

/*
 * All places, then what is on the shelf and serves nowhere, by name: an array
 * of struct promotion_entry that frees its elements. Nothing is checked.
 */
GPtrArray *promotion_list(const char *models);

/*
 * What export writes of a version of the shelf or of what serves in a place
 * ("relevance", "buyers/priya/relevance"): a text heading with each
 * file's name, size and SHA-256, then the files, then the SHA-256 of it all.
 */
GBytes *promotion_pack(const char *models, const char *id, GError **error);

/*
 * Puts an exported version on the shelf (it does not serve yet): the sums are
 * checked, then the model is read as a daemon would, and only then it gets its
 * name. `id` (may be NULL) gets that, the caller's. One that is there already
 * is the same and stays.
 */
gboolean promotion_import(const char *models, const char *path, char **id,
			  GError **error);

#endif
