#include "request_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "base/log.h"
#include "form_private.h"
#include "page_private.h"
#include "store/audit.h"

static const char *
value_of(GHashTable *fields, const char *name)
{
	const char *value = fields ? g_hash_table_lookup(fields, name) : NULL;

	return value ? value : "";
}

const char *
request_query(const struct web_request *request, const char *name)
{
	return value_of(request->query, name);
}

const char *
request_form(const struct web_request *request, const char *name)
{
	return value_of(request->form, name);
}

guint
request_number(const struct web_request *request, const char *name,
	       guint fallback, guint max)
{
	guint64 value;

	if (!g_ascii_string_to_unsigned(request_query(request, name), 10, 0,
					max, &value, NULL))
		return fallback;
	return (guint)value;
}

const char *
request_came_from(const struct web_request *request, const char *fallback)
{
	const char *back = request_form(request, "back");

	return form_inside(back) ? back : fallback;
}

gboolean
request_may(const struct web_request *request, enum access_action action,
	    const char *buyer)
{
	return access_allowed(request->user, action, buyer,
			      request->snapshot->config);
}

static const char *
status_title(guint status)
{
	switch (status) {
	case 400:
		return "That was not understood";
	case 403:
		return "Not allowed";
	case 404:
		return "Nothing is here";
	case 405:
		return "Not done that way";
	case 409:
		return "Somebody was faster";
	case 429:
		return "Too often";
	case 503:
		return "Not now";
	default:
		return "That did not work";
	}
}

void
reply_error(const struct web_request *request, struct web_reply *reply,
	    guint status, const char *what)
{
	reply->status = status;
	g_string_truncate(reply->body, 0);
	page_open(request, reply, status_title(status), "");
	html_element(reply->body, "p class=\"lead\"", what);
	g_string_append(reply->body, "<p><a href=\"/\">");
	html_text(reply->body, request->user ? "To the board" : "To sign in");
	g_string_append(reply->body, "</a></p>\n");
	page_close(request, reply);
}

void
reply_back(const struct web_request *request, struct web_reply *reply,
	   const char *path, const char *note, const char *undo)
{
	(void)request;
	g_free(reply->location);
	g_free(reply->note);
	g_free(reply->undo);
	reply->status = 303;
	reply->location = g_strdup(form_inside(path) ? path : "/");
	reply->note = g_strdup(note);
	reply->undo = undo && form_inside(undo) ? g_strdup(undo) : NULL;
	g_string_truncate(reply->body, 0);
}

void
request_audit(const struct web_request *request, const char *action,
	      const char *buyer, const char *object, const char *detail)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreAudit) audit = g_new0(struct store_audit, 1);

	audit->time_us = clock_now_us();
	audit->who = g_strdup(request->user ? request->user->address : "");
	audit->action = g_strdup(action);
	audit->buyer = g_strdup(buyer ? buyer : "");
	audit->object = g_strdup(object ? object : "");
	audit->detail = g_strdup(detail ? detail : "");
	if (!store_audit_add(request->site->store, audit, &error))
		log_write(LOG_LEVEL_WARNING,
			  "that somebody did '%s' is not in the audit log: %s",
			  action, error->message);
}
