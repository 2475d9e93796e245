/*
 * Simpler judges, held out in the same folds, to see what our features are
 * worth: word counts with a linear machine, the share of a priority's words
 * that stand in the mail, bogofilter, and ours on the mail that it had.
 */
#ifndef MODEL_BASELINE_PRIVATE_H
#define MODEL_BASELINE_PRIVATE_H

#include <glib.h>

#include "model/evaluation.h"
#include "training_private.h"

/* Tells what is done, for a terminal. */
typedef void (*baseline_progress)(const char *what, guint done, guint total,
				  gpointer user);

struct baseline_request {
	const struct training *training; /* decided */
	const struct samples *samples;
	const char *bogofilter; /* path, or NULL */
	baseline_progress progress;
	gpointer user;
	struct evaluation *evaluation; /* gets them */
};

/* The sample a training example is about. */
const struct sample *baseline_sample(const struct baseline_request *request,
				     guint example);

gboolean baseline_words(const struct baseline_request *request, GError **error);

/* Ours again, with the whole source of a mail held out. */
gboolean baseline_sources(const struct baseline_request *request,
			  GError **error);

/* Adds two: bogofilter's figure, and ours trained on the same mail. */
gboolean baseline_bogofilter(const struct baseline_request *request,
			     GError **error);

/*
 * The largest share, over a profile's priorities, of the different words of
 * its keywords that stand in the reading's text or subject; 0..1.
 */
double baseline_overlap(const struct reading *reading,
			const struct profile *profile);

#endif
