/* A vendor's card as JSON, for commands and pages alike. */
#ifndef MARKET_VENDOR_JSON_H
#define MARKET_VENDOR_JSON_H

#include <jansson.h>

#include "market/vendor.h"
#include "profile/profile.h"

/*
 * {vendor, name, owner, note, domains, first, last, touches, held, buyers,
 * senders, campaigns, priorities, quotes, fit}: fit is that of `profiles` (of
 * struct profile). A new reference.
 */
json_t *vendor_json(const struct vendor_facts *facts,
		    const struct vendor_book *book, const GPtrArray *profiles);

#endif
