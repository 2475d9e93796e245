/* `pitchward train --for|--team`: what learn.c does and learn_report.c tells.
 */
#ifndef CLI_LEARN_PRIVATE_H
#define CLI_LEARN_PRIVATE_H

#include <glib.h>

#include "model/trial.h"

/* What was said by the buyers, before it is known for what it counts. */
struct learn_said {
	guint active;	   /* labels that are not retracted */
	guint featureless; /* no features were kept, or no longer */
	guint foreign;	   /* made by another version of the features */
};

/* One model that was tried. */
struct learn_outcome {
	const char *place; /* "buyers/priya/relevance" */
	const struct learn_said *said;
	const struct trial *trial;
	const char *id;	    /* NULL: not promoted */
	const char *folder; /* of models, where it was put */
};

void learn_print(const struct learn_outcome *outcome);
void learn_print_json(const struct learn_outcome *outcome);

/* That a daemon which runs must be told. */
void learn_print_reload(void);

#endif
