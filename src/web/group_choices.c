/* Vendors that wrote to several, the shortlist with its votes, and the record:
 * the second part of a group's page. */
#include <string.h>

#include "base/html.h"
#include "group_sight_private.h"
#include "page_private.h"
#include "row_private.h"
#include "vendors_private.h"

/* A page stays under its weight, however much was said. */
#define MEETINGS_MAX 4
#define MEETINGS_ALL 30 /* with those that open below */
#define CHOICES_MAX  4
#define OTHERS_MAX   40 /* those that are but links, too */
#define BALLOTS_MAX  10 /* of all choices together */
#define RECORD_MAX   5
#define RECORD_ALL   40
#define TEXT_BYTES   80

static const struct {
	enum store_vote_word word;
	const char *label;
	const char *look;
	const char *said; /* "Priya ... " */
} words[] = {
	{ STORE_VOTE_FOR, "For it", "primary", "is for it" },
	{ STORE_VOTE_AGAINST, "Against it", "", "is against it" },
	{ STORE_VOTE_ABSTAIN, "Abstain", "", "abstains" },
	{ STORE_VOTE_VETO, "Veto", "danger", "vetoes it" },
	{ STORE_VOTE_WITHDRAW, "Take my vote back", "", "takes the vote back" },
	{ STORE_VOTE_CHOOSE, "Decide for it", "", "decided for it" },
	{ STORE_VOTE_UNLIST, "Off the shortlist", "danger",
	  "took it off the shortlist" },
	{ STORE_VOTE_LIST, "Put on the shortlist", "",
	  "put it on the shortlist" },
	{ STORE_VOTE_REOPEN, "Open the decision again", "",
	  "opened the decision again" },
};

static const char *
said_of(enum store_vote_word word)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].word == word)
			return words[i].said;
	return "";
}

static void
put_cut(GString *out, const char *tag, const char *text)
{
	g_autofree char *cut = row_cut(text ? text : "", TEXT_BYTES);

	html_element(out, tag, cut);
}

/* Whether the reader may say that of the card now. */
static gboolean
may(const struct group_sight *sight, enum store_vote_word word,
    const char *card)
{
	return group_vote_allowed(sight->view, sight->reader, word, card, NULL);
}

static char *
names_of(const struct group_sight *sight, const struct group_meeting *meeting)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < meeting->members->len; i++)
		g_string_append_printf(
			names, "%s%s", i > 0 ? ", " : "",
			group_sight_name(sight, meeting->members->pdata[i]));
	return row_cut(names->str, TEXT_BYTES);
}

static void
put_list_button(const struct web_request *request, struct web_reply *reply,
		const struct group_sight *sight,
		const struct group_meeting *meeting)
{
	if (meeting->listed) {
		html_element(reply->body, "span class=\"chip near\"", "listed");
		return;
	}
	if (!may(sight, STORE_VOTE_LIST, meeting->card))
		return;
	group_sight_form(request, reply, sight, "");
	page_hidden(reply, "card", meeting->card);
	page_button(reply, "do", store_vote_name(STORE_VOTE_LIST), "Put on",
		    "small");
	page_form_close(reply);
}

static gboolean
wrote_to(const struct group_meeting *meeting, const char *profile)
{
	for (guint i = 0; i < meeting->members->len; i++) {
		const struct group_member *member = meeting->members->pdata[i];

		if (strcmp(member->profile, profile) == 0)
			return TRUE;
	}
	return FALSE;
}

/* A card is for those whom the vendor wrote to. */
static void
put_vendor(const struct web_request *request, GString *out,
	   const struct group_sight *sight, const struct group_meeting *meeting)
{
	g_autofree char *name = row_cut(meeting->name, TEXT_BYTES);
	g_autofree char *link = vendors_link(meeting->card);
	const gboolean theirs =
		wrote_to(meeting, sight->reader) &&
		request_may(request, ACCESS_LIST, sight->reader);

	if (theirs)
		g_string_append_printf(out, "<a href=\"%s\">", link);
	html_text(out, name);
	if (theirs)
		g_string_append(out, "</a>");
}

