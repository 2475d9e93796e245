/* What a vendor claims, asks and offers as proof, each with its message; and
 * what buyers must have of a vendor. */
#include "base/html.h"
#include "page_private.h"
#include "row_private.h"
#include "vendors_private.h"

#define QUOTES_MAX 12 /* of a kind; the file has all */
#define QUOTE_MAX  300
#define NEEDS_MAX  60

static const struct {
	enum store_quote_kind kind;
	const char *title;
	const char *none;
} kinds[] = {
	{ STORE_QUOTE_CLAIM, "Claims", "No claim with a number." },
	{ STORE_QUOTE_PRICE, "Prices", "No price." },
	{ STORE_QUOTE_PROOF, "Proof",
	  "Neither a customer nor a certificate is named." },
};

static void
put_quote(const struct vendors_view *view, const struct store_quote *quote)
{
	GString *out = view->reply->body;
	g_autofree char *cut = row_cut(quote->text, QUOTE_MAX);

	g_string_append(out, "<li><q>");
	html_text(out, cut);
	g_string_append_printf(out, "</q> <a href=\"/message/%s\">",
			       quote->message);
	page_time(view->request, view->reply, quote->time_us);
	g_string_append(out, "</a></li>");
}

static guint
put_kind(const struct vendors_view *view, enum store_quote_kind kind)
{
	const GPtrArray *quotes = view->facts->quotes;
	guint n = 0;

	for (guint i = 0; i < quotes->len; i++) {
		const struct store_quote *quote = quotes->pdata[i];

		if (quote->kind != kind)
			continue;
		if (n == 0)
			g_string_append(view->reply->body,
					"<ul class=\"history\">");
		if (n++ < QUOTES_MAX)
			put_quote(view, quote);
	}
	if (n > 0)
		g_string_append(view->reply->body, "</ul>");
	return n;
}

void
vendors_put_quotes(const struct vendors_view *view)
{
	GString *out = view->reply->body;

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		guint n;

		g_string_append(out, "<section>");
		html_element(out, "h2", kinds[i].title);
		n = put_kind(view, kinds[i].kind);
		if (n == 0)
			html_element(out, "p class=\"facts\"", kinds[i].none);
		if (n > QUOTES_MAX)
			html_format(out, "p class=\"facts\"",
				    "and %u more, which the file has",
				    n - QUOTES_MAX);
		g_string_append(out, "</section>");
	}
}

static void
put_need(const struct vendors_view *view, const struct profile *profile,
	 const char *need)
{
	GString *out = view->reply->body;
	const struct store_quote *proof = vendor_facts_proof(view->facts, need);
	g_autofree char *cut = row_cut(proof ? proof->text : "", QUOTE_MAX);

	g_string_append(out, "<tr>");
	html_element(out, "td", need);
	html_element(out, "td", profile->name);
	if (proof) {
		g_string_append_printf(out, "<td><a href=\"/message/%s\"><q>",
				       proof->message);
		html_text(out, cut);
		g_string_append(out, "</q></a></td>");
	} else {
		html_element(out, "td", "not known");
	}
	g_string_append(out, "</tr>");
}

static void
put_unknown(const struct vendors_view *view, const struct profile *profile,
	    const char *what)
{
	GString *out = view->reply->body;

	g_string_append(out, "<tr>");
	html_element(out, "td", what);
	html_element(out, "td", profile->name);
	html_element(out, "td", "not known");
	g_string_append(out, "</tr>");
}

/* Only what was offered as proof can be held against it. */
static guint
put_needs(const struct vendors_view *view, const struct profile *profile,
	  guint left)
{
	const struct profile_fit *fit = &profile->fit;
	guint n = 0;

	for (char **need = fit->must_have; need && *need && n < left; need++) {
		put_need(view, profile, *need);
		n++;
	}
	if (n < left && (fit->employees_min > 0 || fit->employees_max > 0)) {
		put_unknown(view, profile, "Employees");
		n++;
	}
	if (n < left && fit->regions && *fit->regions) {
		put_unknown(view, profile, "Region");
		n++;
	}
	return n;
}

static gboolean
asks_anything(const struct profile_fit *fit)
{
	return (fit->must_have && *fit->must_have) || fit->employees_min > 0 ||
	       fit->employees_max > 0 || (fit->regions && *fit->regions);
}

void
vendors_put_fit(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	guint left = NEEDS_MAX;
	gboolean open = FALSE;

	for (guint i = 0; i + 1 < view->buyers->len; i++) {
		const struct buyer *buyer =
			row_buyer(view->request, view->buyers->pdata[i]);

		if (!buyer || !asks_anything(&buyer->profile->fit))
			continue;
		if (!open) {
			g_string_append(out, "<section class=\"fit\"><h2>Fit"
					     "</h2>");
			html_table_open(out, "What a vendor must have",
					"Must have|For|They say");
			open = TRUE;
		}
		left -= put_needs(view, buyer->profile, left);
	}
	if (open) {
		html_table_close(out);
		g_string_append(out, "</section>");
	}
}
