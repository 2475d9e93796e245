/* One body for all recipients of a hold: shared, let go, and never lost. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "../lib/store_faults.h"
#include "../lib/store_kit.h"
#include "base/clock.h"

#define MANY 300
#define BODY (4 << 20)

/* Recipients of one message, of two buyers by turns. */
static GPtrArray *
recipients(guint n, guint seed)
{
	GPtrArray *messages = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);

	for (guint i = 0; i < n; i++) {
		struct store_message *message =
			kit_message(i % 2 ? "sam" : "priya", seed);
		g_autofree char *rcpt = g_strdup_printf("<r%u@b.example>", i);

		kit_set(&message->rcpt, rcpt);
		message->time_us = CLOCK_SECOND_US;
		g_ptr_array_add(messages, message);
	}
	return messages;
}

static const char *
id_of(const GPtrArray *messages, guint i)
{
	return ((struct store_message *)g_ptr_array_index(messages, i))->id;
}

static gboolean
hold(struct store *store, const GPtrArray *messages, GBytes *bytes,
     GError **error)
{
	return store_hold(store, (struct store_message **)messages->pdata,
			  messages->len, bytes, kit_soon(), NULL, error);
}

static void
assert_body(struct store *store, const char *id, GBytes *wanted)
{
	g_autoptr(GBytes) bytes = NULL;

	if (!wanted) {
		KIT_REFUSE((bytes = store_body(store, NULL, id, &error)),
			   STORE_ERROR_NOT_FOUND);
		return;
	}
	KIT_DO((bytes = store_body(store, NULL, id, &error)));
	g_assert_true(g_bytes_equal(bytes, wanted));
}

/* What a query of one number says of the file. */
static gint64
number(const char *folder, const char *sql)
{
	sqlite3 *db = kit_database(folder);
	sqlite3_stmt *query;
	gint64 value;

	g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &query, NULL), ==,
			SQLITE_OK);
	g_assert_cmpint(sqlite3_step(query), ==, SQLITE_ROW);
	value = sqlite3_column_int64(query, 0);
	sqlite3_finalize(query);
	sqlite3_close(db);
	return value;
}

static void
assert_contents(const char *folder, guint contents, guint refs)
{
	g_assert_cmpint(number(folder, "SELECT count(*) FROM content"), ==,
			contents);
	g_assert_cmpint(number(folder, "SELECT count(*) FROM frame"), ==,
			contents);
	g_assert_cmpint(number(folder, "SELECT total(refs) FROM content"), ==,
			refs);
}

static gint64
bytes_in_use(const char *folder)
{
	return (number(folder, "PRAGMA page_count") -
		number(folder, "PRAGMA freelist_count")) *
	       4096;
}

static void
many_recipients_cost_one_body(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) messages = recipients(MANY, 1);
	g_autoptr(GBytes) bytes = kit_bytes(BODY, 1);
	gint64 before = bytes_in_use(folder), grown, began_us;
	g_autoptr(GError) error = NULL;

	began_us = clock_monotonic_us();
	g_assert_true(hold(store, messages, bytes, &error));
	g_test_message("%d recipients of %d MB: %" G_GINT64_FORMAT " ms", MANY,
		       BODY >> 20, (clock_monotonic_us() - began_us) / 1000);
	grown = bytes_in_use(folder) - before;
	g_assert_cmpint(grown, >, BODY);
	g_assert_cmpint(grown, <, BODY + MANY * 4096);
	assert_contents(folder, 1, MANY);
	for (guint i = 0; i < MANY - 1; i++)
		g_assert_true(store_delete(store, NULL, id_of(messages, i), "",
					   &error));
	assert_contents(folder, 1, 1);
	assert_body(store, id_of(messages, 0), NULL);
	assert_body(store, id_of(messages, MANY - 1), bytes);
	g_assert_true(store_delete(store, NULL, id_of(messages, MANY - 1), "",
				   &error));
	assert_contents(folder, 0, 0);
	g_assert_cmpint(bytes_in_use(folder) - before, <, BODY / 4);
	kit_assert_sound(store);
	store_close(store);
	kit_remove(folder);
}

static void
expiry_lets_go_batch_by_batch(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) old = recipients(50, 1);
	g_autoptr(GPtrArray) mixed = recipients(20, 2);
	struct store_message *young = g_ptr_array_index(mixed, 7);
	g_autoptr(GBytes) bytes = kit_bytes(9000, 1);
	g_autoptr(GError) error = NULL;
	guint expired = 0;

	young->time_us = clock_now_us();
	g_assert_true(hold(store, old, bytes, &error));
	g_assert_true(hold(store, mixed, bytes, &error));
	assert_contents(folder, 2, 70);
	g_assert_true(store_expire(store, clock_now_us() - CLOCK_DAY_US, 0,
				   &expired, &error));
	g_assert_cmpuint(expired, ==, 69);
	assert_contents(folder, 1, 1);
	assert_body(store, young->id, bytes);
	kit_assert_sound(store);
	store_close(store);
	kit_remove(folder);
}

