/* Which handler a request is for: all tables of routes, in one place. */
#ifndef WEB_ROUTE_PRIVATE_H
#define WEB_ROUTE_PRIVATE_H

#include "request_private.h"

/*
 * NULL when nothing is there; `other` says whether there is for the other
 * method. `parts` gets what each '*' stood for, the caller's.
 */
const struct web_route *route_find(enum web_method method, const char *path,
				   char ***parts, gboolean *other);

#endif
