/* What a buying group's week says of who said what and who wrote to whom. */
#include "group_world.h"
#include "market/group_digest.h"

static const char *const all[] = { WORLD_ALL, WORLD_ALL, WORLD_ALL, WORLD_ALL };

static void
say(const struct world *world, const char *member, gint64 time_us)
{
	g_autoptr(StoreVote) vote = g_new0(struct store_vote, 1);
	g_autoptr(GError) error = NULL;

	vote->group = g_strdup("team");
	vote->vendor = g_strdup("acme.example");
	vote->member = g_strdup(member);
	vote->word = STORE_VOTE_LIST;
	vote->reason = g_strdup("");
	vote->by = g_strdup("pam");
	vote->time_us = time_us;
	store_vote_add(world->store, vote, &error);
	g_assert_no_error(error);
}

/* Ana's. */
static char *
week_of(const struct world *world)
{
	const struct config config = { .path = NULL };
	const struct outbox outbox = { .store = world->store,
				       .config = &config };
	const struct group_digest_request request = {
		.outbox = &outbox,
		.book = world->book,
		.group = world->group,
		.profiles = world->profiles,
		.profile = world->profiles->pdata[3],
		.now_us = NOW,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GroupDigest) digest = group_digest_new(&request, &error);

	g_assert_no_error(error);
	return group_digest_text(digest);
}

static void
assert_says(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		g_error("'%s' is not in: %s", wanted, text);
}

/* A member, one who has left, one whose profile is gone too, nobody. */
static void
test_voters(void)
{
	struct world world;
	g_autofree char *text = NULL;

	world_begin(&world, all);
	world_open(&world);
	say(&world, "priya", NOW - 4);
	say(&world, "dan", NOW - 3);
	say(&world, "zed", NOW - 2);
	say(&world, "", NOW - 1);
	g_ptr_array_remove_index(world.group->members, 1);
	text = week_of(&world);
	assert_says(text, ": Priya Raman put acme.example on");
	assert_says(text, ": Dan Okafor put acme.example on");
	assert_says(text, ": zed put acme.example on");
	assert_says(text, ": An administrator put acme.example on");
	world_end(&world);
}

/* To one this week, to the other a long time ago: the head says no more. */
static void
test_meetings(void)
{
	struct world world;
	g_autofree char *text = NULL;

	world_begin(&world, all);
	world_open(&world);
	world_receive(world.store, "dan", "bolt.example",
		      NOW - 100 * CLOCK_DAY_US);
	world_receive(world.store, "sam", "bolt.example", NOW - CLOCK_DAY_US);
	world_receive(world.store, "dan", "cork.example",
		      NOW - 8 * CLOCK_DAY_US);
	world_receive(world.store, "sam", "cork.example",
		      NOW - 9 * CLOCK_DAY_US);
	text = week_of(&world);
	assert_says(text,
		    "Wrote in the last week, and to several of you in half a "
		    "year");
	assert_says(text, "bolt.example wrote to Dan Okafor and Sam Lee.");
	g_assert_null(strstr(text, "cork.example wrote"));
	world_end(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/group/digest/voters", test_voters);
	g_test_add_func("/group/digest/meetings", test_meetings);
	return g_test_run();
}
