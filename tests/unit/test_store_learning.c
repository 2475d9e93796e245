/* The conformance suite: features, and what people said about mail. */
#include <sqlite3.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"

static struct store_message *
message_with(guint n, gsize features)
{
	struct store_message *message = kit_message("priya", n);

	message->features = kit_bytes(features, n);
	return message;
}

static void
hold(struct store *store, struct store_message *message)
{
	g_autoptr(GBytes) bytes = kit_bytes(10, 1);

	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
}

static void
assert_features(struct store *store, const char *id, gsize size, guint n)
{
	g_autoptr(GBytes) wanted = kit_bytes(size, n);
	g_autoptr(GBytes) features = NULL;

	KIT_DO((features = store_features(store, "priya", id, &error)));
	g_assert_true(g_bytes_equal(features, wanted));
}

static void
features_are_kept(struct store *store)
{
	static const gsize sizes[] = { 0, 1, 3000, STORE_FEATURES_MAX };

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(StoreMessage) held = message_with(i, sizes[i]);
		g_autoptr(StoreMessage) note = message_with(9 + i, sizes[i]);
		g_autoptr(StoreMessage) found = NULL;

		hold(store, held);
		store_note(store, note);
		store_note(store, note);
		KIT_DO(store_flush(store, kit_soon(), &error));
		assert_features(store, held->id, sizes[i], i);
		assert_features(store, note->id, sizes[i], 9 + i);
		KIT_DO((found = store_find(store, NULL, held->id, &error)));
		g_assert_null(found->features);
		KIT_REFUSE(store_features(store, "sam", held->id, &error),
			   STORE_ERROR_NOT_FOUND);
	}
}

