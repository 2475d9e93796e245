/*
 * Who has how much to say: members on a circle, the ring as large as their
 * influence should be, the disc as it is; lines between who talk and, broken,
 * between who should.
 */
#include <math.h>
#include <string.h>

#include "base/html.h"
#include "group_sight_private.h"
#include "row_private.h"

/* Others are in no picture; nor are lines of talks past so many, nor but the
 * most pressing of those that ought to be. A page stays under its weight. */
#define DRAWN_MAX  10
#define OTHERS_MAX 30
#define TALKS_MAX  60
#define OUGHT_MAX  16

/* With more, names would lie on each other: numbers stand for them. */
#define NAMED_MAX 8
#define LABEL_MAX 14
#define FEW	  4 /* so few have room for longer ones */
#define LABEL_FEW 20

#define WIDTH  360
#define HEIGHT 300
#define CIRCLE 105

/* Radius of nobody and of who decides alone; smaller among many. */
#define NODE_MIN  5
#define NODE_MORE 17

#define CELL_BYTES 100

/* One of the members drawn. */
struct node {
	const struct group_member *member;
	int x;
	int y;
};

struct picture {
	const struct group_sight *sight;
	struct node nodes[DRAWN_MAX];
	guint n;
};

static int
radius(const struct picture *picture, double influence)
{
	const double scale = picture->n > NAMED_MAX ? 0.6 : 1;

	return (int)lround(scale *
			   (NODE_MIN + NODE_MORE * CLAMP(influence, 0, 1)));
}

/* The reader on top, the others clockwise. */
static void
place(struct picture *picture)
{
	for (guint i = 0; i < picture->n; i++) {
		const double angle = 2 * G_PI * i / picture->n - G_PI / 2;

		picture->nodes[i].x =
			(int)lround(WIDTH / 2.0 + CIRCLE * cos(angle));
		picture->nodes[i].y =
			(int)lround(HEIGHT / 2.0 + CIRCLE * sin(angle));
	}
}

static void
picture_init(struct picture *picture, const struct group_sight *sight)
{
	const GPtrArray *members = sight->group->members;

	*picture = (struct picture){ .sight = sight };
	picture->nodes[picture->n++].member =
		group_find_member(sight->group, sight->reader);
	for (guint i = 0; i < members->len && picture->n < DRAWN_MAX; i++) {
		const struct group_member *member = members->pdata[i];

		if (member != picture->nodes[0].member)
			picture->nodes[picture->n++].member = member;
	}
	place(picture);
}

static const struct node *
node_of(const struct picture *picture, const char *profile)
{
	for (guint i = 0; i < picture->n; i++)
		if (strcmp(picture->nodes[i].member->profile, profile) == 0)
			return &picture->nodes[i];
	return NULL;
}

static void
put_line(GString *out, const struct picture *picture, const char *a,
	 const char *b)
{
	const struct node *from = node_of(picture, a);
	const struct node *to = node_of(picture, b);

	if (from && to)
		g_string_append_printf(out, "M%d %dL%d %d", from->x, from->y,
				       to->x, to->y);
}

static void
put_lines(GString *out, const struct picture *picture)
{
	const struct group *group = picture->sight->group;
	const GPtrArray *links = picture->sight->view->links;

	g_string_append(out, "<path class=\"talk\" d=\"");
	for (guint i = 0; i < MIN(group->talks->len, TALKS_MAX); i++) {
		char **talk = group->talks->pdata[i];

		put_line(out, picture, talk[0], talk[1]);
	}
	g_string_append(out, "\"/><path class=\"ought\" d=\"");
	for (guint i = 0; i < MIN(links->len, OUGHT_MAX); i++) {
		const struct group_link *link = links->pdata[i];

		put_line(out, picture, link->a->profile, link->b->profile);
	}
	g_string_append(out, "\"/>");
}

static char *
short_name(const char *name, glong max)
{
	g_autofree char *valid = g_utf8_make_valid(name, -1);

	if (g_utf8_strlen(valid, -1) <= max)
		return g_steal_pointer(&valid);
	*g_utf8_offset_to_pointer(valid, max - 1) = '\0';
	return g_strconcat(valid, "\u2026", NULL);
}

/* Away from the middle, where the lines are. */
static void
put_label(GString *out, const struct picture *picture, guint i)
{
	const struct node *node = &picture->nodes[i];
	const int most = MAX(radius(picture, node->member->now),
			     radius(picture, node->member->wished));
	const int y =
		node->y < HEIGHT / 2 ? node->y - most - 6 : node->y + most + 15;
	g_autofree char *label =
		picture->n > NAMED_MAX
			? g_strdup_printf("%u", i + 1)
			: short_name(group_sight_name(picture->sight,
						      node->member),
				     picture->n > FEW ? LABEL_MAX : LABEL_FEW);

	g_string_append_printf(out, "<text x=\"%d\" y=\"%d\">", node->x, y);
	html_text(out, label);
	g_string_append(out, "</text>");
}

