/*
 * When training happens: the rules, wishes, and that each training is run once
 * and is not lost with the process that ran it.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "base/id.h"
#include "model/model.h"
#include "model/promotion.h"
#include "review/schedule.h"

#define HOUR_US (3600 * CLOCK_SECOND_US)
#define NOW_US	(400 * CLOCK_DAY_US)

static void
test_rules(void)
{
	static const struct {
		const char *name;
		struct schedule_state state;
		gboolean due;
	} cases[] = {
		{ "nothing was said", { 0, 0, 0, FALSE }, FALSE },
		{ "four new labels", { 0, 0, 4, TRUE }, FALSE },
		{ "five, and no training yet", { 0, 0, 5, TRUE }, TRUE },
		{ "five, all taken back", { 0, 0, 5, FALSE }, FALSE },
		{ "five, an hour after the last",
		  { 1, NOW_US - HOUR_US, 5, TRUE },
		  FALSE },
		{ "a hundred, an hour after the last",
		  { 1, NOW_US - HOUR_US, 100, TRUE },
		  FALSE },
		{ "five, a day after the last",
		  { 1, NOW_US - CLOCK_DAY_US, 5, TRUE },
		  TRUE },
		{ "four, a month after the last",
		  { 1, NOW_US - 30 * CLOCK_DAY_US, 4, TRUE },
		  FALSE },
		{ "five, and the clock was put back",
		  { 1, NOW_US + CLOCK_DAY_US, 5, TRUE },
		  TRUE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_cmpint(schedule_is_due(&cases[i].state, NOW_US), ==,
				cases[i].due);
	}
}

/* --- with a store, and the starters of the tree */

struct world {
	char *folder;
	struct store *store;
	struct snapshot *snapshot;
	struct retrain retrain;
	char *own;
	gint64 now_us;
	guint told;
	enum trial_result result;
};

static void
setup(struct world *world, gconstpointer data)
{
	g_autofree char *config = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	world->folder = kit_folder();
	world->store = kit_open(world->folder);
	config = g_build_filename(world->folder, "pitchward.yaml", NULL);
	world->own = g_build_filename(world->folder, "models", NULL);
	model_kit_write(world->folder, "pitchward.yaml", "version: 1\n");
	model_kit_write(world->folder, "profiles.d/priya.yaml",
			"version: 1\n"
			"buyer: {name: Priya, role: CISO, addresses: "
			"[priya@buyer.example]}\n"
			"priorities: [{id: edr, name: Replace antivirus}]\n");
	world->snapshot = snapshot_load(config, "models", &error);
	g_assert_no_error(error);
	world->now_us = clock_now_us();
	world->retrain = (struct retrain){
		.snapshot = world->snapshot,
		.store = world->store,
		.folder = "models",
		.own = world->own,
		.who = "test",
	};
}

static void
teardown(struct world *world, gconstpointer data)
{
	(void)data;
	snapshot_unref(world->snapshot);
	store_close(world->store);
	kit_remove(world->folder);
	g_free(world->own);
}

static void
say(struct world *world, guint from, guint to, enum store_label label)
{
	for (guint i = from; i < to; i++) {
		g_autofree char *id = kit_hold(world->store, "priya", i);
		g_autoptr(StoreFeedback) said =
			g_new0(struct store_feedback, 1);
		g_autoptr(GError) error = NULL;

		id_new(said->id);
		said->buyer = g_strdup("priya");
		said->message = g_strdup(id);
		said->label = label;
		said->by = g_strdup("priya@buyer.example");
		said->source = g_strdup("test");
		store_feedback_add(world->store, said, &error);
		g_assert_no_error(error);
	}
}

static void
tell(gpointer data, const struct retrain_outcome *outcome)
{
	struct world *world = data;

	world->told++;
	world->result = outcome->trial->result;
}

/* How many were trained by one run. */
static guint
run(struct world *world)
{
	const struct schedule schedule = {
		.retrain = &world->retrain,
		.now_us = world->now_us,
		.tell = tell,
		.data = world,
	};
	const guint before = world->told;
	g_autoptr(GError) error = NULL;

	schedule_run(&schedule, &error);
	g_assert_no_error(error);
	return world->told - before;
}

static struct store_job *
job(struct world *world, const char *key)
{
	g_autoptr(GError) error = NULL;
	struct store_job *found =
		store_job_find(world->store, SCHEDULE_TRAIN, key, &error);

	g_assert_no_error(error);
	return found;
}

