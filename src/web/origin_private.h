/*
 * Where a request comes from and what it is meant for. The name in Host must
 * be ours: otherwise a page of anybody, whose name was made to lead to this
 * address (DNS rebinding), would speak with the browser's own rights.
 */
#ifndef WEB_ORIGIN_PRIVATE_H
#define WEB_ORIGIN_PRIVATE_H

#include <glib.h>

#include "profile/config.h"

/* Host is that of web.url or of web.listen. */
gboolean origin_host(const struct config_web *web, const char *host);

/*
 * A POST comes from a page of ours, as far as the browser tells: Origin
 * ("null" is nobody's) and Sec-Fetch-Site, each NULL where it was not sent.
 * Neither: no browser of the last years, and the form's token decides.
 */
gboolean origin_same(const struct config_web *web, const char *origin,
		     const char *site);

#endif
