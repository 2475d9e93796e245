/* The vendors: one row a card, who wrote last first. */
#include "vendors_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "page_private.h"
#include "row_private.h"

#define ROWS	   50
#define PAGES	   100000
#define FILTER_MAX 256
#define PRIORITIES 60 /* that can be chosen from, one's own first */
#define COLUMNS	   "Vendor|Messages|People|First|Last|Claims|Near|Ruled|Owner"

/* What the page was asked for. */
struct asked {
	const char *text;
	const char *order;
	const char *status;
	const char *priority;
	guint page; /* from 0 */
};

struct option {
	const char *value;
	const char *label;
};

static const struct option orders[] = {
	{ "", "Last first" },
	{ "touches", "Most mail first" },
	{ "name", "By name" },
};

static const struct option statuses[] = {
	{ "", "Any" },
	{ "wanted", "Wanted" },
	{ "not-now", "Not now" },
	{ "never", "Never" },
	{ "none", "Not ruled on" },
};

char *
vendors_link(const char *card)
{
	g_autofree char *safe = g_uri_escape_string(card, NULL, FALSE);

	return g_strconcat("/vendors/", safe, NULL);
}

void
vendors_away(const struct web_request *request, struct web_reply *reply)
{
	reply_error(request, reply, 503,
		    "The store does not answer. Nothing is lost; try again in "
		    "a minute.");
}

static char *
asked_link(const struct asked *asked, const char *path, guint page)
{
	g_autofree char *number =
		page > 0 ? g_strdup_printf("%u", page + 1) : g_strdup("");

	return row_link(path, "q", asked->text, "order", asked->order, "status",
			asked->status, "priority", asked->priority, "page",
			number, NULL);
}

static void
put_option(GString *out, const char *value, const char *label,
	   const char *chosen)
{
	g_string_append(out, "<option value=\"");
	html_text(out, value);
	g_string_append_printf(
		out, "\"%s>",
		strcmp(value, chosen) == 0 ? " selected=\"selected\"" : "");
	html_text(out, label);
	g_string_append(out, "</option>");
}

static void
put_select(GString *out, const char *name, const char *label,
	   const struct option *options, guint n, const char *chosen)
{
	g_string_append_printf(out, "<label>%s <select name=\"%s\">", label,
			       name);
	for (guint i = 0; i < n; i++)
		put_option(out, options[i].value, options[i].label, chosen);
	g_string_append(out, "</select></label>");
}

static guint
put_priorities_of(GString *out, const struct buyer *buyer, gboolean named,
		  guint left, const char *chosen)
{
	const GPtrArray *priorities = buyer->profile->priorities;
	const guint n = MIN(left, priorities->len);

	for (guint i = 0; i < n; i++) {
		const struct profile_priority *priority = priorities->pdata[i];
		g_autofree char *value = g_strdup_printf(
			"%s/%s", buyer->profile->id, priority->id);
		g_autofree char *label = g_strdup_printf(
			"%s%s%s", named ? buyer->profile->name : "",
			named ? ": " : "", priority->name);

		put_option(out, value, label, chosen);
	}
	return n;
}

static void
put_priorities(const struct web_request *request, GString *out,
	       const GPtrArray *buyers, const char *chosen)
{
	guint left = PRIORITIES;

	g_string_append(out, "<label>Near <select name=\"priority\">");
	put_option(out, "", "Any priority", chosen);
	for (guint i = 0; i + 1 < buyers->len; i++) {
		const struct buyer *buyer =
			row_buyer(request, buyers->pdata[i]);

		if (buyer)
			left -= put_priorities_of(out, buyer, buyers->len > 2,
						  left, chosen);
	}
	g_string_append(out, "</select></label>");
}

static void
put_search(const struct web_request *request, struct web_reply *reply,
	   const struct asked *asked, const struct vendors_list *list)
{
	GString *out = reply->body;

	g_string_append(out,
			"<form class=\"search\" role=\"search\" "
			"action=\"/vendors\"><label for=\"q\">Search</label>"
			"<input type=\"search\" id=\"q\" name=\"q\" "
			"placeholder=\"Name, domain or owner\" value=\"");
	html_text(out, asked->text);
	g_string_append(out, "\"/>");
	put_select(out, "status", "Ruled", statuses, G_N_ELEMENTS(statuses),
		   asked->status);
	put_priorities(request, out, list->buyers, asked->priority);
	put_select(out, "order", "Order", orders, G_N_ELEMENTS(orders),
		   asked->order);
	g_string_append(out, "<button>Show</button></form>");
}

