/* One card: what came of it, to whom, and what we said. */
#include <string.h>

#include "base/html.h"
#include "page_private.h"
#include "row_private.h"
#include "vendors_private.h"

/* Of senders and campaigns, the most first. */
#define COUNTS_MAX 12
#define LABEL_MAX  160

static void
drop(GPtrArray *array)
{
	if (array)
		g_ptr_array_unref(array);
}

void
vendors_view_free(struct vendors_view *view)
{
	if (!view)
		return;
	drop(view->rulings);
	drop(view->all_rulings);
	vendor_facts_free(view->facts);
	vendor_book_free(view->book);
	drop(view->buyers);
	g_free(view);
}

static gboolean
is_ours(const struct vendor_facts *facts, const char *domain)
{
	return g_ptr_array_find_with_equal_func(facts->domains, domain,
						g_str_equal, NULL);
}

/* The text of a mail is for those who may read it. */
static void
keep_readable(const struct web_request *request, GPtrArray *quotes)
{
	for (guint i = quotes->len; i > 0; i--) {
		const struct store_quote *quote = quotes->pdata[i - 1];

		if (!request_may(request, ACCESS_READ, quote->buyer))
			g_ptr_array_remove_index(quotes, i - 1);
	}
}

static void
find_rulings(struct vendors_view *view)
{
	view->rulings = g_ptr_array_new();
	for (guint i = 0; i < view->all_rulings->len; i++) {
		struct store_ruling *ruling = view->all_rulings->pdata[i];

		if (vendors_ruled(ruling, view->buyers,
				  view->request->now_us) &&
		    is_ours(view->facts, ruling->subject))
			g_ptr_array_add(view->rulings, ruling);
	}
}

static gboolean
load(struct vendors_view *view, const char *domain)
{
	const struct web_request *request = view->request;
	struct store *store = request->site->store;

	view->buyers = access_buyers(request->user, request->snapshot);
	g_ptr_array_add(view->buyers, NULL);
	view->book = vendor_book_load(store, NULL);
	view->all_rulings = store_ruling_list(store, NULL, TRUE, NULL);
	if (!view->book || !view->all_rulings)
		return FALSE;
	view->facts = vendor_facts_of(
		store, view->book, vendor_book_card(view->book, domain),
		(const char *const *)view->buyers->pdata, NULL);
	if (!view->facts)
		return FALSE;
	keep_readable(request, view->facts->quotes);
	find_rulings(view);
	return TRUE;
}

struct vendors_view *
vendors_view_load(const struct web_request *request, struct web_reply *reply,
		  const char *domain)
{
	g_autoptr(VendorsView) view = g_new0(struct vendors_view, 1);

	view->request = request;
	view->reply = reply;
	if (!load(view, domain)) {
		vendors_away(request, reply);
		return NULL;
	}
	if (vendors_wrote(view) || view->rulings->len > 0)
		return g_steal_pointer(&view);
	vendors_missing(request, reply);
	return NULL;
}

void
vendors_missing(const struct web_request *request, struct web_reply *reply)
{
	reply_error(request, reply, 404,
		    "There is no such vendor, or it has not written to you.");
}

gboolean
vendors_wrote(const struct vendors_view *view)
{
	return view->facts->touches > 0;
}

gboolean
vendors_may_change(const struct vendors_view *view)
{
	return vendors_wrote(view) &&
	       request_may(view->request, ACCESS_DECIDE, NULL);
}

static const char *
buyer_name(const struct vendors_view *view, const char *id)
{
	const struct buyer *buyer = row_buyer(view->request, id);

	return buyer ? buyer->profile->name : id;
}

static void
put_time_item(const struct vendors_view *view, const char *what, gint64 time_us)
{
	GString *out = view->reply->body;

	if (time_us == 0)
		return;
	html_element(out, "dt", what);
	g_string_append(out, "<dd>");
	page_time(view->request, view->reply, time_us);
	g_string_append(out, "</dd>");
}

static void
put_facts(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	const struct vendor_facts *facts = view->facts;
	g_autofree char *status = vendors_status(view->rulings);

	g_string_append(out, "<dl class=\"pairs\">");
	html_element(out, "dt", "Messages");
	html_format(out, "dd", "%u, of which %u are held", facts->touches,
		    facts->held);
	put_time_item(view, "First", facts->first_us);
	put_time_item(view, "Last", facts->last_us);
	html_element(out, "dt", "Ruled");
	html_element(out, "dd", *status ? status : "nothing yet");
	g_string_append(out, "</dl>");
}

static void
put_count(const struct vendors_view *view, const struct vendor_count *count,
	  const char *text, const char *link)
{
	GString *out = view->reply->body;
	g_autofree char *cut = row_cut(text, LABEL_MAX);

	g_string_append_printf(out, "<tr><td><a href=\"%s\">", link);
	html_text(out, cut);
	g_string_append(out, "</a></td>");
	html_count(out, count->n);
	g_string_append(out, "<td>");
	page_time(view->request, view->reply, count->last_us);
	g_string_append(out, "</td></tr>");
}

