/* The words of a message looked up once for all that holds them against a
 * buyer's items. */
#ifndef FEATURES_LOOKUPS_PRIVATE_H
#define FEATURES_LOOKUPS_PRIVATE_H

#include "interest_private.h"

/* One word: how rare its stem is, and which items have it. */
struct lookup {
	float idf; /* 0 for a function word */
	guint row; /* postings_find() */
};

/* Of the words that are stemmed. */
struct lookups {
	struct lookup *text;
	struct lookup *subject;
};

/* Makes the stems of `reading`; freed by lookups_clear(). */
struct lookups lookups_read(struct reading *reading,
			    const struct interest *interest);
void lookups_clear(struct lookups *lookups);

#endif