static void
put_meeting(const struct web_request *request, struct web_reply *reply,
	    const struct group_sight *sight,
	    const struct group_meeting *meeting)
{
	GString *out = reply->body;
	g_autofree char *names = names_of(sight, meeting);

	g_string_append(out, "<tr><td data-label=\"Vendor\">");
	put_vendor(request, out, sight, meeting);
	g_string_append(out, "</td>");
	html_element(out, "td data-label=\"Wrote to\"", names);
	g_string_append_printf(out, "<td data-label=\"Mails\">%u</td>",
			       meeting->messages);
	g_string_append(out, "<td data-label=\"Last\">");
	page_time(request, reply, meeting->last_us);
	g_string_append(out, "</td><td data-label=\"Shortlist\">");
	put_list_button(request, reply, sight, meeting);
	g_string_append(out, "</td></tr>\n");
}

static void
put_meeting_rows(const struct web_request *request, struct web_reply *reply,
		 const struct group_sight *sight, guint first, guint end)
{
	const GPtrArray *meetings = sight->view->meetings;

	html_table_open(reply->body, NULL,
			"Vendor|Wrote to|Mails|Last|Shortlist");
	for (guint i = first; i < MIN(meetings->len, end); i++)
		put_meeting(request, reply, sight, meetings->pdata[i]);
	html_table_close(reply->body);
}

static void
put_meetings(const struct web_request *request, struct web_reply *reply,
	     const struct group_sight *sight)
{
	const GPtrArray *meetings = sight->view->meetings;
	GString *out = reply->body;

	g_string_append(out, "<section><h2>Who wrote to several of you</h2>");
	if (meetings->len == 0) {
		html_element(out, "p class=\"empty\"",
			     "No vendor, of what you share with each other.");
	} else {
		put_meeting_rows(request, reply, sight, 0, MEETINGS_MAX);
	}
	if (meetings->len > MEETINGS_MAX) {
		group_rest_open(out, meetings->len - MEETINGS_MAX, "vendors");
		put_meeting_rows(request, reply, sight, MEETINGS_MAX,
				 MEETINGS_ALL);
		group_rest_close(out, meetings->len, MEETINGS_ALL);
	}
	g_string_append(out, "</section>");
}

static void
put_ballot(const struct web_request *request, struct web_reply *reply,
	   const struct group_sight *sight, const struct group_ballot *ballot)
{
	GString *out = reply->body;

	g_string_append(out, "<tr>");
	put_cut(out, "td data-label=\"Member\"",
		group_sight_name(sight, ballot->member));
	html_element(out, "td data-label=\"Vote\"",
		     store_vote_name(ballot->word));
	put_cut(out, "td data-label=\"Reason\"", ballot->reason);
	g_string_append(out, "<td data-label=\"When\">");
	page_time(request, reply, ballot->time_us);
	g_string_append(out, "</td></tr>\n");
}

/* Who has voted; how many have not. */
static void
put_ballots(const struct web_request *request, struct web_reply *reply,
	    const struct group_sight *sight, const struct group_choice *choice)
{
	const guint choices = MIN(sight->view->choices->len, CHOICES_MAX);
	guint voted = 0;

	for (guint i = 0; i < choice->ballots->len; i++) {
		const struct group_ballot *ballot =
			&g_array_index(choice->ballots, struct group_ballot, i);

		if (ballot->word == STORE_VOTE_WITHDRAW)
			continue;
		if (voted++ == 0)
			html_table_open(reply->body, NULL,
					"Member|Vote|Reason|When");
		if (voted <= BALLOTS_MAX / choices)
			put_ballot(request, reply, sight, ballot);
	}
	if (voted > 0)
		html_table_close(reply->body);
	html_format(reply->body, "p class=\"hint\"", "%u of %u have voted.",
		    voted, choice->ballots->len);
}

