/*
 * What a buyer does with their own models: asks for a training, takes a
 * promotion back.
 */
#ifndef WEB_TEACH_PRIVATE_H
#define WEB_TEACH_PRIVATE_H

#include "request_private.h"

/* Where the user's own training stands, and the button that asks for one;
 * nothing for who has no profile. */
void teach_put(const struct web_request *request, struct web_reply *reply);

/* The button that takes back what serves in a place ("buyers/priya/relevance");
 * nothing where the user may not. */
void teach_put_rollback(const struct web_request *request,
			struct web_reply *reply, const char *place);

/* POST /models/learn, /models/rollback, /models/again/BUYER/ID. */
void teach_learn(const struct web_request *request, struct web_reply *reply);
void teach_rollback(const struct web_request *request, struct web_reply *reply);
void teach_again(const struct web_request *request, struct web_reply *reply);

#endif
