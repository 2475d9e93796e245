/*
 * The conformance suite, first part: what is kept and found again.
 * test_store_states.c: changes of state; test_store_threads.c: many at once.
 */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"

static void
assert_same(const struct store_message *a, const struct store_message *b)
{
	g_assert_cmpstr(a->id, ==, b->id);
	g_assert_cmpstr(a->buyer, ==, b->buyer);
	g_assert_cmpint(a->time_us, ==, b->time_us);
	g_assert_cmpstr(a->digest, ==, b->digest);
	g_assert_cmpstr(a->sender, ==, b->sender);
	g_assert_cmpstr(a->rcpt, ==, b->rcpt);
	g_assert_cmpstr(a->from, ==, b->from);
	g_assert_cmpstr(a->from_name, ==, b->from_name);
	g_assert_cmpstr(a->subject, ==, b->subject);
	g_assert_cmpstr(a->message_id, ==, b->message_id);
	g_assert_cmpstr(a->queue_id, ==, b->queue_id);
	g_assert_cmpstr(a->node, ==, b->node);
	g_assert_cmpstr(a->verdict, ==, b->verdict);
	g_assert_true(a->outreach == b->outreach);
	g_assert_true(a->relevance == b->relevance);
	g_assert_cmpstr(a->priority, ==, b->priority);
	g_assert_cmpstr(a->model, ==, b->model);
	g_assert_cmpstr(a->gate, ==, b->gate);
	g_assert_cmpstr(a->reasons, ==, b->reasons);
	g_assert_cmpstr(a->vendor, ==, b->vendor);
	g_assert_cmpuint(a->fingerprint, ==, b->fingerprint);
	g_assert_cmpint(a->size, ==, b->size);
	g_assert_cmpint(a->state, ==, b->state);
	g_assert_cmpint(a->state_us, ==, b->state_us);
	g_assert_cmpuint(a->attempts, ==, b->attempts);
	g_assert_cmpstr(a->note, ==, b->note);
	g_assert_cmpstr(a->campaign ? a->campaign : "", ==,
			b->campaign ? b->campaign : "");
	g_assert_cmpuint(a->touch, ==, b->touch);
}

static void
assert_body(struct store *store, const char *buyer, const char *id,
	    GBytes *bytes)
{
	g_autoptr(GBytes) kept = NULL;

	KIT_DO((kept = store_body(store, buyer, id, &error)));
	g_assert_true(g_bytes_equal(kept, bytes));
}

static void
hold_keeps_every_field(struct store *store)
{
	g_autoptr(StoreMessage) message = kit_message("priya", 7);
	g_autoptr(GBytes) bytes = kit_bytes(4096, 7);
	g_autoptr(StoreMessage) found = NULL;
	g_autoptr(StoreMessage) anyones = NULL;

	kit_set(&message->campaign, message->id);
	message->touch = 1;
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	KIT_DO((found = store_find(store, "priya", message->id, &error)));
	assert_same(found, message);
	KIT_DO((anyones = store_find(store, NULL, message->id, &error)));
	assert_same(anyones, message);
	KIT_REFUSE(store_find(store, "sam", message->id, &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_body(store, "sam", message->id, &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_find(store, NULL, "01J", &error),
		   STORE_ERROR_NOT_FOUND);
	assert_body(store, "priya", message->id, bytes);
	assert_body(store, NULL, message->id, bytes);
}

/* Envelopes and headers are bytes; only NUL cannot be in them. */
static void
hold_keeps_any_bytes(struct store *store)
{
	static const char *const texts[] = {
		"caf\xe9 latin-1",
		"\xff\xfe\x01\x02\x7f",
		"\xc3",
		"\xed\xa0\x80 surrogate",
		"'; DROP TABLE message; --",
		"%s%n \"quoted\" \\ \r\n\tend",
		"\xf0\x9f\x92\xa9",
		"",
	};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(StoreMessage) message = kit_message("priya", i);
		g_autoptr(StoreMessage) found = NULL;
		g_autoptr(GBytes) bytes = kit_bytes(i, i);

		kit_set(&message->rcpt, texts[i]);
		kit_set(&message->sender, texts[i]);
		kit_set(&message->subject, texts[i]);
		KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL,
				  &error));
		KIT_DO((found = store_find(store, "priya", message->id,
					   &error)));
		assert_same(found, message);
		assert_body(store, "priya", message->id, bytes);
	}
}

