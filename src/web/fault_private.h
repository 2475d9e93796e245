/*
 * What went wrong, in words for whom the page is for: where the store is and
 * what SQLite says of it is for the log.
 */
#ifndef WEB_FAULT_PRIVATE_H
#define WEB_FAULT_PRIVATE_H

#include "request_private.h"

/* Whether the store did not answer, so that the same again may work. */
gboolean fault_is_away(const GError *error);

/* A sentence or a part of one, without its full stop; borrowed from the error
 * or a literal. What it leaves out is logged. */
const char *fault_text(const struct web_request *request, const GError *error);

/* The same as a sentence, the caller's. */
char *fault_sentence(const struct web_request *request, const GError *error);

/* The page that says so: 503, or 409 for what is no longer as it was. */
void fault_reply(const struct web_request *request, struct web_reply *reply,
		 const GError *error);

#endif
