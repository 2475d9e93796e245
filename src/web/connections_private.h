/*
 * Open connections and how long each may take: libmicrohttpd's own timeout
 * counts from the last byte, so that a byte a second would hold a connection
 * for ever. A thread looks at all of them and shuts down (shutdown(2)) those
 * that are late; libmicrohttpd then closes them. Thread-safe.
 */
#ifndef WEB_CONNECTIONS_PRIVATE_H
#define WEB_CONNECTIONS_PRIVATE_H

#include <glib.h>

#include "site_private.h"

enum connection_stage {
	CONNECTION_IDLE, /* between two requests */
	CONNECTION_READ, /* a request is on its way in */
	CONNECTION_WORK, /* we think: the client is not to blame */
	CONNECTION_WRITE /* a reply is on its way out */
};

struct connections;
struct connection;

/* When more than half of `max` are open, slow ones are cut much earlier. */
struct connections *connections_new(struct site_counters *counters, guint max);
void connections_free(struct connections *connections);

/* Whether a client may have one more; `trusted` ones (proxies) always may. */
gboolean connections_allow(struct connections *connections, const char *ip,
			   gboolean trusted);

/* In stage READ: who connects should speak. Ends when the socket is about to be
 * closed, not later. */
struct connection *connection_begin(struct connections *connections, int fd,
				    const char *ip);
void connection_end(struct connection *connection);

/* The request that is under way on it, or NULL; libmicrohttpd's thread only. */
void connection_carry(struct connection *connection, gpointer request);
gpointer connection_carried(const struct connection *connection);

/* IDLE to READ and so on: the time of the stage begins. The same stage again
 * changes nothing. */
void connection_stage(struct connection *connection,
		      enum connection_stage stage);

/* Closes those that are between two requests; for a clean end. */
void connections_drain(struct connections *connections);

/* Of an IPv4 address itself; of IPv6 its /64, of which everybody has one. The
 * caller's. */
char *connections_key(const char *ip);

#endif
