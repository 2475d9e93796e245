/*
 * Evaluating: eval.c judges with the models in use, eval_unseen.c with models
 * that had not seen what they are asked about, eval_stream.c adds history to
 * those; eval_report.c prints the figures, eval_page.c writes the report.
 */
#ifndef CLI_EVAL_PRIVATE_H
#define CLI_EVAL_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "model/evaluation.h"
#include "model/figures.h"
#include "model/starter.h"
#include "options_private.h"

struct eval;

#define EVAL_KINDS	2
#define EVAL_COST_RATIO 20.0 /* of a held wanted mail, in let-in pitches */

/* Why it was judged so: an array of struct reason, the caller's; or NULL. */
typedef GPtrArray *(*eval_why)(const struct judged *judged, gpointer data);

/*
 * A corpus replayed as a stream: its mail in the order of its sequences, each
 * judged by a model that had not seen its author and then held against what
 * came before it to the same buyer, as the filter does.
 */
struct eval_streamed {
	const struct judged *judged;
	double position;
	double probability; /* with history */
	guint author;
};

struct eval_stream {
	char *folder;	 /* of the corpus */
	GArray *mails;	 /* of struct eval_streamed, in their order */
	guint internal;	 /* from the buyer's own domain: not judged */
	guint raised;	 /* by history */
	guint lifted[2]; /* over the higher threshold: not of the class, of it
			  */
};

/* Streams of all corpora of a run, not of features: an array that frees them.
 */
GPtrArray *eval_stream(const struct eval *eval, const struct starter *starter,
		       const struct evaluation *evaluation, GError **error);

/* What came of them. */
void eval_stream_print(const GPtrArray *streams, const double thresholds[2]);
json_t *eval_stream_json(const GPtrArray *streams, const double thresholds[2]);

/* One kind of judgement and its figures. */
struct eval_result {
	const struct evaluation *evaluation; /* borrowed */
	struct figures *figures;
	eval_why why;
	gpointer data;
	const GPtrArray *streams; /* borrowed; NULL: not replayed */
};

/* What the command line asked for, and what came of it. */
struct eval {
	struct options options;
	char **profiles; /* --profile; NULL: all of the corpus */
	char *models;
	gboolean unseen;
	char *report; /* file, or NULL */
	double cost;
	const char *judges; /* who judged, for a reader */
	struct eval_result results[EVAL_KINDS];
};

/* Judges and reports. */
gboolean eval_serving(struct eval *eval, GError **error);
gboolean eval_unseen(struct eval *eval, GError **error);

/* Makes the figures of both kinds, prints them, writes the page if asked. */
gboolean eval_tell(struct eval *eval, GError **error);

/* Nearer to the other label than to its own: how far, 0..1. */
double eval_wrongness(const struct judged *judged);

/* The judgements that are most wrong, at most `max`, worst first; unref it. */
GPtrArray *eval_worst(const struct evaluation *evaluation, guint max);

/* The figures, then the ten worst mistakes with their reasons. */
void eval_print(const struct eval_result *result, gboolean json);

/* What --unseen has more, as text, and as keys of the kind's JSON object. */
void eval_figures_print(const struct figures *figures);
void eval_figures_json(const struct figures *figures, json_t *object);
json_t *eval_json_estimate(struct estimate estimate);

/* The whole page; the caller's. */
GString *eval_page(const struct eval *eval);

#endif