static void
hold_takes_null_for_empty(struct store *store)
{
	g_autoptr(StoreMessage) message = g_new0(struct store_message, 1);
	g_autoptr(StoreMessage) found = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new(NULL, 0);

	id_new(message->id);
	message->buyer = g_strdup("priya");
	message->state = STORE_HELD;
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	KIT_DO((found = store_find(store, "priya", message->id, &error)));
	g_assert_cmpstr(found->sender, ==, "");
	g_assert_cmpstr(found->note, ==, "");
	g_assert_cmpint(found->state_us, >, 0);
	assert_body(store, "priya", message->id, bytes);
}

static void
hold_keeps_large_bodies(struct store *store)
{
	static const gsize sizes[] = { 1, 4095, 65536, 3 << 20 };

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(StoreMessage) message = kit_message("priya", i);
		g_autoptr(GBytes) bytes = kit_bytes(sizes[i], i);

		KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL,
				  &error));
		assert_body(store, "priya", message->id, bytes);
	}
}

struct repeat_case {
	const char *what;
	const char *buyer;
	const char *rcpt;
	const char *digest;
	gint64 later_us;
	gboolean repeat;
};

static void
check_repeat(struct store *store, const struct store_message *first,
	     const struct repeat_case *c)
{
	g_autoptr(StoreMessage) again = kit_message(c->buyer, 1);
	g_autoptr(GBytes) bytes = kit_bytes(10, 1);
	char own[ID_LEN + 1];
	guint repeats = 7;

	memcpy(own, again->id, sizeof(own));
	kit_set(&again->rcpt, c->rcpt);
	kit_set(&again->digest, c->digest);
	again->time_us = first->time_us + c->later_us;
	g_test_message("%s", c->what);
	KIT_DO(store_hold(store, &again, 1, bytes, kit_soon(), &repeats,
			  &error));
	g_assert_cmpstr(again->id, ==, c->repeat ? first->id : own);
	/* A call made again after its answer was lost is a repeat as well. */
	g_assert_cmpuint(repeats, <=, 8);
	if (c->repeat)
		g_assert_cmpuint(repeats, ==, 8);
}

static void
hold_knows_repeats(struct store *store)
{
	static const struct repeat_case cases[] = {
		{ "same key a minute later", "priya", "<a@b>", "d",
		  60 * CLOCK_SECOND_US, TRUE },
		{ "same key a minute before", "priya", "<a@b>", "d",
		  -60 * CLOCK_SECOND_US, TRUE },
		{ "same key just within two days", "priya", "<a@b>", "d",
		  2 * CLOCK_DAY_US - 1, TRUE },
		{ "same key two days later", "priya", "<a@b>", "d",
		  2 * CLOCK_DAY_US, FALSE },
		{ "another recipient", "priya", "<A@b>", "d", 0, FALSE },
		{ "another digest", "priya", "<a@b>", "e", 0, FALSE },
		{ "another buyer", "sam", "<a@b>", "d", 0, FALSE },
	};
	g_autoptr(StoreMessage) first = kit_message("priya", 1);
	g_autoptr(GBytes) bytes = kit_bytes(300, 1);

	kit_set(&first->rcpt, "<a@b>");
	kit_set(&first->digest, "d");
	KIT_DO(store_hold(store, &first, 1, bytes, kit_soon(), NULL, &error));
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		check_repeat(store, first, &cases[i]);
	assert_body(store, "priya", first->id, bytes);
}

static void
hold_of_the_same_id_is_a_repeat(struct store *store)
{
	g_autoptr(StoreMessage) message = kit_message("priya", 1);
	g_autoptr(GBytes) bytes = kit_bytes(300, 1);
	guint repeats = 0;

	kit_set(&message->digest, "");
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	message->time_us += 10 * CLOCK_DAY_US;
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), &repeats,
			  &error));
	g_assert_cmpuint(repeats, ==, 1);
}