static void
test_once(struct world *world, gconstpointer data)
{
	g_autoptr(StoreJob) first = NULL;
	g_autoptr(StoreJob) second = NULL;

	(void)data;
	say(world, 0, 4, STORE_RELEVANT);
	g_assert_cmpuint(run(world), ==, 0);
	say(world, 4, 5, STORE_RELEVANT);
	g_assert_cmpuint(run(world), ==, 1);
	g_assert_cmpint(world->result, ==, TRIAL_FEW);
	first = job(world, "priya/relevance/1");
	g_assert_true(first->done);
	g_assert_true(g_str_has_prefix(first->note, "too few labels: "));
	g_assert_cmpuint(run(world), ==, 0);

	say(world, 5, 10, STORE_RELEVANT);
	g_assert_cmpuint(run(world), ==, 0);
	world->now_us += CLOCK_DAY_US + CLOCK_SECOND_US;
	g_assert_cmpuint(run(world), ==, 1);
	second = job(world, "priya/relevance/2");
	g_assert_true(second->done);
	/* None is newer than that one. */
	world->now_us += CLOCK_DAY_US + CLOCK_SECOND_US;
	g_assert_cmpuint(run(world), ==, 0);
}

/* What is taken back is news, too; what teaches nothing is not trained. */
static void
test_taken_back(struct world *world, gconstpointer data)
{
	g_autoptr(GPtrArray) said = NULL;

	(void)data;
	say(world, 0, 5, STORE_RELEVANT);
	g_assert_cmpuint(run(world), ==, 1);
	said = store_feedback_list(world->store, "priya", 0, TRUE, NULL);
	for (guint i = 0; i < said->len; i++) {
		const struct store_feedback *one = said->pdata[i];

		if (i == said->len - 1)
			say(world, 20, 21, STORE_IRRELEVANT);
		store_feedback_undo(world->store, "priya", one->message, "test",
				    NULL);
	}
	world->now_us += CLOCK_DAY_US + CLOCK_SECOND_US;
	g_assert_cmpuint(run(world), ==, 1);
}

/* Features are not kept of these: the model of outreach has nothing. */
static void
test_outreach(struct world *world, gconstpointer data)
{
	g_autoptr(StoreJob) found = NULL;

	(void)data;
	say(world, 0, 5, STORE_NOT_OUTREACH);
	g_assert_cmpuint(run(world), ==, 1);
	found = job(world, "priya/outreach/1");
	g_assert_true(found->done);
	g_assert_true(g_str_has_prefix(found->note, "nothing to learn from"));
	g_assert_cmpuint(run(world), ==, 0);
}

/* Another run has it, then that one died. */
static void
test_claimed(struct world *world, gconstpointer data)
{
	g_autoptr(StoreJob) found = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	say(world, 0, 5, STORE_RELEVANT);
	store_job_claim(world->store, SCHEDULE_TRAIN, "priya/relevance/1",
			"another", CLOCK_SECOND_US, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(run(world), ==, 0);
	g_usleep((gulong)(CLOCK_SECOND_US + CLOCK_SECOND_US / 10));
	g_assert_cmpuint(run(world), ==, 1);
	found = job(world, "priya/relevance/1");
	g_assert_true(found->done);
	g_assert_cmpuint(found->attempts, ==, 2);
}

static const struct rest_case {
	guint failures;
	gint64 hours;
} rest_cases[] = {
	{ 0, 0 },  { 1, 1 },  { 2, 2 },	 { 3, 4 },
	{ 5, 16 }, { 6, 24 }, { 7, 24 }, { G_MAXUINT, 24 },
};

static void
fail_by_another(struct world *world)
{
	g_autoptr(GError) error = NULL;
	char owner[ID_LEN + 1];

	id_new(owner);
	store_job_claim(world->store, SCHEDULE_TRAIN, "priya/relevance/1",
			owner, CLOCK_DAY_US, &error);
	g_assert_no_error(error);
	store_job_settle(world->store, SCHEDULE_TRAIN, "priya/relevance/1",
			 owner, FALSE, "failed, and will be tried again: x",
			 &error);
	g_assert_no_error(error);
}

/* Each time twice as long. */
static void
test_rest(struct world *world, gconstpointer data)
{
	const gint64 minute_us = 60 * CLOCK_SECOND_US;

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(rest_cases); i++)
		g_assert_cmpint(schedule_rest_us(rest_cases[i].failures), ==,
				rest_cases[i].hours * 60 * minute_us);
	say(world, 0, 5, STORE_RELEVANT);
	fail_by_another(world);
	world->now_us = clock_now_us() + 10 * minute_us;
	g_assert_cmpuint(run(world), ==, 0);
	fail_by_another(world);
	world->now_us = clock_now_us() + 61 * minute_us;
	g_assert_cmpuint(run(world), ==, 0);
	world->now_us = clock_now_us() + 121 * minute_us;
	g_assert_cmpuint(run(world), ==, 1);
}

