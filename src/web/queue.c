/* The queue: held mail, one row a campaign, what is worth a look first. */
#include <string.h>

#include "base/html.h"
#include "bulk_private.h"
#include "buttons_private.h"
#include "page_private.h"
#include "review/why.h"
#include "row_private.h"
#include "store/queue.h"
#include "vendors_private.h"

#define ROWS  15
#define PAGES 100000

/* Bytes of a filter: a domain's 253, or a line of words. */
#define FILTER_MAX 256

/* Of what a row is called by a screen reader. */
#define NAME_MAX_HTML 120

/* What the page was asked for. */
struct view {
	const struct buyer *buyer;
	const char *text;
	const char *vendor;
	const char *priority;
	const char *order;   /* as in the address */
	const char *decided; /* "1": what was, else what was not */
	guint page;	     /* from 0 */
	struct store_fold_total total;
};

struct order {
	const char *name;
	const char *label;
	enum store_order order;
};

static const struct order orders[] = {
	{ "", "Worth a look first", STORE_ORDER_REGRET },
	{ "newest", "Newest first", STORE_ORDER_NEWEST },
	{ "vendor", "By vendor", STORE_ORDER_VENDOR },
};

static enum store_order
order_of(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(orders); i++)
		if (strcmp(orders[i].name, name) == 0)
			return orders[i].order;
	return STORE_ORDER_REGRET;
}

static char *
view_link(const struct view *view, guint page)
{
	g_autofree char *number =
		page > 0 ? g_strdup_printf("%u", page + 1) : g_strdup("");

	return row_link("/queue", "for", view->buyer->profile->id, "q",
			view->text, "vendor", view->vendor, "priority",
			view->priority, "order", view->order, "decided",
			view->decided, "page", number, NULL);
}

static void
put_filter(struct web_reply *reply, const char *name, const char *value)
{
	if (*value)
		page_hidden(reply, name, value);
}

static void
put_search(struct web_reply *reply, const struct view *view)
{
	GString *out = reply->body;

	g_string_append(out, "<form class=\"search\" role=\"search\" "
			     "action=\"/queue\">");
	put_filter(reply, "for", view->buyer->profile->id);
	put_filter(reply, "vendor", view->vendor);
	put_filter(reply, "priority", view->priority);
	put_filter(reply, "decided", view->decided);
	g_string_append(out,
			"<label for=\"q\">Search</label>"
			"<input type=\"search\" id=\"q\" name=\"q\" "
			"placeholder=\"Subject, sender or vendor\" value=\"");
	html_text(out, view->text);
	g_string_append(out, "\"/><label for=\"order\">Order "
			     "<select id=\"order\" name=\"order\">");
	for (guint i = 0; i < G_N_ELEMENTS(orders); i++)
		g_string_append_printf(out,
				       "<option value=\"%s\"%s>%s</option>",
				       orders[i].name,
				       strcmp(orders[i].name, view->order) == 0
					       ? " selected=\"selected\""
					       : "",
				       orders[i].label);
	g_string_append(out, "</select></label><button>Show</button></form>");
}

static void
put_chip(GString *out, const char *what, const char *value, const char *without)
{
	g_string_append_printf(out, "<a class=\"chip\" href=\"%s\">", without);
	html_text(out, what);
	g_string_append_c(out, ' ');
	html_element(out, "b", value);
	g_string_append(out, " <span aria-hidden=\"true\">&#215;</span>"
			     "<span class=\"unseen\"> remove</span></a> ");
}

static gboolean
is_filtered(const struct view *view)
{
	return *view->text || *view->vendor || *view->priority;
}

static void
put_card(GString *out, const char *vendor)
{
	g_autofree char *link = vendors_link(vendor);

	g_string_append_printf(
		out, "<a class=\"chip\" href=\"%s\">The vendor's card</a> ",
		link);
}

/* What one has agreed to is out of the way, and there. */
static void
put_decided(GString *out, const struct view *view)
{
	struct view other = *view;
	g_autofree char *link = NULL;

	other.decided = *view->decided ? "" : "1";
	link = view_link(&other, 0);
	if (*view->decided)
		put_chip(out, "Decided:", "not for me, never again", link);
	else
		g_string_append_printf(
			out, "<a class=\"chip\" href=\"%s\">Decided</a>", link);
}

/* What restricts the list, each with a way out. */
static void
put_filters(GString *out, const struct view *view)
{
	struct view less = *view;

	g_string_append(out, "<p class=\"chips\">");
	if (*view->text) {
		g_autofree char *link = NULL;

		less.text = "";
		link = view_link(&less, 0);
		put_chip(out, "Contains", view->text, link);
		less.text = view->text;
	}
	if (*view->vendor) {
		g_autofree char *link = NULL;

		less.vendor = "";
		link = view_link(&less, 0);
		put_chip(out, "Vendor", view->vendor, link);
		put_card(out, view->vendor);
		less.vendor = view->vendor;
	}
	if (*view->priority) {
		g_autofree char *link = NULL;

		less.priority = "";
		link = view_link(&less, 0);
		put_chip(out, "Priority",
			 row_priority(view->buyer, view->priority), link);
	}
	put_decided(out, view);
	g_string_append(out, "</p>");
}

