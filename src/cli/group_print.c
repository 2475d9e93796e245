#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "group_private.h"
#include "print_private.h"

#define NAME_WIDTH 18
#define BAR_WIDTH  30

static void
print_heading(const char *text)
{
	printf("\n%s\n", text);
}

static const char *
name_of(const struct group_view *view, const struct group_member *member)
{
	return member ? group_member_name(view->profiles, member) : "nobody";
}

/* "2027-03-31", the caller's. */
static char *
day_of(gint64 time_us)
{
	char *text = clock_format(time_us);

	text[strlen("2027-03-31")] = '\0';
	return text;
}

static void
print_pair(const char *head, const char *text)
{
	if (!text || !*text)
		return;
	printf("%-11s", head);
	print_text(text, FALSE);
	putchar('\n');
}

void
group_print_head(const struct group_view *view)
{
	const struct group *group = view->group;
	g_autofree char *by = group->by_us > 0 ? day_of(group->by_us) : NULL;

	print_pair("group", group->name);
	print_pair("decides", group->what);
	print_pair("by", by);
	print_pair("stage",
		   view->decided ? "decided" : profile_stages[group->stage]);
	print_pair("front door", group->front_door);
	if (view->reader)
		print_pair("seen by", view->reader);
	if (group->accept > 0)
		printf("%-11sfrom relevance %.2f to a shared priority\n",
		       "let in", group->accept);
}

/* Standard output is text: so many marks of the width. */
static void
print_bar(const char *head, double share)
{
	const int n = (int)lround(share * BAR_WIDTH);

	printf("    %-7s%.2f  ", head, share);
	for (int i = 0; i < n; i++)
		putchar('#');
	putchar('\n');
}

static void
print_member(const struct group_view *view, const struct group_member *member)
{
	const double growth = member->wished - member->now;

	fputs("  ", stdout);
	print_text(name_of(view, member), FALSE);
	printf(" (");
	print_text(member->profile, FALSE);
	if (*member->role) {
		fputs(", ", stdout);
		print_text(member->role, FALSE);
	}
	printf("%s)", member->veto ? ", veto" : "");
	if (fabs(growth) >= 0.005)
		printf(": should count for %s", growth > 0 ? "more" : "less");
	putchar('\n');
	print_bar("now", member->now);
	print_bar("wished", member->wished);
}

static void
print_talks(const struct group_view *view)
{
	const GPtrArray *talks = view->group->talks;

	for (guint i = 0; i < talks->len; i++) {
		char **talk = talks->pdata[i];

		fputs(i == 0 ? "  who talks: " : ", ", stdout);
		printf("%s-%s", talk[0], talk[1]);
	}
	if (talks->len > 0)
		putchar('\n');
}

void
group_print_influence(const struct group_view *view)
{
	print_heading("Influence, now and wished for");
	for (guint i = 0; i < view->group->members->len; i++)
		print_member(view, view->group->members->pdata[i]);
	print_talks(view);
}

static void
print_stand(const struct group_view *view, const struct group_stand *stand)
{
	const struct profile_priority *priority = stand->priority;
	g_autofree char *by = priority && priority->horizon_us > 0
				      ? day_of(priority->horizon_us)
				      : NULL;

	if (!priority && !stand->refusal)
		return;
	fputs("    ", stdout);
	print_column(name_of(view, stand->member), NAME_WIDTH);
	printf(" %5.2f  ", stand->weight);
	if (stand->refusal)
		fputs("refuses ", stdout);
	print_text(priority ? priority->name : stand->refusal->name, FALSE);
	if (by)
		printf(", by %s", by);
	if (priority && priority->metric.name) {
		fputs(", ", stdout);
		print_text(priority->metric.name, FALSE);
		if (!priority->metric.file)
			printf(" %g", priority->metric.current);
		printf(" of %g", priority->metric.target);
	}
	putchar('\n');
}

static void
print_topic(const struct group_view *view, const struct group_view_topic *topic)
{
	printf("  %5.2f ", topic->weight);
	print_column(topic->name, 34);
	printf(" wished %5.2f  agree %.2f  owner ", topic->wished,
	       topic->agreement);
	print_text(name_of(view, topic->owner), FALSE);
	puts(topic->orphan ? ", orphan" : "");
	for (guint i = 0; i < topic->stands->len; i++)
		print_stand(view, &g_array_index(topic->stands,
						 struct group_stand, i));
}

void
group_print_topics(const struct group_view *view)
{
	print_heading("Priorities, merged by influence");
	for (guint i = 0; i < view->topics->len; i++)
		print_topic(view, view->topics->pdata[i]);
	if (view->topics->len == 0)
		puts("  none that may be seen");
}

static void
print_sentence(const char *head, const char *text)
{
	printf("  %s", head);
	print_text(text, FALSE);
	putchar('\n');
}

