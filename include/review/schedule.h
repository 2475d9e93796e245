/*
 * When models learn from feedback: by themselves when enough was said, and soon
 * after a buyer asked for it on their page; each training once, whoever runs
 * the schedule and however often.
 *
 * A training is a job (store/jobs.h) of kind SCHEDULE_TRAIN and key
 * "WHOSE/KIND/N": a buyer's id, or "@" and a team's name; "relevance" or
 * "outreach"; the how-manyth it is. Two who find the same one due claim the
 * same key. Its note tells how it ended, by retrain_text(); one that failed is
 * free again, and so is one whose process died, when its lease has ended. What
 * serves changes only by a promotion, whole. After a failure the next try
 * waits, from an hour on twice as long each time, up to a day; a new wish does
 * not.
 *
 * A wish is a job of kind SCHEDULE_WISH and key "BUYER/ID", done when the
 * training that it asked for has ended.
 */
#ifndef REVIEW_SCHEDULE_H
#define REVIEW_SCHEDULE_H

#include <glib.h>

#include "base/clock.h"
#include "review/retrain.h"
#include "store/jobs.h"

#define SCHEDULE_TRAIN	   "train"
#define SCHEDULE_WISH	   "train-wish"
#define SCHEDULE_FRESH_MIN 5		/* labels said or taken back since */
#define SCHEDULE_EVERY_US  CLOCK_DAY_US /* at most so often by itself */
#define SCHEDULE_LEASE_US  (600 * CLOCK_SECOND_US)
#define SCHEDULE_RETRY_US                                                      \
	(3600 * CLOCK_SECOND_US) /* after the first failure                    \
				  */

/* What decides whether a training is due. */
struct schedule_state {
	guint n;	 /* trainings that began */
	gint64 last_us;	 /* the last one ended; 0: there was none */
	guint fresh;	 /* labels said or taken back since then */
	gboolean learns; /* any label teaches this kind at all */
};

gboolean schedule_is_due(const struct schedule_state *state, gint64 now_us);

/* How long after so many failures on end the next try waits; 0 after none. */
gint64 schedule_rest_us(guint failures);

/*
 * Of one buyer. `labels` are all of theirs, taken back or not, as
 * store_feedback_list() gives them. Errors: STORE_ERROR_*.
 */
gboolean schedule_look(struct store *store, const char *whose,
		       enum model_kind kind, const GPtrArray *labels,
		       struct schedule_state *state, GError **error);

struct schedule {
	const struct retrain *retrain;
	gint64 now_us;
	/* Each training that ended; or NULL. */
	void (*tell)(gpointer data, const struct retrain_outcome *outcome);
	/* Each buyer or team that was looked at; or NULL. */
	void (*step)(gpointer data, guint done, guint total);
	gpointer data;
};

/*
 * Trains what is due and what was asked for, of all buyers, and of all teams
 * that have a model. A failure does not keep the others from theirs: the first
 * is the error in the end. What another run has claimed is left to it.
 */
gboolean schedule_run(const struct schedule *schedule, GError **error);

/* Notes a training that was run by hand, so that it is seen and counts. */
gboolean schedule_note(struct store *store, const struct retrain_whose *whose,
		       const struct retrain_outcome *outcome, GError **error);

/*
 * Asks for a training, durably. `asked` (may be NULL): FALSE when that was
 * asked for before and has not ended.
 */
gboolean schedule_wish(struct store *store, const char *buyer, const char *by,
		       gboolean *asked, GError **error);

/* The buyer's wish that has not ended (being trained while its lease lasts), or
 * NULL; the caller's. */
struct store_job *schedule_wished(struct store *store, const char *buyer);

#endif
