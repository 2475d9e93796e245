/* Research: a question over all that the user may read. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/html.h"
#include "fault_private.h"
#include "market/glean.h"
#include "page_private.h"
#include "research_private.h"
#include "row_private.h"

/* What came just now is read before it is searched, if there is not much. */
#define GLEAN_US (CLOCK_SECOND_US / 4)

/* The name of a vendor or feed is no longer. */
#define FILTER_MAX 256

/* Hits of a download; a page shows fewer. */
#define DOWNLOADED 200

static struct research_view
view_of(const struct web_request *request, const struct buyer *buyer)
{
	return (struct research_view){
		.buyer = buyer,
		.text = request_query(request, "q"),
		.kind = request_query(request, "kind"),
		.vendor = request_query(request, "vendor"),
		.priority = request_query(request, "priority"),
		.source = request_query(request, "source"),
		.since = request_query(request, "since"),
		.until = request_query(request, "until"),
	};
}

static gboolean
too_long(const struct research_view *view)
{
	return strlen(view->text) > RESEARCH_TEXT_MAX ||
	       strlen(view->vendor) > FILTER_MAX ||
	       strlen(view->priority) > FILTER_MAX ||
	       strlen(view->source) > FILTER_MAX;
}

static const char *
given(const char *text)
{
	return *text ? text : NULL;
}

static gboolean
read_view(const struct research_view *view, struct research_query *query,
	  GError **error)
{
	const int kind =
		*view->kind ? store_document_kind_parse(view->kind) : 0;

	if (kind < 0) {
		g_set_error_literal(error, BASE_ERROR, BASE_ERROR_INVALID,
				    "A kind is mail, item or page.");
		return FALSE;
	}
	query->text = view->text;
	query->buyer = view->buyer->profile->id;
	query->limit = view->limit;
	query->kinds = *view->kind ? 1U << kind : 0;
	query->vendor = given(view->vendor);
	query->priority = given(view->priority);
	query->source = given(view->source);
	return (!*view->since ||
		research_day_parse(view->since, &query->since_us, error)) &&
	       (!*view->until ||
		research_day_parse(view->until, &query->until_us, error));
}

/* Whose text they may read: a passage of it is shown. */
static GPtrArray *
readable(const struct web_request *request)
{
	GPtrArray *ids = access_buyers(request->user, request->snapshot);
	guint i = 0;

	while (i < ids->len) {
		if (request_may(request, ACCESS_READ, ids->pdata[i]))
			i++;
		else
			g_ptr_array_remove_index(ids, i);
	}
	g_ptr_array_add(ids, NULL);
	return ids;
}

static struct research *
ask(const struct web_request *request, const struct research_view *view,
    GError **error)
{
	struct store *store = request->site->store;
	struct research_query query = { .now_us = request->now_us };
	g_autoptr(GPtrArray) buyers = NULL;
	g_autoptr(VendorBook) book = NULL;
	struct glean done = { 0 };

	if (!read_view(view, &query, error))
		return NULL;
	buyers = readable(request);
	query.buyers = (const char *const *)(void *)buyers->pdata;
	book = vendor_book_load(store, error);
	if (!book)
		return NULL;
	/* Another may be at it, which is as good. */
	glean_run(store, clock_monotonic_us() + GLEAN_US, &done, NULL);
	return research_run(store, book, request->snapshot, &query, error);
}

static void
refuse(const struct web_request *request, struct web_reply *reply,
       const GError *error)
{
	if (error->domain == BASE_ERROR)
		reply_error(request, reply, 400, error->message);
	else
		reply_error(request, reply, 503,
			    "The store does not answer. Nothing is lost; try "
			    "again in a minute.");
}

static void
put_form(struct web_reply *reply, const struct research_view *view)
{
	GString *out = reply->body;

	g_string_append(out, "<form class=\"search\" role=\"search\" "
			     "action=\"/research\">");
	page_hidden(reply, "for", view->buyer->profile->id);
	g_string_append(out, "<label for=\"q\">Question</label>"
			     "<input type=\"search\" id=\"q\" name=\"q\" "
			     "maxlength=\"400\" placeholder=\"warm standby for "
			     "imaging archive\" value=\"");
	html_text(out, view->text);
	g_string_append(out, "\"/><button>Ask</button></form>");
}

