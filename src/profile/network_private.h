/* Networks of client addresses: "10.0.0.0/8", "2001:db8::/32", "192.0.2.7". */
#ifndef PROFILE_NETWORK_PRIVATE_H
#define PROFILE_NETWORK_PRIVATE_H

#include <glib.h>

struct network {
	guint8 address[16]; /* IPv4 as ::ffff:a.b.c.d */
	guint bits;	    /* of the 128 that must agree */
};

/* Errors: BASE_ERROR_INVALID, also when bits behind the prefix are set. */
gboolean network_parse(const char *text, struct network *network,
		       GError **error);

/* Whether the address `ip`, as text, is in one of these; what is no network has
 * nobody, and what is no address is in none. */
gboolean network_listed(char *const *networks, const char *ip);

#endif
