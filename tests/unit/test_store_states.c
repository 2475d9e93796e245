/* The conformance suite: lists, changes of state, expiry, figures. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"

#define LEASE_US (60 * CLOCK_SECOND_US)

static void
assert_state(struct store *store, const char *id, enum store_state state,
	     guint attempts, const char *note)
{
	g_autoptr(StoreMessage) found = NULL;

	KIT_DO((found = store_find(store, NULL, id, &error)));
	g_assert_cmpstr(store_state_name(found->state), ==,
			store_state_name(state));
	g_assert_cmpuint(found->attempts, ==, attempts);
	if (note)
		g_assert_cmpstr(found->note, ==, note);
}

static void
assert_body_there(struct store *store, const char *id, gboolean there)
{
	g_autoptr(GBytes) bytes = NULL;

	if (there)
		KIT_DO((bytes = store_body(store, NULL, id, &error)));
	else
		KIT_REFUSE((bytes = store_body(store, NULL, id, &error)),
			   STORE_ERROR_NOT_FOUND);
}

static void
claim(struct store *store, const char *id, const char *owner)
{
	KIT_DO(store_claim(store, NULL, id, owner, LEASE_US, &error));
}

static void
settle(struct store *store, const char *id, enum store_state state)
{
	KIT_DO(store_settle(store, NULL, id, "me", state, "said so", &error));
}

/* Brings a held message into a state, by the ways there are. */
static void
bring(struct store *store, const char *id, enum store_state state)
{
	guint expired;

	if (state == STORE_RELEASING || state == STORE_RELEASED)
		claim(store, id, "me");
	if (state == STORE_RELEASED)
		settle(store, id, STORE_RELEASED);
	if (state == STORE_DELETED)
		KIT_DO(store_delete(store, NULL, id, "spam", &error));
	if (state == STORE_EXPIRED)
		KIT_DO(store_expire(store, G_MAXINT64, 0, &expired, &error));
}

enum change { CLAIM, CLAIM_OTHER, RELEASE, RETURN, UNSURE, DELETE };

static gboolean
change(struct store *store, const char *id, enum change what, GError **error)
{
	switch (what) {
	case CLAIM:
		return store_claim(store, "priya", id, "me", LEASE_US, error);
	case CLAIM_OTHER:
		return store_claim(store, "priya", id, "other", LEASE_US,
				   error);
	case RELEASE:
		return store_settle(store, "priya", id, "me", STORE_RELEASED,
				    "250", error);
	case RETURN:
		return store_settle(store, "priya", id, "me", STORE_HELD, "550",
				    error);
	case UNSURE:
		return store_settle(store, "priya", id, "me", STORE_RELEASING,
				    "no answer", error);
	case DELETE:
	default:
		return store_delete(store, "priya", id, "spam", error);
	}
}

struct change_case {
	enum store_state from;
	enum change what;
	gboolean allowed;
	enum store_state to;
	gboolean body;
};