/* How many, of how many people; links to what is like it. */
static void
put_facts(GString *out, const struct view *view, const struct store_fold *fold)
{
	const struct store_message *top = fold->top;
	const char *buyer = view->buyer->profile->id;

	g_string_append(out, "<p class=\"facts\">");
	if (row_decided(fold))
		g_string_append(out, "<span class=\"chip\">decided</span> ");
	else if (store_fold_wanted(fold))
		g_string_append(out, "<span class=\"chip\">wanted, but still "
				     "held</span> ");
	if (top->vendor && *top->vendor) {
		g_autofree char *link = row_link("/queue", "for", buyer,
						 "vendor", top->vendor, NULL);

		g_string_append_printf(out, "<a class=\"chip\" href=\"%s\">",
				       link);
		html_text(out, top->vendor);
		g_string_append(out, "</a> ");
	}
	if (*store_priority(top->priority, top->relevance,
			    view->buyer->profile->tag)) {
		g_autofree char *link =
			row_link("/queue", "for", buyer, "priority",
				 top->priority, NULL);

		g_string_append_printf(
			out, "<a class=\"chip near\" href=\"%s\">near ", link);
		html_text(out, row_priority(view->buyer, top->priority));
		g_string_append(out, "</a> ");
	}
	if (fold->n > 1)
		g_string_append_printf(
			out, "<span class=\"chip\">%u messages</span> ",
			fold->n);
	else if (top->touch > 1)
		g_string_append_printf(
			out, "<span class=\"chip\">message %u of a row</span> ",
			top->touch);
	if (fold->colleagues > 0)
		g_string_append_printf(
			out,
			"<span class=\"chip\">%u colleague%s got it "
			"too</span> ",
			fold->colleagues, fold->colleagues == 1 ? "" : "s");
	g_string_append(out, "</p>");
}

static void
put_row(const struct web_request *request, struct web_reply *reply,
	const struct view *view, const struct store_fold *fold)
{
	GString *out = reply->body;
	const struct store_message *top = fold->top;
	g_autofree char *why = why_sentence(top, view->buyer->profile);
	g_autofree char *name =
		row_cut(top->subject ? top->subject : "", NAME_MAX_HTML);

	g_string_append_printf(
		out,
		"<li class=\"row\" data-row=\"\"><label class=\"pick\"><input "
		"type=\"checkbox\" name=\"id\" value=\"%s\"/><span "
		"class=\"unseen\">Select: ",
		top->id);
	html_text(out, name);
	g_string_append(out, "</span></label><div class=\"what\"><h2>");
	g_string_append_printf(out, "<a href=\"/message/%s\">", top->id);
	row_subject(out, top);
	g_string_append(out, "</a></h2><p class=\"from\">");
	row_sender(out, top);
	g_string_append(out, " &#183; ");
	page_time(request, reply, fold->last_us);
	g_string_append(out, "</p>");
	html_element(out, "p class=\"why\"", why);
	put_facts(out, view, fold);
	g_string_append(out, "</div>");
	row_scores(out, top);
	buttons_put_row(request, reply, fold);
	g_string_append(out, "</li>");
}

static guint
pages_of(const struct view *view)
{
	return (view->total.folds + ROWS - 1) / ROWS;
}

static void
put_pager(GString *out, const struct view *view)
{
	const guint pages = pages_of(view);

	if (pages < 2)
		return;
	g_string_append(out, "<nav class=\"pager\" aria-label=\"Pages\">");
	if (view->page > 0) {
		g_autofree char *link = view_link(view, view->page - 1);

		g_string_append_printf(
			out, "<a rel=\"prev\" href=\"%s\">Previous</a> ", link);
	}
	g_string_append_printf(out, "<span>Page %u of %u</span> ",
			       view->page + 1, pages);
	if (view->page + 1 < pages) {
		g_autofree char *link = view_link(view, view->page + 1);

		g_string_append_printf(
			out, "<a rel=\"next\" href=\"%s\">Next</a>", link);
	}
	g_string_append(out, "</nav>");
}