/* What is done with an answer: kept on a list, or downloaded. */
static void
put_tools(const struct web_request *request, struct web_reply *reply,
	  const struct research_view *view, const struct research *research)
{
	g_autofree char *page = research_link(view, "/research/page");
	g_autofree char *json = research_link(view, "/research/json");
	struct research_query query = { 0 };
	g_autofree char *filters = NULL;
	const char *more = research->cut ? "; there is more than is shown" : "";

	if (research->collapsed > 0)
		html_format(reply->body, "p class=\"hint\"",
			    "%u found, %u of them say%s the same as another%s.",
			    research->found, research->collapsed,
			    research->collapsed == 1 ? "s" : "", more);
	else if (research->found > 0)
		html_format(reply->body, "p class=\"hint\"", "%u found%s.",
			    research->found, more);
	g_string_append(reply->body, "<div class=\"actions tools\">");
	if (request_may(request, ACCESS_DECIDE, view->buyer->profile->id) &&
	    read_view(view, &query, NULL)) {
		filters = research_filters_format(&query);
		page_form_open(request, reply, "/research/watch", "");
		page_hidden(reply, "for", view->buyer->profile->id);
		page_hidden(reply, "q", view->text);
		page_hidden(reply, "filters", filters);
		page_button(reply, "", "", "Watch this for the brief", "");
		page_form_close(reply);
	}
	g_string_append_printf(reply->body,
			       "<a class=\"chip\" href=\"%s\">Download as a "
			       "page</a> <a class=\"chip\" href=\"%s\">as "
			       "JSON</a></div>",
			       page, json);
}

static void
put_watch(const struct web_request *request, struct web_reply *reply,
	  const struct research_view *view, const struct store_watch *watch)
{
	GString *out = reply->body;
	g_autofree char *safe = g_uri_escape_string(watch->query, NULL, FALSE);
	g_autofree char *path =
		g_strdup_printf("/research/unwatch/%s", watch->id);
	g_autofree char *filters = row_cut(watch->filters, FILTER_MAX);

	g_string_append_printf(out, "<li><a href=\"/research?for=%s&amp;q=%s",
			       view->buyer->profile->id, safe);
	if (*watch->filters) {
		g_string_append(out, "&amp;");
		html_text(out, watch->filters);
	}
	g_string_append(out, "\">");
	html_text(out, watch->query);
	g_string_append(out, "</a> ");
	html_element(out, "span class=\"hint\"", filters);
	page_form_open(request, reply, path, "");
	page_button(reply, "", "", "Remove", "");
	page_form_close(reply);
	g_string_append(out, "</li>");
}

static void
put_watches(const struct web_request *request, struct web_reply *reply,
	    const struct research_view *view)
{
	g_autoptr(GPtrArray) watches = store_watch_list(
		request->site->store, view->buyer->profile->id, NULL);

	if (!watches || watches->len == 0)
		return;
	g_string_append_printf(reply->body,
			       "<details%s><summary>Watched: %u</summary>"
			       "<ul class=\"watches\">",
			       *view->text ? "" : " open=\"open\"",
			       watches->len);
	for (guint i = 0; i < watches->len; i++)
		put_watch(request, reply, view, watches->pdata[i]);
	g_string_append(reply->body, "</ul></details>");
}

static void
put_all(const struct web_request *request, struct web_reply *reply,
	const struct research_view *view, const struct research *research)
{
	page_open(request, reply, *view->text ? view->text : "Research",
		  "research");
	put_form(reply, view);
	research_put_filters(reply->body, view);
	if (!research)
		html_element(reply->body, "p class=\"lead\"",
			     "Ask in your own words: held mail, items of feeds "
			     "and vendors' pages are searched, and what each "
			     "vendor says stands side by side.");
	else if (research->hits->len == 0)
		html_element(reply->body, "p class=\"empty\"",
			     "Nothing that was held or read says anything of "
			     "it.");
	if (research)
		put_tools(request, reply, view, research);
	if (research && research->hits->len > 0) {
		research_put_facets(reply->body, view, research);
		research_put_answer(request, reply, research);
	}
	put_watches(request, reply, view);
	page_close(request, reply);
}

/* The answer to the view; NULL and an error page when there is none. */
static struct research *
answer(const struct web_request *request, struct web_reply *reply,
       const struct research_view *view)
{
	g_autoptr(GError) error = NULL;
	struct research *research;

	if (too_long(view)) {
		reply_error(request, reply, 400,
			    "That is too long to look for.");
		return NULL;
	}
	research = ask(request, view, &error);
	if (!research)
		refuse(request, reply, error);
	return research;
}

