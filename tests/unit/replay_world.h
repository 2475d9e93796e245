/*
 * A buyer of the authored corpus, the models that are shipped, and a store for
 * rows to be planted in: what the tests of replays share.
 */
#ifndef TESTS_REPLAY_WORLD_H
#define TESTS_REPLAY_WORLD_H

#include <glib.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "review/replay.h"
#include "screen/ledger.h"
#include "screen/screen.h"

#define PROFILES "tests/corpus/authored/profiles/"
#define BUYER	 "ciso"

static const char pitch[] =
	"From: Ann Berg <ann@vendor.example>\r\n"
	"To: priya.nair@meridianhealth.example\r\n"
	"Subject: Quick question about %s at Meridian\r\n"
	"\r\n"
	"Hi Priya,\r\n\r\n"
	"I am Ann from Vendor. We help hospitals like yours with %s. Would\r\n"
	"you be open to a 15-minute call next Tuesday to see how?\r\n\r\n"
	"If this is not for you, just let me know and I will not write "
	"again.\r\n\r\n"
	"Best regards,\r\nAnn\r\n";

struct world {
	char *folder;
	struct store *store;
	struct snapshot *snapshot;
	struct key *key;
	const struct buyer *buyer;
	guint n;
};

static inline void
world_open(struct world *world, gconstpointer data)
{
	char *paths[] = { (char[]){ PROFILES BUYER ".yaml" }, NULL };
	g_autoptr(GError) error = NULL;

	(void)data;
	world->folder = kit_quick_folder();
	world->store = kit_open(world->folder);
	world->snapshot = snapshot_new(paths, "models", &error);
	g_assert_no_error(error);
	world->key = key_new_random();
	world->buyer = snapshot_find(world->snapshot, BUYER);
	g_assert_nonnull(world->buyer);
}

static inline void
world_close(struct world *world, gconstpointer data)
{
	(void)data;
	key_free(world->key);
	snapshot_unref(world->snapshot);
	store_close(world->store);
	kit_remove(world->folder);
}

static inline struct profile *
profile_of(const GString *text)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct profile *profile =
		profile_parse("draft.yaml", text->str, text->len, faults);

	faults_report(faults, &error);
	g_assert_no_error(error);
	return profile;
}

static inline GString *
profile_text(void)
{
	g_autoptr(GError) error = NULL;
	GString *string;
	char *text;

	g_file_get_contents(PROFILES BUYER ".yaml", &text, NULL, &error);
	g_assert_no_error(error);
	string = g_string_new(text);
	g_free(text);
	return string;
}

/* The profile that serves, with some of it replaced wherever it stands. */
static inline struct profile *
profile_with(const char *from, const char *to)
{
	g_autoptr(GString) text = profile_text();

	if (from)
		g_assert_cmpuint(g_string_replace(text, from, to, 0), >, 0);
	return profile_of(text);
}

/* And with a line added, in place of the one that begins as it does. */
static inline struct profile *
profile_adding(const char *line)
{
	g_autoptr(GString) text = profile_text();
	g_autofree char *key =
		g_strdup_printf("\n%.*s", (int)strcspn(line, ":") + 1, line);
	const char *old = *line ? strstr(text->str, key) : NULL;

	if (old)
		g_string_erase(text, old + 1 - text->str,
			       (gssize)strcspn(old + 1, "\n") + 1);
	g_string_append(text, line);
	return profile_of(text);
}

static inline struct replay *
replay_with(const struct world *world, const struct profile *profile)
{
	const struct replay_request request = {
		.store = world->store,
		.snapshot = world->snapshot,
		.key = world->key,
		.buyer = BUYER,
		.profile = profile,
		.since_us = clock_now_us() - CLOCK_DAY_US,
	};
	g_autoptr(GError) error = NULL;
	struct replay *replay = replay_run(&request, &error);

	g_assert_no_error(error);
	g_assert_true(replay->complete);
	return replay;
}

/* A row as planned; the store's once it is there. */
struct plan {
	const char *verdict;
	double outreach;
	double relevance;
	const char *gate;
	const char *from;
	const char *reasons;
};

static inline struct store_message *
row_of(struct world *world, const struct plan *plan)
{
	struct store_message *row = kit_message(BUYER, world->n++);

	kit_set(&row->verdict, plan->verdict);
	kit_set(&row->gate, plan->gate ? plan->gate : "");
	kit_set(&row->from, plan->from ? plan->from : "ann@vendor.example");
	kit_set(&row->sender, row->from);
	kit_set(&row->reasons, plan->reasons ? plan->reasons : "[]");
	kit_set(&row->priority, "edr");
	row->outreach = plan->outreach;
	row->relevance = plan->relevance;
	return row;
}

static inline void
note(struct world *world, struct store_message *row)
{
	g_autoptr(GError) error = NULL;

	store_note(world->store, row);
	store_flush(world->store, kit_soon(), &error);
	g_assert_no_error(error);
}

static inline void
hold(struct world *world, struct store_message *row, GBytes *bytes)
{
	g_autoptr(GError) error = NULL;

	store_hold(world->store, &row, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
}

static inline GBytes *
bytes_about(const char *topic)
{
	char *text = g_strdup_printf(pitch, topic, topic);

	return g_bytes_new_take(text, strlen(text));
}

/* As the milter would: a row with the features of its judgement. */
static inline struct store_message *
judged_row(struct world *world, const struct buyer *buyer, GBytes *bytes)
{
	static const struct envelope envelope = {
		.sender = "ann@vendor.example", .queue_id = "", .known = TRUE
	};
	g_autoptr(Screening) screening =
		screening_new(world->snapshot, NULL, NULL, &envelope, bytes, 0);
	g_auto(Judgement) judgement = { .priority = "" };
	g_autoptr(GError) error = NULL;
	struct store_message *row;
	struct plan plan;

	screening_judge(screening, buyer, SCREEN_IMPRINT, &judgement, &error);
	g_assert_no_error(error);
	plan = (struct plan){ .verdict = verdict_name(judgement.verdict),
			      .outreach = judgement.outreach,
			      .relevance = judgement.relevance,
			      .gate = gate_name(judgement.gate) };
	row = row_of(world, &plan);
	kit_set(&row->priority, judgement.priority);
	g_clear_pointer(&row->features, g_bytes_unref);
	if (judgement.imprint)
		row->features = g_bytes_ref(judgement.imprint);
	return row;
}

#define ROW(verdict, outreach, relevance, gate)                                \
	{                                                                      \
		verdict, outreach, relevance, gate, NULL, NULL                 \
	}
#define RULED "[{\"name\": \"ruling: campaign wanted\", \"weight\": 0}]"

static inline const struct replay_change *
change_of(const struct replay *replay, const char *id)
{
	for (guint i = 0; i < replay->changes->len; i++) {
		const struct replay_change *change = replay->changes->pdata[i];

		if (strcmp(change->message->id, id) == 0)
			return change;
	}
	return NULL;
}

static inline void
add(const char *name, void (*run)(struct world *world, gconstpointer data))
{
	g_test_add(name, struct world, NULL, world_open, run, world_close);
}

#endif