static void
print_orphans(const struct group_view *view)
{
	gboolean any = FALSE;

	print_heading("Orphans: nobody sees to them");
	for (guint i = 0; i < view->topics->len; i++) {
		const struct group_view_topic *topic = view->topics->pdata[i];

		if (!topic->orphan)
			continue;
		any = TRUE;
		fputs("  ", stdout);
		print_text(topic->name, FALSE);
		if (topic->owner) {
			fputs(": ", stdout);
			print_text(name_of(view, topic->owner), FALSE);
			fputs(" owns it without having it as a priority",
			      stdout);
		} else {
			fputs(": it has no owner", stdout);
		}
		putchar('\n');
	}
	if (!any)
		puts("  none");
}

static void
print_links(const struct group_view *view)
{
	const gint64 by_us = view->group->by_us;
	g_autofree char *day = by_us > 0 ? day_of(by_us) : NULL;
	g_autofree char *head = g_strdup_printf(
		"Who should talk to whom before %s", day ? day
							 : "it is "
							   "decided");

	print_heading(head);
	for (guint i = 0; i < view->links->len; i++) {
		const struct group_link *link = view->links->pdata[i];
		g_autofree char *pair =
			g_strdup_printf("%.2f %s-%s: ", link->size,
					link->a->profile, link->b->profile);

		print_sentence(pair, link->why);
	}
	if (view->links->len == 0)
		puts("  nobody has to");
}

void
group_print_alignment(const struct group_view *view)
{
	g_autofree char *head = g_strdup_printf(
		"Agreement %.2f; conflicts, the worst first", view->agreement);

	print_heading(head);
	for (guint i = 0; i < view->conflicts->len; i++) {
		const struct group_conflict *conflict =
			view->conflicts->pdata[i];
		g_autofree char *size =
			g_strdup_printf("%.2f ", conflict->size);

		print_sentence(size, conflict->text);
	}
	if (view->conflicts->len == 0)
		puts("  none");
	print_orphans(view);
	print_links(view);
}

void
group_print_meetings(const struct group_view *view)
{
	print_heading("Vendors that wrote to several members");
	for (guint i = 0; i < view->meetings->len; i++) {
		const struct group_meeting *meeting = view->meetings->pdata[i];
		g_autofree char *last = day_of(meeting->last_us);

		fputs("  ", stdout);
		print_column(meeting->name, 30);
		printf(" %4u message%s, last %s:", meeting->messages,
		       print_plural(meeting->messages), last);
		for (guint j = 0; j < meeting->members->len; j++) {
			const struct group_member *member =
				meeting->members->pdata[j];

			printf(" %s %u", member->profile,
			       g_array_index(meeting->counts, guint, j));
		}
		puts(meeting->listed ? " (on the shortlist)" : "");
	}
	if (view->meetings->len == 0)
		puts("  none");
}

static void
print_ballot(const struct group_view *view, const struct group_ballot *ballot)
{
	if (ballot->word == STORE_VOTE_WITHDRAW)
		return;
	fputs("    ", stdout);
	print_column(name_of(view, ballot->member), NAME_WIDTH);
	printf(" %-8s ", store_vote_name(ballot->word));
	print_text(ballot->reason, FALSE);
	putchar('\n');
}

static void
print_choice(const struct group_view *view, const struct group_choice *choice)
{
	char share[16];

	fputs("  ", stdout);
	print_column(choice->name, 30);
	printf(" %s for it", print_share(choice->share, share));
	printf("%s%s", choice->chosen ? ", chosen" : "",
	       choice->vetoed ? ", veto" : "");
	if (choice->listed_by && *choice->listed_by) {
		fputs("; listed by ", stdout);
		print_text(choice->listed_by, FALSE);
	}
	putchar('\n');
	for (guint i = 0; i < choice->ballots->len; i++)
		print_ballot(view, &g_array_index(choice->ballots,
						  struct group_ballot, i));
}

void
group_print_choices(const struct group_view *view)
{
	print_heading("Shortlist");
	for (guint i = 0; i < view->choices->len; i++)
		print_choice(view, view->choices->pdata[i]);
	if (view->choices->len == 0)
		puts("  nothing yet");
}

void
group_print_record(const struct group_view *view)
{
	print_heading("Record");
	for (guint i = 0; i < view->votes->len; i++) {
		const struct store_vote *vote = view->votes->pdata[i];
		g_autofree char *when = clock_format(vote->time_us);

		printf("  %s %-9s", when, store_vote_name(vote->word));
		print_column(*vote->vendor ? vote->vendor : "-", 24);
		putchar(' ');
		print_text(*vote->member ? vote->member : "admin", FALSE);
		fputs(", ", stdout);
		print_text(vote->by, FALSE);
		if (*vote->reason) {
			fputs(": ", stdout);
			print_text(vote->reason, FALSE);
		}
		putchar('\n');
	}
	if (view->votes->len == 0)
		puts("  nothing yet");
}
