/* What is reported of a buying group whose troubles are known. */
#include "group_world.h"

static const char *const everything[] = { WORLD_ALL, WORLD_ALL, WORLD_ALL,
					  WORLD_ALL };

static void
print_stands(GString *text, const GArray *stands)
{
	for (guint i = 0; i < stands->len; i++) {
		const struct group_stand *stand =
			&g_array_index(stands, struct group_stand, i);

		g_string_append_printf(
			text, " %s=%g%s%s", stand->member->profile,
			stand->weight, stand->priority ? "/" : "",
			stand->priority ? stand->priority->id : "");
	}
}

static char *
topics_text(const struct group_view *view)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < view->topics->len; i++) {
		const struct group_view_topic *topic = view->topics->pdata[i];

		g_string_append_printf(
			text, "%s of %s%s %.4f %.4f %.4f:", topic->id,
			topic->owner ? topic->owner->profile : "nobody",
			topic->orphan ? ", orphan," : "", topic->weight,
			topic->wished, topic->agreement);
		print_stands(text, topic->stands);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

static char *
conflicts_text(const struct group_view *view)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < view->conflicts->len; i++) {
		const struct group_conflict *conflict =
			view->conflicts->pdata[i];

		g_string_append_printf(text, "%s %s-%s %.4f: %s\n",
				       group_conflict_name(conflict->kind),
				       conflict->a->profile,
				       conflict->b->profile, conflict->size,
				       conflict->text);
	}
	return g_string_free(text, FALSE);
}

static char *
links_text(const struct group_view *view)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < view->links->len; i++) {
		const struct group_link *link = view->links->pdata[i];

		g_string_append_printf(text, "%s-%s %.4f: %s\n",
				       link->a->profile, link->b->profile,
				       link->size, link->why);
	}
	return g_string_free(text, FALSE);
}

