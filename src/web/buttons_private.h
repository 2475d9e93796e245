/* The buttons of the queue, inside its form: what act.c reads. */
#ifndef WEB_BUTTONS_PRIVATE_H
#define WEB_BUTTONS_PRIVATE_H

#include "request_private.h"
#include "store/queue.h"

/* Of one row: for its message, and for all that the row stands for. */
void buttons_put_row(const struct web_request *request, struct web_reply *reply,
		     const struct store_fold *fold);

/* Of a buyer's list: for those selected; and for the rows that match its
 * filter, on every page (0: it has none, and nobody means everything). */
void buttons_put_bulk(const struct web_request *request,
		      struct web_reply *reply, const char *buyer,
		      guint matching);

#endif
