/* What can be changed on a card. */
#include <string.h>

#include "base/html.h"
#include "market/front.h"
#include "page_private.h"
#include "row_private.h"
#include "store/search.h"
#include "store/signals.h"
#include "vendors_private.h"

#define DOMAINS_MAX 30 /* that are ruled on, and shown, at once */
#define BUYERS_MAX  100
#define EXCERPT_MAX 400

/* A path below the card's own; the caller's. */
static char *
path_of(const struct vendors_view *view, const char *rest)
{
	g_autofree char *link = vendors_link(view->facts->card);

	return g_strconcat(link, rest, NULL);
}

/* POST /vendor/acme.example,tryacme.example rules on all of them. */
static char *
ruling_path(const struct vendors_view *view)
{
	const GPtrArray *domains = view->facts->domains;
	GString *path = g_string_new("/vendor/");

	for (guint i = 0; i < MIN(domains->len, DOMAINS_MAX); i++) {
		g_autofree char *safe =
			g_uri_escape_string(domains->pdata[i], NULL, FALSE);

		g_string_append_printf(path, "%s%s", i > 0 ? "," : "", safe);
	}
	return g_string_free(path, FALSE);
}

static void
put_rulings(const struct vendors_view *view)
{
	GString *out = view->reply->body;

	if (view->rulings->len == 0)
		return;
	g_string_append(out, "<ul class=\"history\">");
	for (guint i = 0; i < MIN(view->rulings->len, DOMAINS_MAX); i++) {
		struct store_ruling *ruling = view->rulings->pdata[i];
		g_autoptr(GPtrArray) alone = g_ptr_array_new();
		const struct buyer *buyer =
			row_buyer(view->request, ruling->buyer);
		g_autofree char *word = NULL;

		g_ptr_array_add(alone, ruling);
		word = vendors_status(alone);
		g_string_append(out, "<li>");
		html_element(out, "b",
			     buyer ? buyer->profile->name : ruling->buyer);
		g_string_append(out, ": ");
		html_text(out, word);
		if (view->facts->domains->len > 1) {
			g_string_append(out, ", ");
			html_text(out, ruling->subject);
		}
		g_string_append(out, " <span class=\"address\">by ");
		html_text(out, ruling->by);
		g_string_append_c(out, ' ');
		page_time(view->request, view->reply, ruling->time_us);
		g_string_append(out, "</span></li>");
	}
	g_string_append(out, "</ul>");
}

/* For whom the user may decide, own first; ids, borrowed. */
static GPtrArray *
deciders(const struct vendors_view *view)
{
	GPtrArray *ids = g_ptr_array_new();

	for (guint i = 0; i + 1 < view->buyers->len; i++) {
		char *id = view->buyers->pdata[i];

		if (request_may(view->request, ACCESS_DECIDE, id) &&
		    ids->len < BUYERS_MAX)
			g_ptr_array_add(ids, id);
	}
	return ids;
}

static void
put_for(const struct vendors_view *view, const GPtrArray *ids)
{
	GString *out = view->reply->body;

	if (ids->len == 1) {
		page_hidden(view->reply, "for", ids->pdata[0]);
		return;
	}
	g_string_append(out, "<label>For <select name=\"for\">");
	for (guint i = 0; i < ids->len; i++) {
		const struct buyer *buyer =
			row_buyer(view->request, ids->pdata[i]);

		g_string_append(out, "<option value=\"");
		html_text(out, ids->pdata[i]);
		g_string_append(out, "\">");
		html_text(out, buyer ? buyer->profile->name : ids->pdata[i]);
		g_string_append(out, "</option>");
	}
	g_string_append(out, "</select></label>");
}

void
vendors_put_status(const struct vendors_view *view)
{
	struct web_reply *reply = view->reply;
	g_autoptr(GPtrArray) ids = deciders(view);
	g_autofree char *path = NULL;

	if (ids->len == 0 && view->rulings->len == 0)
		return;
	g_string_append(reply->body, "<section><h2>What becomes of their mail"
				     "</h2>");
	put_rulings(view);
	if (ids->len > 0) {
		path = ruling_path(view);
		page_form_open(view->request, reply, path, "class=\"actions\"");
		put_for(view, ids);
		page_button(reply, "do", "wanted", "Always let in", "");
		g_string_append(reply->body,
				"<label>Not before <input type=\"date\" "
				"name=\"until\"/></label>");
		page_button(reply, "do", "not-now", "Not now", "");
		page_button(reply, "do", "never", "Never", "danger");
		page_button(reply, "do", "clear", "As the models say", "");
		page_form_close(reply);
	}
	g_string_append(reply->body, "</section>");
}

static void
put_field(const struct vendors_view *view, const char *name, const char *label,
	  const char *text)
{
	GString *out = view->reply->body;

	g_string_append_printf(out,
			       "<label for=\"%s\">%s</label><input id=\"%s\" "
			       "name=\"%s\" maxlength=\"200\" value=\"",
			       name, label, name, name);
	html_text(out, text);
	g_string_append(out, "\"/>");
}

static void
put_note(const struct vendors_view *view, const char *text)
{
	GString *out = view->reply->body;

	g_string_append(out, "<label for=\"note\">Note</label><textarea "
			     "id=\"note\" name=\"note\" rows=\"4\" "
			     "maxlength=\"2000\">");
	/* A line feed after the tag is not the text's. */
	g_string_append_c(out, '\n');
	html_lines(out, text);
	g_string_append(out, "</textarea>");
}