static void
put_node(GString *out, const struct picture *picture, guint i)
{
	const struct node *node = &picture->nodes[i];
	const int now = radius(picture, node->member->now);
	const int wished = radius(picture, node->member->wished);

	g_string_append_printf(
		out,
		"<g transform=\"translate(%d %d)\"><circle class=\"under\" "
		"r=\"%d\"/><circle class=\"now\" r=\"%d\"/><circle "
		"class=\"wished\" r=\"%d\"/></g>",
		node->x, node->y, MAX(now, wished) + 2, now, wished);
	put_label(out, picture, i);
}

static void
put_drawing(GString *out, const struct picture *picture)
{
	g_string_append_printf(
		out,
		"<figure><svg class=\"net\" viewBox=\"0 0 %d %d\" "
		"role=\"img\" aria-label=\"%u members on a circle with their "
		"influence and who talks; the table below says the same\">",
		WIDTH, HEIGHT, picture->n);
	put_lines(out, picture);
	for (guint i = 0; i < picture->n; i++)
		put_node(out, picture, i);
	g_string_append(
		out,
		"</svg><figcaption><span class=\"key now\">influence "
		"now</span> <span class=\"key wished\">wished</span> "
		"<span class=\"key talk\">they talk</span> <span class=\"key "
		"ought\">should talk</span></figcaption></figure>");
}

static void
add_name(GString *names, const struct group_sight *sight, const char *profile)
{
	const struct group_member *member =
		group_find_member(sight->group, profile);

	if (member)
		g_string_append_printf(names, "%s%s",
				       names->len > 0 ? ", " : "",
				       group_sight_name(sight, member));
}

static const char *
other_of(const char *a, const char *b, const char *profile)
{
	if (strcmp(a, profile) == 0)
		return b;
	return strcmp(b, profile) == 0 ? a : NULL;
}

static void
put_names(GString *out, const char *label, const GString *names)
{
	g_autofree char *cut = row_cut(names->str, CELL_BYTES);
	g_autofree char *tag = g_strdup_printf("td data-label=\"%s\"", label);

	html_element(out, tag, names->len > 0 ? cut : "\u2013");
}

static void
put_partners(GString *out, const struct group_sight *sight,
	     const struct group_member *member)
{
	const GPtrArray *talks = sight->group->talks;
	const GPtrArray *links = sight->view->links;
	g_autoptr(GString) talk = g_string_new(NULL);
	g_autoptr(GString) ought = g_string_new(NULL);
	const char *other;

	for (guint i = 0; i < talks->len; i++) {
		char **pair = talks->pdata[i];

		other = other_of(pair[0], pair[1], member->profile);
		if (other)
			add_name(talk, sight, other);
	}
	for (guint i = 0; i < MIN(links->len, OUGHT_MAX); i++) {
		const struct group_link *link = links->pdata[i];

		other = other_of(link->a->profile, link->b->profile,
				 member->profile);
		if (other)
			add_name(ought, sight, other);
	}
	put_names(out, "Talks to", talk);
	put_names(out, "Should talk to", ought);
}

static void
put_influence(GString *out, const char *label, double influence)
{
	g_string_append_printf(out, "<td data-label=\"%s\">", label);
	html_number(out, influence, 2);
	g_string_append(out, "</td>");
}

static void
put_table_open(GString *out)
{
	html_table_open(out, NULL,
			"Member|Role|Influence now|Wished|Talks to|Should talk "
			"to");
}

/* `number` is that of the picture; 0: none. */
static void
put_row(GString *out, const struct group_sight *sight,
	const struct group_member *member, guint number)
{
	g_string_append(out, "<tr><td data-label=\"Member\">");
	if (number > 0)
		g_string_append_printf(out, "%u. ", number);
	html_text(out, group_sight_name(sight, member));
	if (strcmp(member->profile, sight->reader) == 0)
		g_string_append(out, " (you)");
	if (member->veto)
		g_string_append(out, " <span class=\"chip\">veto</span>");
	g_string_append(out, "</td>");
	html_element(out, "td data-label=\"Role\"",
		     *member->role ? member->role : "\u2013");
	put_influence(out, "Influence now", member->now);
	put_influence(out, "Wished", member->wished);
	put_partners(out, sight, member);
	g_string_append(out, "</tr>\n");
}

/* Those who are not in the picture, in the file's order. */
static void
put_others(GString *out, const struct picture *picture)
{
	const GPtrArray *members = picture->sight->group->members;
	guint n = 0;

	if (members->len <= picture->n)
		return;
	group_rest_open(out, members->len - picture->n, "members");
	put_table_open(out);
	for (guint i = 0; i < members->len && n < OTHERS_MAX; i++) {
		const struct group_member *member = members->pdata[i];

		if (node_of(picture, member->profile))
			continue;
		put_row(out, picture->sight, member, 0);
		n++;
	}
	html_table_close(out);
	group_rest_close(out, members->len, picture->n + OTHERS_MAX);
}

void
group_picture_put(GString *out, const struct group_sight *sight)
{
	struct picture picture;

	picture_init(&picture, sight);
	g_string_append(out, "<section class=\"influence\"><h2>Influence, as "
			     "it is and as wished</h2>");
	put_drawing(out, &picture);
	put_table_open(out);
	for (guint i = 0; i < picture.n; i++)
		put_row(out, sight, picture.nodes[i].member,
			picture.n > NAMED_MAX ? i + 1 : 0);
	html_table_close(out);
	put_others(out, &picture);
	g_string_append(out, "</section>");
}
