/*
 * The frame of every page: head, style sheet, navigation, notes, foot. Pages
 * append to the body with base/html.h, which escapes; nothing else writes text
 * that came from mail.
 *
 *	page_open(request, reply, "Queue", "queue");
 *	html_element(reply->body, "p", ...);
 *	page_close(request, reply);
 */
#ifndef WEB_PAGE_PRIVATE_H
#define WEB_PAGE_PRIVATE_H

#include "request_private.h"

/* `here` is the id of the navigation entry that is marked: "board", "queue",
 * "vendors", "research", "brief", "groups", "profile", "models", "admin"; or
 * "". */
void page_open(const struct web_request *request, struct web_reply *reply,
	       const char *title, const char *here);
void page_close(const struct web_request *request, struct web_reply *reply);

/*
 * <form method=post action=PATH> with the CSRF token and the page to come back
 * to (request_came_from()). Attributes are ours: literals. Every form that is
 * sent by POST begins so, or it is refused.
 */
void page_form_open(const struct web_request *request, struct web_reply *reply,
		    const char *path, const char *attributes);
void page_form_close(struct web_reply *reply);

/* A submit button with name=value. `look`: "", "primary", "danger". */
void page_button(struct web_reply *reply, const char *name, const char *value,
		 const char *label, const char *look);

/* The same, pressed by a key, too: one lower-case letter, which means the
 * button of the row ("data-row") that the keyboard is on. */
void page_key_button(struct web_reply *reply, const char *name,
		     const char *value, const char *label, const char *look,
		     char key);

/* A field that is not shown. */
void page_hidden(struct web_reply *reply, const char *name, const char *value);

/* The time in the buyer's zone, with <time datetime>. */
void page_time(const struct web_request *request, struct web_reply *reply,
	       gint64 time_us);

/* Where a user begins: the first place of the navigation that they may see, or
 * their own sessions. */
const char *page_home(const struct web_request *request);

/* Whose mail is shown: ?for=ID when they may, else their own, else the first;
 * NULL (and an error page) when there is none. */
const struct buyer *page_buyer(const struct web_request *request,
			       struct web_reply *reply,
			       enum access_action action);

#endif
