/*
 * Links to sign in with, made and mailed behind the scenes: whether an address
 * is known shows neither in the answer nor in the time it takes.
 */
#ifndef WEB_LETTER_PRIVATE_H
#define WEB_LETTER_PRIVATE_H

#include "request_private.h"

#define LETTER_LIFE_US (15 * G_GINT64_CONSTANT(60000000))

GThreadPool *letter_pool_new(struct web_site *site);

/* Mails a link to the address if somebody of that address may sign in. `next`
 * is where the link leads afterwards, or "". */
void letter_ask(const struct web_request *request, const char *address,
		const char *next);

/*
 * A new link for an address that may sign in, the caller's; `client` and
 * `agent` say who asked.
 */
char *letter_link(struct web_site *site, const char *address, const char *next,
		  const char *client, GError **error);

#endif
