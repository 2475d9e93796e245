/* The conformance suite: the queue of held mail. */
#include "queue_world.h"

#define TAG 0.35

static void
mail_is_folded_by_campaign(struct store *store)
{
	const struct store_fold_query query = { .buyer = "priya", .tag = TAG };
	g_autofree char *a1 = hold(store, "priya", "A", 1);
	g_autofree char *a2 = hold(store, "priya", "A", 2);
	g_autofree char *a3 = hold(store, "priya", "A", 3);
	g_autofree char *b = hold(store, "priya", "B", 4);
	g_autofree char *alone = hold(store, "priya", "", 5);
	g_autofree char *sams = hold(store, "sam", "A", 6);
	g_autoptr(GPtrArray) rows = folds_of(store, &query, 3);
	const struct store_fold *fold;

	g_assert_cmpuint(rows->len, ==, 3);
	fold = rows->pdata[2];
	g_assert_cmpstr(fold->top->campaign, ==, "A");
	g_assert_cmpstr(fold->top->id, ==, a3);
	g_assert_cmpstr(fold->top->subject, ==, "Subject number 3");
	g_assert_cmpuint(fold->n, ==, 3);
	g_assert_cmpuint(fold->colleagues, ==, 1);
	g_assert_cmpint(fold->first_us, ==, DAY + 1);
	g_assert_cmpint(fold->last_us, ==, DAY + 3);
	fold = rows->pdata[0];
	g_assert_cmpstr(fold->top->id, ==, alone);
	g_assert_cmpuint(fold->n, ==, 1);
	g_assert_cmpuint(fold->colleagues, ==, 0);
	g_assert_cmpint(fold->first_us, ==, DAY + 5);
	g_assert_cmpint(fold->last_us, ==, DAY + 5);
}

struct regret_case {
	const char *what;
	double outreach;
	double relevance;
	const enum store_label *label; /* NULL: none */
	double regret;
};

static const enum store_label relevant = STORE_RELEVANT;
static const enum store_label irrelevant = STORE_IRRELEVANT;
static const enum store_label no_outreach = STORE_NOT_OUTREACH;

static const struct regret_case regret_cases[] = {
	{ "surely useless", 1, 0, NULL, -TAG },
	{ "probably useless", 0.9, 0.2, NULL, 1 - 0.72 - TAG },
	{ "perhaps no outreach", 0.5, 0.2, NULL, 1 - 0.4 - TAG },
	{ "relevance unknown", 0.9, -1, NULL, 1 - 0.45 - TAG },
	{ "outreach unknown", -1, 0.2, NULL, 1 - 0.4 - TAG },
	{ "never judged", -1, -1, NULL, -1 },
	{ "labelled", 0.9, 0.2, &irrelevant, 1 - 0.72 - TAG - 2 },
	{ "never judged, labelled", -1, -1, &irrelevant, -3 },
	{ "called relevant", 0.9, 0.2, &relevant, 1 - 0.72 - TAG + 4 },
	{ "called no outreach", 0.9, 0.2, &no_outreach, 1 - 0.72 - TAG + 4 },
};

static void
say(struct store *store, const char *id, enum store_label label)
{
	struct store_feedback feedback = { .buyer = (char[]){ "priya" },
					   .message = (char *)(gsize)id,
					   .label = label };

	id_new(feedback.id);
	KIT_DO(store_feedback_add(store, &feedback, &error));
}

static void
label(struct store *store, const char *id)
{
	say(store, id, STORE_IRRELEVANT);
}

/* Alone in the queue, whatever it was. */
static void
regret_is_that_of_the_decision(struct store *store)
{
	const struct store_fold_query query = { .buyer = "priya", .tag = TAG };

	for (guint i = 0; i < G_N_ELEMENTS(regret_cases); i++) {
		const struct regret_case *c = &regret_cases[i];
		g_autofree char *id =
			hold_judged(store, c->outreach, c->relevance, i);
		g_autoptr(GPtrArray) rows = NULL;
		const struct store_fold *fold;

		g_test_message("%s", c->what);
		if (c->label)
			say(store, id, *c->label);
		rows = folds_of(store, &query, 1);
		fold = rows->pdata[0];
		g_assert_cmpstr(fold->top->id, ==, id);
		g_assert_cmpfloat_with_epsilon(fold->regret, c->regret, 1e-9);
		g_assert_cmpint(store_fold_wanted(fold), ==, c->regret > 2);
		KIT_DO(store_delete(store, "priya", id, "", &error));
	}
}

