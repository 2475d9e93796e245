/* Signing in and out, and one's own sessions. */
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "form_private.h"
#include "letter_private.h"
#include "page_private.h"
#include "session_private.h"
#include "sessions_private.h"
#include "site_private.h"
#include "store/access.h"
#include "token_private.h"

#define NEXT_MAX 500

/* Where to go afterwards, when it is a page of ours. */
static const char *
next_of(const struct web_request *request)
{
	const char *next = request->method == WEB_POST
				   ? request_form(request, "next")
				   : request_query(request, "next");

	return strlen(next) <= NEXT_MAX && form_inside(next) ? next : "";
}

static void
explain_proxy(struct web_reply *reply)
{
	html_element(reply->body, "p class=\"lead\"",
		     "You sign in where your organisation's other sites are "
		     "signed in to. If you came from there and see this, "
		     "nobody of your address may use Pitchward: ask its "
		     "administrator.");
}

static void
sign_form(const struct web_request *request, struct web_reply *reply)
{
	page_form_open(request, reply, "/sign-in", "class=\"stack\"");
	page_hidden(reply, "next", next_of(request));
	g_string_append(reply->body,
			"<label for=\"address\">Your mail address</label>\n"
			"<input id=\"address\" name=\"address\" type=\"email\" "
			"autocomplete=\"email\" required=\"required\" "
			"maxlength=\"320\" autofocus=\"autofocus\"/>\n");
	page_button(reply, "", "", "Mail me a link", "primary");
	page_form_close(reply);
	html_element(reply->body, "p class=\"hint\"",
		     "There is no password: the link in the mail signs you "
		     "in, once, within 15 minutes.");
}

static void
sign_in_page(const struct web_request *request, struct web_reply *reply)
{
	const char *next = next_of(request);

	if (request->user) {
		reply_back(request, reply, *next ? next : page_home(request),
			   NULL, NULL);
		return;
	}
	page_open(request, reply, "Sign in", "");
	if (request->snapshot->config->web.sign_in_mail)
		sign_form(request, reply);
	else
		explain_proxy(reply);
	page_close(request, reply);
}

/* The same words for every address. */
static void
sign_in_ask(const struct web_request *request, struct web_reply *reply)
{
	struct site_state *state = request->site->state;
	const gint64 now_us = clock_monotonic_us();

	if (!request->snapshot->config->web.sign_in_mail) {
		reply_error(request, reply, 403,
			    "Links to sign in are not mailed here.");
		return;
	}
	if (!rate_take(state->by_client, request->client, now_us) ||
	    !rate_take(state->overall, "", now_us)) {
		reply_error(request, reply, 429,
			    "Too many links were asked for. Try again in a "
			    "quarter of an hour.");
		return;
	}
	letter_ask(request, request_form(request, "address"), next_of(request));
	page_open(request, reply, "Look into your mailbox", "");
	html_element(reply->body, "p class=\"lead\"",
		     "If somebody of this address may sign in, a mail with a "
		     "link is on its way. It works once, within 15 minutes.");
	html_element(reply->body, "p class=\"hint\"",
		     "You may close this page.");
	page_close(request, reply);
}

static void
link_page(const struct web_request *request, struct web_reply *reply)
{
	g_autofree char *path =
		g_strconcat("/sign-in/", request->parts[0], NULL);

	page_open(request, reply, "Sign in", "");
	html_element(reply->body, "p class=\"lead\"", "Press to sign in.");
	page_form_open(request, reply, path, "class=\"stack\"");
	page_hidden(reply, "next", next_of(request));
	page_button(reply, "", "", "Sign in", "primary");
	page_form_close(reply);
	page_close(request, reply);
}

static void
link_refused(const struct web_request *request, struct web_reply *reply)
{
	reply_error(request, reply, 403,
		    "This link does not work any more: it was used, it is "
		    "older than 15 minutes, or another one was asked for. Ask "
		    "for a new one.");
}

/* Ends what the link began. */
static struct store_pass *
take_link(const struct web_request *request, GError **error)
{
	g_autofree char *hash = token_hash(request->parts[0]);
	g_autoptr(StorePass) pass = NULL;

	if (!hash) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no token");
		return NULL;
	}
	pass = store_pass_find(request->site->store, STORE_PASS_LINK, hash,
			       request->now_us, error);
	if (!pass || !store_pass_end(request->site->store, STORE_PASS_LINK,
				     hash, request->now_us, error))
		return NULL;
	return g_steal_pointer(&pass);
}

