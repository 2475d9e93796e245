/* The conformance suite: which messages are one campaign, and their touches. */
#include <sqlite3.h>

#include "../../src/store/likeness_private.h"
#include "base/clock.h"
#include "campaign_world.h"

/* Whom it is for, and whose it is. */
#define TO(who, whose) .buyer = who, .vendor = whose

static const struct campaign_case campaign_cases[] = {
	{ "nothing before",
	  { { 0 } },
	  { TO("priya", "acme.example"), .text = TEXT },
	  "",
	  1 },
	{ "same vendor, same buyer, another text",
	  { { TO("priya", "acme.example"), .from = "x@acme.example",
	      .campaign = ONE } },
	  { TO("priya", "ACME.example"), .from = "y@mail.acme.example" },
	  ONE,
	  2 },
	{ "same vendor, another buyer, another text",
	  { { TO("sam", "acme.example"), .campaign = ONE } },
	  { TO("priya", "acme.example") },
	  "",
	  1 },
	{ "same vendor 59 days before",
	  { { TO("priya", "acme.example"), .age_days = 59, .campaign = ONE } },
	  { TO("priya", "acme.example") },
	  ONE,
	  2 },
	{ "same vendor 61 days before",
	  { { TO("priya", "acme.example"), .age_days = 61, .campaign = ONE } },
	  { TO("priya", "acme.example") },
	  "",
	  1 },
	{ "touches that are older than the campaign's end count",
	  { { TO("priya", "acme.example"), .age_days = 80, .campaign = ONE },
	    { TO("priya", "acme.example"), .age_days = 30, .campaign = ONE } },
	  { TO("priya", "acme.example") },
	  ONE,
	  3 },
	{ "the newest of two campaigns",
	  { { TO("priya", "acme.example"), .age_days = 5, .campaign = TWO },
	    { TO("priya", "acme.example"), .age_days = 50, .campaign = ONE } },
	  { TO("priya", "acme.example") },
	  TWO,
	  2 },
	{ "a vendor's mail that is in no campaign",
	  { { TO("priya", "acme.example"), .text = TEXT } },
	  { TO("priya", "acme.example"), .text = TEXT },
	  "",
	  1 },
	{ "public mail domain, same sender",
	  { { TO("priya", ""), .from = "Zoe@mail.example", .campaign = ONE } },
	  { TO("priya", ""), .from = "zoe@MAIL.example" },
	  ONE,
	  2 },
	{ "public mail domain, another sender",
	  { { TO("priya", ""), .from = "zoe@mail.example", .campaign = ONE } },
	  { TO("priya", ""), .from = "joe@mail.example" },
	  "",
	  1 },
	{ "no vendor and no sender are nobody",
	  { { TO("priya", ""), .from = "", .campaign = ONE } },
	  { TO("priya", ""), .from = "" },
	  "",
	  1 },
	{ "another vendor's near text to a colleague",
	  { { TO("sam", "acme.example"), .text = TEXT ^ 0x7,
	      .campaign = ONE } },
	  { TO("priya", "rotated.example"), .text = TEXT },
	  ONE,
	  1 },
	{ "another vendor's text, not so near",
	  { { TO("sam", "acme.example"), .text = TEXT ^ 0xf,
	      .campaign = ONE } },
	  { TO("priya", "rotated.example"), .text = TEXT },
	  "",
	  1 },
	{ "texts without a fingerprint are near to none",
	  { { TO("sam", "acme.example"), .campaign = ONE } },
	  { TO("priya", "rotated.example") },
	  "",
	  1 },
	{ "the nearer rule first: the vendor's own, not the near text",
	  { { TO("sam", "other.example"), .text = TEXT, .campaign = ONE },
	    { TO("priya", "acme.example"), .age_days = 3, .campaign = TWO } },
	  { TO("priya", "acme.example"), .text = TEXT },
	  TWO,
	  2 },
	{ "it refers to what a colleague got",
	  { { TO("sam", "acme.example"),
	      .message_id = " <m1@acme.example> (sent)", .campaign = ONE } },
	  { TO("priya", "acme.example"), .refers_to = "m1@acme.example" },
	  ONE,
	  1 },
	{ "it is the same message that a colleague got",
	  { { TO("sam", "acme.example"), .message_id = "<m1@acme.example>",
	      .campaign = ONE } },
	  { TO("priya", "acme.example"), .message_id = "<m1@acme.example>" },
	  ONE,
	  1 },
	{ "another vendor refers to it",
	  { { TO("sam", "acme.example"), .message_id = "<m1@acme.example>",
	      .campaign = ONE } },
	  { TO("priya", "other.example"), .refers_to = "<m1@acme.example>" },
	  "",
	  1 },
	{ "same subject from the vendor to a colleague",
	  { { TO("sam", "acme.example"), .subject = 77, .campaign = ONE } },
	  { TO("priya", "acme.example"), .subject = 77 },
	  ONE,
	  1 },
	{ "same subject from another vendor",
	  { { TO("sam", "acme.example"), .subject = 77, .campaign = ONE } },
	  { TO("priya", "other.example"), .subject = 77 },
	  "",
	  1 },
	{ "a subject that says nothing",
	  { { TO("sam", "acme.example"), .campaign = ONE } },
	  { TO("priya", "acme.example") },
	  "",
	  1 },
	{ "touches of the buyer's own, not of colleagues",
	  { { TO("sam", "acme.example"), .age_days = 2, .campaign = ONE },
	    { TO("priya", "acme.example"), .age_days = 1, .campaign = ONE },
	    { TO("sam", "acme.example"), .campaign = ONE } },
	  { TO("priya", "acme.example") },
	  ONE,
	  2 },
	{ "a delivery tried again is no further touch",
	  { { TO("priya", "acme.example"), .age_days = 9,
	      .message_id = "<m1@acme.example>", .campaign = ONE },
	    { TO("priya", "acme.example"), .message_id = "<m2@acme.example>",
	      .campaign = ONE } },
	  { TO("priya", "acme.example"), .message_id = "<m2@acme.example>" },
	  ONE,
	  2 },
	{ "two mailboxes of the buyer are one touch",
	  { { TO("priya", "acme.example"), .message_id = "<m1@acme.example>",
	      .campaign = ONE },
	    { TO("priya", "acme.example"), .message_id = "<m1@acme.example>",
	      .campaign = ONE } },
	  { TO("priya", "acme.example"), .message_id = "<m2@acme.example>" },
	  ONE,
	  2 },
	{ "a Message-ID used for every touch hides none",
	  { { TO("priya", "acme.example"), .age_days = 8,
	      .message_id = "<m1@acme.example>", .campaign = ONE },
	    { TO("priya", "acme.example"), .age_days = 4,
	      .message_id = "<m1@acme.example>", .campaign = ONE } },
	  { TO("priya", "acme.example"), .message_id = "<m1@acme.example>" },
	  ONE,
	  3 },
	{ "of all buyers there is no campaign",
	  { { TO("priya", "acme.example"), .campaign = ONE } },
	  { .vendor = "acme.example" },
	  "",
	  1 },
};