static char *
meetings_text(const struct group_view *view)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < view->meetings->len; i++) {
		const struct group_meeting *meeting = view->meetings->pdata[i];

		g_string_append_printf(text, "%s%s %u:", meeting->name,
				       meeting->listed ? ", listed," : "",
				       meeting->messages);
		for (guint j = 0; j < meeting->members->len; j++) {
			const struct group_member *member =
				meeting->members->pdata[j];

			g_string_append_printf(
				text, " %s=%u", member->profile,
				g_array_index(meeting->counts, guint, j));
		}
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

#define ASSERT_TEXT(made, wanted)                                              \
	do {                                                                   \
		g_autofree char *got = (made);                                 \
                                                                               \
		g_assert_cmpstr(got, ==, wanted);                              \
	} while (0)

static void
test_topics(void)
{
	struct world world;
	g_autoptr(GroupView) view = NULL;

	world_begin(&world, everything);
	view = world_view(&world, NULL);
	ASSERT_TEXT(topics_text(view),
		    "priya/spend of sam 0.3143 0.2857 0.7632: priya=0.2/spend "
		    "dan=0 sam=0.8/saas ana=0\n"
		    "edr of priya 0.1571 0.0714 0.3882: priya=0.9/edr "
		    "dan=0.3/desktops sam=-1 ana=0\n"
		    "ana/segments of ana 0.0667 0.0667 0.9125: priya=0 dan=0 "
		    "sam=0 ana=0.7/segments\n"
		    "people of sam, orphan, 0.0571 0.1714 0.6961: priya=0 "
		    "dan=0.8/awareness sam=0 ana=-1\n");
	world_end(&world);
}

static void
test_conflicts(void)
{
	struct world world;
	g_autoptr(GroupView) view = NULL;

	world_begin(&world, everything);
	view = world_view(&world, NULL);
	ASSERT_TEXT(conflicts_text(view),
		    "refused priya-sam 1.4250: Priya Raman wants Endpoint "
		    "detection (0.90), Sam Lee does not: their profile refuses "
		    "\"Endpoint detection\".\n"
		    "refused dan-sam 0.6500: Dan Okafor wants Endpoint "
		    "detection (0.30), Sam Lee does not: their profile refuses "
		    "\"Endpoint detection\".\n"
		    "refused dan-ana 0.5400: Dan Okafor wants People (0.80), "
		    "Ana Costa does not: their profile refuses \"Awareness "
		    "training anarefusal\".\n"
		    "weight sam-priya 0.4500: Sam Lee gives Cloud cost control "
		    "0.80, Priya Raman 0.20.\n"
		    "weight priya-dan 0.3900: Priya Raman gives Endpoint "
		    "detection 0.90, Dan Okafor 0.30.\n"
		    "timing priya-dan 0.1133: Priya Raman decides on Endpoint "
		    "detection by 2027-01-31, Dan Okafor by 2027-08-31, 212 "
		    "days later, after the group's 2027-03-31.\n");
	world_end(&world);
}

static void
test_links(void)
{
	struct world world;
	g_autoptr(GroupView) view = NULL;

	world_begin(&world, everything);
	view = world_view(&world, NULL);
	ASSERT_TEXT(links_text(view),
		    "priya-sam 1.8750: Priya Raman wants Endpoint detection "
		    "(0.90), Sam Lee does not: their profile refuses "
		    "\"Endpoint detection\"; Sam Lee gives Cloud cost control "
		    "0.80, Priya Raman 0.20.\n"
		    "dan-sam 1.0500: Dan Okafor wants Endpoint detection "
		    "(0.30), Sam Lee does not: their profile refuses "
		    "\"Endpoint detection\"; Dan Okafor wants People (0.80), "
		    "which Sam Lee owns without having it as a priority.\n"
		    "dan-ana 0.2700: Dan Okafor wants People (0.80), Ana Costa "
		    "does not: their profile refuses \"Awareness training "
		    "anarefusal\"; so far only through Priya Raman.\n");
	world_end(&world);
}

static void
vote(struct store *store, enum store_vote_word word, const char *vendor)
{
	g_autoptr(StoreVote) vote = g_new0(struct store_vote, 1);
	g_autoptr(GError) error = NULL;

	vote->group = g_strdup("team");
	vote->vendor = g_strdup(vendor);
	vote->by = g_strdup("pam");
	vote->word = word;
	store_vote_add(store, vote, &error);
	g_assert_no_error(error);
}

/* Five vendors wrote to Dan and Sam. Acme has two domains on one card; Bolt is
 * on the shortlist; Once wrote to one only, and Old long ago. */
static void
meet_all(struct world *world)
{
	const struct store_move move = { "tryacme.example", "acme.example" };
	const gint64 then_us = NOW - 10 * CLOCK_DAY_US;
	const gint64 old_us = NOW - 200 * CLOCK_DAY_US;
	struct store *store;
	g_autoptr(GError) error = NULL;

	world_open(world);
	store = world->store;
	world_receive(store, "priya", "acme.example", then_us);
	world_receive(store, "priya", "tryacme.example", then_us + 1);
	world_receive(store, "dan", "acme.example", then_us);
	world_receive(store, "sam", "tryacme.example", then_us + 2);
	world_receive(store, "priya", "bolt.example", then_us);
	world_receive(store, "sam", "bolt.example", then_us);
	world_receive(store, "sam", "bolt.example", then_us + 1);
	world_receive(store, "dan", "once.example", then_us);
	for (guint i = 0; i < 4; i++) {
		g_autofree char *vendor = g_strdup_printf("more%u.example", i);

		world_receive(store, "dan", vendor, then_us);
		world_receive(store, "sam", vendor, then_us);
	}
	world_receive(store, "priya", "old.example", old_us);
	world_receive(store, "dan", "old.example", old_us);
	world_receive(store, "ana", "danana.example", then_us);
	world_receive(store, "dan", "danana.example", then_us);
	store_vendor_move(store, &move, 1, "pam", &error);
	g_assert_no_error(error);
	store_vendor_write(store, "acme.example", STORE_VENDOR_NAME, "Acme Ltd",
			   "pam", &error);
	g_assert_no_error(error);
	vote(store, STORE_VOTE_LIST, "bolt.example");
	vendor_book_free(world->book);
	world->book = vendor_book_load(store, &error);
	g_assert_no_error(error);
}

static void
test_meetings(void)
{
	struct world world;
	g_autoptr(GroupView) view = NULL;
	const struct group_meeting *acme;

	world_begin(&world, everything);
	meet_all(&world);
	view = world_view(&world, NULL);
	ASSERT_TEXT(meetings_text(view),
		    "Acme Ltd 4: priya=2 dan=1 sam=1\n"
		    "danana.example 2: dan=1 ana=1\n"
		    "more0.example 2: dan=1 sam=1\n"
		    "more1.example 2: dan=1 sam=1\n"
		    "more2.example 2: dan=1 sam=1\n"
		    "more3.example 2: dan=1 sam=1\n"
		    "bolt.example, listed, 3: priya=1 sam=2\n");
	ASSERT_TEXT(
		links_text(view),
		"priya-sam 2.1250: Priya Raman wants Endpoint detection "
		"(0.90), Sam Lee does not: their profile refuses \"Endpoint "
		"detection\"; Sam Lee gives Cloud cost control 0.80, Priya "
		"Raman 0.20; Acme Ltd wrote to both (2 and 1 messages).\n"
		"dan-sam 2.0500: Dan Okafor wants Endpoint detection (0.30), "
		"Sam Lee does not: their profile refuses \"Endpoint "
		"detection\"; Acme Ltd and 4 other vendors wrote to both; Dan "
		"Okafor wants People (0.80), which Sam Lee owns without having "
		"it as a priority.\n"
		"dan-ana 0.3950: Dan Okafor wants People (0.80), Ana Costa "
		"does not: their profile refuses \"Awareness training "
		"anarefusal\"; danana.example wrote to both (1 and 1 "
		"messages); so far only through Priya Raman.\n");
	acme = view->meetings->pdata[0];
	g_assert_cmpstr(acme->card, ==, "acme.example");
	g_assert_cmpint(acme->last_us, ==, NOW - 10 * CLOCK_DAY_US + 2);
	world_end(&world);
}

/* What one member shares, and what another must not find. */
struct private_case {
	const char *name;
	const char *reader;
	const char *member;
	const char *share;
	const char *absent; /* words, with blanks between them */
	const char *there;
};

#define NOBODYS "abouthidden keyhidden donehidden printers old.example once"
#define PRIYAS	"spend metricpriya 4711 2027-01-31 Acme"
#define ANAS	"anapriority segments metricana 4714 danana.example anarefusal"

static const struct private_case private_cases[] = {
	{ "nothing", "sam", "priya", "", PRIYAS, "priya" },
	{ "priorities", "sam", "priya", "priorities", "metricpriya 4711 Acme",
	  "spend 2027-01-31" },
	{ "metrics", "sam", "priya", "priorities, metrics", "Acme",
	  "spend metricpriya 4711" },
	{ "metrics alone", "sam", "priya", "metrics", PRIYAS, "priya" },
	{ "vendors", "sam", "priya", "vendors",
	  "spend metricpriya 4711 2027-01-31", "Acme" },
	{ "all but refusals", "dan", "ana", "priorities, vendors, metrics",
	  "anarefusal", "anapriority metricana 4714 danana.example" },
	{ "refusals", "dan", "ana", "refusals",
	  "anapriority segments metricana 4714 danana.example", "anarefusal" },
	{ "ana, nothing", "dan", "ana", "", ANAS, "ana" },
	{ "everything", "dan", "ana", WORLD_ALL, "nothing", ANAS },
};

static void
assert_words(const char *json, const char *words, gboolean there)
{
	g_auto(GStrv) list = g_strsplit(words, " ", -1);

	for (char **word = list; *word; word++) {
		if ((strstr(json, *word) != NULL) != there)
			g_test_message("%s in %s", *word, json);
		g_assert_true((strstr(json, *word) != NULL) == there);
	}
}

/* Nobody shares anything but the member that the case is about. An admin finds
 * all that is hidden from the reader; what nobody is shown, nobody does. */
static void
test_private(gconstpointer data)
{
	const struct private_case *is = data;
	static const char *const order[] = { "priya", "dan", "sam", "ana" };
	const char *shares[4] = { "", "", "", "" };
	struct world world;
	g_autoptr(GroupView) seen = NULL;
	g_autoptr(GroupView) whole = NULL;
	g_autofree char *seen_text = NULL;
	g_autofree char *whole_text = NULL;

	for (guint i = 0; i < 4; i++)
		if (strcmp(order[i], is->member) == 0)
			shares[i] = is->share;
	world_begin(&world, shares);
	meet_all(&world);
	seen = world_view(&world, is->reader);
	whole = world_view(&world, NULL);
	seen_text = group_view_json(seen);
	whole_text = group_view_json(whole);
	assert_words(seen_text, is->absent, FALSE);
	assert_words(seen_text, is->there, TRUE);
	assert_words(whole_text, PRIYAS " " ANAS, TRUE);
	assert_words(seen_text, NOBODYS, FALSE);
	assert_words(whole_text, NOBODYS, FALSE);
	world_end(&world);
}

/* The page's author has the pointers, too. */
static void
test_pointers(void)
{
	const char *const shares[] = { "priorities", "refusals", "", "" };
	struct world world;
	g_autoptr(GroupView) view = NULL;

	world_begin(&world, shares);
	view = world_view(&world, "sam");
	for (guint i = 0; i < view->topics->len; i++) {
		const struct group_view_topic *topic = view->topics->pdata[i];

		for (guint j = 0; j < topic->stands->len; j++) {
			const struct group_stand *stand = &g_array_index(
				topic->stands, struct group_stand, j);

			if (!stand->priority ||
			    strcmp(stand->member->profile, "sam") == 0)
				continue;
			g_assert_cmpstr(stand->priority->about, ==, "");
			g_assert_null(stand->priority->keywords[0]);
			g_assert_null(stand->priority->metric.name);
		}
	}
	world_end(&world);
}

/* Two who want the same alike, and neither owns it; and one who counts for more
 * than twice the other. */
static void
test_owner(void)
{
	static const char text[] =
		"version: 1\n"
		"members:\n"
		"- {profile: priya, influence: {now: 0.5}}\n"
		"- {profile: sam, influence: {now: %s}}\n"
		"topics: [{id: cloud, priorities: [priya/spend, sam/saas]}]\n";
	static const char *const cases[][3] = {
		{ "0.2", "cloud of nobody, orphan, 0.3714",
		  "priya-sam 1.2750: Priya Raman wants Endpoint detection and "
		  "response (0.90), Sam Lee does not: their profile refuses "
		  "\"Endpoint detection\"; Sam Lee gives cloud 0.80, Priya "
		  "Raman 0.20; cloud has no owner, and Priya Raman (0.20) and "
		  "Sam Lee (0.80) want it.\n" },
		{ "0.26", "cloud of sam 0.4053", "priya-sam 0.9500: " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(GStrv) parts = g_strsplit(text, "%s", 2);
		g_autofree char *whole = g_strjoinv(cases[i][0], parts);
		struct world world = { .profiles = world_profiles_read(),
				       .group = world_group_read(whole) };
		g_autoptr(GroupView) view = world_view(&world, NULL);
		g_autofree char *topics = topics_text(view);
		g_autofree char *links = links_text(view);

		g_assert_nonnull(strstr(topics, cases[i][1]));
		g_assert_nonnull(strstr(links, cases[i][2]));
		world_end(&world);
	}
}

/* Whose word should count for more talks to who owns what they want. */
static void
test_growth(void)
{
	struct world world = {
		.profiles = world_profiles_read(),
		.group = world_group_read(
			"version: 1\n"
			"members:\n"
			"- {profile: priya, influence: {now: 0.2, wished: "
			"0.4}}\n"
			"- {profile: sam, influence: {now: 0.2, wished: "
			"0.39}}\n"
			"- {profile: ana}\n"
			"topics:\n"
			"- {id: a, owner: ana, priorities: [priya/edr, "
			"ana/segments]}\n"
			"- {id: b, owner: ana, priorities: [sam/saas]}\n"),
	};
	g_autoptr(GroupView) view = world_view(&world, NULL);

	ASSERT_TEXT(links_text(view),
		    "sam-ana 0.9950: Ana Costa wants a (0.70), Sam Lee does "
		    "not: their profile refuses \"Endpoint detection\"; Sam "
		    "Lee wants b (0.80), which Ana Costa owns without having "
		    "it as a priority.\n"
		    "priya-sam 0.5000: Priya Raman wants a (0.90), Sam Lee "
		    "does not: their profile refuses \"Endpoint detection\"; "
		    "Sam Lee gives b 0.80, Priya Raman 0.20.\n"
		    "priya-ana 0.2800: Priya Raman wants a (0.90), which Ana "
		    "Costa owns, and should count for 0.40 instead of 0.20; "
		    "Priya Raman wants b (0.20), which Ana Costa owns without "
		    "having it as a priority.\n");
	world_end(&world);
}

/* Nothing to weigh is no fault. */
static void
test_empty(void)
{
	const char *const shares[] = { "", "", "", "" };
	struct world world;
	g_autoptr(GroupView) view = NULL;

	world_begin(&world, shares);
	view = world_view(&world, "nobody");
	ASSERT_TEXT(topics_text(view),
		    "edr of priya 0.0000 0.0000 1.0000:\n"
		    "people of sam, orphan, 0.0000 0.0000 1.0000:\n");
	g_assert_cmpfloat(view->agreement, ==, 1);
	g_assert_cmpuint(view->conflicts->len, ==, 0);
	world_end(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/group/view/topics", test_topics);
	g_test_add_func("/group/view/conflicts", test_conflicts);
	g_test_add_func("/group/view/links", test_links);
	g_test_add_func("/group/view/meetings", test_meetings);
	g_test_add_func("/group/view/pointers", test_pointers);
	g_test_add_func("/group/view/owner", test_owner);
	g_test_add_func("/group/view/growth", test_growth);
	g_test_add_func("/group/view/empty", test_empty);
	for (gsize i = 0; i < G_N_ELEMENTS(private_cases); i++) {
		g_autofree char *path = g_strdup_printf(
			"/group/view/private/%s", private_cases[i].name);

		g_test_add_data_func(path, &private_cases[i], test_private);
	}
	return g_test_run();
}