/* A new wish does not wait; one whose training failed does. */
static void
test_rest_of_a_wish(struct world *world, gconstpointer data)
{
	char owner[ID_LEN + 1];
	g_autoptr(StoreJob) open = NULL;
	g_autoptr(StoreJob) still = NULL;

	(void)data;
	say(world, 0, 5, STORE_RELEVANT);
	fail_by_another(world);
	schedule_wish(world->store, "priya", "priya@x.example", NULL, NULL);
	open = schedule_wished(world->store, "priya");
	id_new(owner);
	store_job_claim(world->store, SCHEDULE_WISH, open->key, owner,
			CLOCK_SECOND_US, NULL);
	store_job_settle(world->store, SCHEDULE_WISH, open->key, owner, FALSE,
			 "relevance: failed, and will be tried again: x", NULL);
	g_assert_cmpuint(run(world), ==, 0);
	still = schedule_wished(world->store, "priya");
	g_assert_nonnull(still);
	g_assert_cmpstr(still->note, ==,
			"relevance: failed, and will be tried again: x");
	store_job_claim(world->store, SCHEDULE_WISH, open->key, owner,
			CLOCK_SECOND_US, NULL);
	store_job_settle(world->store, SCHEDULE_WISH, open->key, owner, TRUE,
			 "ended", NULL);
	schedule_wish(world->store, "priya", "priya@x.example", NULL, NULL);
	g_assert_cmpuint(run(world), ==, 1);
	g_assert_null(schedule_wished(world->store, "priya"));
}

static void
test_wish(struct world *world, gconstpointer data)
{
	gboolean asked = FALSE;
	g_autoptr(StoreJob) open = NULL;
	g_autoptr(StoreJob) ended = NULL;
	g_autoptr(StoreJob) after = NULL;

	(void)data;
	g_assert_null(schedule_wished(world->store, "priya"));
	g_assert_true(schedule_wish(world->store, "priya", "priya@x.example",
				    &asked, NULL));
	g_assert_true(asked);
	g_assert_true(schedule_wish(world->store, "priya", "priya@x.example",
				    &asked, NULL));
	g_assert_false(asked);
	open = schedule_wished(world->store, "priya");
	g_assert_cmpstr(open->note, ==, "asked for by priya@x.example");
	g_assert_cmpint(open->lease_us, ==, 0);
	/* One label is not enough for itself, and no day has passed. */
	say(world, 0, 1, STORE_RELEVANT);
	g_assert_cmpuint(run(world), ==, 1);
	g_assert_null(schedule_wished(world->store, "priya"));
	ended = store_job_find(world->store, SCHEDULE_WISH, open->key, NULL);
	g_assert_true(g_str_has_prefix(ended->note, "relevance: too few"));
	g_assert_cmpuint(run(world), ==, 0);
	/* The next is another one. */
	g_assert_true(schedule_wish(world->store, "priya", "priya@x.example",
				    &asked, NULL));
	g_assert_true(asked);
	g_assert_cmpuint(run(world), ==, 1);
	after = job(world, "priya/relevance/2");
	g_assert_true(after->done);
}

/* A wish stays when another run is training just then. */
static void
test_wish_waits(struct world *world, gconstpointer data)
{
	g_autoptr(StoreJob) open = NULL;

	(void)data;
	schedule_wish(world->store, "priya", "priya@x.example", NULL, NULL);
	store_job_claim(world->store, SCHEDULE_TRAIN, "priya/relevance/1",
			"another", CLOCK_DAY_US, NULL);
	g_assert_cmpuint(run(world), ==, 0);
	open = schedule_wished(world->store, "priya");
	g_assert_nonnull(open);
	g_assert_cmpstr(open->note, ==, "waits for a training under way");
	store_job_settle(world->store, SCHEDULE_TRAIN, "priya/relevance/1",
			 "another", FALSE, "failed", NULL);
	g_assert_cmpuint(run(world), ==, 1);
	g_assert_null(schedule_wished(world->store, "priya"));
}

