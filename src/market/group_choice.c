#include <string.h>

#include "base/error.h"
#include "group_private.h"

static void
ballot_clear(gpointer data)
{
	struct group_ballot *ballot = data;

	g_free(ballot->reason);
}

static struct group_choice *
choice_new(const struct group_request *request, const char *card)
{
	struct group_choice *choice = g_new0(struct group_choice, 1);
	const GPtrArray *members = request->group->members;

	choice->card = g_strdup(card);
	choice->name = g_strdup(group_vendor_name(request->book, card));
	choice->ballots =
		g_array_new(FALSE, FALSE, sizeof(struct group_ballot));
	g_array_set_clear_func(choice->ballots, ballot_clear);
	for (guint i = 0; i < members->len; i++) {
		const struct group_ballot ballot = {
			.member = members->pdata[i],
			.word = STORE_VOTE_WITHDRAW,
			.reason = g_strdup(""),
		};

		g_array_append_val(choice->ballots, ballot);
	}
	return choice;
}

static void
choice_free(gpointer data)
{
	struct group_choice *choice = data;

	g_free(choice->card);
	g_free(choice->name);
	g_array_unref(choice->ballots);
	g_free(choice->listed_by);
	g_free(choice);
}

GPtrArray *
group_choices_new(void)
{
	return g_ptr_array_new_with_free_func(choice_free);
}

static struct group_choice *
choice_of(const GPtrArray *choices, const char *card)
{
	for (guint i = 0; i < choices->len; i++) {
		struct group_choice *choice = choices->pdata[i];

		if (strcmp(choice->card, card) == 0)
			return choice;
	}
	return NULL;
}

const struct group_choice *
group_view_choice(const struct group_view *view, const char *card)
{
	return choice_of(view->choices, card);
}

/* There for whoever was ever named: listed_by tells who is on the list. */
static struct group_choice *
choice_for(const struct group_request *request, struct group_view *view,
	   const char *card)
{
	struct group_choice *choice = choice_of(view->choices, card);

	if (choice)
		return choice;
	choice = choice_new(request, card);
	g_ptr_array_add(view->choices, choice);
	return choice;
}

static void
cast(struct group_choice *choice, const struct store_vote *vote)
{
	for (guint i = 0; i < choice->ballots->len; i++) {
		struct group_ballot *ballot =
			&g_array_index(choice->ballots, struct group_ballot, i);

		if (strcmp(ballot->member->profile, vote->member) != 0)
			continue;
		ballot->word = vote->word;
		ballot->time_us = vote->time_us;
		g_free(ballot->reason);
		ballot->reason = g_strdup(vote->reason);
	}
}

static void
choose(struct group_view *view, struct group_choice *chosen)
{
	for (guint i = 0; i < view->choices->len; i++) {
		struct group_choice *choice = view->choices->pdata[i];

		choice->chosen = FALSE;
	}
	if (chosen)
		chosen->chosen = TRUE;
	view->decided = chosen != NULL;
}

/* Two domains that have become one card since are one choice. */
static void
count(const struct group_request *request, struct group_view *view,
      const struct store_vote *vote)
{
	struct group_choice *choice;

	if (vote->word == STORE_VOTE_REOPEN) {
		choose(view, NULL);
		return;
	}
	choice = choice_for(request, view,
			    vendor_book_card(request->book, vote->vendor));
	if (vote->word == STORE_VOTE_CHOOSE) {
		choose(view, choice);
	} else if (vote->word == STORE_VOTE_UNLIST) {
		g_clear_pointer(&choice->listed_by, g_free);
	} else if (vote->word == STORE_VOTE_LIST) {
		g_free(choice->listed_by);
		choice->listed_by = g_strdup(vote->by);
	} else {
		cast(choice, vote);
	}
}

/* Influence for it, of all that was said; heads, when nobody who voted has
 * any. */
static void
add_up(struct group_choice *choice)
{
	double sums[2] = { 0, 0 };
	guint heads[2] = { 0, 0 };

	for (guint i = 0; i < choice->ballots->len; i++) {
		const struct group_ballot *ballot =
			&g_array_index(choice->ballots, struct group_ballot, i);
		const int is_for = ballot->word == STORE_VOTE_FOR;

		if (ballot->word == STORE_VOTE_VETO && ballot->member->veto)
			choice->vetoed = TRUE;
		if (!is_for && ballot->word != STORE_VOTE_AGAINST &&
		    ballot->word != STORE_VOTE_VETO)
			continue;
		sums[is_for] += ballot->member->now;
		heads[is_for]++;
	}
	if (heads[0] + heads[1] == 0)
		choice->share = -1;
	else if (sums[0] + sums[1] > 0)
		choice->share = sums[1] / (sums[0] + sums[1]);
	else
		choice->share = (double)heads[1] / (heads[0] + heads[1]);
}

