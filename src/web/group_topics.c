/* What the members want together, where they pull apart, and who should talk:
 * the first part of a group's page. */
#include <math.h>
#include <string.h>

#include "base/html.h"
#include "group_sight_private.h"
#include "row_private.h"

/* A page stays under its weight, however large the group is. */
#define TOPICS_MAX  8
#define COLUMNS_MAX 5
#define LINES_MAX   4
#define NAME_BYTES  80

/* Of a bar. */
#define WIDTH 40

/* The members with a column, in the file's order, the reader's own first. */
static GPtrArray *
columns_of(const struct group_sight *sight)
{
	const struct group *group = sight->group;
	GPtrArray *columns = g_ptr_array_new();

	for (guint i = 0; i < group->members->len; i++) {
		struct group_member *member = group->members->pdata[i];

		if (strcmp(member->profile, sight->reader) == 0)
			g_ptr_array_insert(columns, 0, member);
		else
			g_ptr_array_add(columns, member);
	}
	if (columns->len > COLUMNS_MAX)
		g_ptr_array_set_size(columns, COLUMNS_MAX);
	return columns;
}

static void
put_cut(GString *out, const char *tag, const char *text)
{
	g_autofree char *cut = row_cut(text, NAME_BYTES);

	html_element(out, tag, cut);
}

static void
put_bar(GString *out, double weight)
{
	g_string_append_printf(
		out,
		"<svg class=\"stand\" viewBox=\"0 0 %d 6\" "
		"aria-hidden=\"true\"><path class=\"%s\" d=\"M0 3h%ld\"/>"
		"</svg>",
		WIDTH, weight < 0 ? "against" : "for",
		CLAMP(lround(fabs(weight) * WIDTH), 0, WIDTH));
}

static const struct group_stand *
stand_of(const struct group_view_topic *topic,
	 const struct group_member *member)
{
	for (guint i = 0; i < topic->stands->len; i++) {
		const struct group_stand *stand =
			&g_array_index(topic->stands, struct group_stand, i);

		if (stand->member == member)
			return stand;
	}
	return NULL;
}

static void
put_stand(GString *out, const struct group_stand *stand)
{
	if (!stand || (!stand->priority && !stand->refusal)) {
		g_string_append(out, "<td>\u2013</td>");
		return;
	}
	g_string_append(out, "<td>");
	put_bar(out, stand->weight);
	if (stand->weight < 0)
		g_string_append(out, "refuses");
	else
		html_number(out, stand->weight, 2);
	g_string_append(out, "</td>");
}

static void
put_topic_name(GString *out, const struct group_sight *sight,
	       const struct group_view_topic *topic)
{
	g_string_append(out, "<th scope=\"row\">");
	put_cut(out, "b", topic->name);
	if (topic->orphan) {
		g_string_append(out, " <span class=\"chip bad\">no owner"
				     "</span>");
	} else if (topic->owner) {
		g_autofree char *name = row_cut(
			group_sight_name(sight, topic->owner), NAME_BYTES);

		html_format(out, "span class=\"address\"", " owner: %s", name);
	}
	g_string_append(out, "</th>");
}

static void
put_percent(GString *out, double share)
{
	g_string_append(out, "<td>");
	html_number(out, share * 100, 0);
	g_string_append(out, "\u00a0%</td>");
}

static void
put_topic(GString *out, const struct group_sight *sight,
	  const GPtrArray *columns, const struct group_view_topic *topic)
{
	g_string_append(out, "<tr>");
	put_topic_name(out, sight, topic);
	g_string_append(out, "<td>");
	put_bar(out, topic->weight);
	html_number(out, topic->weight, 2);
	g_string_append(out, "</td>");
	put_percent(out, topic->agreement);
	for (guint i = 0; i < columns->len; i++)
		put_stand(out, stand_of(topic, columns->pdata[i]));
	g_string_append(out, "</tr>\n");
}

static void
put_heads(GString *out, const struct group_sight *sight,
	  const GPtrArray *columns)
{
	g_string_append(out,
			"<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
			"aria-label=\"Priorities\"><table class=\"stands\">"
			"<thead><tr><th scope=\"col\">Priority</th>"
			"<th scope=\"col\">Together</th>"
			"<th scope=\"col\">Agreement</th>");
	for (guint i = 0; i < columns->len; i++)
		put_cut(out, "th scope=\"col\"",
			group_sight_name(sight, columns->pdata[i]));
	g_string_append(out, "</tr></thead>\n<tbody>\n");
}

static void
put_more(GString *out, guint n, guint max, const char *what)
{
	if (n > max)
		html_format(out, "p class=\"hint\"",
			    "and %u more %s, which the table leaves out",
			    n - max, what);
}

static void
put_priorities(GString *out, const struct group_sight *sight)
{
	const GPtrArray *topics = sight->view->topics;
	g_autoptr(GPtrArray) columns = columns_of(sight);

	g_string_append(out, "<section><h2>Priorities together</h2>");
	if (topics->len == 0) {
		html_element(out, "p class=\"empty\"",
			     "Nobody shares a priority yet.");
	} else {
		put_heads(out, sight, columns);
		for (guint i = 0; i < MIN(topics->len, TOPICS_MAX); i++)
			put_topic(out, sight, columns, topics->pdata[i]);
		html_table_close(out);
		html_element(out, "p class=\"hint\"",
			     "Together: the mean of all, by their influence "
			     "now. A dash: has no such priority, or does not "
			     "share it.");
	}
	put_more(out, topics->len, TOPICS_MAX, "priorities");
	put_more(out, sight->group->members->len, COLUMNS_MAX, "members");
	g_string_append(out, "</section>");
}

static void
put_conflicts(GString *out, const struct group_view *view)
{
	g_string_append(out, "<section><h2>Where you pull apart</h2>");
	if (view->conflicts->len == 0)
		html_element(out, "p class=\"empty\"", "Nowhere.");
	else
		g_string_append(out, "<ol>");
	for (guint i = 0; i < MIN(view->conflicts->len, LINES_MAX); i++) {
		const struct group_conflict *conflict =
			view->conflicts->pdata[i];

		html_element(out, "li", conflict->text);
	}
	if (view->conflicts->len > 0)
		g_string_append(out, "</ol>");
	put_more(out, view->conflicts->len, LINES_MAX, "conflicts");
	g_string_append(out, "</section>");
}

static void
put_links(GString *out, const struct group_sight *sight)
{
	const GPtrArray *links = sight->view->links;

	g_string_append(out, "<section><h2>Who should talk</h2>");
	if (links->len == 0)
		html_element(out, "p class=\"empty\"",
			     "Nobody who does not talk already.");
	else
		g_string_append(out, "<ol>");
	for (guint i = 0; i < MIN(links->len, LINES_MAX); i++) {
		const struct group_link *link = links->pdata[i];

		g_string_append(out, "<li><b>");
		html_text(out, group_sight_name(sight, link->a));
		g_string_append(out, "</b> and <b>");
		html_text(out, group_sight_name(sight, link->b));
		g_string_append(out, "</b>: ");
		html_text(out, link->why);
		g_string_append(out, "</li>");
	}
	if (links->len > 0)
		g_string_append(out, "</ol>");
	put_more(out, links->len, LINES_MAX, "pairs");
	g_string_append(out, "</section>");
}

void
group_topics_put(struct web_reply *reply, const struct group_sight *sight)
{
	put_priorities(reply->body, sight);
	g_string_append(reply->body, "<div class=\"sides\">");
	put_conflicts(reply->body, sight->view);
	put_links(reply->body, sight);
	g_string_append(reply->body, "</div>");
}
