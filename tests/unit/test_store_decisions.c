/* The conformance suite: what buying groups decide. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/decisions.h"

#define NOW (G_GINT64_CONSTANT(1800000000) * CLOCK_SECOND_US)

static struct store_vote *
vote_new(const char *group, const char *member, enum store_vote_word word,
	 const char *reason)
{
	struct store_vote *vote = g_new0(struct store_vote, 1);

	vote->group = g_strdup(group);
	vote->vendor = g_strdup("acme.example");
	vote->member = g_strdup(member);
	vote->word = word;
	vote->reason = g_strdup(reason);
	vote->by = g_strdup("pam@x.example");
	return vote;
}

static void
cast(struct store *store, const char *group, const char *member,
     enum store_vote_word word, gint64 time_us)
{
	g_autoptr(StoreVote) vote = vote_new(group, member, word, "why");

	vote->time_us = time_us;
	KIT_DO(store_vote_add(store, vote, &error));
}

static void
assert_words(struct store *store, const char *group, const char *wanted)
{
	g_autoptr(GPtrArray) votes = NULL;
	g_autoptr(GString) text = g_string_new(NULL);

	KIT_DO((votes = store_vote_list(store, group, &error)));
	for (guint i = 0; i < votes->len; i++) {
		const struct store_vote *vote = votes->pdata[i];

		g_string_append_printf(text, "%s:%s ", vote->member,
				       store_vote_name(vote->word));
	}
	g_assert_cmpstr(text->str, ==, wanted);
}

static void
votes_are_kept_whole(struct store *store)
{
	g_autoptr(StoreVote) vote =
		vote_new("team", "priya", STORE_VOTE_VETO, "No \xc3\xa9 '; --");
	g_autoptr(GPtrArray) votes = NULL;
	const gint64 now_us = clock_now_us();
	const struct store_vote *row;

	KIT_DO(store_vote_add(store, vote, &error));
	KIT_DO(store_vote_add(store, vote, &error));
	KIT_DO((votes = store_vote_list(store, "team", &error)));
	g_assert_cmpuint(votes->len, ==, 1);
	row = votes->pdata[0];
	g_assert_cmpstr(row->id, ==, vote->id);
	g_assert_cmpstr(row->group, ==, "team");
	g_assert_cmpstr(row->vendor, ==, "acme.example");
	g_assert_cmpstr(row->member, ==, "priya");
	g_assert_cmpint(row->word, ==, STORE_VOTE_VETO);
	g_assert_cmpstr(row->reason, ==, "No \xc3\xa9 '; --");
	g_assert_cmpstr(row->by, ==, "pam@x.example");
	g_assert_cmpint(row->time_us, ==, vote->time_us);
	g_assert_cmpint(row->time_us, >=, now_us);
}

/* The same id that says something else changes nothing. */
static void
the_record_does_not_change(struct store *store)
{
	g_autoptr(StoreVote) vote =
		vote_new("team", "priya", STORE_VOTE_FOR, "");

	KIT_DO(store_vote_add(store, vote, &error));
	vote->word = STORE_VOTE_AGAINST;
	KIT_DO(store_vote_add(store, vote, &error));
	assert_words(store, "team", "priya:for ");
}

/* Who was overtaken is told so, and a repeat of what was made is none. */
static void
the_overtaken_hear_of_it(struct store *store)
{
	g_autoptr(StoreVote) veto =
		vote_new("team", "priya", STORE_VOTE_VETO, "");
	g_autoptr(StoreVote) choice =
		vote_new("team", "dan", STORE_VOTE_CHOOSE, "");

	cast(store, "other", "dan", STORE_VOTE_LIST, NOW);
	KIT_DO(store_vote_add_after(store, veto, 0, &error));
	KIT_DO(store_vote_add_after(store, veto, 0, &error));
	KIT_REFUSE(store_vote_add_after(store, choice, 0, &error),
		   STORE_ERROR_CONFLICT);
	assert_words(store, "team", "priya:veto ");
	KIT_DO(store_vote_add_after(store, choice, 1, &error));
	assert_words(store, "team", "priya:veto dan:choose ");
}

static void
votes_are_listed_by_time(struct store *store)
{
	cast(store, "team", "priya", STORE_VOTE_LIST, NOW);
	cast(store, "team", "dan", STORE_VOTE_AGAINST, NOW + 2);
	cast(store, "other", "sam", STORE_VOTE_FOR, NOW);
	cast(store, "team", "dan", STORE_VOTE_FOR, NOW + 1);
	cast(store, "team", "priya", STORE_VOTE_FOR, NOW + 2);
	assert_words(store, "team",
		     "priya:list dan:for dan:against priya:for ");
	assert_words(store, "other", "sam:for ");
	assert_words(store, "none", "");
}

static void
what_is_absent_is_empty(struct store *store)
{
	g_autoptr(StoreVote) vote =
		vote_new("team", NULL, STORE_VOTE_REOPEN, NULL);
	g_autoptr(GPtrArray) votes = NULL;
	const struct store_vote *row;

	g_clear_pointer(&vote->vendor, g_free);
	KIT_DO(store_vote_add(store, vote, &error));
	KIT_DO((votes = store_vote_list(store, "team", &error)));
	row = votes->pdata[0];
	g_assert_cmpstr(row->vendor, ==, "");
	g_assert_cmpstr(row->member, ==, "");
	g_assert_cmpstr(row->reason, ==, "");
}

static void
long_reasons_are_cut(struct store *store)
{
	g_autofree char *most = g_strnfill(STORE_VOTE_REASON_MAX, 'x');
	g_autofree char *split = g_strnfill(STORE_VOTE_REASON_MAX - 1, 'x');
	g_autofree char *longer = g_strconcat(split, "\xc3\xa9", NULL);
	g_autoptr(StoreVote) whole =
		vote_new("team", "priya", STORE_VOTE_FOR, most);
	g_autoptr(StoreVote) halved =
		vote_new("team", "dan", STORE_VOTE_FOR, longer);
	g_autoptr(GPtrArray) votes = NULL;

	KIT_DO(store_vote_add(store, whole, &error));
	KIT_DO(store_vote_add(store, halved, &error));
	KIT_DO((votes = store_vote_list(store, "team", &error)));
	g_assert_cmpuint(votes->len, ==, 2);
	g_assert_cmpstr(((const struct store_vote *)votes->pdata[0])->reason,
			==, most);
	g_assert_cmpstr(((const struct store_vote *)votes->pdata[1])->reason,
			==, split);
}

static void
test_words(void)
{
	static const char *const wanted[] = { "list",	  "unlist",  "for",
					      "against",  "abstain", "veto",
					      "withdraw", "choose",  "reopen" };

	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_assert_cmpstr(store_vote_name((enum store_vote_word)i), ==,
				wanted[i]);
		g_assert_cmpint(store_vote_parse(wanted[i]), ==, (int)i);
	}
	g_assert_cmpint(store_vote_parse("maybe"), ==, -1);
	g_assert_cmpint(store_vote_parse(""), ==, -1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("votes-whole", votes_are_kept_whole);
	kit_scenario("votes-stay", the_record_does_not_change);
	kit_scenario("votes-overtaken", the_overtaken_hear_of_it);
	kit_scenario("votes-listed", votes_are_listed_by_time);
	kit_scenario("votes-absent", what_is_absent_is_empty);
	kit_scenario("votes-cut", long_reasons_are_cut);
	g_test_add_func("/store/vote words", test_words);
	return g_test_run();
}