static void
put_state(GString *out, const struct group_choice *choice)
{
	if (choice->chosen)
		g_string_append(out,
				" <span class=\"chip near\">chosen</span>");
	if (choice->vetoed)
		g_string_append(out, " <span class=\"chip bad\">veto</span>");
	if (choice->share < 0)
		return;
	g_string_append(out, " <span class=\"chip\">");
	html_number(out, choice->share * 100, 0);
	g_string_append(out, "\u00a0% of the influence is for it</span>");
}

/*
 * A form's first button is what the Enter key presses: a vote is pressed by
 * itself.
 */
static void
put_reason(struct web_reply *reply, const struct group_choice *choice,
	   guint number)
{
	page_hidden(reply, "card", choice->card);
	g_string_append_printf(
		reply->body,
		"<button class=\"unseen\" disabled=\"disabled\">Choose a "
		"word</button><label for=\"reason%u\">Reason</label><input "
		"id=\"reason%u\" name=\"reason\" type=\"search\" "
		"maxlength=\"%d\" autocomplete=\"off\"/>",
		number, number, STORE_VOTE_REASON_MAX);
}

static void
put_words(const struct web_request *request, struct web_reply *reply,
	  const struct group_sight *sight, const struct group_choice *choice,
	  guint number)
{
	gboolean any = FALSE;

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (words[i].word == STORE_VOTE_REOPEN ||
		    !may(sight, words[i].word, choice->card))
			continue;
		if (!any) {
			group_sight_form(request, reply, sight,
					 "class=\"search\"");
			put_reason(reply, choice, number);
		}
		any = TRUE;
		page_button(reply, "do", store_vote_name(words[i].word),
			    words[i].label, words[i].look);
	}
	if (any)
		page_form_close(reply);
}

static void
put_choice(const struct web_request *request, struct web_reply *reply,
	   const struct group_sight *sight, const struct group_choice *choice,
	   guint number)
{
	GString *out = reply->body;
	g_autofree char *name = row_cut(choice->name, TEXT_BYTES);

	g_string_append(out, "<section><h3>");
	html_text(out, name);
	if (strcmp(choice->name, choice->card) != 0)
		html_format(out, "span class=\"address\"", " %s", choice->card);
	put_state(out, choice);
	g_string_append(out, "</h3>");
	put_ballots(request, reply, sight, choice);
	put_words(request, reply, sight, choice, number);
	g_string_append(out, "</section>");
}

/* Of a vendor that wrote to nobody, or to one only. */
static void
put_list_form(const struct web_request *request, struct web_reply *reply,
	      const struct group_sight *sight)
{
	GString *out = reply->body;

	if (sight->view->decided)
		return;
	group_sight_form(request, reply, sight, "class=\"search\"");
	g_string_append_printf(
		out,
		"<label for=\"card\">Vendor</label><input id=\"card\" "
		"name=\"card\" required=\"required\" "
		"placeholder=\"acme.example\" autocomplete=\"off\"/>"
		"<label for=\"why\">Reason</label><input id=\"why\" "
		"name=\"reason\" type=\"search\" maxlength=\"%d\" "
		"autocomplete=\"off\"/>",
		STORE_VOTE_REASON_MAX);
	page_button(reply, "do", store_vote_name(STORE_VOTE_LIST),
		    "Put on the shortlist", "");
	page_form_close(reply);
}

static void
put_reopen(const struct web_request *request, struct web_reply *reply,
	   const struct group_sight *sight)
{
	if (!may(sight, STORE_VOTE_REOPEN, ""))
		return;
	group_sight_form(request, reply, sight, "");
	page_button(reply, "do", store_vote_name(STORE_VOTE_REOPEN),
		    "Open the decision again", "");
	page_form_close(reply);
}

/* All, that of ?card= first. */
static GPtrArray *
choices_of(const struct web_request *request, const struct group_sight *sight)
{
	const GPtrArray *choices = sight->view->choices;
	const char *card = request_query(request, "card");
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < choices->len; i++) {
		struct group_choice *choice = choices->pdata[i];

		if (strcmp(choice->card, card) == 0)
			g_ptr_array_insert(list, 0, choice);
		else
			g_ptr_array_add(list, choice);
	}
	return list;
}

