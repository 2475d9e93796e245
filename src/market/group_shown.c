/* What one reader sees of another member's profile. */
#include <string.h>

#include "base/clock.h"
#include "group_private.h"

/* A copy that the view owns; of a refusal only `refusal` is set. */
struct shown {
	struct profile_priority priority;
	struct profile_refusal refusal;
};

gboolean
group_sees(const struct group_request *request,
	   const struct group_member *member, enum group_share what)
{
	return !request->reader ||
	       strcmp(request->reader, member->profile) == 0 ||
	       (member->share & (guint)what) != 0;
}

const struct profile *
group_profile(const GPtrArray *profiles, const struct group_member *member)
{
	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		if (strcmp(profile->id, member->profile) == 0)
			return profile;
	}
	return NULL;
}

const char *
group_member_name(const GPtrArray *profiles, const struct group_member *member)
{
	const struct profile *profile = group_profile(profiles, member);

	return profile && *profile->name ? profile->name : member->profile;
}

const char *
group_vendor_name(const struct vendor_book *book, const char *card)
{
	const struct store_vendor *row =
		book ? vendor_book_row(book, card) : NULL;

	return row && *row->name ? row->name : card;
}

char *
group_day(gint64 time_us)
{
	char *text = clock_format(time_us);

	text[strlen("2027-03-31")] = '\0';
	return text;
}

void
group_shown_free(gpointer data)
{
	struct shown *shown = data;

	g_free(shown->priority.id);
	g_free(shown->priority.name);
	g_free(shown->priority.about);
	g_strfreev(shown->priority.keywords);
	g_free(shown->priority.metric.name);
	g_free(shown->priority.metric.file);
	g_free(shown->refusal.name);
	g_free(shown->refusal.about);
	g_strfreev(shown->refusal.keywords);
	g_free(shown);
}

static gboolean
is_own(const struct group_request *request, const struct group_member *member)
{
	return !request->reader ||
	       strcmp(request->reader, member->profile) == 0;
}

/* Where a metric's values are is nobody else's: that they are in a file is. */
static void
copy_metric(const struct profile_metric *metric, struct profile_metric *copy)
{
	copy->name = g_strdup(metric->name);
	copy->current = metric->current;
	copy->target = metric->target;
	copy->file = metric->file ? g_strdup("") : NULL;
}

const struct profile_priority *
group_shown_priority(const struct group_request *request,
		     struct group_view *view, const struct group_member *member,
		     const struct profile_priority *priority)
{
	struct shown *shown;

	if (is_own(request, member))
		return priority;
	shown = g_new0(struct shown, 1);
	g_ptr_array_add(view->shown, shown);
	shown->priority.id = g_strdup(priority->id);
	shown->priority.name = g_strdup(priority->name);
	shown->priority.about = g_strdup("");
	shown->priority.keywords = g_new0(char *, 1);
	shown->priority.weight = priority->weight;
	shown->priority.stage = priority->stage;
	shown->priority.horizon_us = priority->horizon_us;
	if (group_sees(request, member, GROUP_METRICS))
		copy_metric(&priority->metric, &shown->priority.metric);
	return &shown->priority;
}

const struct profile_refusal *
group_shown_refusal(const struct group_request *request,
		    struct group_view *view, const struct group_member *member,
		    const struct profile_refusal *refusal)
{
	struct shown *shown;

	if (is_own(request, member))
		return refusal;
	shown = g_new0(struct shown, 1);
	g_ptr_array_add(view->shown, shown);
	shown->refusal.name = g_strdup(refusal->name);
	shown->refusal.about = g_strdup("");
	shown->refusal.keywords = g_new0(char *, 1);
	shown->refusal.until_us = refusal->until_us;
	return &shown->refusal;
}
