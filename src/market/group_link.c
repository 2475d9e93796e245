#include <string.h>

#include "group_private.h"

/* From which a member's influence should grow. */
#define GROWTH_MIN 0.2

/* What a reason counts (market/group.h). */
#define MEETING_SIZE 0.25
#define MEETINGS_MAX 1.0
#define ORPHAN_SHARE 0.5
#define THIRD_SHARE  0.5

#define REASONS_MAX 3

/* Two members, and why they should talk. */
struct pair {
	const struct group_request *request;
	const struct group_view *view;
	const struct group_member *a;
	const struct group_member *b;
	double size;
	GPtrArray *reasons; /* of text */
};

/* Takes the text over. */
static void
add(struct pair *pair, double size, char *text)
{
	pair->size += size;
	g_ptr_array_add(pair->reasons, text);
}

static const char *
name_of(const struct pair *pair, const struct group_member *member)
{
	return group_member_name(pair->request->profiles, member);
}

static gboolean
do_talk(const struct group *group, const struct group_member *a,
	const struct group_member *b)
{
	for (guint i = 0; i < group->talks->len; i++) {
		char **talk = group->talks->pdata[i];

		if ((strcmp(talk[0], a->profile) == 0 &&
		     strcmp(talk[1], b->profile) == 0) ||
		    (strcmp(talk[1], a->profile) == 0 &&
		     strcmp(talk[0], b->profile) == 0))
			return TRUE;
	}
	return FALSE;
}

/* Whom both talk to, or NULL. */
static const struct group_member *
third_of(const struct pair *pair)
{
	const struct group *group = pair->request->group;

	for (guint i = 0; i < group->members->len; i++) {
		const struct group_member *third = group->members->pdata[i];

		if (do_talk(group, pair->a, third) &&
		    do_talk(group, third, pair->b))
			return third;
	}
	return NULL;
}

static gboolean
is_pair(const struct pair *pair, const struct group_member *a,
	const struct group_member *b)
{
	return (a == pair->a && b == pair->b) || (a == pair->b && b == pair->a);
}

/* Conflicts' sentences, as parts of another. */
static void
add_conflicts(struct pair *pair)
{
	for (guint i = 0; i < pair->view->conflicts->len; i++) {
		const struct group_conflict *conflict =
			pair->view->conflicts->pdata[i];

		if (is_pair(pair, conflict->a, conflict->b))
			add(pair, conflict->size,
			    g_strndup(conflict->text,
				      strlen(conflict->text) - 1));
	}
}

/* The messages to a member of a meeting; 0 when they were not met. */
static guint
met(const struct group_meeting *meeting, const struct group_member *member)
{
	guint at;

	return g_ptr_array_find(meeting->members, member, &at)
		       ? g_array_index(meeting->counts, guint, at)
		       : 0;
}

/* All vendors are one reason, which the first of them stands for. */
static void
add_meetings(struct pair *pair)
{
	const struct group_meeting *first = NULL;
	guint n = 0;

	for (guint i = 0; i < pair->view->meetings->len; i++) {
		const struct group_meeting *meeting =
			pair->view->meetings->pdata[i];

		if (meeting->listed || met(meeting, pair->a) == 0 ||
		    met(meeting, pair->b) == 0)
			continue;
		first = first ? first : meeting;
		n++;
	}
	if (n == 1)
		add(pair, MEETING_SIZE,
		    g_strdup_printf("%s wrote to both (%u and %u messages)",
				    first->name, met(first, pair->a),
				    met(first, pair->b)));
	else if (n > 1)
		add(pair, MIN(n * MEETING_SIZE, MEETINGS_MAX),
		    g_strdup_printf("%s and %u other vendor%s wrote to both",
				    first->name, n - 1, n > 2 ? "s" : ""));
}

/* What a member wants of a topic; 0 or less: nothing of it. */
static double
wants(const struct group_view_topic *topic, const struct group_member *member)
{
	for (guint i = 0; i < topic->stands->len; i++) {
		const struct group_stand *stand =
			&g_array_index(topic->stands, struct group_stand, i);

		if (stand->member == member)
			return stand->weight;
	}
	return 0;
}

