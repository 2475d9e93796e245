#include "group_private.h"

static void
topic_free(gpointer data)
{
	struct group_view_topic *topic = data;

	g_free(topic->id);
	g_free(topic->name);
	g_array_unref(topic->stands);
	g_free(topic);
}

static void
conflict_free(gpointer data)
{
	struct group_conflict *conflict = data;

	g_free(conflict->text);
	g_free(conflict);
}

static void
link_free(gpointer data)
{
	struct group_link *link = data;

	g_free(link->why);
	g_free(link);
}

static void
vote_free(gpointer data)
{
	store_vote_free(data);
}

static struct group_view *
view_new(const struct group_request *request)
{
	struct group_view *view = g_new0(struct group_view, 1);

	view->book = request->book;
	view->group = request->group;
	view->profiles = request->profiles;
	view->reader = request->reader;
	view->topics = g_ptr_array_new_with_free_func(topic_free);
	view->conflicts = g_ptr_array_new_with_free_func(conflict_free);
	view->links = g_ptr_array_new_with_free_func(link_free);
	view->meetings = group_meetings_new();
	view->choices = group_choices_new();
	view->votes = g_ptr_array_new_with_free_func(vote_free);
	view->shown = g_ptr_array_new_with_free_func(group_shown_free);
	return view;
}

struct group_view *
group_view_new(const struct group_request *request, GError **error)
{
	g_autoptr(GroupView) view = view_new(request);

	group_topics_fill(request, view);
	group_conflicts_fill(request, view);
	if (request->store && (!group_choices_fill(request, view, error) ||
			       !group_meetings_fill(request, view, error)))
		return NULL;
	group_links_fill(request, view);
	view->decided |= request->group->stage == STAGE_DONE;
	return g_steal_pointer(&view);
}

struct group_view *
group_view_of_votes(const struct group_request *request, GError **error)
{
	g_autoptr(GroupView) view = view_new(request);

	if (!group_choices_fill(request, view, error))
		return NULL;
	view->decided |= request->group->stage == STAGE_DONE;
	return g_steal_pointer(&view);
}

void
group_view_free(struct group_view *view)
{
	if (!view)
		return;
	g_ptr_array_unref(view->topics);
	g_ptr_array_unref(view->conflicts);
	g_ptr_array_unref(view->links);
	g_ptr_array_unref(view->meetings);
	g_ptr_array_unref(view->choices);
	g_clear_pointer(&view->votes, g_ptr_array_unref);
	g_ptr_array_unref(view->shown);
	g_free(view);
}
