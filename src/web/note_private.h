/*
 * "Released. [Undo]" on the page after a POST: in a cookie for that one page,
 * signed for the session, since anybody on the same host could set cookies.
 */
#ifndef WEB_NOTE_PRIVATE_H
#define WEB_NOTE_PRIVATE_H

#include "request_private.h"

/* Sets request->note and request->undo from the Cookie header, if it holds
 * any that are ours. */
void note_read(struct web_request *request, const char *header);

/* Puts that of reply_back() into a cookie, or takes away what was shown. */
void note_keep(const struct web_request *request, struct web_reply *reply);

#endif
