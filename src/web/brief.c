/* The brief: what presses on the buyer's side beside what the market pushes. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "market/insight.h"
#include "page_private.h"
#include "review/when.h"
#include "row_private.h"

#define WEEK_DAYS 7

/* Weeks before it would begin before 1970. */
#define EARLIEST_US (366 * CLOCK_DAY_US)

/* With style sheet and frame a page stays under 50 kB. */
#define BODY_MAX  26000
#define TEXT_MAX  400
#define LABEL_MAX 160
#define SHOWN	  4 /* lines of a kind */

/* The chart's box. */
#define PLOT_WIDTH  100
#define PLOT_HEIGHT 30

static const char *const heads[INSIGHT_KINDS] = {
	[INSIGHT_PRESSURE] = "Your number",
	[INSIGHT_RISING] = "Rising topics",
	[INSIGHT_NEW] = "New vendors",
	[INSIGHT_CLAIM] = "Claimed by several",
	[INSIGHT_PRICE] = "Prices",
	[INSIGHT_NAMED] = "Named by others",
	[INSIGHT_QUIET] = "Gone quiet",
	[INSIGHT_WATCH] = "Your questions",
};

struct brief {
	const struct web_request *request;
	struct web_reply *reply;
	const struct buyer *buyer;
	gint64 until_us;
	gboolean past; /* the end was asked for */
	gboolean cut;  /* there was no room for all */
	struct insight *insight;
};

static const char *
zone_of(const struct brief *brief)
{
	return brief->buyer->profile->digest.zone;
}

/* ?until=2026-11-22 is the last day of the seven, in the buyer's zone; without
 * it today is. Weeks are of whole days, so that no mail is in two of them. */
static void
read_span(struct brief *brief)
{
	const gint64 today_us =
		when_day_end(brief->request->now_us, zone_of(brief), 0);
	const gint64 end_us = when_end(request_query(brief->request, "until"),
				       zone_of(brief));

	brief->past = end_us > EARLIEST_US && end_us < today_us;
	brief->until_us = brief->past ? end_us : today_us;
}

/* What vendors wrote is not for those who may not read the mail. */
static void
strip(struct insight_part *part)
{
	for (guint i = part->lines->len; i > 0; i--) {
		const struct insight_line *line = part->lines->pdata[i - 1];

		if (line->kind == INSIGHT_CLAIM || line->kind == INSIGHT_WATCH)
			g_ptr_array_remove_index(part->lines, i - 1);
		else if (line->kind == INSIGHT_PRICE)
			g_ptr_array_set_size(line->evidence, 0);
	}
}

static gboolean
load(struct brief *brief)
{
	struct store *store = brief->request->site->store;
	g_autoptr(VendorBook) book = vendor_book_load(store, NULL);
	const struct insight_request request = {
		.store = store,
		.book = book,
		.profile = brief->buyer->profile,
		.since_us = when_day_end(brief->until_us - 1, zone_of(brief),
					 -WEEK_DAYS),
		.until_us = brief->until_us,
		.past = brief->past,
	};

	brief->insight = book ? insight_new(&request, NULL) : NULL;
	if (!brief->insight ||
	    request_may(brief->request, ACCESS_READ, brief->insight->buyer))
		return brief->insight != NULL;
	for (guint i = 0; i < brief->insight->parts->len; i++)
		strip(brief->insight->parts->pdata[i]);
	g_ptr_array_set_size(brief->insight->gone, 0);
	return TRUE;
}

/* --- charts ------------------------------------------------------------------
 */

/* The text says the same for those who do not see it. */
static void
put_chart(GString *out, const GArray *series, const char *what)
{
	const guint n = series ? series->len : 0;
	double most = 0;

	for (guint i = 0; i < n; i++)
		most = fmax(most, g_array_index(series, double, i));
	if (n < 2 || most <= 0)
		return;
	g_string_append_printf(
		out,
		"<svg class=\"spark trend\" viewBox=\"0 -1 %d %d\" "
		"preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
		PLOT_WIDTH, PLOT_HEIGHT + 2);
	html_text(out, what);
	g_string_append(out, "\"><polyline points=\"");
	for (guint i = 0; i < n; i++) {
		const double share =
			fmax(g_array_index(series, double, i), 0) / most;

		g_string_append_printf(out, "%s%u,%ld", i > 0 ? " " : "",
				       i * PLOT_WIDTH / (n - 1),
				       lround(PLOT_HEIGHT * (1 - share)));
	}
	g_string_append(out, "\"/></svg>");
}

