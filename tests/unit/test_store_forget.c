/* The conformance suite: what is forgotten of mail that is long gone. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/queue.h"
#include "store/vendors.h"

#define DAY(n)	     ((G_GINT64_CONSTANT(20000) + (n)) * CLOCK_DAY_US)
#define LEASE	     (60 * CLOCK_SECOND_US)
#define FAR	     (clock_monotonic_us() + 60 * CLOCK_SECOND_US)
#define MANY	     100
#define KEPT_OF_MANY 7

static gboolean
is_there(struct store *store, const char *id)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) found = store_find(store, NULL, id, &error);

	if (!found && kit_injected(&error))
		found = store_find(store, NULL, id, &error);
	return found != NULL;
}

static struct store_message *
message_at(const char *buyer, gint64 time_us, guint n)
{
	struct store_message *message = kit_message(buyer, n);

	message->time_us = time_us;
	message->state_us = time_us;
	message->outreach = 0.2;
	kit_set(&message->vendor, "acme.example");
	kit_set(&message->campaign, "CAMPAIGN");
	return message;
}

/* A note that is lost is no error: it is made until it is there. */
static char *
deliver(struct store *store, const char *buyer, gint64 time_us, guint n)
{
	g_autoptr(StoreMessage) message = message_at(buyer, time_us, n);

	message->state = STORE_DELIVERED;
	kit_set(&message->verdict, "deliver");
	do {
		store_note(store, message);
		KIT_DO(store_flush(store, kit_soon(), &error));
	} while (!is_there(store, message->id));
	return g_strdup(message->id);
}

static char *
hold(struct store *store, const char *buyer, gint64 time_us, guint n)
{
	g_autoptr(StoreMessage) message = message_at(buyer, time_us, n);
	g_autoptr(GBytes) bytes = kit_bytes(300, n);

	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	return g_strdup(message->id);
}

static void
forget(struct store *store, gint64 before_us)
{
	guint forgotten;

	KIT_DO(store_forget(store, before_us, FAR, &forgotten, &error));
}

/* In the states that they come to. */
struct made {
	char *ids[6];
};

static const char *const made_names[] = { "delivered", "held",	  "releasing",
					  "released",  "deleted", "labelled" };

static struct made
make(struct store *store, gint64 time_us)
{
	struct made made = { { NULL } };
	struct store_feedback said = { .buyer = (char[]){ "priya" } };
	char owner[ID_LEN + 1];

	id_new(owner);
	made.ids[0] = deliver(store, "priya", time_us, 0);
	for (guint i = 1; i < 5; i++)
		made.ids[i] = hold(store, "priya", time_us + i, i);
	for (guint i = 2; i < 4; i++)
		KIT_DO(store_claim(store, "priya", made.ids[i], owner, LEASE,
				   &error));
	KIT_DO(store_settle(store, "priya", made.ids[3], owner, STORE_RELEASED,
			    "", &error));
	KIT_DO(store_delete(store, "priya", made.ids[4], "", &error));
	made.ids[5] = deliver(store, "priya", time_us + 5, 5);
	id_new(said.id);
	said.message = made.ids[5];
	KIT_DO(store_feedback_add(store, &said, &error));
	return made;
}

/* A letter for each that is there. */
static void
assert_there(struct store *store, const struct made *made, const char *wanted)
{
	for (guint i = 0; i < G_N_ELEMENTS(made->ids); i++) {
		g_test_message("%s", made_names[i]);
		g_assert_cmpint(is_there(store, made->ids[i]), ==,
				wanted[i] == 'y');
	}
}

static void
made_clear(struct made *made)
{
	for (guint i = 0; i < G_N_ELEMENTS(made->ids); i++)
		g_free(made->ids[i]);
}

/* "DAY:DELIVERED/HELD/RELEASED", the oldest first. */
static void
assert_flow(struct store *store, const char *buyer, const char *wanted)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GString) got = g_string_new(NULL);

	KIT_DO((rows = store_flow_list(store, buyer, 0, &error)));
	for (guint i = 0; i < rows->len; i++) {
		const struct store_flow *flow = rows->pdata[i];

		if (flow->delivered + flow->held > 0)
			g_string_append_printf(
				got, "%s%d:%u/%u/%u", got->len > 0 ? " " : "",
				(int)(flow->day_us / CLOCK_DAY_US) - 20000,
				flow->delivered, flow->held, flow->released);
	}
	g_assert_cmpstr(got->str, ==, wanted);
}

/* Whose answer was lost is told that there is nothing more. */
static void
undo(struct store *store, const char *id)
{
	g_autoptr(GError) error = NULL;

	if (!store_feedback_undo(store, "priya", id, "x", &error) &&
	    kit_injected(&error))
		store_feedback_undo(store, "priya", id, "x", NULL);
	g_assert_no_error(error);
}