static const struct change_case change_cases[] = {
	{ STORE_HELD, CLAIM, TRUE, STORE_RELEASING, TRUE },
	{ STORE_HELD, RELEASE, FALSE, STORE_HELD, TRUE },
	{ STORE_HELD, RETURN, FALSE, STORE_HELD, TRUE },
	{ STORE_HELD, UNSURE, FALSE, STORE_HELD, TRUE },
	{ STORE_HELD, DELETE, TRUE, STORE_DELETED, FALSE },
	{ STORE_RELEASING, CLAIM, TRUE, STORE_RELEASING, TRUE },
	{ STORE_RELEASING, CLAIM_OTHER, FALSE, STORE_RELEASING, TRUE },
	{ STORE_RELEASING, RELEASE, TRUE, STORE_RELEASED, FALSE },
	{ STORE_RELEASING, RETURN, TRUE, STORE_HELD, TRUE },
	{ STORE_RELEASING, UNSURE, TRUE, STORE_RELEASING, TRUE },
	{ STORE_RELEASING, DELETE, FALSE, STORE_RELEASING, TRUE },
	{ STORE_RELEASED, CLAIM, FALSE, STORE_RELEASED, FALSE },
	{ STORE_RELEASED, RELEASE, TRUE, STORE_RELEASED, FALSE },
	{ STORE_RELEASED, RETURN, FALSE, STORE_RELEASED, FALSE },
	{ STORE_RELEASED, UNSURE, FALSE, STORE_RELEASED, FALSE },
	{ STORE_RELEASED, DELETE, FALSE, STORE_RELEASED, FALSE },
	{ STORE_DELETED, CLAIM, FALSE, STORE_DELETED, FALSE },
	{ STORE_DELETED, RELEASE, FALSE, STORE_DELETED, FALSE },
	{ STORE_DELETED, DELETE, TRUE, STORE_DELETED, FALSE },
	{ STORE_EXPIRED, CLAIM, FALSE, STORE_EXPIRED, FALSE },
	{ STORE_EXPIRED, RELEASE, FALSE, STORE_EXPIRED, FALSE },
	{ STORE_EXPIRED, DELETE, FALSE, STORE_EXPIRED, FALSE },
};

/* Each scenario takes the cases of one state: a fake runs it call by call. */
static void
changes_from(struct store *store, enum store_state from)
{
	for (guint i = 0; i < G_N_ELEMENTS(change_cases); i++) {
		const struct change_case *c = &change_cases[i];
		g_autofree char *id = NULL;
		guint claims = c->from == STORE_RELEASING ||
			       c->from == STORE_RELEASED ||
			       (c->from == STORE_HELD && c->what == CLAIM);

		if (c->from != from)
			continue;
		g_test_message("%s, change %d", store_state_name(c->from),
			       (int)c->what);
		id = kit_hold(store, "priya", i);
		bring(store, id, c->from);
		if (c->allowed)
			KIT_DO(change(store, id, c->what, &error));
		else
			KIT_REFUSE(change(store, id, c->what, &error),
				   STORE_ERROR_CONFLICT);
		assert_state(store, id, c->to, claims, NULL);
		assert_body_there(store, id, c->body);
	}
}

static void
changes_of_held(struct store *store)
{
	changes_from(store, STORE_HELD);
}

static void
changes_of_releasing(struct store *store)
{
	changes_from(store, STORE_RELEASING);
}

static void
changes_of_released(struct store *store)
{
	changes_from(store, STORE_RELEASED);
}

static void
changes_of_deleted(struct store *store)
{
	changes_from(store, STORE_DELETED);
}

static void
changes_of_expired(struct store *store)
{
	changes_from(store, STORE_EXPIRED);
}

static void
changes_need_a_message(struct store *store)
{
	g_autofree char *id = kit_hold(store, "priya", 1);
	char other[ID_LEN + 1];

	id_new(other);
	for (int what = CLAIM; what <= DELETE; what++)
		KIT_REFUSE(change(store, other, (enum change)what, &error),
			   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_delete(store, "sam", id, "spam", &error),
		   STORE_ERROR_NOT_FOUND);
	assert_state(store, id, STORE_HELD, 0, "held by screen 1");
}

/* A note that was only recorded has nothing to give or to lose. */
static void
delivered_mail_stays_delivered(struct store *store)
{
	g_autoptr(StoreMessage) message = kit_message("priya", 1);

	store_note(store, message);
	store_note(store, message);
	KIT_DO(store_flush(store, kit_soon(), &error));
	for (int what = CLAIM; what <= DELETE; what++)
		KIT_REFUSE(
			change(store, message->id, (enum change)what, &error),
			STORE_ERROR_CONFLICT);
	assert_state(store, message->id, STORE_DELIVERED, 0, message->note);
}

/*
 * A release that meets the filter is judged unwanted again while its own row
 * leaves: that row is no copy to count on.
 */
