/* Buying groups: those one is in, one of them in full, and voting in it. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/html.h"
#include "group_sight_private.h"
#include "mail/address.h"
#include "page_private.h"
#include "review/when.h"
#include "row_private.h"

static const char *
days_text(gint64 left, char text[32])
{
	if (left < 0)
		return "over";
	if (left == 0)
		return "today";
	g_snprintf(text, 32, "%d day%s left", (int)MIN(left, 99999),
		   left == 1 ? "" : "s");
	return text;
}

/* What is to be decided, and until when. */
static void
put_decision(const struct web_request *request, GString *out,
	     const struct group *group)
{
	const gint64 left = (group->by_us - request->now_us) / CLOCK_DAY_US;
	char date[WHEN_DATE_LEN + 1];
	char days[32];

	g_string_append(out, "<p class=\"lead\">");
	html_text(out, *group->what ? group->what : "A decision");
	if (group->by_us > 0) {
		when_date(group->by_us, "UTC", date);
		g_string_append_printf(
			out, ", by <time datetime=\"%s\">%s</time> (%s)", date,
			date,
			days_text(group->by_us < request->now_us ? -1 : left,
				  days));
	}
	g_string_append(out, ". ");
	html_element(out, "span class=\"chip\"", profile_stages[group->stage]);
	g_string_append(out, "</p>");
}

static void
put_front_door(GString *out, const struct group *group)
{
	if (!group->front_door)
		return;
	g_string_append(out, "<p>Vendors write to <a href=\"mailto:");
	html_text(out, group->front_door);
	g_string_append(out, "\">");
	html_text(out, group->front_door);
	g_string_append(out, "</a>, and to nobody else.</p>");
}

/* Through whose eyes, where the user may look through several. */
static void
put_people(const struct web_request *request, GString *out,
	   const struct group_sight *sight)
{
	g_autofree char *path = g_strconcat("/groups/", sight->group->id, NULL);

	if (sight->readers->len < 2)
		return;
	g_string_append(out, "<nav class=\"people\" aria-label=\"Through "
			     "whose eyes\">");
	for (guint i = 0; i < sight->readers->len; i++) {
		const char *id = sight->readers->pdata[i];
		const struct buyer *buyer = row_buyer(request, id);
		g_autofree char *link = row_link(path, "for", id, NULL);

		g_string_append_printf(out, "<a href=\"%s\"%s>", link,
				       strcmp(id, sight->reader) == 0
					       ? " aria-current=\"page\""
					       : "");
		html_text(out, buyer ? buyer->profile->name : id);
		g_string_append(out, "</a> ");
	}
	g_string_append(out, "</nav>");
}

/* `what`: "one|several" */
static void
put_figure(GString *out, const char *look, const char *what, guint n)
{
	g_auto(GStrv) words = g_strsplit(what, "|", 2);

	g_string_append_printf(out, "<li class=\"figure %s\"><b>%u</b> %s</li>",
			       look, n, words[n == 1 ? 0 : 1]);
}

static guint
orphans_of(const struct group_view *view)
{
	guint n = 0;

	for (guint i = 0; i < view->topics->len; i++) {
		const struct group_view_topic *topic = view->topics->pdata[i];

		n += topic->orphan ? 1 : 0;
	}
	return n;
}

static gboolean
is_shared(const struct group_view_topic *topic)
{
	guint n = 0;

	for (guint i = 0; i < topic->stands->len; i++)
		n += g_array_index(topic->stands, struct group_stand, i)
				     .priority
			     ? 1
			     : 0;
	return n > 1;
}

/* What the agreement is worth: who wants nothing alike does not disagree. */
static void
put_shared(GString *out, const struct group_view *view)
{
	const guint n = view->topics->len;
	guint shared = 0;

	for (guint i = 0; i < n; i++)
		shared += is_shared(view->topics->pdata[i]) ? 1 : 0;
	g_string_append_printf(out,
			       "<li class=\"figure\"><b>%u</b> of %u "
			       "priorit%s shared by two or more</li>",
			       shared, n, n == 1 ? "y" : "ies");
}

