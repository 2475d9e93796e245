/* Cards that may be one company, and why: among those that the user sees. */
#include <string.h>

#include "base/html.h"
#include "page_private.h"
#include "row_private.h"
#include "vendors_private.h"

#define PAIRS_MAX 50
#define WHY_MAX	  300

/* Who does not see all mail is not told what is in it. */
static gboolean
sees_all(const struct web_request *request, const struct vendors_list *list)
{
	return list->buyers->len - 1 == request->snapshot->buyers->len;
}

static GHashTable *
ids_of(const struct vendors_list *list)
{
	GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < list->cards->len; i++) {
		const struct vendors_card *card = list->cards->pdata[i];

		/* Who was only ruled on may have written to others. */
		if (card->touches > 0)
			g_hash_table_add(ids, card->id);
	}
	return ids;
}

static gboolean
is_asked(const struct vendor_pair *pair, GHashTable *ids, const char *of)
{
	return g_hash_table_contains(ids, pair->card) &&
	       g_hash_table_contains(ids, pair->other) &&
	       (!*of || strcmp(pair->card, of) == 0 ||
		strcmp(pair->other, of) == 0);
}

static void
put_card(GString *out, const char *card)
{
	g_autofree char *link = vendors_link(card);

	g_string_append_printf(out, "<a href=\"%s\">", link);
	html_text(out, card);
	g_string_append(out, "</a>");
}

static void
put_pair(const struct web_request *request, struct web_reply *reply,
	 const struct vendor_pair *pair, gboolean why)
{
	GString *out = reply->body;
	g_autofree char *link = vendors_link(pair->card);
	g_autofree char *path = g_strconcat(link, "/merge", NULL);
	g_autofree char *cut = row_cut(pair->why, WHY_MAX);

	g_string_append(out, "<li>");
	put_card(out, pair->card);
	g_string_append(out, " and ");
	put_card(out, pair->other);
	html_element(out, "p class=\"why\"",
		     why ? cut : "Their mail has something in common.");
	if (request_may(request, ACCESS_DECIDE, NULL)) {
		page_form_open(request, reply, path, "class=\"actions\"");
		page_hidden(reply, "other", pair->other);
		page_button(reply, "", "", "They are one company", "");
		page_form_close(reply);
	}
	g_string_append(out, "</li>");
}

static void
put_pairs(const struct web_request *request, struct web_reply *reply,
	  const struct vendors_list *list, const GPtrArray *pairs)
{
	g_autoptr(GHashTable) ids = ids_of(list);
	const char *of = request_query(request, "of");
	guint n = 0;

	g_string_append(reply->body, "<ul class=\"decisions\">");
	for (guint i = 0; i < pairs->len && n < PAIRS_MAX; i++) {
		if (!is_asked(pairs->pdata[i], ids, of))
			continue;
		put_pair(request, reply, pairs->pdata[i],
			 sees_all(request, list));
		n++;
	}
	g_string_append(reply->body, "</ul>");
	if (n == 0)
		html_element(reply->body, "p class=\"empty\"",
			     "No two cards have a campaign, a sender or a "
			     "signature in common.");
}

void
vendors_siblings(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsList) list = vendors_list_load(request);
	g_autoptr(GPtrArray) pairs =
		list ? vendor_suggest(request->site->store, list->book, NULL)
		     : NULL;

	if (!pairs) {
		vendors_away(request, reply);
		return;
	}
	page_open(request, reply, "One company?", "vendors");
	g_string_append(reply->body, "<p class=\"back\"><a href=\"/vendors\">"
				     "Vendors</a></p><section>");
	put_pairs(request, reply, list, pairs);
	g_string_append(reply->body, "</section>");
	page_close(request, reply);
}
