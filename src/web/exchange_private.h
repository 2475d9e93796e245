/*
 * One HTTP request as libmicrohttpd has it: its header looked at, its values
 * handed to dispatch(), its reply sent and logged.
 */
#ifndef WEB_EXCHANGE_PRIVATE_H
#define WEB_EXCHANGE_PRIVATE_H

#include <microhttpd.h>
#include <netdb.h>

#include "connections_private.h"
#include "dispatch_private.h"

/* One request, from its first line to the last byte of its reply. */
struct exchange {
	struct web_site *site;
	struct MHD_Connection *connection;
	char *target;
	const char *method;
	GString *body;
	gsize read;	/* bytes of the body, kept or not */
	gboolean begun; /* its header was looked at */
	gboolean done;	/* the reply is there */
	gint64 since_us;
	struct web_reply reply;
	struct web_outcome outcome;
};

struct exchange *exchange_new(struct web_site *site,
			      struct MHD_Connection *connection,
			      const char *target);

/* Counts it and writes its line into the log, if it was answered. */
void exchange_free(struct exchange *exchange);

/* Whether its header may be followed by a body; else the refusal is there. */
gboolean exchange_check(struct exchange *exchange);

/* The reply of that request, which takes as long as it takes. */
void exchange_serve(struct exchange *exchange);

/* A reply of one line. */
void exchange_plain(struct exchange *exchange, guint status, const char *text);

/* Hands the reply over. */
enum MHD_Result exchange_send(struct exchange *exchange);

void exchange_stage(const struct exchange *exchange,
		    enum connection_stage stage);

/* An address as text; "" when it is none. And that of a connection's peer. */
void exchange_address(const struct sockaddr *address, socklen_t len,
		      char text[NI_MAXHOST]);
void exchange_peer(struct MHD_Connection *connection, char text[NI_MAXHOST]);

#endif