static void
enter(struct web_request *request, struct web_reply *reply, const char *address)
{
	g_autoptr(WebUser) user = web_user_new(request->snapshot->config,
					       request->snapshot, address);
	g_autoptr(GError) error = NULL;
	const char *next = next_of(request);

	if (!user) {
		link_refused(request, reply);
		return;
	}
	if (!session_make(request, user->address, &reply->cookie, &error)) {
		reply_error(request, reply, 503,
			    "The store does not answer; ask for another link "
			    "in a minute.");
		return;
	}
	request->user = user;
	request_audit(request, "sign-in", "", "", "by a mailed link");
	reply_back(request, reply, *next ? next : page_home(request), NULL,
		   NULL);
}

static void
link_use(const struct web_request *request, struct web_reply *reply)
{
	struct web_request mine = *request;
	g_autoptr(GError) error = NULL;
	g_autoptr(StorePass) pass = NULL;

	if (!rate_take(request->site->state->guesses, request->client,
		       clock_monotonic_us())) {
		reply_error(request, reply, 429,
			    "Too many links were tried. Try again in a quarter "
			    "of an hour.");
		return;
	}
	pass = take_link(request, &error);
	if (pass)
		enter(&mine, reply, pass->address);
	else if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		link_refused(request, reply);
	else
		reply_error(request, reply, 503,
			    "The store does not answer; try again in a "
			    "minute.");
}

static void
forget_cookie(const struct web_request *request, struct web_reply *reply)
{
	const struct config_web *web = &request->site->config->web;

	reply->cookie = session_set_cookie(web, session_name(web), "", 0);
}

static void
sign_out(const struct web_request *request, struct web_reply *reply)
{
	const char *session = request->user->session;
	g_autoptr(GError) error = NULL;

	if (session &&
	    !store_pass_end(request->site->store, STORE_PASS_SESSION, session,
			    request->now_us, &error) &&
	    !g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		reply_error(request, reply, 503,
			    "The store does not answer: you are still signed "
			    "in. Try again in a minute.");
		return;
	}
	request_audit(request, "sign-out", "", "", "");
	reply_back(request, reply, "/sign-in", NULL, NULL);
	forget_cookie(request, reply);
}

static void
sign_out_all(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *detail = NULL;
	guint n = 0;

	if (!store_pass_end_all(request->site->store, request->user->address,
				request->now_us, &n, &error)) {
		reply_error(request, reply, 503,
			    "The store does not answer: you are still signed "
			    "in. Try again in a minute.");
		return;
	}
	detail = g_strdup_printf("everywhere, %u sessions and links", n);
	request_audit(request, "sign-out", "", "", detail);
	reply_back(request, reply, "/sign-in", NULL, NULL);
	forget_cookie(request, reply);
}

static void
account_page(const struct web_request *request, struct web_reply *reply)
{
	page_open(request, reply, "Your sessions", "");
	sessions_table(request, reply, request->user->address);
	g_string_append(reply->body, "<div class=\"actions\">");
	page_form_open(request, reply, "/sign-out", "");
	page_button(reply, "", "", "Sign out", "primary");
	page_form_close(reply);
	page_form_open(request, reply, "/sign-out/everywhere", "");
	page_button(reply, "", "", "Sign out everywhere", "danger");
	page_form_close(reply);
	g_string_append(reply->body, "</div>\n");
	page_close(request, reply);
}

/* One's own, whatever else one may. */
static void
account_end(const struct web_request *request, struct web_reply *reply)
{
	sessions_end(request, reply, request->user->address);
}

const struct web_route routes_sign[] = {
	{ WEB_GET, "/sign-in", ACCESS_OPEN, sign_in_page },
	{ WEB_POST, "/sign-in", ACCESS_OPEN, sign_in_ask },
	{ WEB_GET, "/sign-in/*", ACCESS_OPEN, link_page },
	{ WEB_POST, "/sign-in/*", ACCESS_OPEN, link_use },
	{ WEB_POST, "/sign-out", ACCESS_SIGNED, sign_out },
	{ WEB_POST, "/sign-out/everywhere", ACCESS_SIGNED, sign_out_all },
	{ WEB_GET, "/account", ACCESS_SIGNED, account_page },
	{ WEB_POST, "/account/end", ACCESS_SIGNED, account_end },
	{ 0 },
};