static void
what_is_regretted_most_comes_first(struct store *store)
{
	struct store_fold_query query = { .buyer = "priya", .tag = TAG };
	static const struct held held[] = {
		{ "priya", "SURE", 1, 0 },	{ "priya", "MIXED", 1, 0.1 },
		{ "priya", "MIXED", 0.5, 0.5 }, { "priya", "NEVER", -1, -1 },
		{ "priya", "EVEN", 0.9, 0.5 },
	};
	g_autofree char *top = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(held); i++) {
		g_autoptr(StoreMessage) message = message_of(&held[i], i);
		g_autofree char *id = hold_message(store, message);

		if (i == 2)
			top = g_strdup(id);
	}
	assert_queue(store, &query, "MIXED:2 EVEN:1 SURE:1 NEVER:1");
	/* Said about its best: the next of the campaign counts. */
	label(store, top);
	assert_queue(store, &query, "EVEN:1 MIXED:2 SURE:1 NEVER:1");
	query.order = STORE_ORDER_NEWEST;
	assert_queue(store, &query, "EVEN:1 NEVER:1 MIXED:2 SURE:1");
}

/* The queue with what was decided, without it, and that alone. */
static void
assert_decided(struct store *store, struct store_fold_query *query,
	       const char *const wanted[], guint messages)
{
	for (guint i = STORE_DECIDED_TOO; i <= STORE_DECIDED_ONLY; i++) {
		struct store_fold_total total = { 0 };
		g_autoptr(GPtrArray) rows = NULL;

		query->decided = i;
		assert_queue(store, query, wanted[i]);
		KIT_DO((rows = store_fold_list(store, query, &total, &error)));
		g_assert_cmpuint(total.folds, ==, rows->len);
		if (i == STORE_DECIDED_NOT)
			g_assert_cmpuint(total.messages, ==, messages);
	}
}

static void
put_off(struct store *store, const char *id)
{
	struct store_pending later = { .kind = STORE_SNOOZE,
				       .buyer = (char[]){ "priya" },
				       .message = (char *)(gsize)id,
				       .until_us = 2 * DAY };

	id_new(later.id);
	KIT_DO(store_pending_add(store, &later, &error));
}

/* A campaign is, when all of it that is held was called irrelevant: by what is
 * summed up, by a search, and beside mail that is put off. */
static void
what_was_agreed_to_is_apart(struct store *store)
{
	static const char *const campaigns[] = { "A", "A", "B", "C", "D" };
	struct store_fold_query query = { .buyer = "priya",
					  .tag = TAG,
					  .order = STORE_ORDER_NEWEST };
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(campaigns); i++)
		g_ptr_array_add(ids, hold(store, "priya", campaigns[i], i + 1));
	say(store, ids->pdata[0], STORE_IRRELEVANT);
	say(store, ids->pdata[2], STORE_IRRELEVANT);
	say(store, ids->pdata[3], STORE_RELEVANT);
	for (guint i = 0; i < 2; i++) {
		query.text = i == 1 ? "@" : NULL;
		assert_decided(store, &query,
			       (const char *const[]){ "D:1 C:1 B:1 A:2",
						      "D:1 C:1 A:2", "B:1" },
			       4);
	}
	query.text = NULL;
	put_off(store, ids->pdata[1]);
	query.now_us = DAY + CLOCK_DAY_US;
	assert_decided(store, &query,
		       (const char *const[]){ "D:1 C:1 B:1 A:1", "D:1 C:1",
					      "B:1 A:1" },
		       2);
	query.now_us = 0;
	say(store, ids->pdata[1], STORE_IRRELEVANT);
	assert_decided(store, &query,
		       (const char *const[]){ "D:1 C:1 B:1 A:2", "D:1 C:1",
					      "B:1 A:2" },
		       2);
	if (!store_feedback_undo(store, "priya", ids->pdata[2], "x", &error) &&
	    kit_injected(&error))
		store_feedback_undo(store, "priya", ids->pdata[2], "x", NULL);
	assert_decided(store, &query,
		       (const char *const[]){ "D:1 C:1 B:1 A:2", "D:1 C:1 B:1",
					      "A:2" },
		       3);
}

