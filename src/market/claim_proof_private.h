/* Names that are offered as proof: of customers, and of certificates. */
#ifndef MARKET_CLAIM_PROOF_PRIVATE_H
#define MARKET_CLAIM_PROOF_PRIVATE_H

#include <glib.h>

/* The first in a sentence whose blanks are spaces; `lower` is the same in
 * lower case. */
gboolean proof_find(const char *text, const char *lower, gsize *start,
		    gsize *stop);

#endif