static void
no_features_are_not_found(struct store *store)
{
	g_autofree char *id = kit_hold(store, "priya", 1);
	g_autoptr(StoreMessage) large = message_with(2, STORE_FEATURES_MAX + 1);
	struct store_stats stats;

	KIT_REFUSE(store_features(store, "priya", id, &error),
		   STORE_ERROR_NOT_FOUND);
	hold(store, large);
	KIT_REFUSE(store_features(store, "priya", large->id, &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_DO(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.features_dropped, >=, 1);
}

/* What a hold replaces, and what is a repeat of one. */
static void
features_follow_the_row(struct store *store)
{
	g_autoptr(StoreMessage) note = message_with(1, 100);
	g_autoptr(StoreMessage) again = message_with(1, 200);
	const char *first = note->id;

	store_note(store, note);
	store_note(store, note);
	KIT_DO(store_flush(store, kit_soon(), &error));
	g_bytes_unref(note->features);
	note->features = kit_bytes(50, 7);
	hold(store, note);
	assert_features(store, first, 50, 7);
	hold(store, again);
	g_assert_cmpstr(again->id, ==, first);
	assert_features(store, first, 50, 7);
}

static gboolean
say(struct store *store, const char *message, enum store_label label,
    char id[ID_LEN + 1], GError **error)
{
	g_autoptr(StoreFeedback) feedback = g_new0(struct store_feedback, 1);
	gboolean ok;

	if (*id == '\0')
		id_new(id);
	memcpy(feedback->id, id, ID_LEN + 1);
	feedback->buyer = g_strdup("priya");
	feedback->message = g_strdup(message);
	feedback->label = label;
	feedback->by = g_strdup("pam");
	feedback->source = g_strdup("cli");
	ok = store_feedback_add(store, feedback, error);
	memcpy(id, feedback->id, ID_LEN + 1);
	return ok;
}

/* If the first answer was lost, the second finds nothing to retract. */
static void
undo(struct store *store, const char *message)
{
	g_autoptr(GError) error = NULL;

	if (store_feedback_undo(store, "priya", message, "paul", &error))
		return;
	g_assert_true(kit_injected(&error));
	if (!store_feedback_undo(store, "priya", message, "paul", &error))
		g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

/* The labels in their order, those retracted with a minus: "0- 2". */
static void
assert_said(struct store *store, const char *buyer, gboolean active_only,
	    const char *wanted)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GString) got = g_string_new(NULL);

	KIT_DO((rows = store_feedback_list(store, buyer, 0, active_only,
					   &error)));
	for (guint i = 0; i < rows->len; i++) {
		const struct store_feedback *row = g_ptr_array_index(rows, i);

		g_string_append_printf(got, "%s%d%s", i ? " " : "",
				       (int)row->label,
				       row->retracted_us ? "-" : "");
	}
	g_assert_cmpstr(got->str, ==, wanted);
}

static void
feedback_is_kept(struct store *store)
{
	g_autofree char *message = kit_hold(store, "priya", 1);
	char id[ID_LEN + 1] = "";
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_feedback *row;

	KIT_DO(say(store, message, STORE_RELEVANT, id, &error));
	KIT_DO((rows = store_feedback_list(store, NULL, 0, TRUE, &error)));
	g_assert_cmpuint(rows->len, ==, 1);
	row = g_ptr_array_index(rows, 0);
	g_assert_cmpstr(row->id, ==, id);
	g_assert_cmpstr(row->buyer, ==, "priya");
	g_assert_cmpstr(row->message, ==, message);
	g_assert_cmpint(row->label, ==, STORE_RELEVANT);
	g_assert_cmpstr(row->by, ==, "pam");
	g_assert_cmpstr(row->source, ==, "cli");
	g_assert_cmpint(row->time_us, >, clock_now_us() - CLOCK_DAY_US);
	g_assert_cmpint(row->retracted_us, ==, 0);
	g_assert_cmpstr(row->retracted_by, ==, "");
	g_clear_pointer(&rows, g_ptr_array_unref);
	KIT_DO((rows = store_feedback_list(store, NULL, G_MAXINT64, FALSE,
					   &error)));
	g_assert_cmpuint(rows->len, ==, 0);
	assert_said(store, "sam", FALSE, "");
}

static void
feedback_knows_repeats(struct store *store)
{
	g_autofree char *message = kit_hold(store, "priya", 1);
	g_autofree char *other = kit_hold(store, "priya", 2);
	char first[ID_LEN + 1] = "", again[ID_LEN + 1] = "";

	KIT_DO(say(store, message, STORE_RELEVANT, first, &error));
	KIT_DO(say(store, message, STORE_RELEVANT, first, &error));
	KIT_DO(say(store, message, STORE_RELEVANT, again, &error));
	g_assert_cmpstr(again, ==, first);
	KIT_REFUSE(say(store, message, STORE_IRRELEVANT, first, &error),
		   STORE_ERROR_CONFLICT);
	KIT_REFUSE(say(store, other, STORE_RELEVANT, first, &error),
		   STORE_ERROR_CONFLICT);
	assert_said(store, "priya", FALSE, "0");
}

static void
feedback_needs_its_message(struct store *store)
{
	g_autofree char *sams = kit_hold(store, "sam", 1);
	char id[ID_LEN + 1] = "";

	KIT_REFUSE(say(store, "01J00000000000000000000000", STORE_RELEVANT, id,
		       &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(say(store, sams, STORE_RELEVANT, id, &error),
		   STORE_ERROR_NOT_FOUND);
	assert_said(store, NULL, FALSE, "");
}

static void
another_label_retracts_the_older(struct store *store)
{
	g_autofree char *message = kit_hold(store, "priya", 1);
	char one[ID_LEN + 1] = "", two[ID_LEN + 1] = "";
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_feedback *row;

	KIT_DO(say(store, message, STORE_RELEVANT, one, &error));
	KIT_DO(say(store, message, STORE_NOT_OUTREACH, two, &error));
	assert_said(store, "priya", FALSE, "0- 2");
	assert_said(store, "priya", TRUE, "2");
	KIT_DO((rows = store_feedback_list(store, NULL, 0, FALSE, &error)));
	row = g_ptr_array_index(rows, 0);
	g_assert_cmpstr(row->retracted_by, ==, "pam");
	/* A late repeat of the first does not bring it back. */
	KIT_DO(say(store, message, STORE_RELEVANT, one, &error));
	assert_said(store, "priya", TRUE, "2");
}

static void
feedback_is_undone(struct store *store)
{
	g_autofree char *message = kit_hold(store, "priya", 1);
	char id[ID_LEN + 1] = "", again[ID_LEN + 1] = "";

	KIT_REFUSE(store_feedback_undo(store, "priya", message, "x", &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_DO(say(store, message, STORE_IRRELEVANT, id, &error));
	KIT_REFUSE(store_feedback_undo(store, "sam", message, "x", &error),
		   STORE_ERROR_NOT_FOUND);
	undo(store, message);
	assert_said(store, "priya", FALSE, "1-");
	KIT_REFUSE(store_feedback_undo(store, "priya", message, "x", &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_DO(say(store, message, STORE_IRRELEVANT, again, &error));
	g_assert_cmpstr(again, !=, id);
	assert_said(store, "priya", FALSE, "1- 1");
}

static void
feedback_outlives_the_mail(struct store *store)
{
	g_autofree char *message = kit_hold(store, "priya", 1);
	char id[ID_LEN + 1] = "";

	KIT_DO(say(store, message, STORE_IRRELEVANT, id, &error));
	KIT_DO(store_delete(store, NULL, message, "", &error));
	assert_said(store, "priya", TRUE, "1");
	KIT_DO(say(store, message, STORE_RELEVANT, (char[ID_LEN + 1]){ "" },
		   &error));
	assert_said(store, "priya", TRUE, "0");
}

static void
hold_aged(struct store *store, guint n, gint64 age_us, char id[ID_LEN + 1])
{
	g_autoptr(StoreMessage) message = message_with(n, 100);

	message->time_us -= age_us;
	hold(store, message);
	memcpy(id, message->id, ID_LEN + 1);
}

static void
assert_state(struct store *store, const char *id, enum store_state state)
{
	g_autoptr(StoreMessage) message = NULL;

	KIT_DO((message = store_find(store, "priya", id, &error)));
	g_assert_cmpint(message->state, ==, state);
}

/* More than one transaction takes; those that a label needs stay. */
static void
features_expire(struct store *store)
{
	char old[20][ID_LEN + 1], labelled[ID_LEN + 1], young[ID_LEN + 1];
	char one[ID_LEN + 1] = "", two[ID_LEN + 1] = "";
	guint expired;

	for (guint i = 0; i < 20; i++)
		hold_aged(store, i, STORE_FEATURES_US + CLOCK_DAY_US, old[i]);
	hold_aged(store, 20, STORE_FEATURES_US + CLOCK_DAY_US, labelled);
	hold_aged(store, 21, STORE_FEATURES_US - CLOCK_DAY_US, young);
	KIT_DO(say(store, labelled, STORE_RELEVANT, one, &error));
	KIT_DO(say(store, old[3], STORE_RELEVANT, two, &error));
	undo(store, old[3]);
	KIT_DO(store_expire(store, 0, 0, &expired, &error));
	for (guint i = 0; i < 20; i++)
		KIT_REFUSE(store_features(store, "priya", old[i], &error),
			   STORE_ERROR_NOT_FOUND);
	assert_features(store, labelled, 100, 20);
	assert_features(store, young, 100, 21);
	undo(store, labelled);
	KIT_DO(store_expire(store, 0, 0, &expired, &error));
	KIT_REFUSE(store_features(store, "priya", labelled, &error),
		   STORE_ERROR_NOT_FOUND);
}

/* What a person said should not be held is not thrown away behind their back:
 * it goes when it is decided. */
static void
what_is_wanted_stays_held(struct store *store)
{
	static const int labels[] = { STORE_RELEVANT, STORE_IRRELEVANT,
				      STORE_NOT_OUTREACH, -1 };
	char ids[G_N_ELEMENTS(labels)][ID_LEN + 1];
	const gint64 now_us = clock_now_us();
	guint expired;

	for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
		char one[ID_LEN + 1] = "";

		hold_aged(store, i, 2 * CLOCK_DAY_US, ids[i]);
		if (labels[i] >= 0)
			KIT_DO(say(store, ids[i], (enum store_label)labels[i],
				   one, &error));
	}
	KIT_DO(store_expire(store, now_us - CLOCK_DAY_US, 0, &expired, &error));
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
		assert_state(store, ids[i],
			     i == 0 || i == 2 ? STORE_HELD : STORE_EXPIRED);
	undo(store, ids[0]);
	KIT_DO(store_delete(store, "priya", ids[2], "", &error));
	KIT_DO(store_expire(store, now_us - CLOCK_DAY_US, 0, &expired, &error));
	assert_state(store, ids[0], STORE_EXPIRED);
	assert_state(store, ids[2], STORE_DELETED);
}

static void
words_are_names(void)
{
	for (int i = 0; i <= STORE_NOT_OUTREACH; i++)
		g_assert_cmpint(store_label_parse(store_label_name((guint)i)),
				==, i);
	for (int i = 0; i <= STORE_RULING_CAMPAIGN; i++)
		g_assert_cmpint(store_ruling_scope_parse(
					store_ruling_scope_name((guint)i)),
				==, i);
	for (int i = 0; i <= STORE_RULING_NOT_NOW; i++)
		g_assert_cmpint(store_ruling_word_parse(
					store_ruling_word_name((guint)i)),
				==, i);
	g_assert_cmpint(store_label_parse("Relevant"), ==, -1);
	g_assert_cmpint(store_ruling_scope_parse(""), ==, -1);
	g_assert_cmpint(store_ruling_word_parse("not now"), ==, -1);
}

static void
damage_is_found(gsize size, const char *damage)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(StoreMessage) message = message_with(1, size);
	sqlite3 *db = kit_database(folder);
	g_autoptr(GError) error = NULL;

	hold(store, message);
	kit_sql(db, damage);
	g_assert_null(store_features(store, "priya", message->id, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BROKEN);
	g_clear_error(&error);
	g_assert_false(store_verify(store, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BROKEN);
	sqlite3_close(db);
	store_close(store);
	kit_remove(folder);
}

/* Short ones are stored plain, long ones as a frame. */
static void
damaged_features_are_broken(void)
{
	static const gsize sizes[] = { 1000, 5000 };

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		damage_is_found(sizes[i],
				"UPDATE features SET size = size + 1");
		damage_is_found(sizes[i], "UPDATE features SET frame ="
					  " zeroblob(length(frame))");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("features are kept", features_are_kept);
	kit_scenario("no features are not found", no_features_are_not_found);
	kit_scenario("features follow the row", features_follow_the_row);
	kit_scenario("features expire", features_expire);
	kit_scenario("what is wanted stays held", what_is_wanted_stays_held);
	kit_scenario("feedback is kept", feedback_is_kept);
	kit_scenario("feedback knows repeats", feedback_knows_repeats);
	kit_scenario("feedback needs its message", feedback_needs_its_message);
	kit_scenario("another label retracts the older",
		     another_label_retracts_the_older);
	kit_scenario("feedback is undone", feedback_is_undone);
	kit_scenario("feedback outlives the mail", feedback_outlives_the_mail);
	g_test_add_func("/store/words are names", words_are_names);
	g_test_add_func("/store/damaged features are broken",
			damaged_features_are_broken);
	return g_test_run();
}