static gint
best_first(gconstpointer a, gconstpointer b)
{
	const struct group_choice *left = *(struct group_choice *const *)a;
	const struct group_choice *right = *(struct group_choice *const *)b;

	if (left->chosen != right->chosen)
		return left->chosen ? -1 : 1;
	if (left->vetoed != right->vetoed)
		return left->vetoed ? 1 : -1;
	if (left->share < right->share || left->share > right->share)
		return left->share < right->share ? 1 : -1;
	return strcmp(left->card, right->card);
}

gboolean
group_choices_fill(const struct group_request *request, struct group_view *view,
		   GError **error)
{
	g_clear_pointer(&view->votes, g_ptr_array_unref);
	view->votes =
		store_vote_list(request->store, request->group->id, error);
	if (!view->votes)
		return FALSE;
	for (guint i = 0; i < view->votes->len; i++)
		count(request, view, view->votes->pdata[i]);
	for (guint i = view->choices->len; i > 0; i--) {
		struct group_choice *choice = view->choices->pdata[i - 1];

		if (choice->listed_by || choice->chosen)
			add_up(choice);
		else
			g_ptr_array_remove_index(view->choices, i - 1);
	}
	g_ptr_array_sort(view->choices, best_first);
	return TRUE;
}

static gboolean
refuse(GError **error, char *text)
{
	g_set_error_literal(error, BASE_ERROR, BASE_ERROR_INVALID, text);
	g_free(text);
	return FALSE;
}

static gboolean
is_vote(enum store_vote_word word)
{
	return word == STORE_VOTE_FOR || word == STORE_VOTE_AGAINST ||
	       word == STORE_VOTE_ABSTAIN || word == STORE_VOTE_VETO ||
	       word == STORE_VOTE_WITHDRAW;
}

/* Who may say such a word at all. */
static gboolean
may_say(const struct group_view *view, const char *member,
	enum store_vote_word word, GError **error)
{
	const struct group_member *who = group_find_member(view->group, member);

	if (member && !who)
		return refuse(error,
			      g_strdup_printf("%s is no member of the group %s",
					      member, view->group->id));
	if (!member && is_vote(word))
		return refuse(error, g_strdup_printf("only a member can say %s",
						     store_vote_name(word)));
	if (word == STORE_VOTE_VETO && !who->veto)
		return refuse(error, g_strdup_printf("%s has no veto", member));
	return TRUE;
}

static const struct group_ballot *
ballot_of(const struct group_choice *choice, const char *member)
{
	for (guint i = 0; i < choice->ballots->len; i++) {
		const struct group_ballot *ballot =
			&g_array_index(choice->ballots, struct group_ballot, i);

		if (strcmp(ballot->member->profile, member) == 0)
			return ballot;
	}
	return NULL;
}

/* What is on the list, for who named something else. */
static char *
list_text(const struct group_view *view)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < view->choices->len; i++) {
		const struct group_choice *choice = view->choices->pdata[i];

		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
				       choice->card);
	}
	if (view->choices->len == 0)
		g_string_append(text, "nothing is");
	return g_string_free(text, FALSE);
}

/* Of a vendor that is on the list. */
static gboolean
may_say_of(const struct group_choice *choice, const char *member,
	   enum store_vote_word word, GError **error)
{
	if (word == STORE_VOTE_CHOOSE && choice->vetoed)
		return refuse(error, g_strdup_printf("there is a veto on %s",
						     choice->card));
	if (word == STORE_VOTE_WITHDRAW &&
	    ballot_of(choice, member)->word == STORE_VOTE_WITHDRAW)
		return refuse(error, g_strdup_printf("%s has no vote on %s to "
						     "withdraw",
						     member, choice->card));
	return TRUE;
}

gboolean
group_vote_allowed(const struct group_view *view, const char *member,
		   enum store_vote_word word, const char *card, GError **error)
{
	const struct group_choice *choice =
		card ? group_view_choice(view, card) : NULL;
	g_autofree char *listed = NULL;

	if (!may_say(view, member, word, error))
		return FALSE;
	if (view->group->stage == STAGE_DONE)
		return refuse(error, g_strdup("the group's file says that its "
					      "decision is done"));
	if (word == STORE_VOTE_REOPEN)
		return view->decided ||
		       refuse(error, g_strdup("nothing is decided yet"));
	if (view->decided)
		return refuse(error,
			      g_strdup("it is decided already; reopen comes "
				       "before any other word"));
	if (word == STORE_VOTE_LIST)
		return !choice ||
		       refuse(error, g_strdup_printf("%s is on the shortlist "
						     "already",
						     card));
	if (choice)
		return may_say_of(choice, member, word, error);
	listed = list_text(view);
	return refuse(error,
		      card ? g_strdup_printf("%s is not on the shortlist "
					     "(on it: %s)",
					     card, listed)
			   : g_strdup_printf("which vendor? (on the "
					     "shortlist: %s)",
					     listed));
}