/* Two recipients of a buyer, one known already, and one twice in a hold. */
static void
hold_of_several(struct store *store)
{
	struct store_message *messages[4];
	g_autoptr(GBytes) bytes = kit_bytes(300, 1);
	struct store_query query = { .state = -1 };
	g_autoptr(GPtrArray) rows = NULL;

	for (guint i = 0; i < 4; i++)
		messages[i] = kit_message(i == 2 ? "sam" : "priya", 1);
	kit_set(&messages[1]->rcpt, "<other@buyer.example>");
	KIT_DO(store_hold(store, messages, 1, bytes, kit_soon(), NULL, &error));
	KIT_DO(store_hold(store, messages, 4, bytes, kit_soon(), NULL, &error));
	g_assert_cmpstr(messages[3]->id, ==, messages[0]->id);
	KIT_DO((rows = store_list(store, &query, &error)));
	g_assert_cmpuint(rows->len, ==, 3);
	for (guint i = 0; i < 4; i++) {
		assert_body(store, messages[i]->buyer, messages[i]->id, bytes);
		store_message_free(messages[i]);
	}
}

/* An id that another message has refuses the hold, the first one included. */
static void
hold_is_all_or_none(struct store *store)
{
	g_autofree char *taken = kit_hold(store, "priya", 1);
	struct store_message *messages[] = { kit_message("priya", 2),
					     kit_message("priya", 3) };
	g_autoptr(GBytes) bytes = kit_bytes(300, 1);

	memcpy(messages[1]->id, taken, sizeof(messages[1]->id));
	KIT_REFUSE(
		store_hold(store, messages, 2, bytes, kit_soon(), NULL, &error),
		STORE_ERROR_CONFLICT);
	KIT_REFUSE(store_find(store, NULL, messages[0]->id, &error),
		   STORE_ERROR_NOT_FOUND);
	store_message_free(messages[0]);
	store_message_free(messages[1]);
}

/* Said twice, since the fake may lose one of the two without a word. */
static void
note_twice(struct store *store, const struct store_message *message)
{
	store_note(store, message);
	store_note(store, message);
	KIT_DO(store_flush(store, kit_soon(), &error));
}