static void
what_leaves_is_no_repeat(struct store *store)
{
	static const enum store_state leaving[] = { STORE_RELEASING,
						    STORE_RELEASED,
						    STORE_DELETED };

	for (guint i = 0; i < G_N_ELEMENTS(leaving); i++) {
		g_autofree char *first = kit_hold(store, "priya", i);
		g_autofree char *second = NULL;
		g_autofree char *third = NULL;

		bring(store, first, leaving[i]);
		second = kit_hold(store, "priya", i);
		g_assert_cmpstr(second, !=, first);
		assert_body_there(store, second, TRUE);
		third = kit_hold(store, "priya", i);
		g_assert_cmpstr(third, ==, second);
	}
}

static void
a_lease_runs_out(struct store *store)
{
	g_autofree char *id = kit_hold(store, "priya", 1);

	/* One microsecond: over before the next call, but not forgotten. */
	KIT_DO(store_claim(store, NULL, id, "first", 1, &error));
	claim(store, id, "second");
	KIT_REFUSE(store_claim(store, NULL, id, "third", LEASE_US, &error),
		   STORE_ERROR_CONFLICT);
	KIT_REFUSE(store_settle(store, NULL, id, "first", STORE_RELEASED,
				"late", &error),
		   STORE_ERROR_CONFLICT);
	KIT_DO(store_settle(store, NULL, id, "second", STORE_HELD, "550 no",
			    &error));
	assert_body_there(store, id, TRUE);
}

/* An unknown outcome ends the lease: anyone may try again, at once. */
static void
an_unknown_outcome_is_tried_again(struct store *store)
{
	g_autofree char *id = kit_hold(store, "priya", 1);

	claim(store, id, "me");
	settle(store, id, STORE_RELEASING);
	assert_state(store, id, STORE_RELEASING, 1, "said so");
	claim(store, id, "other");
	assert_state(store, id, STORE_RELEASING, 2, NULL);
	KIT_DO(store_settle(store, NULL, id, "other", STORE_RELEASED, "250 ok",
			    &error));
	assert_state(store, id, STORE_RELEASED, 2, "250 ok");
	assert_body_there(store, id, FALSE);
}

static struct store_message *
hold_as(struct store *store, const char *buyer, guint n, const char *subject)
{
	struct store_message *message = kit_message(buyer, n);
	g_autoptr(GBytes) bytes = kit_bytes(10, n);

	/* Ids made within a millisecond are in no order. */
	g_snprintf(message->id, sizeof(message->id),
		   "01J0000000000000000000%04u", n);
	kit_set(&message->subject, subject);
	message->time_us = n * CLOCK_SECOND_US;
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	return message;
}

/* The list as the last digits of the ids: "4 3 1". */
static void
assert_list(struct store *store, const struct store_query *query,
	    const char *wanted)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GString) got = g_string_new(NULL);

	KIT_DO((rows = store_list(store, query, &error)));
	for (guint i = 0; i < rows->len; i++) {
		const struct store_message *row = g_ptr_array_index(rows, i);

		g_string_append_printf(got, "%s%c", i ? " " : "",
				       row->id[ID_LEN - 1]);
	}
	g_assert_cmpstr(got->str, ==, wanted);
}

