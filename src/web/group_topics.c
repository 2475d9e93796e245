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

/* With those that open below the first. */
#define TOPICS_ALL 40
#define LINES_ALL  40

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
put_stand(GString *out, const struct group_stand *stand, gboolean bars)
{
	if (!stand || (!stand->priority && !stand->refusal)) {
		g_string_append(out, "<td>\u2013</td>");
		return;
	}
	g_string_append(out, "<td>");
	if (bars)
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

/* A bar weighs as much as the rest of its cell. */
static void
put_topic(GString *out, const struct group_sight *sight,
	  const GPtrArray *columns, const struct group_view_topic *topic,
	  gboolean bars)
{
	g_string_append(out, "<tr>");
	put_topic_name(out, sight, topic);
	g_string_append(out, "<td>");
	if (bars)
		put_bar(out, topic->weight);
	html_number(out, topic->weight, 2);
	g_string_append(out, "</td>");
	put_percent(out, topic->agreement);
	for (guint i = 0; i < columns->len; i++)
		put_stand(out, stand_of(topic, columns->pdata[i]), bars);
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
put_topics(GString *out, const struct group_sight *sight,
	   const GPtrArray *columns, guint first, guint end)
{
	const GPtrArray *topics = sight->view->topics;

	put_heads(out, sight, columns);
	for (guint i = first; i < MIN(topics->len, end); i++)
		put_topic(out, sight, columns, topics->pdata[i], first == 0);
	html_table_close(out);
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
		put_topics(out, sight, columns, 0, TOPICS_MAX);
		html_element(out, "p class=\"hint\"",
			     "Together: the mean of all, by their influence "
			     "now. A dash: has no such priority, or does not "
			     "share it.");
	}
	if (topics->len > TOPICS_MAX) {
		group_rest_open(out, topics->len - TOPICS_MAX, "priorities");
		put_topics(out, sight, columns, TOPICS_MAX, TOPICS_ALL);
		group_rest_close(out, topics->len, TOPICS_ALL);
	}
	if (sight->group->members->len > COLUMNS_MAX)
		html_format(out, "p class=\"hint\"",
			    "The first %d of %u members have a column.",
			    COLUMNS_MAX, sight->group->members->len);
	g_string_append(out, "</section>");
}

typedef void put_line(GString *out, const struct group_sight *sight, guint i);

static void
put_conflict(GString *out, const struct group_sight *sight, guint i)
{
	const struct group_conflict *conflict =
		sight->view->conflicts->pdata[i];

	html_element(out, "li", conflict->text);
}

static void
put_link(GString *out, const struct group_sight *sight, guint i)
{
	const struct group_link *link = sight->view->links->pdata[i];

	g_string_append(out, "<li><b>");
	html_text(out, group_sight_name(sight, link->a));
	g_string_append(out, "</b> and <b>");
	html_text(out, group_sight_name(sight, link->b));
	g_string_append(out, "</b>: ");
	html_text(out, link->why);
	g_string_append(out, "</li>");
}

static void
put_list(GString *out, const struct group_sight *sight, guint first, guint end,
	 put_line *put)
{
	g_string_append_printf(out, "<ol start=\"%u\">", first + 1);
	for (guint i = first; i < end; i++)
		put(out, sight, i);
	g_string_append(out, "</ol>");
}

/* `n` lines, the first of them in sight. */
static void
put_lines(GString *out, const struct group_sight *sight, guint n,
	  const char *what, put_line *put)
{
	put_list(out, sight, 0, MIN(n, LINES_MAX), put);
	if (n <= LINES_MAX)
		return;
	group_rest_open(out, n - LINES_MAX, what);
	put_list(out, sight, LINES_MAX, MIN(n, LINES_ALL), put);
	group_rest_close(out, n, LINES_ALL);
}

static void
put_conflicts(GString *out, const struct group_sight *sight)
{
	const guint n = sight->view->conflicts->len;

	g_string_append(out, "<section><h2>Where you pull apart</h2>");
	if (n == 0)
		html_element(out, "p class=\"empty\"", "Nowhere.");
	else
		put_lines(out, sight, n, "conflicts", put_conflict);
	g_string_append(out, "</section>");
}

static void
put_links(GString *out, const struct group_sight *sight)
{
	const guint n = sight->view->links->len;

	g_string_append(out, "<section><h2>Who should talk</h2>");
	if (n == 0)
		html_element(out, "p class=\"empty\"",
			     "Nobody who does not talk already.");
	else
		put_lines(out, sight, n, "pairs", put_link);
	g_string_append(out, "</section>");
}

void
group_topics_put(struct web_reply *reply, const struct group_sight *sight)
{
	put_priorities(reply->body, sight);
	g_string_append(reply->body, "<div class=\"sides\">");
	put_conflicts(reply->body, sight);
	put_links(reply->body, sight);
	g_string_append(reply->body, "</div>");
}