/* "from 0.7 % to 20 %" and the like, of shares or of numbers. */
static char *
chart_text(const char *what, const GArray *series, gboolean shares)
{
	const double factor = shares ? 100 : 1;
	char first[G_ASCII_DTOSTR_BUF_SIZE];
	char last[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(first, sizeof(first), "%.4g",
			g_array_index(series, double, 0) * factor);
	g_ascii_formatd(last, sizeof(last), "%.4g",
			g_array_index(series, double, series->len - 1) *
				factor);
	return g_strdup_printf("%s: %u points, %s%s at first, %s%s at last",
			       what, series->len, first, shares ? " %" : "",
			       last, shares ? " %" : "");
}

/* --- lines -------------------------------------------------------------------
 */

static void
put_evidence(const struct brief *brief, const struct insight_line *line)
{
	GString *out = brief->reply->body;
	guint n = 0;

	for (guint i = 0; i < line->evidence->len; i++) {
		const struct insight_evidence *evidence =
			line->evidence->pdata[i];
		g_autofree char *path = insight_path(evidence);
		g_autofree char *label = row_cut(evidence->label, LABEL_MAX);

		if (!path)
			continue;
		g_string_append(out, n++ == 0 ? "<p class=\"from\">" : " · ");
		g_string_append(out, "<a href=\"");
		html_text(out, path);
		g_string_append_printf(
			out, "%sfor=",
			strcmp(evidence->kind, "search") == 0 ? "&amp;" : "?");
		html_text(out, brief->insight->buyer);
		g_string_append(out, "\">");
		html_text(out, strcmp(evidence->kind, "search") == 0
				       ? "All about it"
				       : label);
		g_string_append(out, "</a>");
	}
	if (n > 0)
		g_string_append(out, "</p>");
}

static void
put_line(struct brief *brief, const struct insight_line *line)
{
	GString *out = brief->reply->body;
	g_autofree char *text = row_cut(line->text, TEXT_MAX);
	g_autofree char *what =
		line->series && line->series->len > 1
			? chart_text(heads[line->kind], line->series,
				     line->kind == INSIGHT_RISING)
			: NULL;

	g_string_append(out, "<li>");
	if (line->fresh)
		html_element(out, "b class=\"fresh\"", "new");
	g_string_append_c(out, ' ');
	html_text(out, text);
	if (what) {
		g_string_append_c(out, ' ');
		put_chart(out, line->series, what);
	}
	put_evidence(brief, line);
	g_string_append(out, "</li>");
}

/* The lines of one kind; gives how many there were. */
static guint
put_kind(struct brief *brief, const struct insight_part *part, guint at)
{
	GString *out = brief->reply->body;
	const struct insight_line *first = part->lines->pdata[at];
	guint n = 0;

	html_element(out, "h3", heads[first->kind]);
	g_string_append(out, "<ul class=\"brief\">");
	for (; at + n < part->lines->len; n++) {
		const struct insight_line *line = part->lines->pdata[at + n];

		if (line->kind != first->kind)
			break;
		if (n < SHOWN && out->len < BODY_MAX)
			put_line(brief, line);
		else
			brief->cut |= out->len >= BODY_MAX;
	}
	g_string_append(out, "</ul>");
	if (n > SHOWN)
		html_format(out, "p class=\"why\"", "And %u more.", n - SHOWN);
	return n;
}

static void
put_part(struct brief *brief, const struct insight_part *part)
{
	GString *out = brief->reply->body;
	g_autofree char *mail = insight_mail(part);

	if (part->lines->len == 0 && part->messages == 0)
		return;
	g_string_append(out, "<section>");
	html_element(out, "h2", part->name);
	g_string_append(out, "<p>");
	if (part->pressure >= 0)
		g_string_append_printf(out,
				       "Pressure <b>%.0f of 100</b>, by your "
				       "own number. ",
				       round(part->pressure * 100));
	html_text(out, mail);
	g_string_append(out, ". ");
	if (part->messages + part->before > 0) {
		g_autofree char *what =
			chart_text("Mail by week", part->series, FALSE);

		put_chart(out, part->series, what);
	}
	g_string_append(out, "</p>");
	for (guint i = 0; i < part->lines->len;)
		i += put_kind(brief, part, i);
	g_string_append(out, "</section>");
}

static void
put_gone(const struct brief *brief)
{
	const GPtrArray *gone = brief->insight->gone;
	GString *out = brief->reply->body;

	if (gone->len == 0)
		return;
	g_string_append(out, "<section><h2>No longer so since the week before"
			     "</h2><ul class=\"brief\">");
	for (guint i = 0; i < MIN(gone->len, SHOWN); i++) {
		g_autofree char *text = row_cut(gone->pdata[i], TEXT_MAX);

		html_element(out, "li", text);
	}
	g_string_append(out, "</ul>");
	if (gone->len > SHOWN)
		html_format(out, "p class=\"why\"", "And %u more.",
			    gone->len - SHOWN);
	g_string_append(out, "</section>");
}

/* --- the page ----------------------------------------------------------------
 */

/* The last day of the seven that end so many weeks from these. */
static char *
week_link(const struct brief *brief, const char *path, int weeks)
{
	char day[WHEN_DATE_LEN + 1];

	when_date(when_day_end(brief->until_us - 1, zone_of(brief),
			       weeks * WEEK_DAYS) -
			  1,
		  zone_of(brief), day);
	return row_link(path, "for", brief->insight->buyer, "until", day, NULL);
}

static void
put_way(const struct brief *brief)
{
	GString *out = brief->reply->body;
	g_autofree char *before = week_link(brief, "/brief", -1);
	g_autofree char *after = week_link(brief, "/brief", 1);
	g_autofree char *file = brief->past
					? week_link(brief, "/brief/json", 0)
					: row_link("/brief/json", "for",
						   brief->insight->buyer, NULL);

	g_string_append_printf(out,
			       "<p class=\"pager\"><a href=\"%s\">The week "
			       "before</a>",
			       before);
	if (brief->past)
		g_string_append_printf(
			out, " <a href=\"%s\">The week after</a>", after);
	g_string_append_printf(out, " <a href=\"%s\">As JSON</a></p>", file);
}

static void
put_page(struct brief *brief)
{
	const struct insight *insight = brief->insight;
	GString *out = brief->reply->body;
	g_autofree char *span = insight_span(insight);
	g_autofree char *figures = insight_figures(insight);
	g_autofree char *caution = insight_caution(insight);

	html_format(out, "p class=\"why\"", "%s. %s", span, figures);
	put_way(brief);
	if (insight_is_empty(insight))
		html_element(out, "p class=\"empty\"",
			     "Nothing came in this time.");
	for (guint i = 0; i < insight->parts->len; i++) {
		if (out->len >= BODY_MAX) {
			brief->cut = TRUE;
			break;
		}
		put_part(brief, insight->parts->pdata[i]);
	}
	put_gone(brief);
	if (brief->cut)
		html_element(out, "p class=\"why\"",
			     "There was no room for all of it: the rest is in "
			     "the JSON file.");
	html_element(out, "p class=\"why\"", caution);
}

static gboolean
brief_open(struct brief *brief)
{
	if (!brief->buyer)
		return FALSE;
	read_span(brief);
	if (load(brief))
		return TRUE;
	reply_error(brief->request, brief->reply, 503,
		    "The store does not answer. Nothing is lost; try again in "
		    "a minute.");
	return FALSE;
}

static void
show(const struct web_request *request, struct web_reply *reply)
{
	struct brief brief = {
		.request = request,
		.reply = reply,
		.buyer = page_buyer(request, reply, ACCESS_LIST),
	};

	if (!brief_open(&brief))
		return;
	page_open(request, reply, "Brief", "brief");
	put_page(&brief);
	page_close(request, reply);
	insight_free(brief.insight);
}

static void
show_json(const struct web_request *request, struct web_reply *reply)
{
	struct brief brief = {
		.request = request,
		.reply = reply,
		.buyer = page_buyer(request, reply, ACCESS_LIST),
	};
	g_autofree char *text = NULL;

	if (!brief_open(&brief))
		return;
	text = insight_json(brief.insight);
	reply->type = "application/json";
	reply->filename =
		g_strdup_printf("brief-%s.json", brief.insight->buyer);
	g_string_append(reply->body, text);
	g_string_append_c(reply->body, '\n');
	insight_free(brief.insight);
}

const struct web_route routes_brief[] = {
	{ WEB_GET, "/brief", ACCESS_SIGNED, show },
	{ WEB_GET, "/brief/json", ACCESS_SIGNED, show_json },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
