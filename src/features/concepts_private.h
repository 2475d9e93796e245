/* Concepts: what a mail says, whatever the words and the language. */
#ifndef FEATURES_CONCEPTS_PRIVATE_H
#define FEATURES_CONCEPTS_PRIVATE_H

#include <glib.h>

#include "features/reading.h"

enum concept {
	CONCEPT_INTRODUCES_SELF,
	CONCEPT_ASKS_TIME,
	CONCEPT_OPTS_OUT,
	CONCEPT_WE_HELP,
	CONCEPT_PROOF,
	CONCEPT_OFFERS,
	CONCEPT_FOLLOWS_UP,
	CONCEPT_ROUTES,
	CONCEPT_NOTICED_YOU,
	CONCEPT_TRANSACTS,
	CONCEPT_DEALINGS,
	CONCEPT_APPLIES,
	CONCEPT_INTRODUCES_OTHERS,
	CONCEPT_CLOSENESS,
	CONCEPT_ANSWERS_ENQUIRY,
	CONCEPT_OFFICIAL,
	CONCEPT_UNDER_CONTRACT,
	CONCEPTS
};

struct concept_phrases {
	enum concept concept;
	const char *language;
	const char *phrases;
};

extern const struct concept_phrases concept_table[];
extern const guint concept_table_size;
extern const struct concept_phrases concept_business[];
extern const guint concept_business_size;
extern const char *const concept_names[CONCEPTS];

/* How often each concept stands in the subject and the text's beginning. */
void concepts_count(const struct reading *reading, guint counts[CONCEPTS]);

#endif
