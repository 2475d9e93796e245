/* What a person can do with one message, and how it is taken back. */
#ifndef WEB_VERB_PRIVATE_H
#define WEB_VERB_PRIVATE_H

#include "request_private.h"

/* One thing to do with one message. */
struct deed {
	const struct web_request *request;
	const struct store_message *message;
	const char *by;
	char *warning; /* done, but not all of it; or NULL */
};

struct verb {
	const char *name;
	enum access_action action;
	gboolean (*act)(struct deed *deed, GError **error);
	/* FALSE without an error: there was nothing of it, or not theirs. NULL:
	 * it cannot be taken back. */
	gboolean (*undo)(struct deed *deed, GError **error);
	const char *done;  /* "3 messages DONE." */
	const char *stays; /* a sentence on what no way back changes, or "" */
};

/* Whether it says that the message should not have been held. */
gboolean verb_wants(const struct verb *verb);

/* By the first `len` bytes of a name; NULL: there is none. */
const struct verb *verb_find(const char *name, gsize len);

#endif