static void
put_figures(GString *out, const struct group_view *view)
{
	g_string_append(out, "<ul class=\"figures\"><li class=\"figure "
			     "good\"><b>");
	html_number(out, view->agreement * 100, 0);
	g_string_append(out, "\u00a0%</b> agreement</li>");
	put_shared(out, view);
	put_figure(out, "held", "conflict|conflicts", view->conflicts->len);
	put_figure(out, "tagged",
		   "priority without an owner|priorities without an owner",
		   orphans_of(view));
	put_figure(out, "", "pair who should talk|pairs who should talk",
		   view->links->len);
	put_figure(out, "", "vendor on the shortlist|vendors on the shortlist",
		   view->choices->len);
	g_string_append(out, "</ul>");
}

static void
group_page(const struct web_request *request, struct web_reply *reply)
{
	g_auto(GroupSight) sight = { NULL };
	GString *out = reply->body;

	if (!group_sight_open(request, reply, request->parts[0],
			      request_query(request, "for"), &sight))
		return;
	page_open(request, reply, sight.group->name, "groups");
	put_people(request, out, &sight);
	put_decision(request, out, sight.group);
	put_front_door(out, sight.group);
	put_figures(out, sight.view);
	group_topics_put(reply, &sight);
	group_picture_put(out, &sight);
	group_choices_put(request, reply, &sight);
	page_close(request, reply);
}

/* A group among those one is in. */
static void
put_group(const struct web_request *request, GString *out,
	  const struct group *group)
{
	g_string_append_printf(out, "<section><h2><a href=\"/groups/%s\">",
			       group->id);
	html_text(out, group->name);
	g_string_append(out, "</a></h2>");
	put_decision(request, out, group);
	html_format(out, "p class=\"hint\"", "%u members decide together.",
		    group->members->len);
	g_string_append(out, "</section>\n");
}

/* All groups for who may see figures of everybody: no contents. */
static void
put_counts(const struct web_request *request, GString *out)
{
	const GPtrArray *groups = request->snapshot->groups;

	g_string_append(out, "<section><h2>All groups</h2>");
	html_table_open(out, NULL, "Group|Members|Votes");
	for (guint i = 0; i < groups->len; i++) {
		const struct group *group = groups->pdata[i];
		g_autoptr(GPtrArray) votes =
			store_vote_list(request->site->store, group->id, NULL);

		g_string_append(out, "<tr>");
		html_element(out, "td", group->name);
		html_count(out, group->members->len);
		html_count(out, votes ? votes->len : 0);
		g_string_append(out, "</tr>\n");
	}
	html_table_close(out);
	g_string_append(out, "</section>");
}

static void
groups_page(const struct web_request *request, struct web_reply *reply)
{
	const GPtrArray *groups = request->snapshot->groups;
	const gboolean counts = request_may(request, ACCESS_COUNTS, NULL);
	guint n = 0;

	if (!counts && !request_may(request, ACCESS_GROUP, NULL)) {
		reply_error(request, reply, 403, "You may not do that.");
		return;
	}
	page_open(request, reply, "Groups", "groups");
	for (guint i = 0; i < groups->len; i++) {
		g_autoptr(GPtrArray) readers =
			group_sight_readers(request, groups->pdata[i]);

		if (readers->len == 0)
			continue;
		put_group(request, reply->body, groups->pdata[i]);
		n++;
	}
	if (n == 0)
		html_element(reply->body, "p class=\"empty\"",
			     "You are in no buying group. An administrator "
			     "writes them as files in groups.d.");
	if (counts && groups->len > 0)
		put_counts(request, reply->body);
	page_close(request, reply);
}

/* Whether it is on the list, or wrote to somebody who lets the reader know:
 * that there is a card of a name tells who wrote to the others. */