/* Those for which there is no room, as links: each can be voted on. */
static void
put_others(struct web_reply *reply, const struct group_sight *sight,
	   const GPtrArray *choices)
{
	GString *out = reply->body;
	g_autofree char *path = g_strconcat("/groups/", sight->group->id, NULL);

	if (choices->len <= CHOICES_MAX)
		return;
	g_string_append(out, "<p class=\"chips\">Also on it: ");
	for (guint i = CHOICES_MAX; i < MIN(choices->len, OTHERS_MAX); i++) {
		const struct group_choice *choice = choices->pdata[i];
		g_autofree char *link = row_link(path, "for", sight->reader,
						 "card", choice->card, NULL);

		g_string_append_printf(
			out, "<a class=\"chip\" href=\"%s#shortlist\">", link);
		put_cut(out, "span", choice->name);
		g_string_append(out, "</a> ");
	}
	g_string_append(out, "</p>");
	if (choices->len > OTHERS_MAX)
		html_format(out, "p class=\"hint\"",
			    "And %u more, for which this page has no room.",
			    choices->len - OTHERS_MAX);
}

static void
put_shortlist(const struct web_request *request, struct web_reply *reply,
	      const struct group_sight *sight)
{
	g_autoptr(GPtrArray) choices = choices_of(request, sight);
	GString *out = reply->body;

	g_string_append(out, "<section id=\"shortlist\"><h2>Shortlist</h2>");
	if (choices->len == 0)
		html_element(out, "p class=\"empty\"",
			     "No vendor is on it yet.");
	for (guint i = 0; i < MIN(choices->len, CHOICES_MAX); i++)
		put_choice(request, reply, sight, choices->pdata[i], i);
	put_others(reply, sight, choices);
	put_reopen(request, reply, sight);
	put_list_form(request, reply, sight);
	g_string_append(out, "</section>");
}

static const char *
voter(const struct group_sight *sight, const struct store_vote *vote)
{
	const struct group_member *member =
		group_find_member(sight->group, vote->member);

	return member ? group_sight_name(sight, member) : vote->by;
}

static void
put_vote(const struct web_request *request, struct web_reply *reply,
	 const struct group_sight *sight, const struct store_vote *vote)
{
	GString *out = reply->body;

	g_string_append(out, "<tr><td data-label=\"When\">");
	page_time(request, reply, vote->time_us);
	g_string_append(out, "</td>");
	put_cut(out, "td data-label=\"Who\"", voter(sight, vote));
	put_cut(out, "td data-label=\"Vendor\"", vote->vendor);
	html_element(out, "td data-label=\"What\"", said_of(vote->word));
	put_cut(out, "td data-label=\"Reason\"", vote->reason);
	g_string_append(out, "</tr>\n");
}

static void
put_votes(const struct web_request *request, struct web_reply *reply,
	  const struct group_sight *sight, guint first, guint end)
{
	const GPtrArray *votes = sight->view->votes;

	html_table_open(reply->body, NULL, "When|Who|Vendor|What|Reason");
	for (guint i = first; i < MIN(votes->len, end); i++)
		put_vote(request, reply, sight,
			 votes->pdata[votes->len - 1 - i]);
	html_table_close(reply->body);
}

static void
put_record(const struct web_request *request, struct web_reply *reply,
	   const struct group_sight *sight)
{
	const GPtrArray *votes = sight->view->votes;
	GString *out = reply->body;

	if (votes->len == 0)
		return;
	g_string_append(out, "<section><h2>Record</h2>");
	put_votes(request, reply, sight, 0, RECORD_MAX);
	if (votes->len > RECORD_MAX) {
		group_rest_open(out, votes->len - RECORD_MAX, "lines");
		put_votes(request, reply, sight, RECORD_MAX, RECORD_ALL);
		group_rest_close(out, votes->len, RECORD_ALL);
	}
	g_string_append(out, "</section>");
}

void
group_choices_put(const struct web_request *request, struct web_reply *reply,
		  const struct group_sight *sight)
{
	put_meetings(request, reply, sight);
	put_shortlist(request, reply, sight);
	put_record(request, reply, sight);
}