static void
repeats_add_no_reference(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) first = recipients(3, 1);
	g_autoptr(GPtrArray) again = recipients(5, 1);
	g_autoptr(GBytes) bytes = kit_bytes(900, 1);
	g_autoptr(GBytes) other = kit_bytes(900, 2);
	g_autoptr(GError) error = NULL;

	g_assert_true(hold(store, first, bytes, &error));
	g_assert_true(hold(store, first, bytes, &error));
	assert_contents(folder, 1, 3);
	/* Two new ones among them: only these have the bytes that came now. */
	g_assert_true(hold(store, again, other, &error));
	assert_contents(folder, 2, 5);
	assert_body(store, id_of(again, 2), bytes);
	assert_body(store, id_of(again, 4), other);
	g_assert_cmpint(number(folder, "SELECT min(refs) FROM content"), ==, 2);
	kit_assert_sound(store);
	store_close(store);
	kit_remove(folder);
}

/* Each way out of "held" lets go of one reference, and of no other's. */
static void
each_way_out_lets_go(struct store *store)
{
	g_autoptr(GPtrArray) messages = recipients(5, 1);
	g_autoptr(GBytes) bytes = kit_bytes(3000, 1);

	KIT_DO(hold(store, messages, bytes, &error));
	KIT_DO(store_delete(store, NULL, id_of(messages, 0), "", &error));
	KIT_DO(store_claim(store, NULL, id_of(messages, 1), "me", CLOCK_DAY_US,
			   &error));
	assert_body(store, id_of(messages, 1), bytes);
	KIT_DO(store_settle(store, NULL, id_of(messages, 1), "me",
			    STORE_RELEASED, "", &error));
	for (guint i = 0; i < 2; i++)
		store_note(store, g_ptr_array_index(messages, 2));
	KIT_DO(store_flush(store, kit_soon(), &error));
	for (guint i = 0; i < 3; i++)
		assert_body(store, id_of(messages, i), NULL);
	for (guint i = 3; i < 5; i++)
		assert_body(store, id_of(messages, i), bytes);
}

static void
note(struct store *store, const struct store_message *message)
{
	for (guint i = 0; i < 2; i++)
		store_note(store, message);
	KIT_DO(store_flush(store, kit_soon(), &error));
}

static void
assert_state(struct store *store, const char *id, enum store_state state,
	     const char *says)
{
	g_autoptr(StoreMessage) found = NULL;

	KIT_DO((found = store_find(store, NULL, id, &error)));
	g_assert_cmpint(found->state, ==, state);
	g_assert_cmpstr(found->note, ==, says);
}

static void
a_note_of_held_mail_says_it_was_delivered(struct store *store)
{
	g_autoptr(GPtrArray) messages = recipients(4, 1);
	struct store_message *first = g_ptr_array_index(messages, 0);
	struct store_message *second = g_ptr_array_index(messages, 1);
	struct store_message *third = g_ptr_array_index(messages, 2);
	g_autoptr(GBytes) bytes = kit_bytes(3000, 1);

	KIT_DO(hold(store, messages, bytes, &error));
	KIT_DO(store_claim(store, NULL, second->id, "me", CLOCK_DAY_US,
			   &error));
	kit_set(&first->note, "delivered");
	note(store, first);
	assert_state(store, first->id, STORE_DELIVERED, "delivered");
	assert_body(store, first->id, NULL);
	/* It is being released: somebody else has it in hand. */
	kit_set(&second->note, "delivered");
	note(store, second);
	assert_state(store, second->id, STORE_RELEASING, "held by screen 1");
	/* Another message of that id has nothing to say of this one. */
	kit_set(&third->digest, "another");
	note(store, third);
	assert_state(store, third->id, STORE_HELD, "held by screen 1");
	/* Held once more, its old key is still that of the others. */
	KIT_DO(store_hold(store, &first, 1, bytes, kit_soon(), NULL, &error));
	for (guint i = 0; i < 4; i++)
		assert_body(store, id_of(messages, i), bytes);
	KIT_DO(store_verify(store, &error));
}

/* Who repeated it has let his mail go on the strength of this copy. */
static void
a_note_takes_nothing_from_a_repeat(struct store *store)
{
	g_autoptr(GPtrArray) messages = recipients(2, 1);
	g_autoptr(GPtrArray) again = recipients(1, 1);
	struct store_message *first = g_ptr_array_index(messages, 0);
	struct store_message *second = g_ptr_array_index(messages, 1);
	g_autoptr(GBytes) bytes = kit_bytes(3000, 1);

	KIT_DO(hold(store, messages, bytes, &error));
	KIT_DO(hold(store, again, bytes, &error));
	g_assert_cmpstr(id_of(again, 0), ==, first->id);
	KIT_DO(store_claim(store, NULL, second->id, "me", CLOCK_DAY_US,
			   &error));
	KIT_DO(store_settle(store, NULL, second->id, "me", STORE_HELD, "550",
			    &error));
	note(store, first);
	note(store, second);
	assert_state(store, first->id, STORE_HELD, "held by screen 1");
	assert_state(store, second->id, STORE_HELD, "550");
	for (guint i = 0; i < 2; i++)
		assert_body(store, id_of(messages, i), bytes);
	/* Nor is the mark in anybody's way. */
	KIT_DO(store_claim(store, NULL, first->id, "me", CLOCK_DAY_US, &error));
}

