#include "dispatch_private.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "base/log.h"
#include "form_private.h"
#include "note_private.h"
#include "origin_private.h"
#include "page_private.h"
#include "route_private.h"
#include "session_private.h"
#include "site_private.h"
#include "static_private.h"

#define FORM_TYPE    "application/x-www-form-urlencoded"
#define FORWARDS_MAX 20

/* One request while it is served. */
struct turn {
	const struct web_input *input;
	struct web_site site; /* with the snapshot's configuration */
	struct web_request request;
	struct snapshot *snapshot;
	struct web_user *user;
	const struct web_route *route;
	char *path;
	char *client;
	GError *away; /* the store could not say who it is */
	struct web_reply *reply;
};

void
web_reply_init(struct web_reply *reply)
{
	*reply = (struct web_reply){ .status = 200,
				     .type = "text/html; charset=utf-8",
				     .body = g_string_new(NULL) };
}

void
web_reply_clear(struct web_reply *reply)
{
	if (reply->body)
		g_string_free(reply->body, TRUE);
	g_free(reply->location);
	g_free(reply->cookie);
	g_free(reply->filename);
	g_free(reply->etag);
	g_free(reply->note);
	g_free(reply->undo);
	g_free(reply->next);
	*reply = (struct web_reply){ 0 };
}

static gboolean
is_address(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET, text, &address) == 1 ||
	       inet_pton(AF_INET6, text, &address) == 1;
}

char *
dispatch_client(const struct config *config, const char *peer,
		const char *forwarded)
{
	g_auto(GStrv) hops = NULL;
	const char *client = peer;
	guint n;

	if (!forwarded || !config_trusted_proxy(config, peer))
		return g_strdup(peer);
	/* However many a client wrote before it, a proxy's own is the last. */
	hops = g_strsplit(forwarded, ",", -1);
	n = g_strv_length(hops);
	for (guint i = n; i > 0 && n - i < FORWARDS_MAX; i--) {
		const char *hop = g_strstrip(hops[i - 1]);

		if (!is_address(hop))
			break;
		client = hop;
		if (!config_trusted_proxy(config, hop))
			break;
	}
	return g_strdup(client);
}

/* Each returns FALSE when it has answered already. */

static gboolean
refuse(struct turn *turn, guint status, const char *what)
{
	reply_error(&turn->request, turn->reply, status, what);
	return FALSE;
}

static gboolean
check_host(struct turn *turn)
{
	if (origin_host(&turn->site.config->web, turn->input->host))
		return TRUE;
	return refuse(turn, 421,
		      "This name does not lead to Pitchward. The address of "
		      "this site is set in its configuration (web.url).");
}

static gboolean
find_method(struct turn *turn)
{
	const char *method = turn->input->method;

	turn->request.method = strcmp(method, "POST") == 0 ? WEB_POST : WEB_GET;
	if (turn->request.method == WEB_POST || strcmp(method, "GET") == 0 ||
	    strcmp(method, "HEAD") == 0)
		return TRUE;
	return refuse(turn, 405, "Only GET, HEAD and POST are known here.");
}

static gboolean
find_route(struct turn *turn)
{
	gboolean other = FALSE;

	turn->path = form_path(turn->input->target);
	if (!turn->path)
		return refuse(turn, 400, "The address is not well formed.");
	turn->request.path = turn->path;
	if (turn->request.method == WEB_GET &&
	    static_reply(turn->path, turn->reply))
		return FALSE;
	turn->route = route_find(turn->request.method, turn->path,
				 &turn->request.parts, &other);
	if (turn->route)
		return TRUE;
	if (other)
		return refuse(turn, 405,
			      "This address is there, but not for that "
			      "method.");
	return refuse(turn, 404, "There is no page at this address.");
}

static gboolean
is_for_monitors(const struct web_route *route)
{
	for (const struct web_route *one = routes_health; one->handler; one++)
		if (one == route)
			return TRUE;
	return FALSE;
}

static gboolean
check_store(struct turn *turn)
{
	if (turn->site.store || is_for_monitors(turn->route))
		return TRUE;
	return refuse(turn, 503,
		      "The store is away. Mail is read all the same, and what "
		      "is held waits: nothing is lost. These pages come back "
		      "by themselves.");
}

/* The word of a proxy counts only from where a proxy is. */
static void
find_user(struct turn *turn)
{
	const struct web_input *input = turn->input;
	const struct config *config = turn->site.config;

	if (config->web.sign_in_header && input->named &&
	    config_trusted_proxy(config, input->peer))
		turn->user = session_named(&turn->site, turn->request.snapshot,
					   input->named);
	else
		(void)session_find(&turn->site, turn->request.snapshot,
				   input->cookie, turn->request.now_us,
				   &turn->user, &turn->away);
	turn->request.user = turn->user;
}

static gboolean
read_query(struct turn *turn)
{
	const char *query = strchr(turn->input->target, '?');

	turn->request.query = form_new();
	if (!query ||
	    form_parse(query + 1, strlen(query + 1), turn->request.query, NULL))
		return TRUE;
	return refuse(turn, 400, "The address is not well formed.");
}

static gboolean
is_form(const char *type)
{
	const gsize len = strlen(FORM_TYPE);

	return type && g_ascii_strncasecmp(type, FORM_TYPE, len) == 0 &&
	       (type[len] == '\0' || type[len] == ';' || type[len] == ' ');
}

/*
 * Pages that anybody may post to carry their own proof (a one-time or a signed
 * link), and are opened from mail, where the browser keeps the cookie back.
 */
