#include "migration_private.h"

/* What store_vendor_sums() counts, in the order it is grouped by, and what its
 * condition asks: no row is read. Mail that offers nothing costs nothing. */
const char migration_vendors[] =
	"CREATE INDEX message_offer"
	" ON message (buyer, vendor, priority, time, state, touch, verdict)"
	" WHERE vendor <> '' AND (touch > 0 OR verdict <> 'deliver');";
