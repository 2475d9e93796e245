/*
 * Training from feedback: the labels of a buyer or a team are read, a model of
 * them is tried against what serves (model/trial.h), and promoted or refused.
 * The command line and scheduled jobs share it, so that they cannot disagree.
 */
#ifndef REVIEW_RETRAIN_H
#define REVIEW_RETRAIN_H

#include <glib.h>

#include "model/card.h"
#include "model/trial.h"
#include "screen/snapshot.h"
#include "store/store.h"

/* Whose model; all borrowed. */
struct retrain_whose {
	const char *name; /* a buyer's id, or a team's name */
	gboolean team;
	const GPtrArray *members; /* ids of buyers; of a buyer's: that one */
};

/* What was read, before it is known for what it counts. */
struct retrain_said {
	guint active;	   /* labels that are not retracted */
	guint featureless; /* no features were kept, or no longer */
	guint foreign;	   /* made by another version of the features */
};

/* Of any number of trainings; all borrowed. */
struct retrain {
	const struct snapshot *snapshot;
	struct store *store;
	const char *folder; /* of the models that serve */
	const char *own;    /* of those that may be changed; made when needed */
	const char *who;    /* for the history */
	gboolean dry_run;   /* try it, change nothing */
	/* After each label that was read, or NULL. */
	void (*step)(gpointer data, guint done, guint total);
	gpointer data;
};

/* The labels of the members that were not taken back, with the features of the
 * moment. */
struct retrain_labels;
typedef struct retrain_labels RetrainLabels;

/* Errors: STORE_ERROR_*. */
struct retrain_labels *retrain_labels_read(const struct retrain *retrain,
					   const struct retrain_whose *whose,
					   GError **error);
void retrain_labels_free(struct retrain_labels *labels);

/* Whether there is anything to learn: for outreach, mail that is none. */
gboolean retrain_learns(const struct retrain_labels *labels,
			enum model_kind kind);

/* How one ended. */
struct retrain_outcome {
	enum model_kind kind;
	char *place; /* "buyers/priya/relevance" */
	struct retrain_said said;
	struct trial *trial;
	char *id; /* of the model that serves from now on; NULL: none new */
};
typedef struct retrain_outcome RetrainOutcome;

/*
 * Trains one kind. A refusal is an outcome, no error. Waits for another change
 * of models that is under way, some seconds, else BASE_ERROR_BUSY. Errors:
 * those of promotion_add() and golden_find(); what serves stays then.
 */
struct retrain_outcome *retrain_run(const struct retrain *retrain,
				    const struct retrain_whose *whose,
				    const struct retrain_labels *labels,
				    enum model_kind kind, GError **error);
void retrain_outcome_free(struct retrain_outcome *outcome);

/* The outcome in plain words with its figures, one line; the caller's. */
char *retrain_text(const struct retrain_outcome *outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetrainLabels, retrain_labels_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetrainOutcome, retrain_outcome_free)

#endif