/* A card has few rulings: one of each buyer and domain. */
char *
vendors_status(const GPtrArray *rulings)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < rulings->len; i++) {
		const struct store_ruling *ruling = rulings->pdata[i];
		g_autofree char *until =
			ruling->until_us > 0 ? clock_format(ruling->until_us)
					     : NULL;
		g_autofree char *word = g_strdup_printf(
			"%s%s%.10s",
			ruling->word == STORE_RULING_NOT_NOW
				? "not now"
				: store_ruling_word_name(ruling->word),
			until ? " until " : "", until ? until : "");

		if (g_ptr_array_find_with_equal_func(words, word, g_str_equal,
						     NULL))
			continue;
		g_string_append_printf(text, "%s%s", words->len > 0 ? ", " : "",
				       word);
		g_ptr_array_add(words, g_steal_pointer(&word));
	}
	return g_string_free(text, FALSE);
}

static void
put_short_cell(GString *out, const char *text)
{
	g_autofree char *cut = row_cut(text, VENDORS_NAME_MAX);

	html_element(out, "td", cut);
}

static void
put_date(const struct web_request *request, struct web_reply *reply,
	 gint64 time_us)
{
	g_string_append(reply->body, "<td>");
	if (time_us > 0)
		page_time(request, reply, time_us);
	g_string_append(reply->body, "</td>");
}

static void
put_near(const struct web_request *request, GString *out,
	 const struct vendors_card *card)
{
	const struct vendors_near *near =
		card->near->len > 0
			? &g_array_index(card->near, struct vendors_near, 0)
			: NULL;
	const char *name = near ? row_priority(row_buyer(request, near->buyer),
					       near->priority)
				: "";

	put_short_cell(out, name);
}

static void
put_row(const struct web_request *request, struct web_reply *reply,
	const struct vendors_card *card)
{
	GString *out = reply->body;
	g_autofree char *name =
		row_cut(*card->name ? card->name : card->id, VENDORS_NAME_MAX);
	g_autofree char *status = vendors_status(card->rulings);
	g_autofree char *link = vendors_link(card->id);

	g_string_append_printf(out, "<tr><td><a href=\"%s\">", link);
	html_text(out, name);
	g_string_append(out, "</a>");
	if (*card->name) {
		g_string_append_c(out, ' ');
		html_element(out, "span class=\"address\"", card->id);
	}
	g_string_append(out, "</td>");
	html_count(out, card->touches);
	html_count(out, card->buyers->len);
	put_date(request, reply, card->first_us);
	put_date(request, reply, card->last_us);
	html_count(out, card->claims);
	put_near(request, out, card);
	put_short_cell(out, status);
	put_short_cell(out, card->owner);
	g_string_append(out, "</tr>");
}

static void
put_pager(GString *out, const struct asked *asked, guint n)
{
	const guint pages = (n + ROWS - 1) / ROWS;

	if (pages < 2)
		return;
	g_string_append(out, "<nav class=\"pager\" aria-label=\"Pages\">");
	if (asked->page > 0) {
		g_autofree char *link =
			asked_link(asked, "/vendors", asked->page - 1);

		g_string_append_printf(
			out, "<a rel=\"prev\" href=\"%s\">Previous</a> ", link);
	}
	g_string_append_printf(out, "<span>Page %u of %u</span> ",
			       asked->page + 1, pages);
	if (asked->page + 1 < pages) {
		g_autofree char *link =
			asked_link(asked, "/vendors", asked->page + 1);

		g_string_append_printf(
			out, "<a rel=\"next\" href=\"%s\">Next</a>", link);
	}
	g_string_append(out, "</nav>");
}

static void
put_files(GString *out, const struct asked *asked)
{
	g_autofree char *csv = asked_link(asked, "/vendors/csv", 0);
	g_autofree char *json = asked_link(asked, "/vendors/json", 0);

	g_string_append_printf(
		out,
		"<p class=\"facts\">This list as a file: <a href=\"%s\">CSV"
		"</a>, <a href=\"%s\">JSON</a>. <a href=\"/vendors/siblings\">"
		"Cards that may be one company</a></p>",
		csv, json);
}

