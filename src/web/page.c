#include "page_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "static_private.h"

/* The navigation: an entry is shown to who may go there. */
static const struct entry {
	const char *id;
	const char *path;
	const char *label;
	enum access_action any_of[3]; /* ends with ACCESS_OPEN */
} entries[] = {
	{ "board", "/", "Board", { ACCESS_LIST } },
	{ "queue", "/queue", "Queue", { ACCESS_LIST } },
	{ "vendors", "/vendors", "Vendors", { ACCESS_LIST } },
	{ "research", "/research", "Research", { ACCESS_LIST } },
	{ "brief", "/brief", "Brief", { ACCESS_LIST } },
	{ "groups", "/groups", "Groups", { ACCESS_GROUP } },
	{ "profile", "/profile", "Profile", { ACCESS_PROFILE } },
	{ "models", "/models", "Models", { ACCESS_MODELS } },
	{ "admin", "/admin", "Admin", { ACCESS_COUNTS, ACCESS_USERS } },
};

static gboolean
entry_shown(const struct web_request *request, const struct entry *entry)
{
	for (gsize i = 0; entry->any_of[i] != ACCESS_OPEN; i++)
		if (request_may(request, entry->any_of[i], NULL))
			return TRUE;
	return FALSE;
}

const char *
page_home(const struct web_request *request)
{
	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++)
		if (entry_shown(request, &entries[i]))
			return entries[i].path;
	return "/account";
}

static void
attribute(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, " %s=\"", name);
	html_text(out, value);
	g_string_append_c(out, '"');
}

static void
head(GString *out, const char *title)
{
	g_string_append(out,
			"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
			"<meta charset=\"utf-8\"/>\n"
			"<meta name=\"viewport\" content=\"width=device-width, "
			"initial-scale=1\"/>\n"
			"<meta name=\"color-scheme\" content=\"light dark\"/>\n"
			"<meta name=\"robots\" content=\"noindex\"/>\n");
	g_string_append(out, "<title>");
	html_text(out, title);
	g_string_append(out, " · Pitchward</title>\n<link rel=\"stylesheet\"");
	attribute(out, "href", static_link("/style.css"));
	g_string_append(out, "/>\n<link rel=\"icon\" type=\"image/svg+xml\"");
	attribute(out, "href", static_link("/favicon.svg"));
	g_string_append(out, "/>\n<script defer=\"defer\"");
	attribute(out, "src", static_link("/keys.js"));
	g_string_append(out, "></script>\n</head>\n");
}

static void
navigation(const struct web_request *request, GString *out, const char *here)
{
	g_string_append(out, "<nav aria-label=\"Main\"><ul>");
	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
		const struct entry *entry = &entries[i];

		if (!entry_shown(request, entry))
			continue;
		g_string_append(out, "<li><a");
		attribute(out, "href", entry->path);
		if (strcmp(entry->id, here) == 0)
			g_string_append(out, " aria-current=\"page\"");
		g_string_append_c(out, '>');
		html_text(out, entry->label);
		g_string_append(out, "</a></li>");
	}
	g_string_append(out, "</ul></nav>\n");
}

static void
who(GString *out, const struct web_user *user)
{
	g_string_append(out, "<p class=\"who\"><a href=\"/account\">");
	html_text(out, user->address);
	g_string_append(out, "</a></p>\n");
}

/* What the last request did, and the way back. */
static void
note(const struct web_request *request, struct web_reply *reply)
{
	if (!request->note)
		return;
	g_string_append(reply->body, "<div class=\"note\" role=\"status\">");
	html_element(reply->body, "p", request->note);
	if (request->next) {
		page_form_open(request, reply, "/queue/act", "");
		page_button(reply, "do", request->next,
			    g_str_has_prefix(request->next, "ask ")
				    ? "Ask for release"
				    : "Release",
			    "primary");
		page_form_close(reply);
	}
	if (request->undo) {
		page_form_open(request, reply, request->undo, "");
		g_string_append(reply->body,
				"<button data-undo=\"\">Undo</button>");
		page_form_close(reply);
	}
	g_string_append(reply->body, "</div>\n");
}

void
page_open(const struct web_request *request, struct web_reply *reply,
	  const char *title, const char *here)
{
	GString *out = reply->body;

	head(out, title);
	g_string_append(out, "<body>\n<a class=\"skip\" href=\"#main\">Skip to "
			     "the content</a>\n<header class=\"top\">\n"
			     "<p class=\"name\"><a href=\"/\">Pitchward</a>"
			     "</p>\n");
	if (request->user) {
		navigation(request, out, here);
		who(out, request->user);
	}
	g_string_append(out, "</header>\n<main id=\"main\" tabindex=\"-1\">\n");
	note(request, reply);
	html_element(out, "h1", title);
	g_string_append_c(out, '\n');
}

