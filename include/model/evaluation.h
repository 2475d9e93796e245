/*
 * Judgements held against labels: what the figures of `pitchward eval` are
 * made of, whichever model judged.
 */
#ifndef MODEL_EVALUATION_H
#define MODEL_EVALUATION_H

#include <glib.h>

#include "model/corpus.h"
#include "model/metrics.h"
#include "model/model.h"

#define JUDGED_RELEVANT 2 /* the least grade that is of the class */

/* One judgement. Strings are borrowed from corpora, samples and profiles. */
struct judged {
	const struct corpus_mail *mail; /* NULL: known by its features alone */
	enum corpus_kind kind;
	const char *source;
	const char *author;
	const char *profile; /* NULL: the outreach score */
	int grade;	     /* for that profile */
	gboolean positive;
	guint words;	    /* of text and subject; 0: not known */
	double decision;    /* what ranks: rises with the probability */
	double probability; /* what thresholds are held against */
};

/* Another judge of the same mail, held out in the same way. */
struct baseline {
	const char *name;  /* "word counts, linear SVM" */
	const char *brief; /* to head a column: "words" */
	const char *by;	   /* has a column in the table of: "author", "source"
			    * ...; NULL: in all, "": in none */
	const char *note;  /* what it is, or why it is not there */
	double *scores;	   /* by judgement, NaN: none; NULL: not there */
};

/* Part of the training mail, and the mean AUC of unseen groups with it. */
struct learning {
	guint percent;
	double mean; /* over draws */
	double low;  /* least and highest of the draws */
	double high;
};

struct evaluation {
	enum model_kind kind;
	gboolean seen; /* by models that may have learned from this mail */
	GArray *judged;
	GArray *frauds; /* of struct judged; not of the class, not counted */
	GArray *baselines;
	GArray *learning; /* empty: not measured */
	guint folds;	  /* that were held out in turn; 0 when seen */
	double thresholds[2];
};
typedef struct evaluation Evaluation; /* for g_autoptr(Evaluation) */

struct evaluation *evaluation_new(enum model_kind kind);
void evaluation_free(struct evaluation *evaluation);

/* "author" for outreach, "buyer" for relevance: what stays together. */
const char *evaluation_group(const struct evaluation *evaluation);

/* The name of a judgement's group: its author, or its buyer. */
const char *judged_group(const struct judged *judged);

/*
 * Labelled as near nothing that anybody asked for: a `none` row, whose buyers
 * gave 0 all of them.
 */
gboolean judged_unwanted(const struct judged *judged);

/* The language of its labels, "" when it is not told. */
const char *judged_language(const struct judged *judged);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evaluation, evaluation_free)

#endif
