#include "group_sight_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "page_private.h"
#include "row_private.h"

/* How far back it matters that a vendor wrote to several. */
#define MEETINGS_US (180 * CLOCK_DAY_US)

static const struct group *
find_group(const struct snapshot *snapshot, const char *id)
{
	for (guint i = 0; i < snapshot->groups->len; i++) {
		const struct group *group = snapshot->groups->pdata[i];

		if (strcmp(group->id, id) == 0)
			return group;
	}
	return NULL;
}

GPtrArray *
group_sight_readers(const struct web_request *request,
		    const struct group *group)
{
	GPtrArray *readers = g_ptr_array_new();

	for (guint i = 0; i < group->members->len; i++) {
		const struct group_member *member = group->members->pdata[i];

		if (!row_buyer(request, member->profile) ||
		    !request_may(request, ACCESS_GROUP, member->profile))
			continue;
		if (g_strcmp0(member->profile, request->user->buyer) == 0)
			g_ptr_array_insert(readers, 0, member->profile);
		else
			g_ptr_array_add(readers, member->profile);
	}
	return readers;
}

static const char *
reader_of(const GPtrArray *readers, const char *as)
{
	for (guint i = 0; i < readers->len; i++)
		if (!*as || strcmp(readers->pdata[i], as) == 0)
			return readers->pdata[i];
	return NULL;
}

static gboolean
load(const struct web_request *request, struct group_sight *sight)
{
	struct group_request wanted = {
		.store = request->site->store,
		.group = sight->group,
		.reader = sight->reader,
		.since_us = request->now_us - MEETINGS_US,
		.now_us = request->now_us,
	};

	sight->profiles = g_ptr_array_new();
	for (guint i = 0; i < request->snapshot->buyers->len; i++) {
		const struct buyer *buyer = request->snapshot->buyers->pdata[i];

		g_ptr_array_add(sight->profiles, buyer->profile);
	}
	sight->book = vendor_book_load(request->site->store, NULL);
	if (!sight->book)
		return FALSE;
	wanted.book = sight->book;
	wanted.profiles = sight->profiles;
	sight->view = group_view_new(&wanted, NULL);
	return sight->view != NULL;
}

gboolean
group_sight_open(const struct web_request *request, struct web_reply *reply,
		 const char *id, const char *as, struct group_sight *sight)
{
	sight->group = find_group(request->snapshot, id);
	if (sight->group) {
		sight->readers = group_sight_readers(request, sight->group);
		sight->reader = reader_of(sight->readers, as);
	}
	if (!sight->reader) {
		reply_error(request, reply, 404,
			    "There is no such group, or you are not in it.");
		return FALSE;
	}
	if (load(request, sight))
		return TRUE;
	reply_error(request, reply, 503,
		    "The store does not answer. Nothing is lost; try again in "
		    "a minute.");
	return FALSE;
}

void
group_sight_clear(struct group_sight *sight)
{
	g_clear_pointer(&sight->view, group_view_free);
	g_clear_pointer(&sight->book, vendor_book_free);
	g_clear_pointer(&sight->profiles, g_ptr_array_unref);
	g_clear_pointer(&sight->readers, g_ptr_array_unref);
}

const char *
group_sight_name(const struct group_sight *sight,
		 const struct group_member *member)
{
	return group_member_name(sight->profiles, member);
}

static gboolean
is_own(const struct web_request *request, const struct group_sight *sight)
{
	return g_strcmp0(request->user->buyer, sight->reader) == 0;
}

void
group_rest_open(GString *out, guint n, const char *what)
{
	g_string_append(out, "<details>");
	html_format(out, "summary", "%u more %s", n, what);
}

void
group_rest_close(GString *out, guint n, guint max)
{
	g_string_append(out, "</details>");
	if (n > max)
		html_format(out, "p class=\"hint\"",
			    "And %u more, for which this page has no room.",
			    n - max);
}

char *
group_sight_link(const struct web_request *request,
		 const struct group_sight *sight)
{
	g_autofree char *path = g_strconcat("/groups/", sight->group->id, NULL);

	return row_link(path, "for",
			is_own(request, sight) ? "" : sight->reader, NULL);
}

void
group_sight_form(const struct web_request *request, struct web_reply *reply,
		 const struct group_sight *sight, const char *attributes)
{
	g_autofree char *path =
		g_strconcat("/groups/", sight->group->id, "/vote", NULL);

	page_form_open(request, reply, path, attributes);
	if (!is_own(request, sight))
		page_hidden(reply, "for", sight->reader);
}