void
page_close(const struct web_request *request, struct web_reply *reply)
{
	g_string_append(reply->body,
			"</main>\n<footer "
			"class=\"foot\"><p>Pitchward " PITCHWARD_VERSION);
	if (request->user)
		g_string_append(reply->body,
				" · <a href=\"/account\">Your sessions</a>");
	g_string_append(reply->body, "</p></footer>\n</body>\n</html>\n");
}

void
page_hidden(struct web_reply *reply, const char *name, const char *value)
{
	g_string_append(reply->body, "<input type=\"hidden\"");
	attribute(reply->body, "name", name);
	attribute(reply->body, "value", value);
	g_string_append(reply->body, "/>");
}

void
page_form_open(const struct web_request *request, struct web_reply *reply,
	       const char *path, const char *attributes)
{
	g_string_append(reply->body, "<form method=\"post\"");
	attribute(reply->body, "action", path);
	if (*attributes)
		g_string_append_printf(reply->body, " %s", attributes);
	g_string_append_c(reply->body, '>');
	if (request->user)
		page_hidden(reply, "csrf", request->user->csrf);
	if (request->method == WEB_GET)
		page_hidden(reply, "back", request->target);
}

void
page_form_close(struct web_reply *reply)
{
	g_string_append(reply->body, "</form>\n");
}

void
page_key_button(struct web_reply *reply, const char *name, const char *value,
		const char *label, const char *look, char key)
{
	const char letter[] = { key, '\0' };

	g_string_append(reply->body, "<button");
	if (*name) {
		attribute(reply->body, "name", name);
		attribute(reply->body, "value", value);
	}
	if (*look)
		attribute(reply->body, "class", look);
	if (key)
		attribute(reply->body, "data-key", letter);
	g_string_append_c(reply->body, '>');
	html_text(reply->body, label);
	g_string_append(reply->body, "</button>\n");
}

void
page_button(struct web_reply *reply, const char *name, const char *value,
	    const char *label, const char *look)
{
	page_key_button(reply, name, value, label, look, '\0');
}

static GTimeZone *
zone_of(const struct web_request *request)
{
	const struct buyer *buyer =
		request->user
			? snapshot_find(request->snapshot, request->user->buyer)
			: NULL;
	GTimeZone *zone = buyer && buyer->profile->digest.zone
				  ? g_time_zone_new_identifier(
					    buyer->profile->digest.zone)
				  : NULL;

	return zone ? zone : g_time_zone_new_utc();
}

void
page_time(const struct web_request *request, struct web_reply *reply,
	  gint64 time_us)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	g_autofree char *exact = clock_format(time_us);
	g_autoptr(GTimeZone) zone = zone_of(request);
	g_autoptr(GDateTime) utc =
		g_date_time_new_from_unix_utc(time_us / CLOCK_SECOND_US);
	g_autoptr(GDateTime) local =
		utc ? g_date_time_to_timezone(utc, zone) : NULL;
	const gboolean recent =
		ABS(request->now_us - time_us) < 180 * CLOCK_DAY_US;
	g_autofree char *year = NULL;

	if (!local)
		return;
	year = recent ? g_strdup("")
		      : g_strdup_printf(" %d", g_date_time_get_year(local));
	g_string_append(reply->body, "<time");
	attribute(reply->body, "datetime", exact);
	g_string_append_printf(reply->body, ">%d %s%s %02d:%02d</time>",
			       g_date_time_get_day_of_month(local),
			       months[g_date_time_get_month(local) - 1], year,
			       g_date_time_get_hour(local),
			       g_date_time_get_minute(local));
}

/* The first for whom they may, their own before all. */
static const struct buyer *
usual_buyer(const struct web_request *request, enum access_action action)
{
	const GPtrArray *buyers = request->snapshot->buyers;
	const char *own = request->user ? request->user->buyer : NULL;

	if (own && request_may(request, action, own) &&
	    snapshot_find(request->snapshot, own))
		return snapshot_find(request->snapshot, own);
	for (guint i = 0; i < buyers->len; i++) {
		const struct buyer *buyer = buyers->pdata[i];

		if (request_may(request, action, buyer->profile->id))
			return buyer;
	}
	return NULL;
}

const struct buyer *
page_buyer(const struct web_request *request, struct web_reply *reply,
	   enum access_action action)
{
	const char *wanted = request_query(request, "for");
	const struct buyer *buyer;

	if (!*wanted) {
		buyer = usual_buyer(request, action);
		if (!buyer)
			reply_error(request, reply, 403,
				    "There is nobody's mail here that you "
				    "may look after.");
		return buyer;
	}
	buyer = snapshot_find(request->snapshot, wanted);
	if (buyer && request_may(request, action, buyer->profile->id))
		return buyer;
	reply_error(request, reply, 404,
		    "There is no such buyer, or you may not look after "
		    "their mail.");
	return NULL;
}