static void
show(const struct web_request *request, struct web_reply *reply)
{
	const struct buyer *buyer = page_buyer(request, reply, ACCESS_LIST);
	struct research_view view;
	g_autoptr(Research) research = NULL;

	if (!buyer)
		return;
	view = view_of(request, buyer);
	if (*view.text) {
		research = answer(request, reply, &view);
		if (!research)
			return;
	}
	put_all(request, reply, &view, research);
}

static void
download_page(const struct web_request *request, struct web_reply *reply)
{
	const struct buyer *buyer = page_buyer(request, reply, ACCESS_LIST);
	struct research_view view;
	g_autoptr(Research) research = NULL;

	if (!buyer)
		return;
	view = view_of(request, buyer);
	view.limit = DOWNLOADED;
	research = answer(request, reply, &view);
	if (!research)
		return;
	reply->filename = g_strdup("research.html");
	research_html(research, reply->body);
}

static void
download_json(const struct web_request *request, struct web_reply *reply)
{
	const struct buyer *buyer = page_buyer(request, reply, ACCESS_LIST);
	struct research_view view;
	g_autoptr(Research) research = NULL;
	json_t *json;
	char *text;

	if (!buyer)
		return;
	view = view_of(request, buyer);
	view.limit = DOWNLOADED;
	research = answer(request, reply, &view);
	if (!research)
		return;
	json = research_json(research);
	text = json_dumps(json, JSON_INDENT(1));
	g_string_append(reply->body, text ? text : "");
	free(text);
	json_decref(json);
	reply->type = "application/json";
	reply->filename = g_strdup("research.json");
}

static void
watch(const struct web_request *request, struct web_reply *reply)
{
	const char *text = request_form(request, "q");
	const char *filters = request_form(request, "filters");
	const struct buyer *buyer =
		row_buyer(request, request_form(request, "for"));
	g_autoptr(StoreWatch) kept = NULL;
	g_autoptr(ResearchFilters) known = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *undo = NULL;

	if (!buyer ||
	    !request_may(request, ACCESS_DECIDE, buyer->profile->id)) {
		reply_error(request, reply, 403, "You may not decide that.");
		return;
	}
	known = research_filters_parse(filters, NULL);
	if ((*filters && !known) || !*text ||
	    strlen(text) > RESEARCH_TEXT_MAX) {
		reply_error(request, reply, 400, "That is no question.");
		return;
	}
	kept = g_new0(struct store_watch, 1);
	kept->buyer = g_strdup(buyer->profile->id);
	kept->query = g_strdup(text);
	kept->filters = g_strdup(filters);
	kept->by = g_strdup(request->user->address);
	if (!store_watch_add(request->site->store, kept, &error)) {
		fault_reply(request, reply, error);
		return;
	}
	request_audit(request, "watch", kept->buyer, kept->id, "");
	undo = g_strdup_printf("/research/unwatch/%s", kept->id);
	reply_back(request, reply, request_came_from(request, "/research"),
		   "Watched: what is new of it stands in the next brief.",
		   undo);
}

/* Whose watch that is; NULL: nobody's whom the user may decide for. */
static const struct buyer *
watcher(const struct web_request *request, const char *id)
{
	g_autoptr(GPtrArray) all =
		store_watch_list(request->site->store, NULL, NULL);

	for (guint i = 0; all && i < all->len; i++) {
		const struct store_watch *one = all->pdata[i];

		if (strcmp(one->id, id) == 0 &&
		    request_may(request, ACCESS_DECIDE, one->buyer))
			return row_buyer(request, one->buyer);
	}
	return NULL;
}

static void
unwatch(const struct web_request *request, struct web_reply *reply)
{
	const char *id = request->parts[0];
	const struct buyer *buyer = watcher(request, id);
	g_autoptr(GError) error = NULL;

	if (!buyer) {
		reply_back(request, reply,
			   request_came_from(request, "/research"),
			   "There was nothing to remove.", NULL);
		return;
	}
	if (!store_watch_remove(request->site->store, buyer->profile->id, id,
				&error)) {
		fault_reply(request, reply, error);
		return;
	}
	request_audit(request, "unwatch", buyer->profile->id, id, "");
	reply_back(request, reply, request_came_from(request, "/research"),
		   "Removed.", NULL);
}

const struct web_route routes_research[] = {
	{ WEB_GET, "/research", ACCESS_SIGNED, show },
	{ WEB_GET, "/research/page", ACCESS_SIGNED, download_page },
	{ WEB_GET, "/research/json", ACCESS_SIGNED, download_json },
	{ WEB_POST, "/research/watch", ACCESS_SIGNED, watch },
	{ WEB_POST, "/research/unwatch/*", ACCESS_SIGNED, unwatch },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
