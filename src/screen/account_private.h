/* One buyer's attention as it was spent before this process began. */
#ifndef SCREEN_ACCOUNT_PRIVATE_H
#define SCREEN_ACCOUNT_PRIVATE_H

#include <glib.h>

#include "profile/profile.h"
#include "screen/attention.h"

/* The profile's limits, and where its days begin and end (else UTC). */
struct attention_limits account_limits(const struct profile *profile);
GTimeZone *account_zone(const struct profile *profile);

/* Teaches it the stored rows of ATTENTION_DAYS days; on failure none. */
gboolean account_load(const char *store_url, const struct profile *profile,
		      gint64 now_us, struct attention *attention,
		      GError **error);

#endif
