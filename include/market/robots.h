/*
 * What a site asks of robots (RFC 9309): whether we may read a page. The rules
 * for our own name count, and if there are none those for everybody; of the
 * rules that fit the longest, of two as long the one that allows.
 */
#ifndef MARKET_ROBOTS_H
#define MARKET_ROBOTS_H

#include <glib.h>

/* Of a robots.txt so much is read, of its paths and of ours so much compared.
 */
#define ROBOTS_SIZE_MAX ((gsize)500 * 1024)
#define ROBOTS_PATH_MAX 256

/* `agent` is a product's name in lower case; `path` begins with '/' and has the
 * query. Any bytes are a robots.txt. */
gboolean robots_allow(const char *text, gsize size, const char *agent,
		      const char *path);

#endif