static gboolean
check_token(const struct turn *turn)
{
	const struct web_user *user = turn->user;
	const char *given = request_form(&turn->request, "csrf");

	if (turn->route->action == ACCESS_OPEN || !user)
		return TRUE;
	return key_verify(
		turn->site.key, user->session ? "csrf" : "csrf-of-proxy",
		user->session ? user->session : user->address,
		strlen(user->session ? user->session : user->address), given);
}

static gboolean
read_form(struct turn *turn)
{
	const struct web_input *input = turn->input;
	struct web_request *request = &turn->request;

	if (request->method != WEB_POST)
		return TRUE;
	if (!is_form(input->type))
		return refuse(turn, 415, "Only forms are taken here.");
	if (!origin_same(&turn->site.config->web, input->origin, input->site))
		return refuse(turn, 403,
			      "This was sent from a page of another site. "
			      "Nothing was changed.");
	request->form = form_new();
	request->picked = g_ptr_array_new_with_free_func(g_free);
	if (!form_parse(input->body->str, input->body->len, request->form,
			request->picked))
		return refuse(turn, 400, "The form is not well formed.");
	if (!check_token(turn))
		return refuse(turn, 403,
			      "The page was opened in another session. Nothing "
			      "was changed: go back, reload it and repeat.");
	return TRUE;
}

static gboolean
come_back(struct turn *turn, const char *path)
{
	g_autofree char *next =
		g_uri_escape_string(turn->input->target, NULL, FALSE);

	turn->reply->status = 303;
	turn->reply->location =
		strcmp(turn->input->target, "/") == 0
			? g_strdup(path)
			: g_strconcat(path, "?next=", next, NULL);
	return FALSE;
}

/*
 * A link from elsewhere (a mail, a chat) comes without the cookie (SameSite):
 * the browser is asked to come again from a page of ours, with it.
 */
static gboolean
come_again(struct turn *turn)
{
	GString *out = turn->reply->body;

	(void)come_back(turn, "/sign-in");
	turn->reply->status = 200;
	g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
			     "<meta charset=\"utf-8\"/><title>Pitchward"
			     "</title><meta http-equiv=\"refresh\" "
			     "content=\"0;url=");
	html_text(out, turn->reply->location);
	g_string_append(out, "\"/></head><body><p><a href=\"");
	html_text(out, turn->reply->location);
	g_string_append(out, "\">Go on</a></p></body></html>\n");
	g_clear_pointer(&turn->reply->location, g_free);
	return FALSE;
}

static gboolean
ask_to_sign_in(struct turn *turn)
{
	if (turn->away)
		return refuse(turn, 503,
			      "The store does not answer. Nothing is lost; try "
			      "again in a minute.");
	if (turn->request.method == WEB_POST)
		return refuse(turn, 403,
			      "You are signed out. Nothing was changed: sign "
			      "in and repeat.");
	if (g_strcmp0(turn->input->site, "cross-site") == 0)
		return come_again(turn);
	return come_back(turn, "/sign-in");
}

static gboolean
check_access(struct turn *turn)
{
	if (request_may(&turn->request, turn->route->action, NULL))
		return TRUE;
	if (!turn->user)
		return ask_to_sign_in(turn);
	if (turn->request.method == WEB_GET && strcmp(turn->path, "/") == 0 &&
	    strcmp(page_home(&turn->request), "/") != 0) {
		reply_back(&turn->request, turn->reply,
			   page_home(&turn->request), NULL, NULL);
		return FALSE;
	}
	return refuse(turn, 403, "You may not see or do that here.");
}

static void
serve(struct turn *turn)
{
	if (!check_host(turn) || !find_method(turn) || !find_route(turn) ||
	    !check_store(turn))
		return;
	if (turn->site.store)
		find_user(turn);
	note_read(&turn->request, turn->input->cookie);
	if (read_query(turn) && read_form(turn) && check_access(turn))
		turn->route->handler(&turn->request, turn->reply);
	note_keep(&turn->request, turn->reply);
}

static void
turn_begin(struct turn *turn, struct web_site *site)
{
	const struct web_input *input = turn->input;
	struct web_request *request = &turn->request;
	struct snapshot *snapshot = site_view(site, &turn->site);

	turn->snapshot = snapshot;
	turn->client = dispatch_client(snapshot->config, input->peer,
				       input->forwarded);
	request->path = "";
	request->target = input->target;
	request->client = turn->client;
	request->direct = !input->forwarded &&
			  config_trusted_proxy(snapshot->config, input->peer);
	request->agent = input->agent ? input->agent : "";
	request->site = &turn->site;
	request->snapshot = snapshot;
	request->now_us = clock_now_us();
}

static void
turn_end(struct turn *turn)
{
	struct web_request *request = &turn->request;

	if (request->query)
		g_hash_table_unref(request->query);
	if (request->form)
		g_hash_table_unref(request->form);
	if (request->picked)
		g_ptr_array_unref(request->picked);
	g_strfreev(request->parts);
	g_free(request->note);
	g_free(request->undo);
	g_free(request->next);
	web_user_free(turn->user);
	g_clear_error(&turn->away);
	g_free(turn->path);
	g_free(turn->client);
	snapshot_unref(turn->snapshot);
}

void
dispatch(struct web_site *site, const struct web_input *input,
	 struct web_reply *reply, struct web_outcome *outcome)
{
	struct turn turn = { .input = input, .reply = reply };

	turn_begin(&turn, site);
	serve(&turn);
	outcome->route = turn.route ? turn.route->path : NULL;
	outcome->user = turn.user ? g_strdup(turn.user->address) : NULL;
	turn_end(&turn);
}
