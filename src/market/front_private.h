/* Reading a vendor's front page: whom we may ask, and the visit itself. */
#ifndef MARKET_FRONT_PRIVATE_H
#define MARKET_FRONT_PRIVATE_H

#include "market/front.h"

/* Redirects within the domain. */
#define FRONT_REDIRECTS_MAX 3

/* robots.txt and the page, with their redirects, by https and by http. */
#define FRONT_REQUESTS_MAX (4 * (FRONT_REDIRECTS_MAX + 1))

/* How a wish ended. */
gboolean front_note(struct store *store, const char *domain, const char *note,
		    GError **error);

/* What a visit needs; validators may be "". */
struct front_visit {
	struct http *http;
	const char *domain;
	const char *etag;
	const char *modified;
	char *origin;  /* whose robots.txt was read last; or NULL */
	GBytes *rules; /* its text; NULL: there is none */
	gint64 retry_us;
};

void front_visit_clear(struct front_visit *visit);

/* The last answer, whatever its status, of https or else of http. */
struct http_answer *front_visit_page(struct front_visit *visit, GError **error);

/* In bytes. */
#define FRONT_TITLE_MAX ((gsize)300)

/* What stands in <title>, as plain text; "" when it has none. The caller's. */
char *front_title(const char *html);

#endif
