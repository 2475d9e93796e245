#include "store_private.h"

#include "store/keep.h"

void
store_place_clear(struct store_place *place)
{
	g_clear_pointer(&place->identity, g_free);
}

gboolean
store_place_look(const char *url, struct store_place *place, GError **error)
{
	const char *rest;
	const struct store_driver *driver = store_driver_of(url, &rest, error);
	struct store_place found = { 0 };

	if (!driver)
		return FALSE;
	if (!driver->look) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "store '%s:' is no place", driver->scheme);
		return FALSE;
	}
	if (!driver->look(rest, &found, error))
		return FALSE;
	*place = found;
	return TRUE;
}

char *
store_keep_older(const char *url)
{
	const char *rest;
	const struct store_driver *driver = store_driver_of(url, &rest, NULL);

	return driver && driver->keep_older ? driver->keep_older(rest) : NULL;
}
