/*
 * Vendors' own front pages: the root of the registered domain and where it
 * leads to within that domain, nothing that we would have to look for. Only of
 * a vendor that somebody ruled "wanted", or asked to have read, which is good
 * for one reading. The guards are http.h's, and robots.txt is heeded.
 */
#ifndef MARKET_FRONT_H
#define MARKET_FRONT_H

#include <glib.h>

#include "market/fetch.h"

#define FRONT_ERROR (front_error_quark())

enum front_error {
	FRONT_ERROR_DOMAIN, /* it leads away from the vendor's domain */
	FRONT_ERROR_ROBOTS, /* robots.txt asks us not to */
	FRONT_ERROR_TYPE,   /* no HTML */
	FRONT_ERROR_STATUS  /* no page, or a robots.txt that cannot be had */
};

GQuark front_error_quark(void);

/* The name of the source in the store, "vendor/acme.example"; the caller's. */
#define FRONT_SOURCE "vendor/"
char *front_source(const char *domain);

/* Whether there can be a front page: a registered domain, no address. */
gboolean front_domain_valid(const char *domain);

/* That somebody asks for a domain's page, or takes it back. A wish that was not
 * fulfilled within a month is none any more. */
gboolean front_wish(struct store *store, const char *domain, const char *by,
		    GError **error);
gboolean front_unwish(struct store *store, const char *domain, const char *by,
		      GError **error);
/* Whether somebody does. */
gboolean front_wished(struct store *store, const char *domain, gint64 now_us,
		      gboolean *wished, GError **error);

/* The domains whose pages may be asked for, each once: an array of strings that
 * frees them. */
GPtrArray *front_domains(struct store *store, gint64 now_us, GError **error);

/*
 * Asks for the page if it is due, and keeps it as a document: by https, or by
 * http where nobody listens for that. A wish is fulfilled then, and when the
 * vendor's server says no. Errors: HTTP_ERROR, FRONT_ERROR, STORE_ERROR.
 */
gboolean fetch_front(const struct fetch *fetch, const char *domain,
		     struct fetch_report *report, GError **error);

#endif