void
vendors_put_written(const struct vendors_view *view)
{
	struct web_reply *reply = view->reply;
	const GPtrArray *domains = view->facts->domains;
	const char *name =
		vendor_book_written(view->book, domains, STORE_VENDOR_NAME);
	const char *owner =
		vendor_book_written(view->book, domains, STORE_VENDOR_OWNER);
	const char *note =
		vendor_book_written(view->book, domains, STORE_VENDOR_NOTE);
	g_autofree char *path = path_of(view, "/write");

	g_string_append(reply->body, "<section><h2>On the card</h2>");
	if (vendors_may_change(view)) {
		page_form_open(view->request, reply, path, "class=\"stack\"");
		put_field(view, "name", "Name", name);
		put_field(view, "owner", "Who of us looks after them", owner);
		put_note(view, note);
		page_button(reply, "", "", "Save", "");
		page_form_close(reply);
		html_element(reply->body, "p class=\"hint\"",
			     "Everybody who sees the card sees this.");
	} else {
		g_string_append(reply->body, "<dl class=\"pairs\">");
		html_element(reply->body, "dt", "Owner");
		html_element(reply->body, "dd", *owner ? owner : "–");
		html_element(reply->body, "dt", "Note");
		html_element(reply->body, "dd", *note ? note : "–");
		g_string_append(reply->body, "</dl>");
	}
	g_string_append(reply->body, "</section>");
}

static void
put_domain(const struct vendors_view *view, const char *domain)
{
	struct web_reply *reply = view->reply;
	g_autofree char *queue = row_link("/queue", "vendor", domain, NULL);
	g_autofree char *path = path_of(view, "/split");

	g_string_append_printf(reply->body, "<li><a href=\"%s\">", queue);
	html_text(reply->body, domain);
	g_string_append(reply->body, "</a> ");
	if (view->facts->domains->len > 1 && vendors_may_change(view)) {
		page_form_open(view->request, reply, path, "class=\"actions\"");
		page_hidden(reply, "domain", domain);
		page_button(reply, "", "", "Not theirs", "small");
		page_form_close(reply);
	}
	g_string_append(reply->body, "</li>");
}

static void
put_merge(const struct vendors_view *view)
{
	struct web_reply *reply = view->reply;
	g_autofree char *path = path_of(view, "/merge");
	g_autofree char *siblings =
		row_link("/vendors/siblings", "of", view->facts->card, NULL);

	page_form_open(view->request, reply, path, "class=\"actions\"");
	g_string_append(reply->body,
			"<label for=\"other\">Theirs, too</label><input "
			"id=\"other\" name=\"other\" "
			"placeholder=\"tryacme.example\" "
			"required=\"required\" maxlength=\"253\"/>");
	page_button(reply, "", "", "Put on this card", "");
	page_form_close(reply);
	g_string_append_printf(reply->body,
			       "<p class=\"facts\"><a href=\"%s\">Look for "
			       "cards that may be theirs</a></p>",
			       siblings);
}

void
vendors_put_domains(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	const GPtrArray *domains = view->facts->domains;

	g_string_append(out, "<section><h2>Domains</h2><ul "
			     "class=\"history\">");
	for (guint i = 0; i < MIN(domains->len, DOMAINS_MAX); i++)
		put_domain(view, domains->pdata[i]);
	g_string_append(out, "</ul>");
	if (vendors_may_change(view))
		put_merge(view);
	g_string_append(out, "</section>");
}

/* The words that were there when it was read last. */
static void
put_excerpt(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	const struct store_search search = {
		.kinds = 1U << STORE_DOCUMENT_PAGE,
		.vendor = view->facts->card,
		.limit = 1,
	};
	g_autoptr(GPtrArray) found =
		store_search(view->request->site->store, &search, NULL);
	const struct store_match *match =
		found && found->len > 0 ? found->pdata[0] : NULL;
	g_autofree char *cut = NULL;

	if (!match)
		return;
	cut = row_cut(match->document->text, EXCERPT_MAX);
	html_element(out, "p", match->document->title);
	g_string_append(out, "<p class=\"why\">");
	html_text(out, cut);
	if (strlen(cut) < strlen(match->document->text))
		g_string_append(out, "…");
	g_string_append(out, "</p>");
}

static void
put_reading(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	g_autofree char *name = front_source(view->facts->card);
	g_autoptr(StoreSource) source =
		store_source_find(view->request->site->store, name, NULL);

	g_string_append(out, "<p class=\"facts\">");
	if (source && source->success_us > 0) {
		g_string_append(out, "Read ");
		page_time(view->request, view->reply, source->success_us);
		g_string_append(out, ". ");
	}
	if (source && *source->error) {
		g_string_append(out, "Asked ");
		page_time(view->request, view->reply, source->time_us);
		g_string_append(out, ", without success: ");
		html_text(out, source->error);
	} else if (!source) {
		g_string_append(out, "Never read. Pages of vendors that are "
				     "always let in are read once a week.");
	}
	g_string_append(out, "</p>");
}

/* Only their root, and only when somebody asks or wants them. */
void
vendors_put_front(const struct vendors_view *view)
{
	const struct web_request *request = view->request;
	struct web_reply *reply = view->reply;
	gboolean wished = FALSE;
	g_autofree char *path = NULL;

	if (!request->site->config->fetch.front_pages ||
	    !front_domain_valid(view->facts->card) ||
	    !front_wished(request->site->store, view->facts->card,
			  request->now_us, &wished, NULL))
		return;
	g_string_append(reply->body, "<section><h2>Their front page</h2>");
	put_excerpt(view);
	put_reading(view);
	if (wished)
		html_element(reply->body, "p",
			     "Somebody asked for it: it is read with the next "
			     "run.");
	if (vendors_may_change(view)) {
		path = path_of(view, wished ? "/front/off" : "/front");
		page_form_open(request, reply, path, "class=\"actions\"");
		page_button(reply, "", "",
			    wished ? "Do not read it" : "Read it once", "");
		page_form_close(reply);
	}
	g_string_append(reply->body, "</section>");
}
