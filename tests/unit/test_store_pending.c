/* The conformance suite: what is pending, and the flow of mail. */
#include "queue_world.h"

static struct store_pending *
pending_new(enum store_pending_kind kind, const char *message, gint64 until_us)
{
	struct store_pending *pending = g_new0(struct store_pending, 1);

	id_new(pending->id);
	pending->kind = kind;
	pending->buyer = g_strdup("priya");
	pending->message = g_strdup(message);
	pending->by = g_strdup("pam");
	pending->until_us = until_us;
	pending->note = g_strdup("why");
	return pending;
}

/* Its id, the caller's. */
static char *
pend(struct store *store, enum store_pending_kind kind, const char *message,
     gint64 until_us)
{
	g_autoptr(StorePending) pending = pending_new(kind, message, until_us);

	KIT_DO(store_pending_add(store, pending, &error));
	return g_strdup(pending->id);
}

static GPtrArray *
open_at(struct store *store, enum store_pending_kind kind, gint64 now_us,
	guint n)
{
	GPtrArray *rows = NULL;

	KIT_DO((rows = store_pending_list(store, kind, "priya", now_us,
					  &error)));
	g_assert_cmpuint(rows->len, ==, n);
	return rows;
}

static void
end_pending(struct store *store, enum store_pending_kind kind, const char *id,
	    const char *note)
{
	g_autoptr(GError) error = NULL;

	if (!store_pending_end(store, kind, "priya", id, "paul", note,
			       &error) &&
	    kit_injected(&error))
		store_pending_end(store, kind, "priya", id, "paul", note,
				  &error);
	/* After a lost answer there is nothing to end any more. */
	if (!g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		g_assert_no_error(error);
}

static void
requests_are_kept(struct store *store)
{
	gint64 now_us = clock_now_us();
	g_autofree char *id = hold(store, "priya", "A", 1);
	g_autofree char *request = pend(store, STORE_REQUEST, id, 0);
	g_autofree char *again = pend(store, STORE_REQUEST, id, 0);
	g_autoptr(GPtrArray) open = open_at(store, STORE_REQUEST, now_us, 1);
	g_autoptr(GPtrArray) all = NULL;
	const struct store_pending *row = open->pdata[0];

	g_assert_cmpstr(again, ==, request);
	g_assert_cmpstr(row->id, ==, request);
	g_assert_cmpint(row->kind, ==, STORE_REQUEST);
	g_assert_cmpstr(row->buyer, ==, "priya");
	g_assert_cmpstr(row->message, ==, id);
	g_assert_cmpstr(row->by, ==, "pam");
	g_assert_cmpint(row->time_us, >=, now_us);
	g_assert_cmpint(row->until_us, ==, 0);
	g_assert_cmpint(row->ended_us, ==, 0);
	g_assert_cmpstr(row->ended_by, ==, "");
	g_assert_cmpstr(row->note, ==, "why");
	g_ptr_array_unref(open_at(store, STORE_SNOOZE, now_us, 0));
	KIT_DO((all = store_pending_list(store, STORE_REQUEST, NULL, now_us,
					 &error)));
	g_assert_cmpuint(all->len, ==, 1);
}

static void
requests_are_ended(struct store *store)
{
	g_autofree char *id = hold(store, "priya", "A", 1);
	g_autofree char *first = pend(store, STORE_REQUEST, id, 0);
	g_autofree char *next = NULL;
	g_autoptr(StorePending) late = pending_new(STORE_REQUEST, id, 0);

	KIT_REFUSE(store_pending_end(store, STORE_SNOOZE, "priya", id, "x", "",
				     &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_pending_end(store, STORE_REQUEST, "sam", id, "x", "",
				     &error),
		   STORE_ERROR_NOT_FOUND);
	end_pending(store, STORE_REQUEST, id, "refused");
	KIT_REFUSE(store_pending_end(store, STORE_REQUEST, "priya", id, "x", "",
				     &error),
		   STORE_ERROR_NOT_FOUND);
	g_ptr_array_unref(open_at(store, STORE_REQUEST, clock_now_us(), 0));
	/* Told once more by who never had the answer. */
	memcpy(late->id, first, sizeof(late->id));
	KIT_DO(store_pending_add(store, late, &error));
	g_ptr_array_unref(open_at(store, STORE_REQUEST, clock_now_us(), 0));
	next = pend(store, STORE_REQUEST, id, 0);
	g_assert_cmpstr(next, !=, first);
	late->kind = STORE_SNOOZE;
	KIT_REFUSE(store_pending_add(store, late, &error),
		   STORE_ERROR_CONFLICT);
	kit_set(&late->message, "01J");
	KIT_REFUSE(store_pending_add(store, late, &error),
		   STORE_ERROR_NOT_FOUND);
}

static void
snoozes_end_by_themselves(struct store *store)
{
	gint64 now_us = clock_now_us(), until_us = now_us + CLOCK_DAY_US;
	g_autofree char *id = hold(store, "priya", "A", 1);
	g_autofree char *first = pend(store, STORE_SNOOZE, id, until_us);
	g_autofree char *longer = pend(store, STORE_SNOOZE, id, until_us + 1);
	g_autofree char *past = NULL;
	g_autofree char *next = NULL;

	g_assert_cmpstr(longer, ==, first);
	g_ptr_array_unref(open_at(store, STORE_SNOOZE, until_us, 1));
	g_ptr_array_unref(open_at(store, STORE_SNOOZE, until_us + 1, 0));
	past = pend(store, STORE_SNOOZE, id, 1000);
	g_ptr_array_unref(open_at(store, STORE_SNOOZE, now_us, 0));
	KIT_REFUSE(store_pending_end(store, STORE_SNOOZE, "priya", id, "x", "",
				     &error),
		   STORE_ERROR_NOT_FOUND);
	next = pend(store, STORE_SNOOZE, id, until_us);
	g_assert_cmpstr(next, !=, first);
	g_ptr_array_unref(open_at(store, STORE_SNOOZE, now_us, 1));
}

static void
nothing_waits_for_mail_that_is_gone(struct store *store)
{
	g_autofree char *id = hold(store, "priya", "A", 1);
	g_autofree char *request = pend(store, STORE_REQUEST, id, 0);

	KIT_DO(store_claim(store, "priya", id, "me", CLOCK_DAY_US, &error));
	g_ptr_array_unref(open_at(store, STORE_REQUEST, clock_now_us(), 1));
	KIT_DO(store_settle(store, "priya", id, "me", STORE_RELEASED, "",
			    &error));
	g_ptr_array_unref(open_at(store, STORE_REQUEST, clock_now_us(), 0));
	end_pending(store, STORE_REQUEST, id, "granted");
}

static void
what_is_put_off_is_left_out(struct store *store)
{
	gint64 now_us = clock_now_us(), until_us = now_us + CLOCK_DAY_US;
	struct store_fold_query query = { .buyer = "priya", .now_us = now_us };
	g_autofree char *a1 = hold(store, "priya", "A", 1);
	g_autofree char *a2 = hold(store, "priya", "A", 2);
	g_autofree char *b = hold(store, "priya", "B", 3);
	g_autofree char *alone = hold(store, "priya", "", 4);
	g_autoptr(GPtrArray) rows = NULL;

	assert_queue(store, &query, "Zo\xc3\xab \xe2\x98\x83 4:1 B:1 A:2");
	g_free(pend(store, STORE_SNOOZE, a2, until_us));
	g_free(pend(store, STORE_SNOOZE, alone, until_us));
	g_free(pend(store, STORE_REQUEST, b, 0));
	assert_queue(store, &query, "B:1 A:1");
	rows = folds_of(store, &query, 2);
	query.limit = 1;
	query.offset = 1;
	assert_queue(store, &query, "A:1");
	query = (struct store_fold_query){ .buyer = "priya",
					   .priority = "edr",
					   .now_us = now_us };
	assert_queue(store, &query, "B:1 A:1");
	query.now_us = until_us;
	assert_queue(store, &query, "Zo\xc3\xab \xe2\x98\x83 4:1 B:1 A:2");
	query = (struct store_fold_query){ .buyer = "priya", .now_us = 0 };
	assert_queue(store, &query, "Zo\xc3\xab \xe2\x98\x83 4:1 B:1 A:2");
	query.now_us = now_us;
	end_pending(store, STORE_SNOOZE, a2, "");
	assert_queue(store, &query, "B:1 A:2");
}

/* ----- flow */

static void
note(struct store *store, const char *verdict, double outreach, guint n)
{
	const struct held held = { "priya", "", outreach, 0.9 };
	g_autoptr(StoreMessage) message = message_of(&held, n);

	kit_set(&message->verdict, verdict);
	/* Known by its id when it is made again. */
	for (guint i = 0; i < 2; i++)
		store_note(store, message);
}

static void
append_flow(GString *text, const GPtrArray *rows)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct store_flow *flow = rows->pdata[i];

		g_string_append_printf(
			text, "%s%d %s d%u t%u h%u r%u w%u", i ? "; " : "",
			(int)((flow->day_us - DAY) / CLOCK_DAY_US),
			flow->priority, flow->delivered, flow->tagged,
			flow->held, flow->released, flow->relevant);
	}
}