static void
note_records_without_body(struct store *store)
{
	g_autoptr(StoreMessage) message = kit_message("priya", 1);
	g_autoptr(StoreMessage) again = kit_message("priya", 1);
	g_autoptr(StoreMessage) found = NULL;

	note_twice(store, message);
	note_twice(store, again);
	KIT_DO((found = store_find(store, "priya", message->id, &error)));
	message->state = STORE_DELIVERED;
	assert_same(found, message);
	KIT_REFUSE(store_body(store, "priya", message->id, &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_find(store, "priya", again->id, &error),
		   STORE_ERROR_NOT_FOUND);
}

/* What was delivered and is then to be held has no bytes yet. */
static void
note_is_no_repeat_of_a_hold(struct store *store)
{
	g_autoptr(StoreMessage) note = kit_message("priya", 1);
	g_autoptr(StoreMessage) other = kit_message("priya", 1);
	g_autoptr(StoreMessage) found = NULL;
	g_autoptr(GBytes) bytes = kit_bytes(300, 1);

	note_twice(store, note);
	KIT_DO(store_hold(store, &other, 1, bytes, kit_soon(), NULL, &error));
	assert_body(store, "priya", other->id, bytes);
	kit_set(&note->digest, "");
	kit_set(&other->digest, "");
	id_new(note->id);
	note_twice(store, note);
	KIT_DO(store_hold(store, &note, 1, bytes, kit_soon(), NULL, &error));
	assert_body(store, "priya", note->id, bytes);
	KIT_DO((found = store_find(store, "priya", note->id, &error)));
	g_assert_cmpint(found->state, ==, STORE_HELD);
}

static void
assert_known(struct store *store, const char *buyer,
	     const char *const *contacts, gboolean wanted)
{
	gboolean known = !wanted;

	KIT_DO(store_known(store, buyer, contacts, kit_soon(), &known, &error));
	g_assert_cmpint(known, ==, wanted);
}

static void
contacts_are_known(struct store *store)
{
	static const char *const none[] = { NULL };
	static const char *const one[] = { "c1", NULL };
	static const char *const strangers[] = { "x1", "x2", "x3", "x4", "x5",
						 "x6", "x7", "x8", "x9", NULL };
	static const char *const last[] = { "x1", "x2", "x3", "x4", "x5", "x6",
					    "x7", "x8", "x9", "c1", NULL };

	for (guint i = 0; i < 2; i++)
		store_contact(store, "priya", "c1", 1000);
	KIT_DO(store_flush(store, kit_soon(), &error));
	assert_known(store, "priya", none, FALSE);
	assert_known(store, "priya", one, TRUE);
	assert_known(store, "priya", strangers, FALSE);
	assert_known(store, "priya", last, TRUE);
	assert_known(store, "sam", one, FALSE);
}

static void
put_similar(struct store *store, const char *buyer, guint n, guint64 bits,
	    gint64 age_us)
{
	g_autoptr(StoreMessage) message = kit_message(buyer, n);
	g_autoptr(GBytes) bytes = kit_bytes(10, n);

	kit_set(&message->vendor, "acme.example");
	message->fingerprint = bits;
	message->time_us -= age_us;
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
}

static void
assert_history(struct store *store, const char *buyer, guint64 bits, guint seen,
	       guint buyers)
{
	const struct store_likeness likeness = { .buyer = buyer,
						 .vendor = "acme.example",
						 .fingerprint = bits };
	struct store_history history = { 0 };

	KIT_DO(store_history(store, &likeness, kit_soon(), &history, &error));
	g_assert_cmpuint(history.campaign_seen, ==, seen);
	g_assert_cmpuint(history.campaign_buyers, ==, buyers);
	g_assert_cmpuint(history.vendor_seen, ==, buyer ? 3 : 7);
}

static void
history_counts_near_fingerprints(struct store *store)
{
	const guint64 base = G_GUINT64_CONSTANT(0x8123456789abcdef);
	const struct store_likeness stranger = { .buyer = "zoe",
						 .fingerprint = base };
	struct store_history history = { 9, 9, 9, "x", 9 };

	put_similar(store, "priya", 1, base, 0);
	put_similar(store, "priya", 2, base ^ 0x7, 0);
	put_similar(store, "priya", 3, base ^ 0xf, 0);
	put_similar(store, "sam", 4, base ^ 0x8000000000000001, 0);
	put_similar(store, "sam", 5, base, 0);
	assert_history(store, "priya", base, 2, 1);
	put_similar(store, "kim", 6, base, 31 * CLOCK_DAY_US);
	put_similar(store, "lou", 7, base, 29 * CLOCK_DAY_US);
	assert_history(store, "priya", base, 2, 2);
	assert_history(store, NULL, base, 5, 3);
	assert_history(store, "priya", ~base, 0, 0);
	assert_history(store, "priya", 0, 0, 0);
	KIT_DO(store_history(store, &stranger, kit_soon(), &history, &error));
	g_assert_cmpuint(history.vendor_seen, ==, 0);
	g_assert_cmpuint(history.campaign_seen, ==, 0);
	g_assert_cmpuint(history.campaign_buyers, ==, 3);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("hold keeps every field", hold_keeps_every_field);
	kit_scenario("hold keeps any bytes", hold_keeps_any_bytes);
	kit_scenario("hold takes NULL for empty", hold_takes_null_for_empty);
	kit_scenario("hold keeps large bodies", hold_keeps_large_bodies);
	kit_scenario("hold knows repeats", hold_knows_repeats);
	kit_scenario("hold of the same id is a repeat",
		     hold_of_the_same_id_is_a_repeat);
	kit_scenario("hold of several", hold_of_several);
	kit_scenario("hold is all or none", hold_is_all_or_none);
	kit_scenario("note records without body", note_records_without_body);
	kit_scenario("note is no repeat of a hold",
		     note_is_no_repeat_of_a_hold);
	kit_scenario("contacts are known", contacts_are_known);
	kit_scenario("history counts near fingerprints",
		     history_counts_near_fingerprints);
	return g_test_run();
}
