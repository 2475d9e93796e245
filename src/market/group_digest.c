#include "market/group_digest.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "review/when.h"

/* What is new. */
#define WEEK_US (7 * CLOCK_DAY_US)

/* How far back a vendor's mail to several members counts. */
#define MEETINGS_US (180 * CLOCK_DAY_US)

#define CONFLICTS_MAX 3
#define LINES_MAX     10

/* While it is made. */
struct making {
	const struct group_digest_request *request;
	const struct group_view *view;
	struct group_digest *digest;
};

static void
part_free(gpointer data)
{
	struct group_digest_part *part = data;

	g_free(part->head);
	g_ptr_array_unref(part->lines);
	g_free(part);
}

void
group_digest_free(struct group_digest *digest)
{
	if (!digest)
		return;
	g_free(digest->subject);
	g_free(digest->lead);
	g_free(digest->link);
	g_ptr_array_unref(digest->parts);
	g_free(digest);
}

static GPtrArray *
lines_new(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

/* Takes the lines; a part without any is left out. */
static void
add_part(struct making *making, const char *head, GPtrArray *lines)
{
	struct group_digest_part *part;

	if (lines->len == 0) {
		g_ptr_array_unref(lines);
		return;
	}
	if (lines->len > LINES_MAX) {
		const guint more = lines->len - LINES_MAX;

		g_ptr_array_set_size(lines, LINES_MAX);
		g_ptr_array_add(lines, g_strdup_printf("%u more.", more));
	}
	part = g_new0(struct group_digest_part, 1);
	part->head = g_strdup(head);
	part->lines = lines;
	g_ptr_array_add(making->digest->parts, part);
}

static const char *
name_of(const struct making *making, const struct group_member *member)
{
	return group_member_name(making->request->profiles, member);
}

/* Who has left the group since keeps the name. */
static const char *
voter_of(const struct making *making, const struct store_vote *vote)
{
	const struct group_member voter = { .profile = vote->member };

	return vote->member && *vote->member ? name_of(making, &voter)
					     : "An administrator";
}

static char *
vote_line(const struct making *making, const struct store_vote *vote)
{
	static const char *const said[] = {
		[STORE_VOTE_LIST] = "put %s on the shortlist",
		[STORE_VOTE_UNLIST] = "took %s off the shortlist",
		[STORE_VOTE_FOR] = "is for %s",
		[STORE_VOTE_AGAINST] = "is against %s",
		[STORE_VOTE_ABSTAIN] = "abstains on %s",
		[STORE_VOTE_VETO] = "vetoes %s",
		[STORE_VOTE_WITHDRAW] = "took back the vote on %s",
		[STORE_VOTE_CHOOSE] = "decided for %s",
		[STORE_VOTE_REOPEN] = "opened the decision again%s",
	};
	g_autofree char *day =
		when_day(vote->time_us, making->request->profile->digest.zone);
	g_auto(GStrv) words = g_strsplit(said[vote->word], "%s", 2);

	return g_strconcat(day, ": ", voter_of(making, vote), " ", words[0],
			   vote->vendor ? vote->vendor : "", words[1],
			   vote->reason && *vote->reason ? ": " : ".",
			   vote->reason, NULL);
}

static guint
add_votes(struct making *making)
{
	const gint64 since_us = making->request->now_us - WEEK_US;
	const GPtrArray *votes = making->view->votes;
	GPtrArray *lines = lines_new();
	guint n;

	for (guint i = votes->len; i-- > 0;) {
		const struct store_vote *vote = votes->pdata[i];

		if (vote->time_us >= since_us)
			g_ptr_array_add(lines, vote_line(making, vote));
	}
	n = lines->len;
	add_part(making, "Said in the last week", lines);
	return n;
}

/* Whether the member has voted on it. */
static gboolean
has_voted(const struct making *making, const struct group_choice *choice)
{
	for (guint i = 0; i < choice->ballots->len; i++) {
		const struct group_ballot *ballot =
			&g_array_index(choice->ballots, struct group_ballot, i);

		if (strcmp(ballot->member->profile,
			   making->request->profile->id) == 0)
			return ballot->word != STORE_VOTE_WITHDRAW;
	}
	return FALSE;
}

static char *
choice_line(const struct making *making, const struct group_choice *choice)
{
	GString *line = g_string_new(choice->name);

	if (choice->chosen)
		g_string_append(line, ": chosen");
	else if (choice->vetoed)
		g_string_append(line, ": there is a veto");
	else if (choice->share >= 0)
		g_string_append_printf(line,
				       ": %d %% of the influence is for it",
				       (int)lround(choice->share * 100));
	else
		g_string_append(line, ": nobody has voted");
	if (!making->view->decided && !has_voted(making, choice))
		g_string_append(line, "; your vote is missing");
	g_string_append_c(line, '.');
	return g_string_free(line, FALSE);
}

static void
add_choices(struct making *making)
{
	const GPtrArray *choices = making->view->choices;
	GPtrArray *lines = lines_new();

	for (guint i = 0; i < choices->len; i++)
		g_ptr_array_add(lines, choice_line(making, choices->pdata[i]));
	add_part(making, "Shortlist", lines);
}

static char *
meeting_line(const struct making *making, const struct group_meeting *meeting)
{
	GString *line = g_string_new(meeting->name);

	g_string_append(line, " wrote to ");
	for (guint i = 0; i < meeting->members->len; i++)
		g_string_append_printf(
			line, "%s%s",
			i == 0 ? ""
			       : (i + 1 == meeting->members->len ? " and "
								 : ", "),
			name_of(making, meeting->members->pdata[i]));
	g_string_append(line,
			meeting->listed ? ", and is on the shortlist." : ".");
	return g_string_free(line, FALSE);
}

/* Those that wrote in the week, and to others of the group at any time. */
static guint
add_meetings(struct making *making)
{
	const gint64 since_us = making->request->now_us - WEEK_US;
	const GPtrArray *meetings = making->view->meetings;
	GPtrArray *lines = lines_new();
	guint n;

	for (guint i = 0; i < meetings->len; i++) {
		const struct group_meeting *meeting = meetings->pdata[i];

		if (meeting->last_us >= since_us)
			g_ptr_array_add(lines, meeting_line(making, meeting));
	}
	n = lines->len;
	add_part(making,
		 "Wrote in the last week, and to several of you in half a year",
		 lines);
	return n;
}

static guint
add_conflicts(struct making *making)
{
	const GPtrArray *conflicts = making->view->conflicts;
	const guint n = MIN(conflicts->len, CONFLICTS_MAX);
	GPtrArray *lines = lines_new();

	for (guint i = 0; i < n; i++) {
		const struct group_conflict *conflict = conflicts->pdata[i];

		g_ptr_array_add(lines, g_strdup(conflict->text));
	}
	add_part(making, "Where you pull apart", lines);
	return n;
}

/* Whom the reader should talk to; what others should is theirs. */
static guint
add_links(struct making *making)
{
	const char *reader = making->request->profile->id;
	const GPtrArray *links = making->view->links;
	GPtrArray *lines = lines_new();
	guint n;

	for (guint i = 0; i < links->len; i++) {
		const struct group_link *link = links->pdata[i];
		const gboolean is_a = strcmp(link->a->profile, reader) == 0;

		if (!is_a && strcmp(link->b->profile, reader) != 0)
			continue;
		g_ptr_array_add(
			lines,
			g_strconcat(name_of(making, is_a ? link->b : link->a),
				    ": ", link->why, NULL));
	}
	n = lines->len;
	add_part(making, "Talk to", lines);
	return n;
}

static char *
lead_of(const struct making *making)
{
	const struct group *group = making->request->group;
	const gint64 left_us = group->by_us - making->request->now_us;
	const gint64 days = left_us / CLOCK_DAY_US;
	const char *what = *group->what ? group->what : "The decision";
	char date[WHEN_DATE_LEN + 1];

	if (making->view->decided)
		return g_strdup_printf("%s: it is decided.", what);
	if (group->by_us == 0)
		return g_strdup_printf("%s: no date is set.", what);
	when_date(group->by_us, "UTC", date);
	if (left_us < 0)
		return g_strdup_printf("%s: it was to be decided by %s.", what,
				       date);
	return g_strdup_printf("%s: %" G_GINT64_FORMAT
			       " day%s to the decision on %s.",
			       what, days, days == 1 ? "" : "s", date);
}

static char *
link_of(const struct group_digest_request *request)
{
	const struct config *config = request->outbox->config;

	if (!config->web.given || !config->web.url)
		return NULL;
	return g_strdup_printf("%s/groups/%s", config->web.url,
			       request->group->id);
}

/* A group that has decided is quiet, unless somebody says something. */
static void
fill(struct making *making)
{
	struct group_digest *digest = making->digest;
	const guint votes = add_votes(making);
	guint open;

	add_choices(making);
	open = add_meetings(making);
	open += add_conflicts(making);
	open += add_links(making);
	digest->empty = votes == 0 && (making->view->decided || open == 0);
	digest->lead = lead_of(making);
	digest->subject = g_strdup_printf("%s: the group's week",
					  making->request->group->name);
	digest->link = link_of(making->request);
}

struct group_digest *
group_digest_new(const struct group_digest_request *request, GError **error)
{
	const struct group_request wanted = {
		.store = request->outbox->store,
		.book = request->book,
		.group = request->group,
		.profiles = request->profiles,
		.reader = request->profile->id,
		.since_us = request->now_us - MEETINGS_US,
		.now_us = request->now_us,
	};
	g_autoptr(GroupView) view = group_view_new(&wanted, error);
	struct making making = { .request = request, .view = view };

	if (!view)
		return NULL;
	making.digest = g_new0(struct group_digest, 1);
	making.digest->parts = g_ptr_array_new_with_free_func(part_free);
	fill(&making);
	return making.digest;
}
