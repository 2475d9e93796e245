/* What a vendor's mail is known again by: telephone numbers, link targets and
 * the company's name in what it signs with. */
#ifndef MARKET_VENDOR_TRACE_PRIVATE_H
#define MARKET_VENDOR_TRACE_PRIVATE_H

#include <glib.h>

#include "profile/signals.h"

struct vendor_trace {
	char *key; /* equal for what is the same */
	char *why; /* what both have: "the number +49 561 555 0144" */
};

void vendor_trace_free(struct vendor_trace *trace);

/*
 * Those of one message, each once: an array of struct vendor_trace that frees
 * them. Free-phone and answering services' numbers, and hosts of mailing,
 * tracking, scheduling, social and other common sites leave none; nor does
 * `ours`, the registrable domain that it was written to.
 */
GPtrArray *vendor_trace_read(GBytes *bytes, const struct signals *signals,
			     const char *ours);

/* That of a link to `domain`, which is registrable; the caller's. */
struct vendor_trace *vendor_trace_of_domain(const char *domain);

#endif