static gboolean
is_known(const struct web_request *request, const struct group_sight *sight,
	 const char *card)
{
	const struct group_request wanted = {
		.store = request->site->store,
		.book = sight->book,
		.group = sight->group,
		.profiles = sight->profiles,
		.reader = sight->reader,
	};
	g_autoptr(StoreMessage) last = NULL;

	if (group_view_choice(sight->view, card))
		return TRUE;
	last = group_last_mail(&wanted, card, NULL);
	return last != NULL;
}

/* The card of the name or domain that somebody typed, or NULL; the
 * caller's. */
static char *
card_of(const struct web_request *request, const struct group_sight *sight,
	const char *text)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));
	g_autofree char *domain = g_ascii_strdown(trimmed, -1);
	const char *named = vendor_book_named(sight->book, trimmed);

	if (named && is_known(request, sight, named))
		return g_strdup(named);
	if (!domain_valid(domain))
		return NULL;
	return g_strdup(vendor_book_card(sight->book, domain));
}

static struct store_vote *
vote_new(const struct web_request *request, const struct group_sight *sight,
	 int word, const char *card)
{
	struct store_vote *vote = g_new0(struct store_vote, 1);

	vote->group = g_strdup(sight->group->id);
	vote->vendor = g_strdup(card);
	vote->member = g_strdup(sight->reader);
	vote->word = (enum store_vote_word)word;
	vote->reason = g_strstrip(g_strdup(request_form(request, "reason")));
	vote->by = g_strdup(request->user->address);
	vote->time_us = request->now_us;
	return vote;
}

static void
tell(const struct web_request *request, struct web_reply *reply,
     const struct group_sight *sight, const char *note)
{
	g_autofree char *link = group_sight_link(request, sight);

	reply_back(request, reply, link, note, NULL);
}

static void
refuse(const struct web_request *request, struct web_reply *reply,
       const struct group_sight *sight, const GError *error)
{
	g_autofree char *note = NULL;

	if (error->domain != BASE_ERROR) {
		reply_error(request, reply, 503, error->message);
		return;
	}
	note = g_strdup_printf("Not so: %s.", error->message);
	tell(request, reply, sight, note);
}

static void
cast(const struct web_request *request, struct web_reply *reply,
     const struct group_sight *sight, int word, const char *card)
{
	const struct group_request wanted = {
		.store = request->site->store,
		.book = sight->book,
		.group = sight->group,
		.profiles = sight->profiles,
	};
	g_autoptr(StoreVote) vote = vote_new(request, sight, word, card);
	g_autoptr(GError) error = NULL;
	g_autofree char *detail = NULL;
	g_autofree char *note = NULL;

	if (!group_vote_cast(&wanted, vote, &error)) {
		refuse(request, reply, sight, error);
		return;
	}
	detail = g_strdup_printf("%s: %s", sight->group->id,
				 store_vote_name(vote->word));
	request_audit(request, "vote", sight->reader, card, detail);
	note = g_strdup_printf("%s%s: noted, for all of the group to see.",
			       *card ? card : sight->group->name,
			       *vote->reason ? ", with your reason" : "");
	tell(request, reply, sight, note);
}

static void
vote(const struct web_request *request, struct web_reply *reply)
{
	const int word = store_vote_parse(request_form(request, "do"));
	g_auto(GroupSight) sight = { NULL };
	g_autofree char *card = NULL;

	if (!group_sight_open(request, reply, request->parts[0],
			      request_form(request, "for"), &sight))
		return;
	if (word < 0) {
		reply_error(request, reply, 400, "That is no known vote.");
		return;
	}
	card = word == STORE_VOTE_REOPEN
		       ? g_strdup("")
		       : card_of(request, &sight,
				 request_form(request, "card"));
	if (!card) {
		tell(request, reply, &sight,
		     "A vendor goes by the domain it writes from, as "
		     "acme.example.");
		return;
	}
	cast(request, reply, &sight, word, card);
}

const struct web_route routes_group[] = {
	{ WEB_GET, "/groups", ACCESS_SIGNED, groups_page },
	{ WEB_GET, "/groups/*", ACCESS_SIGNED, group_page },
	{ WEB_POST, "/groups/*/vote", ACCESS_SIGNED, vote },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
