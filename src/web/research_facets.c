/* Filters as links: one more, or one less, is another page. */
#include <string.h>

#include "base/html.h"
#include "research_private.h"
#include "row_private.h"

#define SHOWN	  8
#define LABEL_MAX 80

/* "2026-11" */
#define MONTH_LEN 7

char *
research_link(const struct research_view *view, const char *path)
{
	return row_link(path, "for", view->buyer->profile->id, "q", view->text,
			"kind", view->kind, "vendor", view->vendor, "priority",
			view->priority, "source", view->source, "since",
			view->since, "until", view->until, NULL);
}

static void
put_label(GString *out, const char *tag, const char *text)
{
	g_autofree char *cut = row_cut(text, LABEL_MAX);
	g_autofree char *label = strlen(cut) < strlen(text)
					 ? g_strconcat(cut, "…", NULL)
					 : g_steal_pointer(&cut);

	html_element(out, tag, label);
}

static void
put_chip(GString *out, const char *what, const char *value,
	 const struct research_view *less)
{
	g_autofree char *link = research_link(less, "/research");

	g_string_append_printf(out, "<a class=\"chip\" href=\"%s\">", link);
	html_text(out, what);
	g_string_append_c(out, ' ');
	put_label(out, "b", value);
	g_string_append(out, " <span aria-hidden=\"true\">&#215;</span>"
			     "<span class=\"unseen\"> remove</span></a> ");
}

static void
put_text_chips(GString *out, const struct research_view *view)
{
	struct research_view less = *view;

	if (*view->kind) {
		less.kind = "";
		put_chip(out, "Kind", view->kind, &less);
		less.kind = view->kind;
	}
	if (*view->vendor) {
		less.vendor = "";
		put_chip(out, "Vendor", view->vendor, &less);
		less.vendor = view->vendor;
	}
	if (*view->priority) {
		less.priority = "";
		put_chip(out, "Priority",
			 row_priority(view->buyer, view->priority), &less);
		less.priority = view->priority;
	}
	if (*view->source) {
		less.source = "";
		put_chip(out, "Feed", view->source, &less);
	}
}

static void
put_time_chips(GString *out, const struct research_view *view)
{
	struct research_view less = *view;

	if (*view->since) {
		less.since = "";
		put_chip(out, "Since", view->since, &less);
		less.since = view->since;
	}
	if (*view->until) {
		less.until = "";
		put_chip(out, "Before", view->until, &less);
	}
}

void
research_put_filters(GString *out, const struct research_view *view)
{
	if (!*view->kind && !*view->vendor && !*view->priority &&
	    !*view->source && !*view->since && !*view->until)
		return;
	g_string_append(out, "<p class=\"chips\">");
	put_text_chips(out, view);
	put_time_chips(out, view);
	g_string_append(out, "</p>");
}

static void
put_facet(GString *out, const struct research_view *more, const char *name,
	  guint n)
{
	g_autofree char *link = research_link(more, "/research");

	g_string_append_printf(out, "<a class=\"chip\" href=\"%s\">", link);
	put_label(out, "span", name);
	g_string_append_printf(out, " <b>%u</b></a> ", n);
}

/* What facets restrict: one field of the view. */
enum by { BY_KIND, BY_PRIORITY, BY_VENDOR, BY_MONTH };

/* The first day of the month after "2026-11"; the caller's. */
static char *
next_month(const char *month)
{
	guint year = (guint)g_ascii_strtoull(month, NULL, 10);
	guint number =
		(guint)g_ascii_strtoull(month + strlen("2026-"), NULL, 10);

	year += number == 12;
	number = number % 12 + 1;
	return g_strdup_printf("%04u-%02u-01", year, number);
}

static void
put_month(GString *out, const struct research_view *view,
	  const struct research_facet *facet)
{
	g_autofree char *since = g_strconcat(facet->key, "-01", NULL);
	g_autofree char *until = strlen(facet->key) == MONTH_LEN
					 ? next_month(facet->key)
					 : g_strdup("");
	struct research_view more = *view;

	more.since = since;
	more.until = until;
	put_facet(out, &more, facet->label, facet->n);
}

static void
put_by(GString *out, const struct research_view *view,
       const struct research_facet *facet, enum by by)
{
	struct research_view more = *view;
	const char *label = facet->label;

	if (by == BY_MONTH) {
		put_month(out, view, facet);
		return;
	}
	if (by == BY_KIND)
		more.kind = facet->key;
	else if (by == BY_VENDOR)
		more.vendor = facet->key;
	else
		more.priority = facet->key;
	if (by == BY_PRIORITY && *row_priority(view->buyer, facet->key))
		label = row_priority(view->buyer, facet->key);
	put_facet(out, &more, label, facet->n);
}

/* Where all are of one there is nothing to choose. */
static void
put_group(GString *out, const struct research_view *view, const char *what,
	  const GPtrArray *facets, enum by by)
{
	if (facets->len < 2)
		return;
	g_string_append(out, "<p class=\"chips\">");
	html_element(out, "span class=\"hint\"", what);
	for (guint i = 0; i < MIN(facets->len, SHOWN); i++)
		put_by(out, view, facets->pdata[i], by);
	g_string_append(out, "</p>");
}

void
research_put_facets(GString *out, const struct research_view *view,
		    const struct research *research)
{
	g_string_append(out, "<nav aria-label=\"Narrow it down\">");
	put_group(out, view, "Kind", research->kinds, BY_KIND);
	put_group(out, view, "Priority", research->priorities, BY_PRIORITY);
	put_group(out, view, "Vendor", research->facet_vendors, BY_VENDOR);
	put_group(out, view, "Month", research->months, BY_MONTH);
	g_string_append(out, "</nav>");
}
