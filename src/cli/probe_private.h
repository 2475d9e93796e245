/*
 * Knocking at sockets: whether somebody answers, and as what. Every wait is
 * bounded by PROBE_TIMEOUT_S.
 */
#ifndef CLI_PROBE_PRIVATE_H
#define CLI_PROBE_PRIVATE_H

#include <glib.h>

#define PROBE_TIMEOUT_S 3

/* Where a socket is. */
struct probe_address {
	char *path; /* of a unix socket, or NULL */
	char *host;
	char *port;
};
typedef struct probe_address ProbeAddress; /* for g_auto(ProbeAddress) */

void probe_address_clear(struct probe_address *address);

/*
 * "unix:PATH", "local:PATH", a bare path, "inet:PORT@HOST" (libmilter's way),
 * "inet:HOST:PORT" (Postfix's way), "smtp://HOST:PORT". Errors:
 * BASE_ERROR_INVALID.
 */
gboolean probe_address_parse(const char *text, struct probe_address *address,
			     GError **error);

/* The same place; host names are compared as they are written. */
gboolean probe_address_equal(const struct probe_address *a,
			     const struct probe_address *b);

/* Whether a milter negotiates there. Errors: BASE_ERROR_*. */
gboolean probe_milter(const struct probe_address *address, GError **error);

/*
 * Whether an SMTP server greets and, with a `rcpt` that is not NULL, takes mail
 * to it, as which nothing is sent. BASE_ERROR_INVALID: it refuses that mail,
 * and its answer is told.
 */
gboolean probe_smtp(const struct probe_address *address, const char *rcpt,
		    GError **error);

/*
 * Whether pitchward-web answers there that it and its store are well, asked by
 * the name of `host` ("HOST:PORT"). BASE_ERROR_INVALID: somebody listens, who
 * does not say so.
 */
gboolean probe_web(const struct probe_address *address, const char *host,
		   GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProbeAddress, probe_address_clear)

#endif