/* The whole of a campaign through the fake, each call failing once. */
static void
a_sequence_is_one_campaign(struct store *store)
{
	struct mail mail = { .buyer = "priya",
			     .vendor = "acme.example",
			     .campaign = ONE };
	struct mail colleague = { .buyer = "sam",
				  .vendor = "acme.example",
				  .subject = 5,
				  .campaign = ONE };
	struct store_history history;

	for (guint i = 0; i < 4; i++) {
		mail.text = TEXT + i * G_GUINT64_CONSTANT(0x123456789);
		mail.subject = i;
		ask(store, &mail, &history);
		g_assert_cmpstr(history.campaign, ==, i > 0 ? ONE : "");
		g_assert_cmpuint(history.touch, ==, i + 1);
		keep(store, &mail, i);
	}
	keep(store,
	     &(struct mail){ .buyer = "kim",
			     .vendor = "acme.example",
			     .subject = 5,
			     .campaign = ONE },
	     9);
	ask(store, &colleague, &history);
	g_assert_cmpstr(history.campaign, ==, ONE);
	g_assert_cmpuint(history.touch, ==, 1);
}

/* Notes count as holds do; and a hold that replaces a note is one touch. */
static void
notes_are_touches(struct store *store)
{
	const struct mail mail = { .buyer = "priya",
				   .vendor = "acme.example",
				   .campaign = ONE };
	g_autoptr(StoreMessage) message = message_of(&mail, 1);
	g_autoptr(StoreMessage) found = NULL;
	g_autoptr(GBytes) bytes = kit_bytes(10, 1);
	struct store_history history;

	store_note(store, message);
	store_note(store, message);
	KIT_DO(store_flush(store, kit_soon(), &error));
	ask(store, &mail, &history);
	g_assert_cmpstr(history.campaign, ==, ONE);
	g_assert_cmpuint(history.touch, ==, 2);
	KIT_DO((found = store_find(store, "priya", message->id, &error)));
	g_assert_cmpstr(found->campaign, ==, ONE);
	g_assert_cmpuint(found->touch, ==, 1);
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	ask(store, &mail, &history);
	g_assert_cmpuint(history.touch, ==, 2);
}