static void
assert_near(struct store *store, double tag, gint64 since_us,
	    const char *wanted)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GString) found = g_string_new(NULL);

	KIT_DO((rows = store_flow_near(store, "priya", tag, since_us, &error)));
	append_flow(found, rows);
	g_assert_cmpstr(found->str, ==, wanted);
}

static void
assert_flow(struct store *store, const char *buyer, gint64 since_us,
	    const char *wanted)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GString) found = g_string_new(NULL);

	KIT_DO((rows = store_flow_list(store, buyer, since_us, &error)));
	append_flow(found, rows);
	g_assert_cmpstr(found->str, ==, wanted);
}

static void
mail_flows_by_day(struct store *store)
{
	const struct held next = { "priya", "", 0.9, 0.1 };
	g_autoptr(StoreMessage) later = message_of(&next, 90);
	g_autofree char *released = hold(store, "priya", "A", 1);
	g_autofree char *deleted = hold(store, "priya", "A", 2);
	g_autofree char *sams = hold(store, "sam", "A", 3);

	note(store, "deliver", 0.1, 11);
	note(store, "deliver", 0.8, 12);
	note(store, "tag", 0.8, 13);
	KIT_DO(store_flush(store, kit_soon(), &error));
	later->time_us = DAY + 2 * CLOCK_DAY_US - 1;
	kit_set(&later->priority, "");
	g_free(hold_message(store, later));
	assert_flow(store, "priya", 0,
		    "0 edr d2 t1 h2 r0 w1; 1  d0 t0 h1 r0 w0");
	KIT_DO(store_claim(store, "priya", released, "me", CLOCK_DAY_US,
			   &error));
	KIT_DO(store_settle(store, "priya", released, "me", STORE_RELEASED, "",
			    &error));
	KIT_DO(store_delete(store, "priya", deleted, "", &error));
	assert_flow(store, "priya", 0,
		    "0 edr d2 t1 h2 r1 w1; 1  d0 t0 h1 r0 w0");
	assert_flow(store, "sam", 0, "0 edr d0 t0 h1 r0 w0");
	assert_flow(store, NULL, 0, "0 edr d2 t1 h3 r1 w1; 1  d0 t0 h1 r0 w0");
	assert_flow(store, "priya", DAY + CLOCK_DAY_US + 7,
		    "1  d0 t0 h1 r0 w0");
	assert_flow(store, "priya", DAY + 2 * CLOCK_DAY_US, "");
}

