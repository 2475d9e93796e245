/* `pitchward train --for|--team|--due`: what they tell. */
#ifndef CLI_LEARN_PRIVATE_H
#define CLI_LEARN_PRIVATE_H

#include <glib.h>

#include "review/retrain.h"

/* Who runs the command, for the history of models; borrowed. */
const char *learn_who(void);

/* `folder` is where a promoted model was put. */
void learn_print(const struct retrain_outcome *outcome, const char *folder,
		 gboolean json);

/* That daemons which run take it by themselves. */
void learn_print_served(void);

#endif
