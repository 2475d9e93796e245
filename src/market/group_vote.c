#include "base/clock.h"
#include "group_private.h"

/* More often than that nobody is overtaken but by a machine. */
#define TRIES 8

/* The record is read by time: what is allowed after something stays behind
 * it. */
static void
set_time(struct store_vote *vote, const GPtrArray *votes)
{
	const struct store_vote *last =
		votes->len > 0 ? votes->pdata[votes->len - 1] : NULL;

	if (vote->time_us == 0)
		vote->time_us = clock_now_us();
	if (last)
		vote->time_us = MAX(vote->time_us, last->time_us);
}

static gboolean
attempt(const struct group_request *request, struct store_vote *vote,
	GError **error)
{
	const char *member = *vote->member ? vote->member : NULL;
	const char *card = *vote->vendor ? vote->vendor : NULL;
	g_autoptr(GroupView) view = group_view_of_votes(request, error);

	if (!view || !group_vote_allowed(view, member, vote->word, card, error))
		return FALSE;
	set_time(vote, view->votes);
	return store_vote_add_after(request->store, vote, view->votes->len,
				    error);
}

gboolean
group_vote_cast(const struct group_request *request, struct store_vote *vote,
		GError **error)
{
	g_autoptr(GError) overtaken = NULL;

	for (guint i = 0; i < TRIES; i++) {
		g_clear_error(&overtaken);
		if (attempt(request, vote, &overtaken))
			return TRUE;
		if (!g_error_matches(overtaken, STORE_ERROR,
				     STORE_ERROR_CONFLICT))
			break;
	}
	g_propagate_error(error, g_steal_pointer(&overtaken));
	return FALSE;
}
