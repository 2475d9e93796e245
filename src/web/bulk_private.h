/*
 * Which messages a form of the queue means: one, those selected, all of a
 * campaign that its row stands for, or everything that its filter shows. And
 * which were done together, to be taken back together.
 */
#ifndef WEB_BULK_PRIVATE_H
#define WEB_BULK_PRIVATE_H

#include "request_private.h"

/* At once; the rest is for another press of the button. */
#define BULK_MAX 1000

/* What follows a verb in the form's "do", unless it is an id. */
#define BULK_EVERYTHING "everything"

/* And an id: the name of the box that makes its whole campaign of it. */
#define BULK_WHOLE "all-"

/* The field that says when the page was made, in microseconds: mail that came
 * later, or came back from being put off, nobody saw, and it is left. */
#define BULK_SEEN "seen"

/* The field of a list of what was decided. */
#define BULK_DECIDED "decided"

/*
 * The ids of the messages meant by `object`: "" is what is selected (with the
 * form's "whole", their campaigns), or an id (with its box, its campaign), or
 * everything; but of a campaign and of everything what the form's "for", "q",
 * "vendor" and "priority" show, of everything also BULK_DECIDED. An array that
 * frees its elements; whether the user may is not asked here but for whose
 * queue it is. `more`: there are others. Errors: STORE_ERROR_*.
 */
GPtrArray *bulk_ids(const struct web_request *request,
		    enum access_action action, const char *object,
		    gboolean *more, GError **error);

/* A new name for what is done together, as audit lines have it in `detail`; the
 * caller's. */
char *bulk_name(void);
gboolean bulk_is_name(const char *text);

/* The ids of the messages that the user did `action` with under that name. */
GPtrArray *bulk_done(const struct web_request *request, const char *action,
		     const char *name, GError **error);

#endif
