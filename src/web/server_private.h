/*
 * HTTP/1.1 by libmicrohttpd, which only server.c and exchange.c know. One
 * thread reads and writes all connections (epoll); requests are read whole,
 * within their limits, and served by a few threads of our own, so that one that
 * waits for the MTA or the disk holds up nobody's bytes.
 */
#ifndef WEB_SERVER_PRIVATE_H
#define WEB_SERVER_PRIVATE_H

#include "request_private.h"

#define SERVER_BODY_MAX ((gsize)64 * 1024)
#define SERVER_HEADER_MAX                                                      \
	((gsize)32 * 1024) /* and the reply's; more is 431                     \
			    */

struct server;

/* Serves what comes in at the listening socket, which stays the caller's. */
struct server *server_open(struct web_site *site, int listener, GError **error);

/* Takes no more connections, lets what is under way end until the deadline
 * (monotonic); FALSE when it did not. Then closes all. */
gboolean server_close(struct server *server, gint64 deadline_us);

#endif