/* The best priority is kept of all mail; it counts for it when near enough. */
static void
mail_near_a_priority_is_counted(struct store *store)
{
	static const struct held held[] = {
		{ "priya", "A", 0.9, 0.35 }, { "priya", "A", 0.9, 0.34 },
		{ "priya", "", 0.9, 0.8 },   { "priya", "", 0.9, 0.9 },
		{ "priya", "", 0.9, -1 },    { "sam", "A", 0.9, 0.9 },
	};
	g_autofree char *released = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(held); i++) {
		g_autoptr(StoreMessage) message = message_of(&held[i], i);
		g_autofree char *id = NULL;

		if (i == 2)
			message->time_us += 2 * CLOCK_DAY_US;
		if (i == 3)
			kit_set(&message->priority, "");
		id = hold_message(store, message);
		if (i == 0)
			released = g_steal_pointer(&id);
	}
	assert_near(store, 0.35, 0,
		    "0 edr d0 t0 h1 r0 w0; 2 edr d0 t0 h1 r0 w0");
	assert_near(store, 0.34, DAY,
		    "0 edr d0 t0 h2 r0 w0; 2 edr d0 t0 h1 r0 w0");
	assert_near(store, 0.35, DAY + CLOCK_DAY_US + 1,
		    "2 edr d0 t0 h1 r0 w0");
	KIT_DO(store_claim(store, "priya", released, "me", CLOCK_DAY_US,
			   &error));
	KIT_DO(store_settle(store, "priya", released, "me", STORE_RELEASED, "",
			    &error));
	assert_near(store, 0.35, 0,
		    "0 edr d0 t0 h1 r1 w0; 2 edr d0 t0 h1 r0 w0");
	assert_near(store, 0.85, 0, "");
}

/* A day whose only message turned out to be another's is left out. */
static void
a_hold_that_was_delivered_counts_once(struct store *store)
{
	const struct held held = { "priya", "A", 0.9, 0.1 };
	g_autoptr(StoreMessage) message = message_of(&held, 1);
	g_autofree char *id = hold_message(store, message);

	for (guint i = 0; i < 2; i++)
		store_note(store, message);
	KIT_DO(store_flush(store, kit_soon(), &error));
	assert_flow(store, "priya", 0, "0 edr d1 t0 h0 r0 w0");
	message->time_us += CLOCK_DAY_US;
	g_free(hold_message(store, message));
	assert_flow(store, "priya", 0, "1 edr d0 t0 h1 r0 w0");
	assert_flow(store, NULL, 0, "1 edr d0 t0 h1 r0 w0");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("requests are kept", requests_are_kept);
	kit_scenario("requests are ended", requests_are_ended);
	kit_scenario("snoozes end by themselves", snoozes_end_by_themselves);
	kit_scenario("nothing waits for mail that is gone",
		     nothing_waits_for_mail_that_is_gone);
	kit_scenario("what is put off is left out",
		     what_is_put_off_is_left_out);
	kit_scenario("mail flows by day", mail_flows_by_day);
	kit_scenario("mail near a priority is counted",
		     mail_near_a_priority_is_counted);
	kit_scenario("a hold that was delivered counts once",
		     a_hold_that_was_delivered_counts_once);
	return g_test_run();
}