static void
list_restricts_and_orders(struct store *store)
{
	static const struct {
		struct store_query query;
		const char *wanted;
	} cases[] = {
		{ { .state = -1 }, "6 5 3 2 1" },
		{ { .state = -1, .buyer = "priya" }, "5 3 2 1" },
		{ { .state = STORE_HELD, .buyer = "priya" }, "3 2 1" },
		{ { .state = STORE_RELEASING }, "5" },
		{ { .state = STORE_DELETED }, "4" },
		{ { .state = STORE_DELETED, .buyer = "sam" }, "" },
		{ { .state = STORE_EXPIRED }, "" },
		{ { .state = -1,
		    .since_us = 2 * CLOCK_SECOND_US,
		    .until_us = 5 * CLOCK_SECOND_US },
		  "3 2" },
		{ { .state = -1, .limit = 2 }, "6 5" },
		{ { .state = -1,
		    .limit = 2,
		    .after_id = "01J00000000000000000000005" },
		  "3 2" },
		{ { .state = -1, .text = "zo\xc3\x8b" }, "6 5 3 2 1" },
		{ { .state = -1, .text = "\xc3\x84RGER FOR \xc3\x9c" }, "2" },
		{ { .state = -1, .text = "VENDOR3.example" }, "3" },
		{ { .state = -1, .text = "seller1@" }, "1" },
		{ { .state = -1, .text = "100%_" }, "3" },
		{ { .state = -1, .text = "\xff" }, "6" },
		{ { .state = -1, .text = "nowhere" }, "" },
		/* Pages act on all that matches as they show it. */
		{ { .state = -1, .text = "4Q3" }, "" },
		{ { .state = -1, .text = "bounce+2@vendor.example" }, "" },
		{ { .state = -1, .text = "4Q3", .names = TRUE }, "3" },
		{ { .state = -1, .text = "4q3", .names = TRUE }, "3" },
		{ { .state = -1, .text = "4Q", .names = TRUE }, "" },
		{ { .state = -1, .text = "<2@vendor.example>", .names = TRUE },
		  "2" },
		{ { .state = -1,
		    .text = "Bounce+2@vendor.example",
		    .names = TRUE },
		  "2" },
		{ { .state = -1,
		    .text = "<bounce+2@vendor.example>",
		    .names = TRUE },
		  "2" },
		{ { .state = -1,
		    .text = "ounce+2@vendor.example",
		    .names = TRUE },
		  "" },
		{ { .state = -1,
		    .text = "\"pri ya\"+3@buyer.example",
		    .names = TRUE },
		  "3" },
	};
	static const char *const subjects[] = {
		"one",	 "\xc3\x84rger f\xc3\xbcr, \xc3\xa4rger for \xc3\xbc",
		"100%_", "four",
		"five",	 "latin \xff",
	};

	for (guint i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autoptr(StoreMessage) message = hold_as(
			store, i == 5 ? "sam" : "priya", i + 1, subjects[i]);

		if (i == 3)
			bring(store, message->id, STORE_DELETED);
		if (i == 4)
			bring(store, message->id, STORE_RELEASING);
	}
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("list, case %u", i);
		assert_list(store, &cases[i].query, cases[i].wanted);
	}
}

static void
expiry_takes_old_mail_and_contacts(struct store *store)
{
	static const char *const old[] = { "old", NULL };
	static const char *const met_again[] = { "met again", NULL };
	struct store_query held = { .state = STORE_HELD };
	struct store_query gone = { .state = STORE_EXPIRED };
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(StoreMessage) releasing = hold_as(store, "priya", 0, "s");
	guint expired = 99;
	gboolean known;

	bring(store, releasing->id, STORE_RELEASING);
	for (guint i = 1; i <= 20; i++)
		store_message_free(
			hold_as(store, i % 2 ? "priya" : "sam", i, "s"));
	for (guint i = 0; i < 2; i++) {
		store_contact(store, "priya", "old", 1000);
		store_contact(store, "priya", "met again", 3000);
		store_contact(store, "priya", "met again", 1000);
	}
	KIT_DO(store_flush(store, kit_soon(), &error));
	KIT_DO(store_expire(store, 18 * CLOCK_SECOND_US, 2000, &expired,
			    &error));
	/* If the first answer was lost, the second found nothing to do. */
	g_assert_true(expired == 17 || expired == 0);
	assert_list(store, &held, "0 9 8");
	assert_body_there(store, releasing->id, TRUE);
	KIT_DO((rows = store_list(store, &gone, &error)));
	g_assert_cmpuint(rows->len, ==, 17);
	for (guint i = 0; i < rows->len; i += 8)
		assert_body_there(
			store,
			((struct store_message *)g_ptr_array_index(rows, i))
				->id,
			FALSE);
	KIT_DO(store_known(store, "priya", old, kit_soon(), &known, &error));
	g_assert_false(known);
	KIT_DO(store_known(store, "priya", met_again, kit_soon(), &known,
			   &error));
	g_assert_true(known);
}

