/*
 * HTML with only what its text depends on, for libxml2 to parse: the tokens
 * are told apart as the HTML standard's tokenizer does it, so that what
 * reaches libxml2 2.9 is neither read differently by it nor costs it time out
 * of proportion (each attribute is compared with each).
 *
 * Kept: text (runs of spacing as one space, controls as spaces), start tags
 * with the first of each attribute that matters, end tags. Taken out: style
 * blocks, whose rules are read into a sheet; comments, whose words are hidden
 * ones unless only Outlook reads them; scripts and the like.
 *
 * libxml2 reads a character in the time that others take for ten, and need
 * not: what it is asked for is how elements nest. Text and attributes without
 * entities are stashed, and a number stands where they stood.
 */
#ifndef MAIL_SIEVE_PRIVATE_H
#define MAIL_SIEVE_PRIVATE_H

#include <glib.h>

#include "flow_private.h"
#include "sheet_private.h"

#define SIEVE_HIDDEN_MAX 32768
#define SIEVE_ATTRIBUTE	 "s"	/* its value: where attributes are stashed */
#define SIEVE_MARK	 "\x7f" /* with a number: where the text is */
#define SIEVE_LEAD_MAX	 64	/* bytes that may stand before a mark */

/* What is left of HTML. */
struct sieved {
	char *html; /* NUL-terminated */
	gsize len;
	char *stash;
	gsize stash_len;
	GArray *styles; /* of struct css */
};

void html_sieve(struct sieved *sieved, const char *html, gsize len,
		struct sheet *sheet, struct flow *hidden);

/* What was stashed in the place of that number, NUL-terminated; or NULL. */
const char *sieved_find(const struct sieved *sieved, const char *number);

void sieved_clear(struct sieved *sieved);

#endif
