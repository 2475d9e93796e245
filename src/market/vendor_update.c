#include "market/glean.h"
#include "market/vendor.h"

gboolean
vendor_update(struct store *store, struct vendor_update *done, GError **error)
{
	struct glean glean;

	if (!glean_run(store, 0, &glean, error))
		return FALSE;
	*done = (struct vendor_update){ glean.messages, glean.quotes,
					glean.gone };
	return TRUE;
}
