/* The answer: vendors in rows, what they said side by side, and the texts. */
#include <string.h>

#include "base/html.h"
#include "page_private.h"
#include "research_private.h"
#include "row_private.h"

/* A page stays under its weight; the downloads have all. */
#define VENDORS	      8
#define QUOTES	      2
#define HITS	      15
#define COPIES	      3
#define QUOTE_MAX     160
#define NAME_MAX_HTML 60
#define SNIPPET_MAX   320

static void
put_cut(GString *out, const char *text, gsize max)
{
	g_autofree char *cut = row_cut(text, max);

	html_text(out, cut);
	if (strlen(cut) < strlen(text))
		g_string_append(out, "…");
}

/* The day, as a link to the message that it was written in, for who may read
 * it. */
static void
put_when(const struct web_request *request, struct web_reply *reply,
	 const char *buyer, const char *message, gint64 time_us)
{
	const gboolean may = request_may(request, ACCESS_READ, buyer);

	if (may)
		g_string_append_printf(reply->body, "<a href=\"/message/%s\">",
				       message);
	page_time(request, reply, time_us);
	if (may)
		g_string_append(reply->body, "</a>");
}

static void
put_quotes(const struct web_request *request, struct web_reply *reply,
	   const struct research_vendor *vendor, enum store_quote_kind kind,
	   const char *label)
{
	GString *out = reply->body;
	guint n = 0;

	g_string_append_printf(out, "<td data-label=\"%s\">", label);
	for (guint i = 0; i < vendor->quotes->len && n < QUOTES; i++) {
		const struct store_quote *quote = vendor->quotes->pdata[i];

		if (quote->kind != kind)
			continue;
		g_string_append(out, n++ > 0 ? "<br/>“" : "“");
		put_cut(out, quote->text, QUOTE_MAX);
		g_string_append(out, "” ");
		put_when(request, reply, quote->buyer, quote->message,
			 quote->time_us);
	}
	g_string_append(out, n > 0 ? "</td>" : "–</td>");
}

static void
put_name(GString *out, const struct research_vendor *vendor)
{
	g_autofree char *card = NULL;

	if (!*vendor->card) {
		g_string_append(out, "of no vendor");
		return;
	}
	card = g_uri_escape_string(vendor->card, NULL, FALSE);
	g_string_append_printf(out, "<a href=\"/vendors/%s\">", card);
	put_cut(out, vendor->name, NAME_MAX_HTML);
	g_string_append(out, "</a>");
}

static void
put_vendor(const struct web_request *request, struct web_reply *reply,
	   const struct research_vendor *vendor)
{
	GString *out = reply->body;

	g_string_append(out, "<tr><td data-label=\"Vendor\">");
	put_name(out, vendor);
	g_string_append(out, "</td>");
	put_quotes(request, reply, vendor, STORE_QUOTE_CLAIM, "Claims");
	put_quotes(request, reply, vendor, STORE_QUOTE_PRICE, "Prices");
	put_quotes(request, reply, vendor, STORE_QUOTE_PROOF, "Proof");
	g_string_append_printf(out, "<td data-label=\"Found\">%u</td>",
			       vendor->hits->len);
	g_string_append(out, "<td data-label=\"Last\">");
	page_time(request, reply, vendor->last_us);
	g_string_append(out, "</td></tr>\n");
}

static void
put_vendors(const struct web_request *request, struct web_reply *reply,
	    const struct research *research)
{
	guint left = VENDORS;

	g_string_append(reply->body, "<h2>Vendors side by side</h2>");
	html_table_open(reply->body,
			"What each claims, asks and proves, with the day of "
			"the message it stands in",
			"Vendor|Claims|Prices|Proof|Found|Last");
	for (guint i = 0; i < research->vendors->len && left > 0; i++) {
		const struct research_vendor *vendor =
			research->vendors->pdata[i];

		/* What is of no vendor claims nothing. */
		if (!*vendor->card)
			continue;
		put_vendor(request, reply, vendor);
		left--;
	}
	html_table_close(reply->body);
}

static gboolean
is_web(const char *link)
{
	return g_str_has_prefix(link, "https://") ||
	       g_str_has_prefix(link, "http://");
}

/* The way to the source; FALSE when there is none for this user. */
static gboolean
open_source(const struct web_request *request, GString *out,
	    const struct store_document *document)
{
	if (document->kind == STORE_DOCUMENT_MAIL) {
		if (!request_may(request, ACCESS_READ, document->buyer))
			return FALSE;
		g_string_append_printf(out, "<a href=\"/message/%s\">",
				       document->id);
		return TRUE;
	}
	if (!is_web(document->link))
		return FALSE;
	g_string_append(out, "<a rel=\"noopener noreferrer nofollow\" "
			     "href=\"");
	html_text(out, document->link);
	g_string_append(out, "\">");
	return TRUE;
}

static void
put_title(const struct web_request *request, GString *out,
	  const struct store_document *document)
{
	const gboolean link = open_source(request, out, document);

	put_cut(out, *document->title ? document->title : "(no title)",
		QUOTE_MAX);
	if (link)
		g_string_append(out, "</a>");
}

static void
put_origin(const struct web_request *request, struct web_reply *reply,
	   const struct store_document *document)
{
	GString *out = reply->body;

	html_text(out, store_document_kind_name(document->kind));
	g_string_append(out, " &#183; ");
	put_cut(out, *document->vendor ? document->vendor : document->source,
		NAME_MAX_HTML);
	g_string_append(out, " &#183; ");
	page_time(request, reply, document->time_us);
}

static void
put_copies(const struct web_request *request, struct web_reply *reply,
	   const struct research_hit *hit)
{
	GString *out = reply->body;

	if (hit->copies->len == 0)
		return;
	g_string_append_printf(out,
			       "<p class=\"hint\">%u more that say the same: ",
			       hit->copies->len);
	for (guint i = 0; i < MIN(hit->copies->len, COPIES); i++) {
		const struct store_document *copy = hit->copies->pdata[i];

		if (i > 0)
			g_string_append(out, ", ");
		put_title(request, out, copy);
	}
	g_string_append(out, hit->copies->len > COPIES ? ", …</p>" : "</p>");
}

static void
put_hit(const struct web_request *request, struct web_reply *reply,
	const struct research_hit *hit)
{
	GString *out = reply->body;

	g_string_append(out, "<li><h3>");
	put_title(request, out, hit->document);
	g_string_append(out, "</h3><p class=\"from\">");
	put_origin(request, reply, hit->document);
	g_string_append(out, "</p><p>");
	put_cut(out, hit->snippet, SNIPPET_MAX);
	g_string_append(out, "</p>");
	put_copies(request, reply, hit);
	g_string_append(out, "</li>\n");
}

void
research_put_answer(const struct web_request *request, struct web_reply *reply,
		    const struct research *research)
{
	const guint shown = MIN(research->hits->len, HITS);

	put_vendors(request, reply, research);
	html_element(reply->body, "h2", "What was found");
	g_string_append(reply->body, "<ol class=\"found\">");
	for (guint i = 0; i < shown; i++)
		put_hit(request, reply, research->hits->pdata[i]);
	g_string_append(reply->body, "</ol>");
	if (shown < research->hits->len)
		html_element(reply->body, "p class=\"hint\"",
			     "There is more: narrow it down, or download all.");
}