static void
touches_end_at_a_hundred(void)
{
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	const struct mail mail = { .buyer = "priya",
				   .vendor = "acme.example",
				   .campaign = ONE };
	struct store_history history;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 120; i++) {
		g_autoptr(StoreMessage) message = message_of(&mail, i);

		store_note(store, message);
	}
	g_assert_true(store_flush(store, kit_soon(), &error));
	ask(store, &mail, &history);
	g_assert_cmpuint(history.touch, ==, 100);
	store_close(store);
	kit_remove(folder);
}

/* More than mail should be able to ask for: only the last count. */
static void
many_references_are_cut(void)
{
	const char *references[10001] = { "<m1@acme.example>" };
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	struct store_likeness likeness = { .buyer = "priya",
					   .vendor = "acme.example",
					   .references = references };
	struct store_history history;
	g_autoptr(GError) error = NULL;

	keep(store,
	     &(struct mail){ .buyer = "sam",
			     .vendor = "acme.example",
			     .message_id = "<m1@acme.example>",
			     .campaign = ONE },
	     1);
	for (guint i = 1; i < 10000; i++)
		references[i] = "<x@y>";
	g_assert_true(
		store_history(store, &likeness, kit_soon(), &history, &error));
	g_assert_cmpstr(history.campaign, ==, "");
	likeness.references = references + 10000 - LIKENESS_REFERENCES_MAX;
	references[10000 - LIKENESS_REFERENCES_MAX] = "<m1@acme.example>";
	g_assert_true(
		store_history(store, &likeness, kit_soon(), &history, &error));
	g_assert_cmpstr(history.campaign, ==, ONE);
	store_close(store);
	kit_remove(folder);
}

static void
message_ids_are_compared_bare(void)
{
	static const char *const same[] = { "<a.b@c>",	   "a.b@c",
					    " <a.b@c> ",   "<a.b@c",
					    "x <a.b@c> y", "\t a.b@c\r\n",
					    "< a.b@c >" };
	static const char *const none[] = { "", " ", "<>", "< >" };

	for (guint i = 0; i < G_N_ELEMENTS(same); i++)
		g_assert_cmpuint(likeness_reference(same[i]), ==,
				 likeness_reference("<a.b@c>"));
	for (guint i = 0; i < G_N_ELEMENTS(none); i++)
		g_assert_cmpuint(likeness_reference(none[i]), ==, 0);
	g_assert_cmpuint(likeness_reference("<A.b@c>"), !=,
			 likeness_reference("<a.b@c>"));
}

/* However many there are to look through, no longer than the deadline. */
static void
a_passed_deadline_says_nothing(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	sqlite3 *db = kit_database(folder);
	const struct mail mail = { .buyer = "priya",
				   .vendor = "acme.example",
				   .text = TEXT };
	const struct store_likeness likeness = { .buyer = "priya",
						 .fingerprint = TEXT };
	struct store_history history = { .touch = 99 };
	g_autoptr(GError) error = NULL;

	kit_sql(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < 5000)"
		    " INSERT INTO touch SELECT i, i, i, 'sam', 'c', 'o', i, i,"
		    " i"
		    " FROM n");
	g_assert_false(store_history(store, &likeness, clock_monotonic_us() - 1,
				     &history, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_TIME);
	g_assert_cmpuint(history.touch, ==, 99);
	ask(store, &mail, &history);
	g_assert_cmpuint(history.touch, ==, 1);
	sqlite3_close(db);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_campaigns(campaign_cases, G_N_ELEMENTS(campaign_cases));
	kit_scenario("a sequence is one campaign", a_sequence_is_one_campaign);
	kit_scenario("notes are touches", notes_are_touches);
	g_test_add_func("/store/touches end at a hundred",
			touches_end_at_a_hundred);
	g_test_add_func("/store/many references are cut",
			many_references_are_cut);
	g_test_add_func("/store/Message-IDs are compared bare",
			message_ids_are_compared_bare);
	g_test_add_func("/store/a passed deadline says no campaign",
			a_passed_deadline_says_nothing);
	return g_test_run();
}
