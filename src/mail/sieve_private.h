/*
 * HTML with only what its text depends on, for libxml2 to parse: the tokens
 * are told apart as the HTML standard's tokenizer does it, so that what
 * reaches libxml2 2.9 is neither read differently by it nor costs it time out
 * of proportion (each attribute is compared with each).
 *
 * Kept: text (runs of spacing as one space, controls as spaces), start tags
 * with the first of each attribute that matters, end tags. Taken out: style
 * blocks, whose rules are read into a sheet; comments, whose words are hidden
 * ones unless only Outlook reads them; scripts and the like. Half of an HTML
 * mail is style attributes, which libxml2 reads slowly: they are read here, and
 * the number of what they say stands in the attribute SIEVE_STYLE instead.
 */
#ifndef MAIL_SIEVE_PRIVATE_H
#define MAIL_SIEVE_PRIVATE_H

#include <glib.h>

#include "flow_private.h"
#include "sheet_private.h"

#define SIEVE_HIDDEN_MAX 32768
#define SIEVE_STYLE	 "s"

/* What is left of HTML. */
struct sieved {
	char *html; /* NUL-terminated */
	gsize len;
	GArray *styles; /* of struct css: what SIEVE_STYLE numbers */
};

void html_sieve(struct sieved *sieved, const char *html, gsize len,
		struct sheet *sheet, struct flow *hidden);
void sieved_clear(struct sieved *sieved);

#endif
