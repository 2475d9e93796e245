/* Sessions as a person sees and ends them: their own, or as an admin all. */
#ifndef WEB_SESSIONS_PRIVATE_H
#define WEB_SESSIONS_PRIVATE_H

#include "request_private.h"

/* A table with a button for each; `address` NULL: of all. */
void sessions_table(const struct web_request *request, struct web_reply *reply,
		    const char *address);

/* Ends the one of the form's field "session", if it is of that address (NULL:
 * of anybody). */
void sessions_end(const struct web_request *request, struct web_reply *reply,
		  const char *address);

#endif
