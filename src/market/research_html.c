/* The answer as a page of its own, to keep or to hand on. */
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "research_private.h"

#define DAY_LEN 10

static const char style[] =
	":root{color-scheme:light dark}"
	"body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;"
	"max-width:72rem;padding:0 1rem}"
	".wide{overflow-x:auto}"
	"table{border-collapse:collapse;width:100%}"
	"th,td{border-bottom:1px solid #8888;padding:.4rem .6rem;"
	"text-align:left;vertical-align:top}"
	"ul{margin:0;padding-left:1.1rem}"
	"li{overflow-wrap:anywhere}"
	".note{opacity:.75}";

static void
put_head(GString *out, const char *question)
{
	g_string_append(out,
			"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
			"<meta charset=\"utf-8\"/>\n"
			"<meta name=\"viewport\" content=\"width=device-width, "
			"initial-scale=1\"/>\n"
			"<meta name=\"referrer\" content=\"no-referrer\"/>\n"
			"<meta http-equiv=\"Content-Security-Policy\" "
			"content=\"default-src 'none'; style-src "
			"'unsafe-inline'\"/>\n");
	html_format(out, "title", "Research: %s", question);
	g_string_append_printf(
		out, "\n<style>%s</style>\n</head>\n<body>\n<main>", style);
	html_format(out, "h1", "Research: %s", question);
}

static void
put_day(GString *out, gint64 time_us)
{
	g_autofree char *day = time_us > 0 ? clock_format(time_us) : NULL;

	if (!day)
		return;
	day[DAY_LEN] = '\0';
	html_element(out, "time", day);
}

static gboolean
is_web(const char *link)
{
	return g_str_has_prefix(link, "https://") ||
	       g_str_has_prefix(link, "http://");
}

/* Whether the message is shown on this page, with that hit. */
static gboolean
is_shown(const struct research_hit *hit, const char *message)
{
	for (guint i = 0; i < hit->copies->len; i++) {
		const struct store_document *copy = hit->copies->pdata[i];

		if (strcmp(copy->id, message) == 0)
			return TRUE;
	}
	return strcmp(hit->document->id, message) == 0;
}

/* A quotation's message: its place on this page, or its id. */
static void
put_source(GString *out, const struct research *research,
	   const struct store_quote *quote)
{
	for (guint i = 0; i < research->hits->len; i++) {
		if (is_shown(research->hits->pdata[i], quote->message)) {
			g_string_append_printf(out, "<a href=\"#%s\">[%u]</a>",
					       quote->message, i + 1);
			return;
		}
	}
	html_element(out, "code", quote->message);
}

static void
put_quotes(GString *out, const struct research *research,
	   const struct research_vendor *vendor, enum store_quote_kind kind)
{
	g_string_append(out, "<td><ul>");
	for (guint i = 0; i < vendor->quotes->len; i++) {
		const struct store_quote *quote = vendor->quotes->pdata[i];

		if (quote->kind != kind)
			continue;
		g_string_append(out, "<li>");
		html_text(out, quote->text);
		g_string_append(out, " <span class=\"note\">");
		put_day(out, quote->time_us);
		g_string_append_c(out, ' ');
		put_source(out, research, quote);
		g_string_append(out, "</span></li>");
	}
	g_string_append(out, "</ul></td>");
}

static void
put_vendor(GString *out, const struct research *research,
	   const struct research_vendor *vendor)
{
	g_string_append(out, "<tr><th scope=\"row\">");
	html_text(out, *vendor->name ? vendor->name : "of no vendor");
	g_string_append(out, "</th>");
	put_quotes(out, research, vendor, STORE_QUOTE_CLAIM);
	put_quotes(out, research, vendor, STORE_QUOTE_PRICE);
	put_quotes(out, research, vendor, STORE_QUOTE_PROOF);
	html_format(out, "td", "%u", vendor->hits->len);
	g_string_append(out, "<td>");
	put_day(out, vendor->last_us);
	g_string_append(out, "</td></tr>\n");
}

static void
put_vendors(GString *out, const struct research *research)
{
	g_string_append(out,
			"<h2>Vendors side by side</h2><div class=\"wide\">"
			"<table><thead><tr><th scope=\"col\">Vendor</th>"
			"<th scope=\"col\">Claims</th>"
			"<th scope=\"col\">Prices</th>"
			"<th scope=\"col\">Proof</th>"
			"<th scope=\"col\">Found</th>"
			"<th scope=\"col\">Last</th></tr></thead><tbody>\n");
	for (guint i = 0; i < research->vendors->len; i++)
		put_vendor(out, research, research->vendors->pdata[i]);
	g_string_append(out, "</tbody></table></div>\n");
}

static void
put_title(GString *out, const struct store_document *document)
{
	const char *title = *document->title ? document->title : "(no title)";

	if (!is_web(document->link)) {
		html_element(out, "b", title);
		return;
	}
	g_string_append(out, "<a rel=\"noopener noreferrer nofollow\" href=\"");
	html_text(out, document->link);
	g_string_append(out, "\">");
	html_text(out, title);
	g_string_append(out, "</a>");
}

static void
put_copies(GString *out, const struct research_hit *hit)
{
	if (hit->copies->len == 0)
		return;
	html_format(out, "p class=\"note\"",
		    "%u more say%s the same:", hit->copies->len,
		    hit->copies->len == 1 ? "s" : "");
	g_string_append(out, "<ul class=\"note\">");
	for (guint i = 0; i < hit->copies->len; i++) {
		const struct store_document *copy = hit->copies->pdata[i];

		g_string_append_printf(out, "<li id=\"%s\">", copy->id);
		put_title(out, copy);
		g_string_append_c(out, ' ');
		put_day(out, copy->time_us);
		g_string_append_c(out, ' ');
		html_element(out, "code", copy->id);
		g_string_append(out, "</li>");
	}
	g_string_append(out, "</ul>");
}

static void
put_hit(GString *out, const struct research_hit *hit)
{
	const struct store_document *document = hit->document;

	g_string_append_printf(out, "<li id=\"%s\">", document->id);
	put_title(out, document);
	g_string_append(out, "<p>");
	html_text(out, hit->snippet);
	g_string_append(out, "</p><p class=\"note\">");
	html_text(out, store_document_kind_name(document->kind));
	g_string_append(out, " &#183; ");
	html_text(out, *document->vendor ? document->vendor : document->source);
	g_string_append(out, " &#183; ");
	put_day(out, document->time_us);
	g_string_append(out, " &#183; ");
	html_element(out, "code", document->id);
	g_string_append(out, "</p>");
	put_copies(out, hit);
	g_string_append(out, "</li>\n");
}

void
research_html(const struct research *research, GString *out)
{
	put_head(out, research->text);
	html_format(out, "p class=\"note\"",
		    "%u found, %u of them say%s the same as another%s. Each "
		    "quotation names its message; a message is read with "
		    "pitchward quarantine show ID.",
		    research->found, research->collapsed,
		    research->collapsed == 1 ? "s" : "",
		    research->cut ? "; there is more than is shown" : "");
	if (research->hits->len > 0) {
		put_vendors(out, research);
		g_string_append(out, "<h2>What was found</h2>\n<ol>\n");
		for (guint i = 0; i < research->hits->len; i++)
			put_hit(out, research->hits->pdata[i]);
		g_string_append(out, "</ol>");
	}
	g_string_append(out, "</main>\n</body>\n</html>\n");
}
