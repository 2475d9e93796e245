/*
 * The text of the header fields that we add (DESIGN 4). ASCII only; lines end
 * in LF as libmilter wants, folded with LF and a tab. Nothing here begins with
 * the space after the colon: whoever adds the field knows whether the MTA
 * wants it (SMFIP_HDR_LEADSPC).
 */
#ifndef MILTER_HEADER_H
#define MILTER_HEADER_H

#include <glib.h>

#include "screen/screen.h"

#define HEADER_VERDICT "X-Pitchward"
#define HEADER_REASON  "X-Pitchward-Reason"
#define HEADER_ERROR   "X-Pitchward-Error"

/* No line of a field may be longer (RFC 5322 section 2.1.1). */
#define HEADER_LINE_MAX 998

/*
 * "verdict=tag; outreach=0.93; relevance=0.41; id=01J..."; or, when the gate
 * decided, "verdict=deliver; gate=contact; id=01J...". What is let in for its
 * relevance has "; tag=relevant" behind it. On one line; the caller's.
 */
char *header_verdict(const struct judgement *judgement, const char *id);

/*
 * The heaviest reasons, each as "name weight", folded; "" when there are none.
 * None names what another member of a group wants. The caller's.
 */
char *header_reason(const GPtrArray *reasons);

/*
 * The subject with `prefix` and one space before it. `raw` is the field's value
 * as received (folding, encoded words, leading space and all), or NULL. A
 * prefix that is not ASCII becomes an encoded word (RFC 2047). NULL when the
 * subject has the prefix already; the caller's.
 */
char *header_subject(const char *prefix, const char *raw);

#endif
