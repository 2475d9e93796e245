/*
 * What the store remembers, as evidence of outreach beside the text: who
 * writes again without having been answered, and who writes the same to
 * colleagues, sells more often than who writes once.
 */
#ifndef SCREEN_HISTORY_PRIVATE_H
#define SCREEN_HISTORY_PRIVATE_H

#include <glib.h>

/* No past outweighs the text: history turns 0.60 into 0.80, never 0.59. */
#define HISTORY_LOGIT_MAX 1.0

struct history {
	guint touch;	  /* of the campaign to this buyer; 0: not known */
	guint colleagues; /* others who got nearly this text, each alone */
};

/*
 * What it adds to the log-odds of outreach, 0..HISTORY_LOGIT_MAX. Never less
 * than 0: no sender talks itself out of a hold by writing before. The weights
 * are not fitted: models/README.md, "History", says from what they were taken.
 */
double history_logit(const struct history *history);

/* "history: touch 3, 2 colleagues"; the caller's. */
char *history_name(const struct history *history);

#endif