/* What a person called wanted leads, however sure the filter was; of its
 * campaign it is what is shown. */
static void
what_is_wanted_comes_first(struct store *store)
{
	struct store_fold_query query = { .buyer = "priya", .tag = TAG };
	const struct store_fold_query one = { .buyer = "priya",
					      .tag = TAG,
					      .limit = 1 };
	g_autofree char *first = hold_judged(store, 1, 0, 1);
	g_autofree char *a = hold(store, "priya", "A", 2);
	g_autofree char *best = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	g_free(hold(store, "priya", "B", 3));
	g_free(hold(store, "priya", "A", 4));
	g_free(hold_judged(store, 0.5, 0.5, 5));
	best = g_strdup("Zo\xc3\xab \xe2\x98\x83 5:1 A:2 B:1 "
			"Zo\xc3\xab \xe2\x98\x83 1:1");
	assert_queue(store, &query, best);
	say(store, a, STORE_RELEVANT);
	say(store, first, STORE_NOT_OUTREACH);
	assert_queue(store, &query,
		     "A:2 Zo\xc3\xab \xe2\x98\x83 1:1 "
		     "Zo\xc3\xab \xe2\x98\x83 5:1 B:1");
	rows = folds_of(store, &one, 4);
	g_assert_cmpstr(((struct store_fold *)rows->pdata[0])->top->id, ==, a);
	if (!store_feedback_undo(store, "priya", first, "x", NULL))
		store_feedback_undo(store, "priya", first, "x", NULL);
	KIT_DO(store_claim(store, "priya", a, "me", CLOCK_DAY_US, &error));
	assert_queue(store, &query,
		     "Zo\xc3\xab \xe2\x98\x83 5:1 A:1 B:1 "
		     "Zo\xc3\xab \xe2\x98\x83 1:1");
}

/* A fold in which one is put off and others are wanted, too, and a message that
 * is both, each counted once and by what is left of it. */
static void
what_is_apart_in_two_ways_counts_once(struct store *store)
{
	struct store_fold_query query = { .buyer = "priya",
					  .tag = TAG,
					  .now_us = DAY + CLOCK_DAY_US };
	g_autofree char *a1 = hold(store, "priya", "A", 1);
	g_autofree char *a2 = hold(store, "priya", "A", 2);
	g_autofree char *a3 = hold(store, "priya", "A", 3);
	g_autofree char *both = hold(store, "priya", "B", 4);
	g_autofree char *alone = hold(store, "priya", "", 5);
	const char *const wanted[] = { a2, a3, both, alone };
	g_autoptr(GPtrArray) rows = NULL;

	g_free(hold(store, "priya", "B", 6));
	g_free(hold(store, "priya", "C", 7));
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
		say(store, wanted[i], STORE_RELEVANT);
	say(store, a1, STORE_IRRELEVANT);
	put_off(store, a2);
	put_off(store, both);
	assert_queue(store, &query, "Zo\xc3\xab \xe2\x98\x83 5:1 A:2 C:1 B:1");
	query.decided = STORE_DECIDED_NOT;
	rows = folds_of(store, &query, 4);
	query.decided = STORE_DECIDED_ONLY;
	assert_queue(store, &query, "");
	query.now_us = 0;
	query.decided = STORE_DECIDED_NOT;
	assert_queue(store, &query, "Zo\xc3\xab \xe2\x98\x83 5:1 B:2 A:3 C:1");
}

