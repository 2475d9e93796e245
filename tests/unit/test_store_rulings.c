/* The conformance suite: what buyers ruled, and which ruling applies. */
#include <sqlite3.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"

#define VENDOR	 "acme.example"
#define CAMPAIGN "01J0000000000000000000CAMP"

static struct store_ruling *
ruling_new(enum store_ruling_scope scope, enum store_ruling_word word,
	   gint64 time_us)
{
	struct store_ruling *ruling = g_new0(struct store_ruling, 1);

	id_new(ruling->id);
	ruling->buyer = g_strdup("priya");
	ruling->scope = scope;
	ruling->word = word;
	ruling->subject =
		g_strdup(scope == STORE_RULING_VENDOR ? VENDOR : CAMPAIGN);
	ruling->time_us = time_us;
	ruling->by = g_strdup("pam");
	ruling->cause = g_strdup("01J0000000000000000000CAUS");
	return ruling;
}

/* Its id, the caller's. */
static char *
rule(struct store *store, enum store_ruling_scope scope,
     enum store_ruling_word word, gint64 time_us)
{
	g_autoptr(StoreRuling) ruling = ruling_new(scope, word, time_us);

	KIT_DO(store_ruling_add(store, ruling, &error));
	return g_strdup(ruling->id);
}

static struct store_ruling *
find_at(struct store *store, const char *buyer, gint64 now_us)
{
	struct store_ruling *found = NULL;

	KIT_DO(store_ruling_find(store, buyer, VENDOR, CAMPAIGN, now_us,
				 kit_soon(), &found, &error));
	return found;
}

static void
assert_applies(struct store *store, const char *id)
{
	g_autoptr(StoreRuling) found = find_at(store, "priya", clock_now_us());

	g_assert_cmpstr(found ? found->id : "nothing", ==, id ? id : "nothing");
}

static void
rulings_are_kept(struct store *store)
{
	g_autoptr(StoreRuling) ruling =
		ruling_new(STORE_RULING_VENDOR, STORE_RULING_NOT_NOW, 0);
	g_autoptr(StoreRuling) found = NULL;

	ruling->until_us = clock_now_us() + CLOCK_DAY_US;
	KIT_DO(store_ruling_add(store, ruling, &error));
	found = find_at(store, "priya", clock_now_us());
	g_assert_nonnull(found);
	g_assert_cmpstr(found->id, ==, ruling->id);
	g_assert_cmpstr(found->buyer, ==, "priya");
	g_assert_cmpint(found->scope, ==, STORE_RULING_VENDOR);
	g_assert_cmpint(found->word, ==, STORE_RULING_NOT_NOW);
	g_assert_cmpstr(found->subject, ==, VENDOR);
	g_assert_cmpint(found->until_us, ==, ruling->until_us);
	g_assert_cmpint(found->time_us, ==, ruling->time_us);
	g_assert_cmpint(found->time_us, >, 0);
	g_assert_cmpstr(found->by, ==, "pam");
	g_assert_cmpstr(found->cause, ==, ruling->cause);
	g_assert_cmpint(found->undone_us, ==, 0);
	g_assert_cmpstr(found->undone_by, ==, "");
	g_assert_null(find_at(store, "sam", clock_now_us()));
}

static void
rulings_know_repeats(struct store *store)
{
	g_autofree char *first =
		rule(store, STORE_RULING_VENDOR, STORE_RULING_NEVER, 0);
	g_autofree char *again =
		rule(store, STORE_RULING_VENDOR, STORE_RULING_NEVER, 0);
	g_autofree char *other =
		rule(store, STORE_RULING_VENDOR, STORE_RULING_WANTED, 0);
	g_autoptr(StoreRuling) same =
		ruling_new(STORE_RULING_VENDOR, STORE_RULING_NEVER, 0);
	g_autoptr(GPtrArray) rows = NULL;

	g_assert_cmpstr(again, ==, first);
	g_assert_cmpstr(other, !=, first);
	memcpy(same->id, first, sizeof(same->id));
	KIT_DO(store_ruling_add(store, same, &error));
	same->word = STORE_RULING_WANTED;
	KIT_REFUSE(store_ruling_add(store, same, &error), STORE_ERROR_CONFLICT);
	KIT_DO((rows = store_ruling_list(store, "priya", FALSE, &error)));
	g_assert_cmpuint(rows->len, ==, 2);
}