/* Whose queue, where the user may look at several. */
static void
put_people(const struct web_request *request, GString *out,
	   const struct view *view)
{
	g_autoptr(GPtrArray) ids =
		access_buyers(request->user, request->snapshot);

	if (ids->len < 2)
		return;
	g_string_append(out, "<nav class=\"people\" aria-label=\"Whose "
			     "mail\">");
	for (guint i = 0; i < ids->len; i++) {
		const char *id = ids->pdata[i];
		const struct buyer *buyer = row_buyer(request, id);
		g_autofree char *link = row_link("/queue", "for", id, NULL);

		g_string_append_printf(out, "<a href=\"%s\"%s>", link,
				       strcmp(id, view->buyer->profile->id) == 0
					       ? " aria-current=\"page\""
					       : "");
		html_text(out, buyer ? buyer->profile->name : id);
		g_string_append(out, "</a> ");
	}
	g_string_append(out, "</nav>");
}

static void
put_empty(GString *out, const struct view *view)
{
	html_element(
		out, "p class=\"empty\"",
		is_filtered(view) ? "Nothing that is held matches."
		: *view->decided
			? "You decided about nothing that is still held."
			: "Nothing waits for you. What comes is shown here, "
			  "and in your digest.");
}

static void
put_list(const struct web_request *request, struct web_reply *reply,
	 const struct view *view, const GPtrArray *folds)
{
	g_autofree char *seen =
		g_strdup_printf("%" G_GINT64_FORMAT, request->now_us);

	page_form_open(request, reply, "/queue/act", "class=\"queue\"");
	put_filter(reply, "for", view->buyer->profile->id);
	put_filter(reply, "q", view->text);
	put_filter(reply, "vendor", view->vendor);
	put_filter(reply, "priority", view->priority);
	put_filter(reply, BULK_DECIDED, view->decided);
	page_hidden(reply, BULK_SEEN, seen);
	buttons_put_bulk(request, reply, view->buyer->profile->id,
			 is_filtered(view) ? view->total.folds : 0);
	g_string_append(reply->body, "<ul class=\"rows\">");
	for (guint i = 0; i < folds->len; i++)
		put_row(request, reply, view, folds->pdata[i]);
	g_string_append(reply->body, "</ul>");
	page_form_close(reply);
	put_pager(reply->body, view);
}

static GPtrArray *
load(const struct web_request *request, struct view *view)
{
	const struct store_fold_query query = {
		.buyer = view->buyer->profile->id,
		.tag = view->buyer->profile->tag,
		.order = order_of(view->order),
		.text = *view->text ? view->text : NULL,
		.vendor = *view->vendor ? view->vendor : NULL,
		.priority = *view->priority ? view->priority : NULL,
		.now_us = request->now_us,
		.offset = view->page * ROWS,
		.limit = ROWS,
		.decided =
			*view->decided ? STORE_DECIDED_ONLY : STORE_DECIDED_NOT,
	};

	return row_hide_folds(request,
			      store_fold_list(request->site->store, &query,
					      &view->total, NULL));
}

/* Past the last page is the last one. */
static GPtrArray *
load_page(const struct web_request *request, struct view *view)
{
	GPtrArray *folds = load(request, view);

	if (!folds || folds->len > 0 || view->total.folds == 0)
		return folds;
	g_ptr_array_unref(folds);
	view->page = pages_of(view) - 1;
	return load(request, view);
}

/* Filters stand in the page several times: what no list has is not taken. */
static gboolean
too_long(const struct web_request *request)
{
	static const char *const names[] = { "q", "vendor", "priority", "order",
					     "decided" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(request_query(request, names[i])) > FILTER_MAX)
			return TRUE;
	return FALSE;
}

static void
queue(const struct web_request *request, struct web_reply *reply)
{
	struct view view = {
		.buyer = page_buyer(request, reply, ACCESS_LIST),
		.text = request_query(request, "q"),
		.vendor = request_query(request, "vendor"),
		.priority = request_query(request, "priority"),
		.order = request_query(request, "order"),
		.decided = *request_query(request, "decided") ? "1" : "",
		.page = request_number(request, "page", 1, PAGES),
	};
	g_autoptr(GPtrArray) folds = NULL;
	g_autofree char *held = NULL;
	g_autofree char *title = NULL;

	if (!view.buyer)
		return;
	if (too_long(request)) {
		reply_error(request, reply, 400,
			    "That is too long to look for.");
		return;
	}
	view.page = view.page > 0 ? view.page - 1 : 0;
	folds = load_page(request, &view);
	if (!folds) {
		reply_error(request, reply, 503,
			    "The store does not answer. Nothing is lost; try "
			    "again in a minute.");
		return;
	}
	held = row_total(&view.total);
	title = g_strdup_printf("%s %s", held,
				*view.decided ? "decided" : "held");
	page_open(request, reply, title, "queue");
	put_people(request, reply->body, &view);
	put_search(reply, &view);
	put_filters(reply->body, &view);
	if (folds->len == 0)
		put_empty(reply->body, &view);
	else
		put_list(request, reply, &view, folds);
	page_close(request, reply);
}

const struct web_route routes_queue[] = {
	{ WEB_GET, "/queue", ACCESS_SIGNED, queue },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
