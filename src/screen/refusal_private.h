/*
 * Whether an answer says no: short, and by its words a refusal.
 *
 * Judged on fresh text only, in ASCII without accents ("pas interesse"), in
 * the languages of refusal_languages. A long text is an answer whatever it
 * contains, and so is a refusal that goes on ("not interested in the SIEM, but
 * send us a price for EDR"): in doubt it is a relationship.
 */
#ifndef SCREEN_REFUSAL_PRIVATE_H
#define SCREEN_REFUSAL_PRIVATE_H

#include <glib.h>

#include "features/reading.h"

#define REFUSAL_WORDS_MAX 40

gboolean refusal_said(const struct reading *reading);

/* Words of one language; lists end with NULL. "." stands for a stop. */
struct refusal_language {
	const char *code;
	const char *const *phrases; /* refuse wherever they stand */
	const char *const *whole;   /* refuse when nothing else is said */
	const char *const *turns;   /* "but": what follows may be an answer */
};

/* Ends with a NULL code. */
extern const struct refusal_language refusal_languages[];

/* Refusals that are not the writer's own: "if you are not interested". */
extern const char *const refusal_masks[];

/* Words of courtesy, which say nothing; and words that say yes. */
extern const char *const refusal_courtesies[];
extern const char *const refusal_greetings[];
extern const char *const refusal_consents[];

/* What calendars put before a subject when an invitation is declined. */
extern const char *const refusal_declines[];

#endif