struct racer {
	struct world *world;
	gint trained;
};

static void
count(gpointer data, const struct retrain_outcome *outcome)
{
	struct racer *racer = data;

	(void)outcome;
	g_atomic_int_inc(&racer->trained);
}

static gpointer
race(gpointer data)
{
	struct racer *racer = data;
	const struct schedule schedule = {
		.retrain = &racer->world->retrain,
		.now_us = racer->world->now_us,
		.tell = count,
		.data = racer,
	};

	schedule_run(&schedule, NULL);
	return NULL;
}

static void
test_race(struct world *world, gconstpointer data)
{
	struct racer racer = { world, 0 };
	GThread *threads[4];

	(void)data;
	say(world, 0, 6, STORE_RELEVANT);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("race", race, &racer);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	g_assert_cmpint(racer.trained, ==, 1);
}

/* That a team has a model is why it goes on learning. */
static void
test_team(struct world *world, gconstpointer data)
{
	const struct promotion promotion = { world->own, "test", "test" };
	g_autoptr(Adapter) adapter = adapter_fit(
		model_background(world->snapshot->relevance), NULL, 0);
	g_autoptr(Card) card = card_new();
	g_autoptr(StoreJob) team = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	card->kind = MODEL_RELEVANCE;
	card->adapts.starters = g_strdup(world->snapshot->models);
	card->adapts.whose = g_strdup("it");
	card->adapts.members = g_new0(char *, 3);
	card->adapts.members[0] = g_strdup("priya");
	card->adapts.members[1] = g_strdup("gone");
	card->sources = g_strdup("none");
	card->created_us = clock_now_us();
	card_add_metric(card, "none", (struct estimate){ 0, 0, 0 });
	promotion_prepare(world->own, "models", &error);
	g_assert_no_error(error);
	promotion_add(&promotion, adapter, card, &error);
	g_assert_no_error(error);
	world->retrain.folder = world->own;
	say(world, 0, 5, STORE_RELEVANT);
	g_assert_cmpuint(run(world), ==, 2);
	team = job(world, "@it/relevance/1");
	g_assert_true(team->done);
	g_assert_cmpuint(run(world), ==, 0);
}

/* A training by hand counts as one. */
static void
test_note(struct world *world, gconstpointer data)
{
	g_autoptr(GPtrArray) members = g_ptr_array_new();
	const struct retrain_whose whose = { "priya", FALSE, members };
	g_autoptr(RetrainLabels) labels = NULL;
	g_autoptr(RetrainOutcome) outcome = NULL;
	g_autoptr(StoreJob) noted = NULL;

	(void)data;
	say(world, 0, 6, STORE_RELEVANT);
	g_ptr_array_add(members, (char[]){ "priya" });
	labels = retrain_labels_read(&world->retrain, &whose, NULL);
	g_assert_nonnull(labels);
	outcome = retrain_run(&world->retrain, &whose, labels, MODEL_RELEVANCE,
			      NULL);
	g_assert_nonnull(outcome);
	g_assert_true(schedule_note(world->store, &whose, outcome, NULL));
	noted = job(world, "priya/relevance/1");
	g_assert_true(noted->done);
	g_assert_cmpuint(run(world), ==, 0);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(struct world *world, gconstpointer data);
	} tests[] = {
		{ "/schedule/once", test_once },
		{ "/schedule/taken-back", test_taken_back },
		{ "/schedule/outreach", test_outreach },
		{ "/schedule/claimed", test_claimed },
		{ "/schedule/rest", test_rest },
		{ "/schedule/rest of a wish", test_rest_of_a_wish },
		{ "/schedule/wish", test_wish },
		{ "/schedule/wish-waits", test_wish_waits },
		{ "/schedule/race", test_race },
		{ "/schedule/team", test_team },
		{ "/schedule/note", test_note },
	};

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/schedule/rules", test_rules);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, struct world, NULL, setup,
			   tests[i].run, teardown);
	return g_test_run();
}
