/* What eval.c judges and eval_report.c prints. */
#ifndef CLI_EVAL_PRIVATE_H
#define CLI_EVAL_PRIVATE_H

#include <glib.h>

#include "model/corpus.h"

#define EVAL_THRESHOLDS 2

/* One judgement to hold against a label. */
struct eval_case {
	const struct corpus_mail *mail;
	const struct profile *profile; /* NULL: the outreach score */
	double score;
	gboolean positive;
};

/* Why it was judged so: an array of struct reason, the caller's; or NULL. */
typedef GPtrArray *(*eval_why)(const struct eval_case *one, gpointer data);

struct eval_report {
	const char *kind; /* "outreach" */
	GArray *cases;	  /* of struct eval_case; borrowed, and sorted */
	double thresholds[EVAL_THRESHOLDS];
	eval_why why;
	gpointer data;
};

/* The figures, then the ten worst mistakes with their reasons. */
void eval_report_print(const struct eval_report *report, gboolean json);

#endif
