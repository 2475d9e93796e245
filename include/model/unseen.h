/*
 * Measuring on groups that no model had seen: leave one author out (outreach)
 * or one buyer (relevance), in the folds that starter training measures by.
 * Probabilities are calibrated on the other folds too. Beside it, on the same
 * splits: simpler judges, and how much is learned from part of the mail.
 */
#ifndef MODEL_UNSEEN_H
#define MODEL_UNSEEN_H

#include <glib.h>

#include "model/evaluation.h"
#include "model/starter.h"

/* The name of a term of mail that is known by its features alone. */
#define UNSEEN_HASHED "hashed term"

struct unseen;
typedef struct unseen Unseen; /* for g_autoptr(Unseen) */

/*
 * `starter` as for training; what it borrows must outlive the result.
 * `bogofilter` is the path of that program, NULL when there is none. Errors:
 * MODEL_ERROR_DATA, BASE_ERROR_*.
 */
struct unseen *unseen_new(const struct starter *starter, enum model_kind kind,
			  const char *bogofilter, GError **error);
void unseen_free(struct unseen *unseen);

/* Borrowed; judgements are in the order of the samples. */
struct evaluation *unseen_evaluation(const struct unseen *unseen);

/*
 * What weighed most in a judgement of the evaluation, heaviest first, by the
 * model that had not seen its group: "outreach: word \"demo\"".
 */
typedef void (*unseen_reason)(const char *name, double value, double weight,
			      gpointer data);
void unseen_explain(const struct unseen *unseen, const struct judged *judged,
		    guint max, unseen_reason add, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Unseen, unseen_free)

#endif
