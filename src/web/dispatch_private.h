/*
 * From what came over the wire to a reply: host, path, user, token and rights
 * are looked at here, in this order, before any handler runs.
 */
#ifndef WEB_DISPATCH_PRIVATE_H
#define WEB_DISPATCH_PRIVATE_H

#include "request_private.h"

/* As server.c reads it; borrowed; NULL where a header was not sent. */
struct web_input {
	const char *method;
	const char *target;
	const char *peer; /* network address of the connection */
	const char *host;
	const char *origin;
	const char *site; /* Sec-Fetch-Site */
	const char *cookie;
	const char *agent;
	const char *type;      /* Content-Type */
	const char *forwarded; /* X-Forwarded-For */
	const char *named;     /* web.sign_in.header, when it was sent once */
	const GString *body;
};

/* What else server.c wants to know of it. */
struct web_outcome {
	const char *route; /* pattern, for the log; NULL: there was none */
	char *user;	   /* address or NULL; the caller's */
};

void web_reply_init(struct web_reply *reply);
void web_reply_clear(struct web_reply *reply);

void dispatch(struct web_site *site, const struct web_input *input,
	      struct web_reply *reply, struct web_outcome *outcome);

/*
 * Who asks, by connection and X-Forwarded-For: the last address that no
 * trusted proxy has. The caller's.
 */
char *dispatch_client(const struct config *config, const char *peer,
		      const char *forwarded);

#endif
