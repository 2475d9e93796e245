/* How a buying group votes, what may be said when, and what a vendor hears. */
#include "base/error.h"
#include "group_world.h"

static const char *const nothing[] = { "", "", "", "" };

static void
cast_at(struct world *world, const char *member, const char *word,
	const char *vendor, const char *reason)
{
	static gint64 time_us = NOW;
	g_autoptr(StoreVote) vote = g_new0(struct store_vote, 1);
	g_autoptr(GError) error = NULL;
	const int parsed = store_vote_parse(word);

	g_assert_cmpint(parsed, >=, 0);
	vote->group = g_strdup("team");
	vote->vendor = g_strdup(vendor);
	vote->member = g_strdup(member);
	vote->word = (enum store_vote_word)parsed;
	vote->reason = g_strdup(reason);
	vote->by = g_strdup("pam");
	vote->time_us = ++time_us;
	store_vote_add(world->store, vote, &error);
	g_assert_no_error(error);
}

static void
cast(struct world *world, const char *member, const char *word,
     const char *vendor)
{
	cast_at(world, member, word, vendor, "because");
}

static char *
choices_text(const struct group_view *view)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < view->choices->len; i++) {
		const struct group_choice *choice = view->choices->pdata[i];

		g_string_append_printf(
			text, "%s %.2f%s%s by %s:", choice->name, choice->share,
			choice->vetoed ? " vetoed" : "",
			choice->chosen ? " chosen" : "", choice->listed_by);
		for (guint j = 0; j < choice->ballots->len; j++) {
			const struct group_ballot *ballot = &g_array_index(
				choice->ballots, struct group_ballot, j);

			if (ballot->word != STORE_VOTE_WITHDRAW)
				g_string_append_printf(
					text, " %s=%s", ballot->member->profile,
					store_vote_name(ballot->word));
		}
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

static void
assert_choices(const struct world *world, gboolean decided, const char *wanted)
{
	g_autoptr(GroupView) view = world_view(world, "ana");
	g_autofree char *got = choices_text(view);

	g_assert_cmpstr(got, ==, wanted);
	g_assert_true(view->decided == decided);
}

static void
test_votes(void)
{
	struct world world;

	world_begin(&world, nothing);
	world_open(&world);
	cast(&world, "priya", "list", "acme.example");
	cast(&world, "", "list", "bolt.example");
	assert_choices(&world, FALSE,
		       "acme.example -1.00 by pam:\n"
		       "bolt.example -1.00 by pam:\n");
	cast(&world, "dan", "against", "acme.example");
	cast(&world, "dan", "for", "acme.example");
	cast(&world, "sam", "against", "acme.example");
	cast(&world, "ana", "abstain", "acme.example");
	cast(&world, "ana", "for", "bolt.example");
	cast(&world, "gone", "for", "bolt.example");
	assert_choices(&world, FALSE,
		       "bolt.example 1.00 by pam: ana=for\n"
		       "acme.example 0.40 by pam: dan=for sam=against "
		       "ana=abstain\n");
	cast(&world, "priya", "veto", "bolt.example");
	assert_choices(&world, FALSE,
		       "acme.example 0.40 by pam: dan=for sam=against "
		       "ana=abstain\n"
		       "bolt.example 0.18 vetoed by pam: priya=veto ana=for\n");
	cast(&world, "priya", "withdraw", "bolt.example");
	cast(&world, "sam", "unlist", "acme.example");
	assert_choices(&world, FALSE, "bolt.example 1.00 by pam: ana=for\n");
	cast(&world, "priya", "choose", "bolt.example");
	assert_choices(&world, TRUE,
		       "bolt.example 1.00 chosen by pam: ana=for\n");
	cast(&world, "priya", "reopen", "");
	cast(&world, "dan", "list", "acme.example");
	assert_choices(&world, FALSE,
		       "bolt.example 1.00 by pam: ana=for\n"
		       "acme.example 0.40 by pam: dan=for sam=against "
		       "ana=abstain\n");
	world_end(&world);
}

/* Two domains that became one card after the votes were cast. */
static void
test_one_card(void)
{
	const struct store_move move = { "try.example", "acme.example" };
	g_autoptr(GError) error = NULL;
	struct world world;

	world_begin(&world, nothing);
	world_open(&world);
	cast(&world, "priya", "list", "acme.example");
	cast(&world, "priya", "list", "try.example");
	cast(&world, "dan", "for", "try.example");
	store_vendor_move(world.store, &move, 1, "pam", &error);
	g_assert_no_error(error);
	vendor_book_free(world.book);
	world.book = vendor_book_load(world.store, &error);
	g_assert_no_error(error);
	assert_choices(&world, FALSE, "acme.example 1.00 by pam: dan=for\n");
	world_end(&world);
}

struct allowed_case {
	const char *member; /* NULL: an admin */
	const char *word;
	const char *card;
	const char *refusal; /* NULL: allowed */
};

/* Acme is listed, Bolt listed and vetoed by Priya; nothing is decided. */
static const struct allowed_case open_cases[] = {
	{ "dan", "list", "new.example", NULL },
	{ NULL, "list", "new.example", NULL },
	{ "dan", "list", "acme.example",
	  "acme.example is on the shortlist already" },
	{ "dan", "unlist", "acme.example", NULL },
	{ "dan", "unlist", "new.example",
	  "new.example is not on the shortlist (on it: acme.example, "
	  "bolt.example)" },
	{ "dan", "for", "acme.example", NULL },
	{ "dan", "against", "acme.example", NULL },
	{ "dan", "abstain", "acme.example", NULL },
	{ "dan", "for", NULL,
	  "which vendor? (on the shortlist: acme.example, bolt.example)" },
	{ "dan", "veto", "acme.example", "dan has no veto" },
	{ "priya", "veto", "acme.example", NULL },
	{ "dan", "withdraw", "acme.example",
	  "dan has no vote on acme.example to withdraw" },
	{ "priya", "withdraw", "bolt.example", NULL },
	{ "eve", "for", "acme.example", "eve is no member of the group team" },
	{ "eve", "list", "acme.example", "eve is no member of the group team" },
	{ NULL, "for", "acme.example", "only a member can say for" },
	{ NULL, "veto", "acme.example", "only a member can say veto" },
	{ "dan", "choose", "acme.example", NULL },
	{ NULL, "choose", "acme.example", NULL },
	{ "dan", "choose", "bolt.example", "there is a veto on bolt.example" },
	{ "dan", "reopen", NULL, "nothing is decided yet" },
};

/* Acme is chosen. */
static const struct allowed_case closed_cases[] = {
	{ "dan", "for", "acme.example",
	  "it is decided already; reopen comes before any other word" },
	{ "dan", "list", "new.example",
	  "it is decided already; reopen comes before any other word" },
	{ "dan", "choose", "bolt.example",
	  "it is decided already; reopen comes before any other word" },
	{ "dan", "reopen", NULL, NULL },
	{ NULL, "reopen", "acme.example", NULL },
	{ "eve", "reopen", NULL, "eve is no member of the group team" },
};

static void
assert_allowed(const struct world *world, const struct allowed_case *cases,
	       gsize n)
{
	g_autoptr(GroupView) view = world_view(world, NULL);

	for (gsize i = 0; i < n; i++) {
		g_autoptr(GError) error = NULL;
		const enum store_vote_word word =
			(enum store_vote_word)store_vote_parse(cases[i].word);
		const gboolean ok = group_vote_allowed(
			view, cases[i].member, word, cases[i].card, &error);

		g_assert_cmpstr(error ? error->message : NULL, ==,
				cases[i].refusal);
		g_assert_true(ok == !cases[i].refusal);
		if (error)
			g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	}
}

static void
test_allowed(void)
{
	struct world world;

	world_begin(&world, nothing);
	world_open(&world);
	cast(&world, "priya", "list", "acme.example");
	cast(&world, "priya", "list", "bolt.example");
	cast(&world, "priya", "veto", "bolt.example");
	assert_allowed(&world, open_cases, G_N_ELEMENTS(open_cases));
	cast(&world, "priya", "choose", "acme.example");
	assert_allowed(&world, closed_cases, G_N_ELEMENTS(closed_cases));
	world_end(&world);
}

#define RIVALS 8
#define ROUNDS 5

struct rival {
	const struct world *world;
	enum store_vote_word word;
	char *card;
	GThread *thread;
};

static gpointer
say(gpointer data)
{
	const struct rival *rival = data;
	const struct world *world = rival->world;
	const struct group_request request = { .store = world->store,
					       .book = world->book,
					       .group = world->group,
					       .profiles = world->profiles };
	g_autoptr(StoreVote) vote = g_new0(struct store_vote, 1);
	g_autoptr(GError) error = NULL;

	vote->group = g_strdup("team");
	vote->vendor = g_strdup(rival->card);
	vote->member = g_strdup("dan");
	vote->word = rival->word;
	vote->reason = g_strdup("");
	vote->by = g_strdup("pam");
	if (group_vote_cast(&request, vote, &error))
		return GINT_TO_POINTER(1);
	g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	g_assert_cmpstr(error->message, ==,
			"it is decided already; reopen comes before any other "
			"word");
	return NULL;
}

static int
race(struct rival *rivals)
{
	int done = 0;

	for (guint i = 0; i < RIVALS; i++)
		rivals[i].thread = g_thread_new("rival", say, &rivals[i]);
	for (guint i = 0; i < RIVALS; i++)
		done += GPOINTER_TO_INT(g_thread_join(rivals[i].thread));
	return done;
}

/* All decide at one moment, each for another vendor: one does. */
static void
test_one_decision(void)
{
	struct world world;
	struct rival rivals[RIVALS];
	char none[] = "";
	struct rival reopening = { &world, STORE_VOTE_REOPEN, none, NULL };

	world_begin(&world, nothing);
	world_open(&world);
	for (guint i = 0; i < RIVALS; i++) {
		rivals[i].world = &world;
		rivals[i].word = STORE_VOTE_CHOOSE;
		rivals[i].card = g_strdup_printf("v%u.example", i);
		cast(&world, "priya", "list", rivals[i].card);
	}
	for (guint i = 0; i < ROUNDS; i++) {
		g_assert_cmpint(race(rivals), ==, 1);
		g_assert_nonnull(say(&reopening));
	}
	for (guint i = 0; i < RIVALS; i++)
		g_free(rivals[i].card);
	world_end(&world);
}

/* The file's word is the last. */
static void
test_done(void)
{
	static const struct allowed_case cases[] = {
		{ "priya", "reopen", NULL,
		  "the group's file says that its decision is done" },
		{ "priya", "for", "acme.example",
		  "the group's file says that its decision is done" },
	};
	struct world world;

	world_begin(&world, nothing);
	world_open(&world);
	cast(&world, "priya", "list", "acme.example");
	world.group->stage = STAGE_DONE;
	assert_choices(&world, TRUE, "acme.example -1.00 by pam:\n");
	assert_allowed(&world, cases, G_N_ELEMENTS(cases));
	world_end(&world);
}

static void
assert_status(const struct world *world, const char *card, const char *wanted)
{
	g_autoptr(GroupView) view = world_view(world, NULL);

	g_assert_cmpstr(group_status_name(group_view_status(view, card)), ==,
			wanted);
}

static void
test_status(void)
{
	struct world world;

	world_begin(&world, nothing);
	world_open(&world);
	cast(&world, "priya", "list", "acme.example");
	cast(&world, "priya", "list", "bolt.example");
	cast(&world, "priya", "list", "cork.example");
	cast(&world, "priya", "unlist", "cork.example");
	cast(&world, "priya", "veto", "bolt.example");
	assert_status(&world, "acme.example", "not now");
	assert_status(&world, "bolt.example", "not now");
	assert_status(&world, "cork.example", "declined");
	assert_status(&world, "never.example", "not now");
	cast(&world, "priya", "choose", "acme.example");
	assert_status(&world, "acme.example", "chosen");
	assert_status(&world, "bolt.example", "declined");
	assert_status(&world, "never.example", "declined");
	world_end(&world);
}

/* What was said of a domain is said of the card that it has joined since. */
static void
test_status_joined(void)
{
	const struct store_move moves[] = { { "acme.example", "acme.example" },
					    { "acme.io", "acme.example" } };
	g_autoptr(GError) error = NULL;
	struct world world;

	world_begin(&world, nothing);
	world_open(&world);
	cast(&world, "priya", "list", "acme.io");
	cast(&world, "priya", "unlist", "acme.io");
	assert_status(&world, "acme.io", "declined");
	store_vendor_move(world.store, moves, G_N_ELEMENTS(moves), "pam",
			  &error);
	g_assert_no_error(error);
	vendor_book_free(world.book);
	world.book = vendor_book_load(world.store, &error);
	g_assert_no_error(error);
	assert_status(&world, "acme.example", "declined");
	cast(&world, "priya", "list", "acme.example");
	assert_status(&world, "acme.example", "not now");
	world_end(&world);
}

/* Nothing of the group is in it but its front door. */
static void
test_letter(void)
{
	struct world world;

	world_begin(&world, nothing);
	for (int status = GROUP_CHOSEN; status <= GROUP_DECLINED; status++) {
		const struct group_letter letter = {
			.group = world.group,
			.status = (enum group_status)status,
			.to = "seller@acme.example",
			.subject = "Your renewal\r\nBcc: x@y.example",
			.now_us = NOW,
		};
		g_autoptr(GError) error = NULL;
		g_autofree char *text = group_letter_new(&letter, &error);

		g_assert_no_error(error);
		g_assert_true(g_str_has_prefix(
			text, "From: door@m.example\r\n"
			      "To: seller@acme.example\r\n"
			      "Reply-To: door@m.example\r\n"
			      "Subject: Re: Your renewal  Bcc: x@y.example\r\n"
			      "Date: Sun, 22 Nov 2026 00:00:00 +0000\r\n"
			      "Message-ID: <"));
		g_assert_nonnull(strstr(text, "@m.example>\r\nMIME-Version: "));
		for (const char *p = text; *p; p++)
			g_assert_true(*p != '\n' || p[-1] == '\r');
		for (guint i = 0; i < world.group->members->len; i++) {
			const struct group_member *member =
				world.group->members->pdata[i];

			g_assert_null(strstr(text, member->profile));
		}
		g_assert_null(strstr(text, world.group->name));
		g_assert_null(strstr(text, "2027"));
		g_assert_null(strstr(text, "vote"));
		g_assert_null(strstr(text, "veto"));
	}
	world_end(&world);
}

struct letter_case {
	const char *to;
	const char *subject;
	const char *wanted; /* a part of it; or the error's text */
};

static const struct letter_case letter_cases[] = {
	{ "a@acme.example", "", "\r\nSubject: Your mail to us\r\n" },
	{ "a@acme.example", "RE: it", "\r\nSubject: RE: it\r\n" },
	{ "a@acme.example", "caf\xc3\xa9", "\r\nSubject: =?UTF-8?" },
	{ "", "x", "there is no address to answer to" },
	{ "b\xc3\xa9@acme.example", "x", "there is no address to answer to" },
};

static void
test_letter_edges(void)
{
	struct world world;
	struct group_letter letter = { 0 };
	g_autoptr(GError) error = NULL;

	world_begin(&world, nothing);
	letter.group = world.group;
	for (gsize i = 0; i < G_N_ELEMENTS(letter_cases); i++) {
		g_autoptr(GError) refusal = NULL;
		g_autofree char *text = NULL;

		letter.to = letter_cases[i].to;
		letter.subject = letter_cases[i].subject;
		text = group_letter_new(&letter, &refusal);
		g_assert_nonnull(strstr(text ? text : refusal->message,
					letter_cases[i].wanted));
	}
	letter.to = "a@acme.example";
	g_clear_pointer(&world.group->front_door, g_free);
	g_assert_null(group_letter_new(&letter, &error));
	g_assert_cmpstr(error->message, ==,
			"the group team has no front_door to answer from");
	world_end(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/group/votes", test_votes);
	g_test_add_func("/group/one card", test_one_card);
	g_test_add_func("/group/allowed", test_allowed);
	g_test_add_func("/group/one decision", test_one_decision);
	g_test_add_func("/group/done", test_done);
	g_test_add_func("/group/status", test_status);
	g_test_add_func("/group/status joined", test_status_joined);
	g_test_add_func("/group/letter", test_letter);
	g_test_add_func("/group/letter edges", test_letter_edges);
	return g_test_run();
}