/* Too many to be looked at one by one. */
static void
many_are_wanted(struct store *store)
{
	const struct store_fold_query query = { .buyer = "priya",
						.tag = TAG,
						.limit = 1 };
	g_autoptr(GPtrArray) rows = NULL;

	for (guint i = 0; i < 52; i++) {
		g_autofree char *id = hold_judged(store, 0.9, 0.1, i);

		say(store, id, STORE_RELEVANT);
	}
	g_free(hold(store, "priya", "B", 90));
	rows = folds_of(store, &query, 53);
	g_assert_true(store_fold_wanted(rows->pdata[0]));
}

static void
a_label_taken_back_counts_no_more(struct store *store)
{
	const struct store_fold_query query = { .buyer = "priya", .tag = TAG };
	g_autofree char *alone = hold_judged(store, 0.5, 0.5, 1);
	g_autofree char *other = hold(store, "priya", "B", 2);
	g_autoptr(GError) error = NULL;

	assert_queue(store, &query, "Zo\xc3\xab \xe2\x98\x83 1:1 B:1");
	label(store, alone);
	assert_queue(store, &query, "B:1 Zo\xc3\xab \xe2\x98\x83 1:1");
	if (!store_feedback_undo(store, "priya", alone, "x", &error) &&
	    kit_injected(&error))
		store_feedback_undo(store, "priya", alone, "x", NULL);
	assert_queue(store, &query, "Zo\xc3\xab \xe2\x98\x83 1:1 B:1");
}

/* Whatever way a message leaves the queue, its campaign stays with the rest. */
static void
what_is_decided_leaves(struct store *store)
{
	const struct store_fold_query query = { .buyer = "priya", .tag = TAG };
	g_autofree char *first = hold(store, "priya", "A", 1);
	g_autofree char *second = hold(store, "priya", "A", 2);
	g_autofree char *third = hold(store, "priya", "A", 3);
	g_autofree char *last = hold(store, "priya", "A", 4);
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_fold *fold;
	guint expired;

	KIT_DO(store_claim(store, "priya", last, "me", CLOCK_DAY_US, &error));
	assert_queue(store, &query, "A:3");
	KIT_DO(store_settle(store, "priya", last, "me", STORE_HELD, "",
			    &error));
	assert_queue(store, &query, "A:4");
	KIT_DO(store_delete(store, "priya", last, "", &error));
	KIT_DO(store_claim(store, "priya", second, "me", CLOCK_DAY_US, &error));
	KIT_DO(store_settle(store, "priya", second, "me", STORE_RELEASED, "",
			    &error));
	KIT_DO(store_expire(store, DAY + 2, 0, &expired, &error));
	rows = folds_of(store, &query, 1);
	fold = rows->pdata[0];
	g_assert_cmpstr(fold->top->id, ==, third);
	g_assert_cmpuint(fold->n, ==, 1);
	g_assert_cmpint(fold->first_us, ==, DAY + 3);
	g_assert_cmpint(fold->last_us, ==, DAY + 3);
	KIT_DO(store_delete(store, "priya", third, "", &error));
	g_ptr_array_unref(rows);
	rows = folds_of(store, &query, 0);
	g_assert_cmpuint(rows->len, ==, 0);
}

/* A hold that came too late for its mail, which was delivered and noted. */
static void
what_was_delivered_after_all_leaves(struct store *store)
{
	const struct store_fold_query query = { .buyer = "priya", .tag = TAG };
	const struct held held = { "priya", "A", 0.9, 0.1 };
	g_autoptr(StoreMessage) message = message_of(&held, 1);
	g_autofree char *id = hold_message(store, message);

	assert_queue(store, &query, "A:1");
	for (guint i = 0; i < 2; i++)
		store_note(store, message);
	KIT_DO(store_flush(store, kit_soon(), &error));
	assert_queue(store, &query, "");
	/* And noted first, then held. */
	memcpy(message->id, id, sizeof(message->id));
	g_free(hold_message(store, message));
	assert_queue(store, &query, "A:1");
}

struct search_case {
	const char *what;
	struct store_fold_query query;
	const char *found;
};

#define PRIYA .buyer = "priya", .order = STORE_ORDER_NEWEST

