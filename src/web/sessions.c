#include "sessions_private.h"

#include <string.h>

#include "base/html.h"
#include "page_private.h"
#include "store/access.h"

#define ROWS_MAX 200

/* The store's key is a hash: it opens nothing, and names the row. */
static void
session_row(const struct web_request *request, struct web_reply *reply,
	    const struct store_pass *pass, gboolean all)
{
	const char *own = request->user->session;
	const gboolean this_one = g_strcmp0(pass->hash, own) == 0;

	g_string_append(reply->body, "<tr><td data-label=\"Since\">");
	page_time(request, reply, pass->time_us);
	g_string_append(reply->body, "</td>");
	if (all)
		html_element(reply->body, "td data-label=\"Who\"",
			     pass->address);
	html_element(reply->body, "td data-label=\"From\"", pass->client);
	html_element(reply->body, "td data-label=\"Browser\" class=\"cut\"",
		     pass->agent && *pass->agent ? pass->agent : "unknown");
	g_string_append(reply->body, "<td>");
	if (this_one)
		html_element(reply->body, "span class=\"chip\"", "this one");
	else {
		page_form_open(request, reply,
			       all ? "/admin/sessions/end" : "/account/end",
			       "");
		page_hidden(reply, "session", pass->hash);
		page_button(reply, "", "", "End", "danger small");
		page_form_close(reply);
	}
	g_string_append(reply->body, "</td></tr>\n");
}

void
sessions_table(const struct web_request *request, struct web_reply *reply,
	       const char *address)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) passes = store_pass_list(
		request->site->store, address, request->now_us, &error);

	if (!passes) {
		html_element(reply->body, "p class=\"empty\"",
			     "The store does not answer.");
		return;
	}
	if (passes->len == 0) {
		html_element(reply->body, "p class=\"empty\"",
			     address ? "No session: you are signed in by "
				       "your organisation's proxy."
				     : "Nobody has a session.");
		return;
	}
	html_table_open(reply->body, NULL,
			address ? "Since|From|Browser|End it"
				: "Since|Who|From|Browser|End it");
	for (guint i = passes->len; i > 0 && passes->len - i < ROWS_MAX; i--)
		session_row(request, reply, passes->pdata[i - 1], !address);
	html_table_close(reply->body);
}

static gboolean
belongs(const struct web_request *request, const char *hash,
	const char *address, char **whose, GError **error)
{
	g_autoptr(StorePass) pass =
		store_pass_find(request->site->store, STORE_PASS_SESSION, hash,
				request->now_us, error);

	if (!pass)
		return FALSE;
	if (address && strcmp(pass->address, address) != 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "somebody else's");
		return FALSE;
	}
	*whose = g_strdup(pass->address);
	return TRUE;
}

/* One that goes on is not called ended. */
static void
refuse(const struct web_request *request, struct web_reply *reply,
       const GError *error)
{
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		reply_back(request, reply, request_came_from(request, "/"),
			   "That session had ended already.", NULL);
	else
		reply_error(request, reply, 503,
			    "The store does not answer: the session is not "
			    "ended. Try again in a minute.");
}

void
sessions_end(const struct web_request *request, struct web_reply *reply,
	     const char *address)
{
	const char *hash = request_form(request, "session");
	g_autofree char *whose = NULL;
	g_autoptr(GError) error = NULL;

	if (!belongs(request, hash, address, &whose, &error) ||
	    !store_pass_end(request->site->store, STORE_PASS_SESSION, hash,
			    request->now_us, &error)) {
		refuse(request, reply, error);
		return;
	}
	request_audit(request, "session-end", "", "", whose);
	reply_back(request, reply, request_came_from(request, "/"),
		   "The session is ended.", NULL);
}
