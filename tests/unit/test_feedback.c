/* What a person says, and the rulings that follow from it. */
#include <glib.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "base/id.h"
#include "review/feedback.h"

#define CAMPAIGN "01JD0000000000000000000009"

struct world {
	char *folder;
	struct store *store;
	struct store_message *message;
};

static struct store_message *
note(struct world *world, const char *vendor, const char *campaign)
{
	struct store_message *row = g_new0(struct store_message, 1);
	g_autoptr(GError) error = NULL;

	id_new(row->id);
	row->buyer = g_strdup("priya");
	row->time_us = row->state_us = clock_now_us();
	row->digest = g_strdup(row->id);
	row->rcpt = g_strdup("<priya@buyer.example>");
	row->verdict = g_strdup("tag");
	row->vendor = g_strdup(vendor);
	row->campaign = g_strdup(campaign);
	row->touch = 1;
	row->outreach = row->relevance = 0.9;
	row->state = STORE_DELIVERED;
	store_note(world->store, row);
	store_flush(world->store, clock_monotonic_us() + 5 * CLOCK_SECOND_US,
		    &error);
	g_assert_no_error(error);
	return row;
}

static void
world_setup(struct world *world, gconstpointer data)
{
	(void)data;
	world->folder = kit_quick_folder();
	world->store = kit_open(world->folder);
	world->message = note(world, "vendor.example", CAMPAIGN);
}

static void
world_teardown(struct world *world, gconstpointer data)
{
	(void)data;
	store_message_free(world->message);
	store_close(world->store);
	kit_remove(world->folder);
}

static gboolean
say(struct world *world, const struct store_message *message,
    enum store_label label, gboolean never, GError **error)
{
	const struct feedback_said said = {
		.label = label,
		.never = never,
		.by = "priya",
		.source = "cli",
	};

	return feedback_say(world->store, message, &said, NULL, error);
}

static void
must_say(struct world *world, const struct store_message *message,
	 enum store_label label, gboolean never)
{
	g_autoptr(GError) error = NULL;

	say(world, message, label, never, &error);
	g_assert_no_error(error);
}

/* "campaign 01JD... wanted", all active ones in a line; "" none. */
static char *
rulings(struct world *world)
{
	g_autoptr(GPtrArray) list =
		store_ruling_list(world->store, "priya", TRUE, NULL);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++) {
		const struct store_ruling *ruling = list->pdata[i];

		g_string_append_printf(text, "%s%s %s %s", i == 0 ? "" : ", ",
				       store_ruling_scope_name(ruling->scope),
				       ruling->subject,
				       store_ruling_word_name(ruling->word));
	}
	return g_string_free(text, FALSE);
}

static void
assert_rulings(struct world *world, const char *wanted)
{
	g_autofree char *text = rulings(world);

	g_assert_cmpstr(text, ==, wanted);
}

static void
assert_label(struct world *world, const char *wanted)
{
	g_autoptr(GPtrArray) list =
		store_feedback_list(world->store, "priya", 0, TRUE, NULL);
	const struct store_feedback *feedback;

	g_assert_cmpuint(list->len, ==, wanted ? 1 : 0);
	if (!wanted)
		return;
	feedback = list->pdata[0];
	g_assert_cmpstr(store_label_name(feedback->label), ==, wanted);
	g_assert_cmpstr(feedback->by, ==, "priya");
	g_assert_cmpstr(feedback->source, ==, "cli");
}

#define WANTED "campaign " CAMPAIGN " wanted"
#define NEVER  "vendor vendor.example never"

/* Each label takes back what the one before it led to; and may be repeated. */
static void
test_labels(struct world *world, gconstpointer data)
{
	static const struct {
		enum store_label label;
		gboolean never;
		const char *rulings;
	} steps[] = {
		{ STORE_RELEVANT, FALSE, WANTED },
		{ STORE_RELEVANT, FALSE, WANTED },
		{ STORE_IRRELEVANT, FALSE, "" },
		{ STORE_NOT_OUTREACH, FALSE, WANTED },
		{ STORE_IRRELEVANT, TRUE, NEVER },
		{ STORE_IRRELEVANT, TRUE, NEVER },
		{ STORE_RELEVANT, FALSE, WANTED },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		must_say(world, world->message, steps[i].label, steps[i].never);
		assert_label(world, store_label_name(steps[i].label));
		assert_rulings(world, steps[i].rulings);
	}
}

static void
test_undo(struct world *world, gconstpointer data)
{
	g_autoptr(StoreMessage) other = note(world, "vendor.example", CAMPAIGN);
	g_autoptr(GError) error = NULL;
	guint undone = 7;

	(void)data;
	must_say(world, other, STORE_IRRELEVANT, TRUE);
	must_say(world, world->message, STORE_RELEVANT, FALSE);
	g_assert_true(feedback_undo(world->store, world->message, "priya",
				    &undone, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(undone, ==, 1);
	assert_rulings(world, NEVER);
	assert_label(world, "irrelevant");
	g_assert_false(feedback_undo(world->store, world->message, "priya",
				     NULL, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

/* Wanted before a "never", and wanted again after it: the last word counts. */
static void
test_again(struct world *world, gconstpointer data)
{
	g_autoptr(StoreMessage) other = note(world, "vendor.example", CAMPAIGN);
	g_autoptr(StoreMessage) third = note(world, "vendor.example", CAMPAIGN);
	g_autoptr(StoreRuling) found = NULL;

	(void)data;
	must_say(world, world->message, STORE_RELEVANT, FALSE);
	must_say(world, other, STORE_IRRELEVANT, TRUE);
	must_say(world, third, STORE_RELEVANT, FALSE);
	g_assert_true(store_ruling_find(world->store, "priya", "vendor.example",
					CAMPAIGN, clock_now_us(),
					clock_monotonic_us() + CLOCK_SECOND_US,
					&found, NULL));
	g_assert_cmpint(found->word, ==, STORE_RULING_WANTED);
	g_assert_cmpstr(found->cause, ==, third->id);
}

static void
test_nothing_to_rule_on(struct world *world, gconstpointer data)
{
	g_autoptr(StoreMessage) bare = note(world, "", "");
	g_autoptr(StoreMessage) freemail = note(world, "", CAMPAIGN);
	g_autoptr(GError) error = NULL;

	(void)data;
	must_say(world, bare, STORE_RELEVANT, FALSE);
	assert_rulings(world, "");
	g_assert_false(say(world, bare, STORE_IRRELEVANT, TRUE, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_CONFLICT);
	must_say(world, freemail, STORE_IRRELEVANT, TRUE);
	assert_rulings(world, "campaign " CAMPAIGN " never");
}

static void
test_no_message(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	id_new(world->message->id);
	g_assert_false(
		say(world, world->message, STORE_RELEVANT, FALSE, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
	assert_rulings(world, "");
}

#define CASE(name, func)                                                       \
	g_test_add("/feedback/" name, struct world, NULL, world_setup, func,   \
		   world_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("labels and rulings", test_labels);
	CASE("undo", test_undo);
	CASE("the last word", test_again);
	CASE("nothing to rule on", test_nothing_to_rule_on);
	CASE("no such message", test_no_message);
	return g_test_run();
}