static const struct search_case search_cases[] = {
	{ "all", { PRIYA }, "B:1 A:3" },
	{ "nothing to look for", { PRIYA, .text = "" }, "B:1 A:3" },
	{ "a word of one subject", { PRIYA, .text = "NUMBER 2" }, "A:1" },
	{ "an author", { PRIYA, .text = "seller3@" }, "A:1" },
	{ "a name, whatever the case of its letters",
	  { PRIYA, .text = "zO\xc3\x8b \xe2\x98\x83 4" },
	  "B:1" },
	{ "part of a domain", { PRIYA, .text = "acme" }, "A:2" },
	{ "what is not there", { PRIYA, .text = "umber 77" }, "" },
	{ "a sign that is none of SQL's", { PRIYA, .text = "%" }, "" },
	{ "a vendor", { PRIYA, .vendor = "acme.example" }, "A:2" },
	{ "part of a vendor", { PRIYA, .vendor = "acme" }, "" },
	{ "a priority", { PRIYA, .priority = "siem" }, "B:1 A:1" },
	{ "what is near enough to a priority",
	  { PRIYA, .priority = "siem", .tag = 0.3 },
	  "A:1" },
	{ "what is near enough, with a text",
	  { PRIYA, .priority = "siem", .text = "umber 4", .tag = 0.3 },
	  "" },
	{ "nothing is near enough",
	  { PRIYA, .priority = "siem", .tag = 0.5 },
	  "" },
	{ "a threshold alone leaves nothing out",
	  { PRIYA, .tag = 0.5 },
	  "B:1 A:3" },
	{ "a vendor and a priority",
	  { PRIYA, .vendor = "acme.example", .priority = "siem" },
	  "A:1" },
	{ "a text of a vendor",
	  { PRIYA, .vendor = "acme.example", .text = "umber 1" },
	  "A:1" },
	{ "another buyer's", { .buyer = "eve" }, "" },
	{ "after the first", { PRIYA, .offset = 1 }, "A:3" },
	{ "the first only", { PRIYA, .limit = 1 }, "B:1" },
	{ "after the last", { PRIYA, .offset = 9 }, "" },
	{ "of some the second",
	  { PRIYA, .priority = "siem", .offset = 1, .limit = 1 },
	  "A:1" },
};

static void
the_queue_is_searched(struct store *store)
{
	for (guint i = 1; i <= 5; i++) {
		const struct held held = { i == 5 ? "sam" : "priya",
					   i == 4 ? "B" : "A", 0.9,
					   i == 2 ? 0.3 : 0.1 };
		g_autoptr(StoreMessage) message = message_of(&held, i);

		if (i <= 2)
			kit_set(&message->vendor, "acme.example");
		kit_set(&message->priority, i % 2 ? "edr" : "siem");
		g_free(hold_message(store, message));
	}
	for (guint i = 0; i < G_N_ELEMENTS(search_cases); i++) {
		const struct search_case *c = &search_cases[i];

		g_test_message("%s", c->what);
		assert_queue(store, &c->query, c->found);
	}
}

/* Whatever was searched for before: texts are remembered. */
static void
what_comes_after_a_search_is_found(struct store *store)
{
	const struct store_fold_query query = { PRIYA, .text = "SUBJECT" };
	const struct store_fold_query three = { PRIYA, .text = "umber 3" };
	const struct store_fold_query other = { PRIYA, .text = "number",
						.priority = "none such" };
	g_autofree char *first = hold(store, "priya", "A", 1);
	g_autofree char *second = NULL;

	assert_queue(store, &query, "A:1");
	assert_queue(store, &three, "");
	second = hold(store, "priya", "B", 3);
	assert_queue(store, &three, "B:1");
	assert_queue(store, &query, "B:1 A:1");
	assert_queue(store, &other, "");
	KIT_DO(store_claim(store, "priya", first, "me", CLOCK_DAY_US, &error));
	assert_queue(store, &query, "B:1");
	KIT_DO(store_settle(store, "priya", first, "me", STORE_HELD, "",
			    &error));
	assert_queue(store, &query, "B:1 A:1");
	KIT_DO(store_delete(store, "priya", second, "", &error));
	assert_queue(store, &three, "");
	g_free(hold(store, "priya", "A", 3));
	assert_queue(store, &three, "A:1");
	assert_queue(store, &query, "A:2");
}