static void
what_is_long_gone_is_forgotten(struct store *store)
{
	struct made old = make(store, DAY(0) + 10);
	struct made young = make(store, DAY(9) + 10);

	assert_flow(store, "priya", "0:2/4/1 9:2/4/1");
	/* Whole days only. */
	forget(store, DAY(1) - 1);
	assert_there(store, &old, "yyyyyy");
	forget(store, DAY(1));
	assert_there(store, &old, "nyynny");
	assert_there(store, &young, "yyyyyy");
	assert_flow(store, "priya", "0:1/2/0 9:2/4/1");
	assert_flow(store, "", "0:1/2/0 9:2/4/1");
	KIT_DO(store_verify(store, &error));
	/* What was said of it holds no more. */
	undo(store, old.ids[5]);
	KIT_DO(store_delete(store, "priya", old.ids[1], "", &error));
	forget(store, DAY(10));
	assert_there(store, &old, "nnynnn");
	assert_there(store, &young, "nyynny");
	assert_flow(store, "priya", "0:0/1/0 9:1/2/0");
	KIT_DO(store_verify(store, &error));
	made_clear(&old);
	made_clear(&young);
}

/* Who wrote for long goes on in the same campaign, with fewer touches. */
static void
a_campaign_goes_on(struct store *store)
{
	const struct store_likeness likeness = {
		.buyer = "priya",
		.vendor = "acme.example",
		.sender = "else@acme.example",
		.message_id = "<new@acme.example>",
	};
	const gint64 now_us = clock_now_us();
	g_autofree char *old =
		deliver(store, "priya", now_us - 50 * CLOCK_DAY_US, 1);
	g_autofree char *young =
		deliver(store, "priya", now_us - 20 * CLOCK_DAY_US, 2);
	g_autofree char *sams =
		deliver(store, "sam", now_us - 50 * CLOCK_DAY_US, 3);
	struct store_history history;

	KIT_DO(store_history(store, &likeness, kit_soon(), &history, &error));
	g_assert_cmpstr(history.campaign, ==, "CAMPAIGN");
	g_assert_cmpuint(history.touch, ==, 3);
	g_assert_cmpuint(history.vendor_seen, ==, 2);
	forget(store, now_us - 40 * CLOCK_DAY_US);
	g_assert_false(is_there(store, old));
	KIT_DO(store_history(store, &likeness, kit_soon(), &history, &error));
	g_assert_cmpstr(history.campaign, ==, "CAMPAIGN");
	g_assert_cmpuint(history.touch, ==, 2);
	g_assert_cmpuint(history.vendor_seen, ==, 1);
	KIT_DO(store_verify(store, &error));
}

/* More than one transaction takes, with some among them that stay. */
static void
many_are_forgotten(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	char *ids[MANY];
	guint forgotten = 0;

	for (guint i = 0; i < MANY; i++) {
		g_autoptr(StoreMessage) message =
			message_at("priya", DAY(0) + i / 3, i);

		ids[i] = g_strdup(message->id);
		if (i % 15 == 0)
			g_free(g_steal_pointer(&ids[i]));
		else
			store_note(store, message);
		if (!ids[i])
			ids[i] = hold(store, "priya", message->time_us, i);
	}
	g_assert_true(store_flush(store, kit_soon(), NULL));
	/* There is no time: it is no failure. */
	g_assert_true(store_forget(store, DAY(1), clock_monotonic_us() - 1,
				   &forgotten, NULL));
	g_assert_cmpuint(forgotten, ==, 0);
	g_assert_true(store_forget(store, DAY(1), FAR, &forgotten, NULL));
	/* The last to come stays: the next is numbered after it. */
	g_assert_cmpuint(forgotten, ==, MANY - KEPT_OF_MANY - 1);
	for (guint i = 0; i < MANY; i++) {
		g_assert_cmpint(is_there(store, ids[i]), ==,
				i % 15 == 0 || i == MANY - 1);
		g_free(ids[i]);
	}
	kit_assert_sound(store);
	store_close(store);
	kit_remove(folder);
}

/* Whoever has read the last messages sees the next one, too. */
static void
a_new_one_is_seen_after_all_are_forgotten(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(StoreMessage) message = message_at("priya", 0, 9);
	const struct store_likeness likeness = {
		.buyer = "priya",
		.fingerprint = message->fingerprint,
	};
	struct store_history history;

	for (guint i = 0; i < 5; i++)
		g_free(deliver(store, "priya", DAY(0), i));
	g_assert_true(
		store_history(store, &likeness, kit_soon(), &history, NULL));
	forget(store, DAY(1));
	message->time_us = clock_now_us();
	store_note(store, message);
	g_assert_true(store_flush(store, kit_soon(), NULL));
	g_assert_true(
		store_history(store, &likeness, kit_soon(), &history, NULL));
	g_assert_cmpuint(history.campaign_seen, ==, 1);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("what is long gone is forgotten",
		     what_is_long_gone_is_forgotten);
	kit_scenario("a campaign goes on", a_campaign_goes_on);
	g_test_add_func("/store/many are forgotten", many_are_forgotten);
	g_test_add_func("/store/a new one is seen after all are forgotten",
			a_new_one_is_seen_after_all_are_forgotten);
	return g_test_run();
}