static void
rulings_are_undone(struct store *store)
{
	g_autofree char *wanted =
		rule(store, STORE_RULING_VENDOR, STORE_RULING_WANTED, 1000);
	g_autofree char *never =
		rule(store, STORE_RULING_VENDOR, STORE_RULING_NEVER, 2000);
	g_autofree char *again = NULL;

	assert_applies(store, never);
	KIT_REFUSE(store_ruling_undo(store, "sam", never, "x", &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_ruling_undo(store, "priya", "01J", "x", &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_DO(store_ruling_undo(store, "priya", never, "paul", &error));
	assert_applies(store, wanted);
	KIT_DO(store_ruling_undo(store, "priya", never, "x", &error));
	KIT_DO(store_ruling_undo(store, "priya", wanted, "x", &error));
	assert_applies(store, NULL);
	again = rule(store, STORE_RULING_VENDOR, STORE_RULING_NEVER, 3000);
	g_assert_cmpstr(again, !=, never);
	assert_applies(store, again);
}

static void
lists_show_what_was_undone(struct store *store)
{
	g_autofree char *first =
		rule(store, STORE_RULING_VENDOR, STORE_RULING_WANTED, 1000);
	g_autofree char *second =
		rule(store, STORE_RULING_CAMPAIGN, STORE_RULING_NEVER, 2000);
	g_autoptr(GPtrArray) all = NULL;
	g_autoptr(GPtrArray) active = NULL;
	g_autoptr(GPtrArray) sams = NULL;
	const struct store_ruling *row;

	KIT_DO(store_ruling_undo(store, "priya", first, "paul", &error));
	KIT_DO((all = store_ruling_list(store, NULL, FALSE, &error)));
	g_assert_cmpuint(all->len, ==, 2);
	row = g_ptr_array_index(all, 0);
	g_assert_cmpstr(row->id, ==, first);
	g_assert_cmpint(row->undone_us, >, 0);
	g_assert_cmpstr(row->undone_by, ==, "paul");
	KIT_DO((active = store_ruling_list(store, "priya", TRUE, &error)));
	g_assert_cmpuint(active->len, ==, 1);
	row = g_ptr_array_index(active, 0);
	g_assert_cmpstr(row->id, ==, second);
	KIT_DO((sams = store_ruling_list(store, "sam", FALSE, &error)));
	g_assert_cmpuint(sams->len, ==, 0);
}

static void
rulings_end(struct store *store)
{
	g_autoptr(StoreRuling) ruling =
		ruling_new(STORE_RULING_CAMPAIGN, STORE_RULING_NOT_NOW, 1000);
	gint64 end_us = clock_now_us() - CLOCK_DAY_US;
	g_autoptr(StoreRuling) before = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autofree char *next = NULL;

	ruling->until_us = end_us;
	KIT_DO(store_ruling_add(store, ruling, &error));
	before = find_at(store, "priya", end_us - 1);
	g_assert_nonnull(before);
	g_assert_null(find_at(store, "priya", end_us));
	KIT_DO((rows = store_ruling_list(store, "priya", TRUE, &error)));
	g_assert_cmpuint(rows->len, ==, 0);
	/* What has ended is nothing to repeat. */
	next = rule(store, STORE_RULING_CAMPAIGN, STORE_RULING_NOT_NOW, 2000);
	g_assert_cmpstr(next, !=, ruling->id);
	assert_applies(store, next);
}

enum wins { NONE, BY_VENDOR, BY_CAMPAIGN };

struct foremost_case {
	const char *what;
	int vendor; /* a word, or -1 */
	int campaign;
	gboolean vendor_newer;
	enum wins wins;
};

static const struct foremost_case foremost_cases[] = {
	{ "nothing was ruled", -1, -1, FALSE, NONE },
	{ "of the vendor only", STORE_RULING_WANTED, -1, FALSE, BY_VENDOR },
	{ "of the campaign only", -1, STORE_RULING_NEVER, FALSE, BY_CAMPAIGN },
	{ "wanted campaign of a vendor that was never to come",
	  STORE_RULING_NEVER, STORE_RULING_WANTED, FALSE, BY_CAMPAIGN },
	{ "never, said of the vendor after all", STORE_RULING_NEVER,
	  STORE_RULING_WANTED, TRUE, BY_VENDOR },
	{ "a vendor is wanted later, its campaign never", STORE_RULING_WANTED,
	  STORE_RULING_NEVER, TRUE, BY_CAMPAIGN },
	{ "not now, said of the vendor later", STORE_RULING_NOT_NOW,
	  STORE_RULING_WANTED, TRUE, BY_CAMPAIGN },
	{ "both never", STORE_RULING_NEVER, STORE_RULING_NEVER, FALSE,
	  BY_CAMPAIGN },
};

static void
the_foremost_applies(struct store *store)
{
	for (guint i = 0; i < G_N_ELEMENTS(foremost_cases); i++) {
		const struct foremost_case *c = &foremost_cases[i];
		g_autofree char *vendor = NULL;
		g_autofree char *campaign = NULL;

		g_test_message("%s", c->what);
		if (c->vendor >= 0)
			vendor = rule(store, STORE_RULING_VENDOR,
				      (guint)c->vendor,
				      c->vendor_newer ? 3000 : 1000);
		if (c->campaign >= 0)
			campaign = rule(store, STORE_RULING_CAMPAIGN,
					(guint)c->campaign, 2000);
		assert_applies(store, c->wins == NONE	     ? NULL
				      : c->wins == BY_VENDOR ? vendor
							     : campaign);
		if (vendor)
			KIT_DO(store_ruling_undo(store, "priya", vendor, "x",
						 &error));
		if (campaign)
			KIT_DO(store_ruling_undo(store, "priya", campaign, "x",
						 &error));
	}
}

static void
what_is_not_asked_is_not_found(struct store *store)
{
	g_autofree char *id =
		rule(store, STORE_RULING_VENDOR, STORE_RULING_NEVER, 0);
	struct store_ruling *found = NULL;

	KIT_DO(store_ruling_find(store, "priya", NULL, NULL, clock_now_us(),
				 kit_soon(), &found, &error));
	g_assert_null(found);
	/* A campaign that has the name of a vendor is no vendor. */
	KIT_DO(store_ruling_find(store, "priya", "", VENDOR, clock_now_us(),
				 kit_soon(), &found, &error));
	g_assert_null(found);
}

/* As the daemon sees what another program rules: two handles on one file. */
static void
others_are_seen_at_once(void)
{
	char *folder = kit_folder();
	struct store *daemon = kit_open(folder);
	struct store *cli = kit_open(folder);

	for (gint64 i = 1; i <= 50; i++) {
		g_autofree char *id = NULL;

		assert_applies(daemon, NULL);
		id = rule(cli, STORE_RULING_VENDOR, STORE_RULING_NEVER,
			  i * 1000);
		assert_applies(daemon, id);
		KIT_DO(store_ruling_undo(cli, "priya", id, "x", &error));
	}
	store_close(cli);
	store_close(daemon);
	kit_remove(folder);
}

/* However many there are to look through, no longer than the deadline. */
static void
a_passed_deadline_finds_nothing(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	sqlite3 *db = kit_database(folder);
	struct store_ruling untouched, *found = &untouched;
	g_autoptr(GError) error = NULL;

	kit_sql(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < 5000)"
		    " INSERT INTO ruling (buyer, id, scope, word, subject,"
		    " until, time, giver, cause) SELECT 'priya', i, 0, 2,"
		    " '" VENDOR "', 1, i, '', '' FROM n");
	g_assert_false(
		store_ruling_find(store, "priya", VENDOR, "", clock_now_us(),
				  clock_monotonic_us() - 1, &found, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_TIME);
	g_assert_true(found == &untouched);
	assert_applies(store, NULL);
	sqlite3_close(db);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("rulings are kept", rulings_are_kept);
	kit_scenario("rulings know repeats", rulings_know_repeats);
	kit_scenario("rulings are undone", rulings_are_undone);
	kit_scenario("lists show what was undone", lists_show_what_was_undone);
	kit_scenario("rulings end", rulings_end);
	kit_scenario("the foremost ruling applies", the_foremost_applies);
	kit_scenario("what is not asked is not found",
		     what_is_not_asked_is_not_found);
	g_test_add_func("/store/rulings of others are seen at once",
			others_are_seen_at_once);
	g_test_add_func("/store/a passed deadline finds no ruling",
			a_passed_deadline_finds_nothing);
	return g_test_run();
}