static void
vendors_are_in_order(struct store *store)
{
	static const char *const vendors[] = { "beta.example", "",
					       "acme.example" };
	const struct store_fold_query query = { .buyer = "priya",
						.order = STORE_ORDER_VENDOR };
	const struct store_fold_query some = { .buyer = "priya",
					       .priority = "edr",
					       .order = STORE_ORDER_VENDOR };

	for (guint i = 0; i < 3; i++) {
		const struct held held = { "priya", vendors[i], 0.9, 0.1 };
		g_autoptr(StoreMessage) message = message_of(&held, i);

		kit_set(&message->vendor, vendors[i]);
		g_free(hold_message(store, message));
	}
	assert_queue(store, &query,
		     "acme.example:1 beta.example:1 Zo\xc3\xab "
		     "\xe2\x98\x83 1:1");
	assert_queue(store, &some,
		     "acme.example:1 beta.example:1 Zo\xc3\xab "
		     "\xe2\x98\x83 1:1");
}

/* ----- many changes, by two handles */

static void
change(struct store *store, GPtrArray *ids, guint n)
{
	const char *id;

	if (ids->len == 0 || g_random_int_range(0, 3) == 0) {
		g_autofree char *campaign = g_strdup_printf("%u", n % 7);

		g_ptr_array_add(ids,
				hold(store, "priya", n % 7 ? campaign : "", n));
		return;
	}
	id = ids->pdata[(guint)g_random_int_range(0, (gint32)ids->len)];
	switch (g_random_int_range(0, 5)) {
	case 0:
		store_claim(store, NULL, id, "me", CLOCK_DAY_US, NULL);
		break;
	case 1:
		store_settle(store, NULL, id, "me",
			     n % 2 ? STORE_HELD : STORE_RELEASED, "", NULL);
		break;
	case 2:
		store_delete(store, NULL, id, "", NULL);
		break;
	case 3:
		label(store, id);
		break;
	default:
		store_feedback_undo(store, "priya", id, "x", NULL);
		break;
	}
}

struct changer {
	struct store *store;
	guint first;
};

static gpointer
change_many(gpointer data)
{
	const struct changer *changer = data;
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	for (guint n = 0; n < 300; n++)
		change(changer->store, ids, changer->first + n);
	return NULL;
}

static void
the_queue_is_right_whatever_happens(void)
{
	char *folder = kit_quick_folder();
	struct changer changers[2] = { { kit_open(folder), 0 },
				       { kit_open(folder), 1000 } };
	GThread *other = g_thread_new("change", change_many, &changers[1]);
	guint expired;

	change_many(&changers[0]);
	g_thread_join(other);
	kit_assert_sound(changers[0].store);
	g_assert_true(
		store_expire(changers[0].store, DAY + 150, 0, &expired, NULL));
	kit_assert_sound(changers[1].store);
	store_close(changers[0].store);
	store_close(changers[1].store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("mail is folded by campaign", mail_is_folded_by_campaign);
	kit_scenario("regret is that of the decision",
		     regret_is_that_of_the_decision);
	kit_scenario("what is regretted most comes first",
		     what_is_regretted_most_comes_first);
	kit_scenario("what is wanted comes first", what_is_wanted_comes_first);
	kit_scenario("what is apart in two ways counts once",
		     what_is_apart_in_two_ways_counts_once);
	kit_scenario("many are wanted", many_are_wanted);
	kit_scenario("a label taken back counts no more",
		     a_label_taken_back_counts_no_more);
	kit_scenario("what was agreed to is apart",
		     what_was_agreed_to_is_apart);
	kit_scenario("what is decided leaves", what_is_decided_leaves);
	kit_scenario("what was delivered after all leaves",
		     what_was_delivered_after_all_leaves);
	kit_scenario("the queue is searched", the_queue_is_searched);
	kit_scenario("what comes after a search is found",
		     what_comes_after_a_search_is_found);
	kit_scenario("vendors are in order", vendors_are_in_order);
	g_test_add_func("/store/the queue is right whatever happens",
			the_queue_is_right_whatever_happens);
	return g_test_run();
}