static void
put_rows(const struct web_request *request, struct web_reply *reply,
	 const struct asked *asked, const struct vendors_list *list)
{
	GString *out = reply->body;
	const guint first = asked->page * ROWS;

	g_string_append(out, "<div class=\"vendors\">");
	html_table_open(out, "Mail that was taken for an offer, by vendor",
			COLUMNS);
	for (guint i = first; i < list->cards->len && i - first < ROWS; i++)
		put_row(request, reply, list->cards->pdata[i]);
	html_table_close(out);
	g_string_append(out, "</div>");
	put_pager(out, asked, list->cards->len);
	put_files(out, asked);
}

static void
put_page(const struct web_request *request, struct web_reply *reply,
	 const struct asked *asked, const struct vendors_list *list)
{
	g_autofree char *title =
		g_strdup_printf("%u vendor%s", list->cards->len,
				list->cards->len == 1 ? "" : "s");
	const gboolean filtered =
		*asked->text || *asked->status || *asked->priority;

	page_open(request, reply, title, "vendors");
	put_search(request, reply, asked, list);
	if (list->cards->len > 0)
		put_rows(request, reply, asked, list);
	else
		html_element(reply->body, "p class=\"empty\"",
			     filtered ? "No vendor matches."
				      : "No vendor has written yet. Who does "
					"gets a card here.");
	page_close(request, reply);
}

static gboolean
too_long(const struct web_request *request)
{
	static const char *const names[] = { "q", "order", "status",
					     "priority" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(request_query(request, names[i])) > FILTER_MAX)
			return TRUE;
	return FALSE;
}

static void
vendors(const struct web_request *request, struct web_reply *reply)
{
	struct asked asked = {
		.text = request_query(request, "q"),
		.order = request_query(request, "order"),
		.status = request_query(request, "status"),
		.priority = request_query(request, "priority"),
		.page = request_number(request, "page", 1, PAGES),
	};
	g_autoptr(VendorsList) list = NULL;

	asked.page = asked.page > 0 ? asked.page - 1 : 0;
	if (too_long(request)) {
		reply_error(request, reply, 400,
			    "That is too long to look for.");
		return;
	}
	list = vendors_list_load(request);
	if (list)
		vendors_list_filter(request, list);
	if (!list ||
	    !vendors_list_claims(request, list, asked.page * ROWS, ROWS))
		vendors_away(request, reply);
	else
		put_page(request, reply, &asked, list);
}

/* What is written on cards, and which are one, all see: who decides for some
 * buyer may change it, if the card is one of those that they see. */
const struct web_route routes_vendors[] = {
	{ WEB_GET, "/vendors", ACCESS_LIST, vendors },
	{ WEB_GET, "/vendors/csv", ACCESS_LIST, vendors_csv },
	{ WEB_GET, "/vendors/json", ACCESS_LIST, vendors_json },
	{ WEB_GET, "/vendors/siblings", ACCESS_LIST, vendors_siblings },
	{ WEB_GET, "/vendors/*", ACCESS_LIST, vendors_show },
	{ WEB_GET, "/vendors/*/json", ACCESS_LIST, vendors_show_json },
	{ WEB_POST, "/vendors/*/merge", ACCESS_DECIDE, vendors_merge },
	{ WEB_POST, "/vendors/*/merge/*", ACCESS_DECIDE, vendors_merge_with },
	{ WEB_POST, "/vendors/*/split", ACCESS_DECIDE, vendors_split },
	{ WEB_POST, "/vendors/*/split/*", ACCESS_DECIDE, vendors_split_off },
	{ WEB_POST, "/vendors/*/write", ACCESS_DECIDE, vendors_write },
	{ WEB_POST, "/vendors/*/was/*/*", ACCESS_DECIDE, vendors_put_back },
	{ WEB_POST, "/vendors/*/front", ACCESS_DECIDE, vendors_front },
	{ WEB_POST, "/vendors/*/front/off", ACCESS_DECIDE, vendors_front_off },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