static void
put_more(GString *out, guint n)
{
	html_table_close(out);
	if (n > COUNTS_MAX)
		html_format(out, "p class=\"facts\"",
			    "and %u more, which the file has", n - COUNTS_MAX);
}

/* Whom of us they wrote to, as far as the user may know. */
static void
put_buyers(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	const GPtrArray *buyers = view->facts->buyers;

	g_string_append(out, "<section><h2>Written to</h2>");
	html_table_open(out, "Whom of us they wrote to", "Who|Messages|Last");
	for (guint i = 0; i < MIN(buyers->len, COUNTS_MAX); i++) {
		const struct vendor_count *count = buyers->pdata[i];
		g_autofree char *link =
			row_link("/queue", "for", count->key, "vendor",
				 view->facts->card, NULL);

		put_count(view, count, buyer_name(view, count->key), link);
	}
	put_more(out, buyers->len);
	g_string_append(out, "</section>");
}

static void
put_senders(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	const GPtrArray *senders = view->facts->senders;

	g_string_append(out, "<section><h2>Senders</h2>");
	html_table_open(out, "Who wrote", "Sender|Messages|Last");
	for (guint i = 0; i < MIN(senders->len, COUNTS_MAX); i++) {
		const struct vendor_count *count = senders->pdata[i];
		g_autofree char *link =
			g_strconcat("/message/", count->newest, NULL);
		g_autofree char *text =
			g_strdup_printf("%s%s%s", count->label,
					*count->label ? ", " : "", count->key);

		put_count(view, count, text, link);
	}
	put_more(out, senders->len);
	g_string_append(out, "</section>");
}

static void
put_campaigns(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	const GPtrArray *campaigns = view->facts->campaigns;

	if (campaigns->len == 0)
		return;
	g_string_append(out, "<section><h2>Campaigns</h2>");
	html_table_open(out, "What they wrote about, with the newest message",
			"Subject|Messages|Last");
	for (guint i = 0; i < MIN(campaigns->len, COUNTS_MAX); i++) {
		const struct vendor_count *count = campaigns->pdata[i];
		g_autofree char *link =
			g_strconcat("/message/", count->newest, NULL);

		put_count(view, count,
			  *count->label ? count->label : "(no subject)", link);
	}
	put_more(out, campaigns->len);
	g_string_append(out, "</section>");
}

/* "buyer/priority" by their names; the caller's. */
static char *
priority_name(const struct vendors_view *view, const char *key)
{
	const char *slash = strrchr(key, '/');
	g_autofree char *id =
		slash ? g_strndup(key, (gsize)(slash - key)) : g_strdup(key);
	const char *name = row_priority(row_buyer(view->request, id),
					slash ? slash + 1 : "");

	if (view->buyers->len == 2)
		return g_strdup(name);
	return g_strdup_printf("%s: %s", buyer_name(view, id), name);
}

static void
put_priorities(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	const GPtrArray *priorities = view->facts->priorities;

	if (priorities->len == 0)
		return;
	g_string_append(out, "<section><h2>Nearest to</h2>");
	html_table_open(out, "The priority that each message came nearest to",
			"Priority|Messages|Last");
	for (guint i = 0; i < MIN(priorities->len, COUNTS_MAX); i++) {
		const struct vendor_count *count = priorities->pdata[i];
		g_autofree char *name = priority_name(view, count->key);
		g_autofree char *link =
			g_strconcat("/message/", count->newest, NULL);

		put_count(view, count, name, link);
	}
	put_more(out, priorities->len);
	g_string_append(out, "</section>");
}

static void
put_head(const struct vendors_view *view)
{
	GString *out = view->reply->body;
	g_autofree char *link = vendors_link(view->facts->card);

	g_string_append(out, "<p class=\"back\"><a href=\"/vendors\">Vendors"
			     "</a></p>");
	if (vendors_wrote(view))
		g_string_append_printf(
			out,
			"<p class=\"facts\"><a href=\"%s/json\">This card as "
			"a file (JSON)</a></p>",
			link);
	put_facts(view);
}

static void
put_page(const struct vendors_view *view)
{
	GString *out = view->reply->body;

	put_head(view);
	vendors_put_status(view);
	if (!vendors_wrote(view))
		return;
	g_string_append(out, "<div class=\"board\"><div>");
	vendors_put_quotes(view);
	vendors_put_fit(view);
	put_campaigns(view);
	vendors_put_written(view);
	g_string_append(out, "</div><div>");
	put_buyers(view);
	put_senders(view);
	put_priorities(view);
	vendors_put_domains(view);
	vendors_put_front(view);
	g_string_append(out, "</div></div>");
}

void
vendors_show(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsView) view =
		vendors_view_load(request, reply, request->parts[0]);
	const char *name;
	g_autofree char *title = NULL;

	if (!view)
		return;
	name = vendors_wrote(view)
		       ? vendor_book_written(view->book, view->facts->domains,
					     STORE_VENDOR_NAME)
		       : "";
	title = row_cut(*name ? name : view->facts->card, LABEL_MAX);
	page_open(request, reply, title, "vendors");
	put_page(view);
	page_close(request, reply);
}