static void
add_orphan(struct pair *pair, const struct group_view_topic *topic)
{
	const double a = wants(topic, pair->a);
	const double b = wants(topic, pair->b);
	const gboolean of_a = topic->owner == pair->a && b > 0;
	const gboolean of_b = topic->owner == pair->b && a > 0;

	if (a > 0 && b > 0 && !topic->owner)
		add(pair, ORPHAN_SHARE * MAX(a, b),
		    g_strdup_printf("%s has no owner, and %s (%.2f) and %s "
				    "(%.2f) want it",
				    topic->name, name_of(pair, pair->a), a,
				    name_of(pair, pair->b), b));
	else if (of_a || of_b)
		add(pair, ORPHAN_SHARE * MAX(a, b),
		    g_strdup_printf("%s wants %s (%.2f), which %s owns without "
				    "having it as a priority",
				    name_of(pair, of_a ? pair->b : pair->a),
				    topic->name, of_a ? b : a,
				    name_of(pair, topic->owner)));
}

/* Whose word should count for more talks to who owns what they want. */
static void
add_growth(struct pair *pair, const struct group_view_topic *topic,
	   const struct group_member *grows, const struct group_member *owner)
{
	const double growth = grows->wished - grows->now;
	const double weight = wants(topic, grows);

	if (topic->orphan || topic->owner != owner || weight <= 0 ||
	    growth < GROWTH_MIN - 1e-9)
		return;
	add(pair, growth * weight,
	    g_strdup_printf("%s wants %s (%.2f), which %s owns, and should "
			    "count for %.2f instead of %.2f",
			    name_of(pair, grows), topic->name, weight,
			    name_of(pair, owner), grows->wished, grows->now));
}

static void
add_topics(struct pair *pair)
{
	for (guint i = 0; i < pair->view->topics->len; i++) {
		const struct group_view_topic *topic =
			pair->view->topics->pdata[i];

		if (topic->orphan)
			add_orphan(pair, topic);
		add_growth(pair, topic, pair->a, pair->b);
		add_growth(pair, topic, pair->b, pair->a);
	}
}

/* The first reasons, how many more there are, and the third. */
static char *
sentence(const struct pair *pair, const struct group_member *third)
{
	GString *text = g_string_new(NULL);
	const guint n = pair->reasons->len;

	for (guint i = 0; i < MIN(n, REASONS_MAX); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "; " : "",
				       (const char *)pair->reasons->pdata[i]);
	if (n > REASONS_MAX)
		g_string_append_printf(text, "; and %u more reason%s",
				       n - REASONS_MAX,
				       n - REASONS_MAX > 1 ? "s" : "");
	if (third)
		g_string_append_printf(text, "; so far only through %s",
				       name_of(pair, third));
	g_string_append_c(text, '.');
	return g_string_free(text, FALSE);
}

static void
look(const struct group_request *request, struct group_view *view,
     const struct group_member *a, const struct group_member *b)
{
	g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func(g_free);
	struct pair pair = { request, view, a, b, 0, reasons };
	const struct group_member *third;
	struct group_link *link;

	if (do_talk(request->group, a, b))
		return;
	add_conflicts(&pair);
	add_meetings(&pair);
	add_topics(&pair);
	if (reasons->len == 0)
		return;
	third = third_of(&pair);
	link = g_new0(struct group_link, 1);
	link->a = a;
	link->b = b;
	link->size = pair.size * (third ? THIRD_SHARE : 1);
	link->why = sentence(&pair, third);
	g_ptr_array_add(view->links, link);
}

static gint
worst_first(gconstpointer a, gconstpointer b)
{
	const struct group_link *left = *(struct group_link *const *)a;
	const struct group_link *right = *(struct group_link *const *)b;

	if (left->size < right->size || left->size > right->size)
		return left->size < right->size ? 1 : -1;
	if (left->a != right->a)
		return strcmp(left->a->profile, right->a->profile);
	return strcmp(left->b->profile, right->b->profile);
}

void
group_links_fill(const struct group_request *request, struct group_view *view)
{
	const GPtrArray *members = request->group->members;

	for (guint i = 0; i < members->len; i++)
		for (guint j = i + 1; j < members->len; j++)
			look(request, view, members->pdata[i],
			     members->pdata[j]);
	g_ptr_array_sort(view->links, worst_first);
}