/* Damage to the count, and pointers at nothing, are found. */
static void
wrong_references_are_broken(void)
{
	static const struct {
		const char *sql;
		const char *says;
	} cases[] = {
		{ "UPDATE content SET refs = 3", "wrong count of references" },
		{ "UPDATE message SET content = ''", "body is not there" },
		{ "UPDATE message SET content = 'x/y', state = 4",
		  "points at a body that is not there" },
		{ "DELETE FROM frame", "body is not there" },
		{ "INSERT INTO frame (bytes) VALUES (x'00')",
		  "a body that nobody has" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *folder = kit_folder();
		struct store *store = kit_open(folder);
		sqlite3 *db = kit_database(folder);
		g_autoptr(GError) error = NULL;

		g_free(kit_hold(store, "priya", 1));
		kit_assert_sound(store);
		kit_sql(db, cases[i].sql);
		sqlite3_close(db);
		g_assert_false(store_verify(store, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_BROKEN);
		g_test_message("%s", error->message);
		g_assert_nonnull(strstr(error->message, cases[i].says));
		store_close(store);
		kit_remove(folder);
	}
}

/* What a call that was answered changed, and nothing else, is there. */
struct answers {
	gboolean held, deleted, released, expired;
};

static struct answers
use(const char *folder, const GPtrArray *messages, GBytes *bytes)
{
	g_autofree char *url = kit_url(folder);
	struct store *store = store_open(url, NULL);
	struct answers answers = { FALSE, FALSE, FALSE, FALSE };
	guint expired = 0;

	if (!store)
		return answers;
	answers.held = hold(store, messages, bytes, NULL);
	answers.deleted =
		store_delete(store, NULL, id_of(messages, 0), "", NULL);
	answers.released =
		store_claim(store, NULL, id_of(messages, 1), "me", 1, NULL) &&
		store_settle(store, NULL, id_of(messages, 1), "me",
			     STORE_RELEASED, "", NULL);
	answers.expired =
		store_expire(store, 2 * CLOCK_SECOND_US, 0, &expired, NULL) &&
		expired > 0;
	store_close(store);
	return answers;
}

static void
check_answers(const char *folder, const GPtrArray *messages,
	      const struct answers *answers, GBytes *bytes)
{
	struct store *store = kit_open(folder);

	kit_assert_sound(store);
	if (answers->held)
		assert_body(store, id_of(messages, 3), bytes);
	if (answers->deleted)
		assert_body(store, id_of(messages, 0), NULL);
	if (answers->released)
		assert_body(store, id_of(messages, 1), NULL);
	if (answers->expired)
		assert_body(store, id_of(messages, 2), NULL);
	store_close(store);
}

static void
a_crash_between_is_none(void)
{
	gboolean struck = TRUE;
	guint n;

	for (n = 1; struck; n++) {
		char *folder = kit_quick_folder();
		g_autoptr(GPtrArray) messages = recipients(4, n);
		struct store_message *young = g_ptr_array_index(messages, 3);
		g_autoptr(GBytes) bytes = kit_bytes(30000, n);
		struct answers answers;

		young->time_us = clock_now_us();
		faults_set(n, FAULT_IO, TRUE);
		answers = use(folder, messages, bytes);
		struck = faults_struck();
		faults_set(0, FAULT_IO, FALSE);
		g_test_message("call %u: %d %d %d %d", n, answers.held,
			       answers.deleted, answers.released,
			       answers.expired);
		if (!struck)
			g_assert_true(answers.held && answers.expired);
		check_answers(folder, messages, &answers, bytes);
		kit_remove(folder);
	}
	g_assert_cmpuint(n, >, 30);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	faults_register();
	g_test_add_func("/store/many recipients cost one body",
			many_recipients_cost_one_body);
	g_test_add_func("/store/expiry lets go batch by batch",
			expiry_lets_go_batch_by_batch);
	g_test_add_func("/store/repeats add no reference",
			repeats_add_no_reference);
	kit_scenario("each way out lets go", each_way_out_lets_go);
	kit_scenario("a note of held mail says it was delivered",
		     a_note_of_held_mail_says_it_was_delivered);
	kit_scenario("a note takes nothing from a repeat",
		     a_note_takes_nothing_from_a_repeat);
	g_test_add_func("/store/wrong references are broken",
			wrong_references_are_broken);
	g_test_add_func("/store/a crash between is none",
			a_crash_between_is_none);
	return g_test_run();
}