static void
note_verdict(struct store *store, guint n, const char *verdict, gint64 age_us)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);

	kit_set(&message->verdict, verdict);
	message->time_us -= age_us;
	store_note(store, message);
	store_note(store, message);
}

static void
stats_count(struct store *store)
{
	struct store_stats stats = { .schema = 99 };
	g_autofree char *held = kit_hold(store, "priya", 1);
	g_autofree char *deleted = kit_hold(store, "priya", 2);
	g_autoptr(StoreMessage) oldest = NULL;

	bring(store, deleted, STORE_DELETED);
	note_verdict(store, 3, "deliver", 0);
	note_verdict(store, 4, "deliver", 2 * CLOCK_DAY_US);
	note_verdict(store, 5, "tag", 0);
	for (guint i = 0; i < 2; i++)
		store_contact(store, "priya", "c", 1);
	KIT_DO(store_flush(store, kit_soon(), &error));
	KIT_DO((oldest = store_find(store, NULL, held, &error)));
	KIT_DO(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.states[STORE_DELIVERED], ==, 3);
	g_assert_cmpuint(stats.states[STORE_HELD], ==, 1);
	g_assert_cmpuint(stats.states[STORE_DELETED], ==, 1);
	g_assert_cmpuint(stats.states[STORE_RELEASED], ==, 0);
	g_assert_cmpuint(stats.delivered_day, ==, 1);
	g_assert_cmpuint(stats.tagged_day, ==, 1);
	g_assert_cmpuint(stats.held_day, ==, 2);
	g_assert_cmpuint(stats.contacts, ==, 1);
	g_assert_cmpuint(stats.bytes, >, 4096);
	g_assert_cmpuint(stats.dropped, ==, 0);
	g_assert_cmpint(stats.oldest_held_us, ==, oldest->time_us);
	g_assert_cmpuint(stats.schema, ==, 12);
}

static void
an_empty_store_answers(struct store *store)
{
	struct store_query all = { .state = -1 };
	struct store_stats stats;
	guint expired = 99;

	assert_list(store, &all, "");
	KIT_DO(store_stats(store, &stats, &error));
	g_assert_cmpint(stats.oldest_held_us, ==, 0);
	g_assert_cmpuint(stats.repeats, ==, 0);
	KIT_DO(store_expire(store, G_MAXINT64, G_MAXINT64, &expired, &error));
	g_assert_cmpuint(expired, ==, 0);
	KIT_DO(store_verify(store, &error));
}

static void
states_have_words(void)
{
	for (int state = 0; state <= STORE_EXPIRED; state++) {
		const char *word = store_state_name((enum store_state)state);

		g_assert_cmpint(store_state_parse(word), ==, state);
	}
	g_assert_cmpstr(store_state_name(STORE_HELD), ==, "held");
	g_assert_cmpint(store_state_parse("Held"), ==, -1);
	g_assert_cmpint(store_state_parse(""), ==, -1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/states have words", states_have_words);
	kit_scenario("changes of held mail", changes_of_held);
	kit_scenario("changes of releasing mail", changes_of_releasing);
	kit_scenario("changes of released mail", changes_of_released);
	kit_scenario("changes of deleted mail", changes_of_deleted);
	kit_scenario("changes of expired mail", changes_of_expired);
	kit_scenario("changes need a message", changes_need_a_message);
	kit_scenario("delivered mail stays delivered",
		     delivered_mail_stays_delivered);
	kit_scenario("what leaves is no repeat", what_leaves_is_no_repeat);
	kit_scenario("a lease runs out", a_lease_runs_out);
	kit_scenario("an unknown outcome is tried again",
		     an_unknown_outcome_is_tried_again);
	kit_scenario("list restricts and orders", list_restricts_and_orders);
	kit_scenario("expiry takes old mail and contacts",
		     expiry_takes_old_mail_and_contacts);
	kit_scenario("stats count", stats_count);
	kit_scenario("an empty store answers", an_empty_store_answers);
	return g_test_run();
}
