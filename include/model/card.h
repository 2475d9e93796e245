/*
 * A model's card: what it is, what it was made from, how good it was on data
 * it had not seen, and how to tell that the files are the ones it speaks of.
 */
#ifndef MODEL_CARD_H
#define MODEL_CARD_H

#include <glib.h>

#include "features/vector.h"
#include "model/calibrate.h"
#include "model/metrics.h"
#include "model/model.h"

#define CARD_PROBES_MAX 16

/* A vector and libsvm's decision value for it, to check a load by. */
struct card_probe {
	struct vector vector;
	double decision;
};

struct card_metric {
	char *name; /* "auc-unseen-authors" */
	struct estimate estimate;
};

/* What a model of feedback stands on (model/adapt.h). */
struct card_adapts {
	char *starters; /* ids, "outreach-id+relevance-id"; NULL: it is none */
	char *whose;	/* the buyer's id, or the team's name */
	char **members; /* buyers of a team; NULL: of one buyer */
	gint64 learned_us; /* when the newest of its labels was said */
};

struct card {
	char *id;
	enum model_kind kind;
	gint64 features;   /* version of the vector it was trained on */
	gint64 created_us; /* midnight UTC of its day */
	char *sha_model;   /* lower-case hex SHA-256 of model.svm */
	char *sha_terms;   /* of terms.idf; NULL in a model of feedback */
	struct card_adapts adapts;
	struct sigmoid sigmoid;
	gint64 examples;
	gint64 positive;
	gint64 groups;	    /* authors and senders, or buyers; or vendors */
	char *sources;	    /* "authored 1730, lists 152" */
	GPtrArray *metrics; /* of struct card_metric */
	struct card_probe probes[CARD_PROBES_MAX];
	guint n_probes;
};
typedef struct card Card; /* for g_autoptr(Card) */

struct card *card_new(void);
void card_free(struct card *card);

/*
 * MODEL_ERROR_ABSENT, or MODEL_ERROR_BROKEN with all faults of the file as
 * "file:line:column: ...". Its last line is a checksum of all the others, so
 * that a changed figure is not believed.
 */
struct card *card_load(const char *path, GError **error);
gboolean card_save(const struct card *card, const char *path, GError **error);

/* Takes a copy of the name. */
void card_add_metric(struct card *card, const char *name,
		     struct estimate estimate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Card, card_free)

#endif
