/* What `pitchward replay` prints. */
#ifndef CLI_REPLAY_PRINT_PRIVATE_H
#define CLI_REPLAY_PRINT_PRIVATE_H

#include <glib.h>

#include "review/replay.h"

/* At most `limit` changes; what is left out is told. */
void replay_print(const struct replay *replay, const char *buyer,
		  const struct profile *profile, guint limit);

/* The summary, then at most `limit` changes, an object a line. */
void replay_print_json(const struct replay *replay, const char *buyer,
		       const struct profile *profile, guint limit);

#endif
