/*
 * Whatever is done to a store, what it sums up is what a recount finds: random
 * operations, and a kill in the middle of them.
 */
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/pending.h"

#define OPERATIONS 300
#define KNOWN	   24
#define WHEN	   (G_GINT64_CONSTANT(20000) * CLOCK_DAY_US)

/* What is summed up and a recount do not agree on, both ways. */
#define FOLD_SUMMED                                                            \
	"SELECT buyer, key, n, first, last, rank, top, vendor FROM fold"
#define FOLD_COUNTED                                                           \
	"SELECT buyer, key, n, first, last, rank, id, vendor FROM"             \
	" (SELECT *, row_number() OVER (PARTITION BY buyer, key"               \
	" ORDER BY rank DESC, id DESC) AS place FROM waiting)"                 \
	" JOIN (SELECT buyer, key, count(*) AS n, min(time) AS first,"         \
	" max(time) AS last FROM waiting GROUP BY buyer, key)"                 \
	" USING (buyer, key) WHERE place = 1"
#define FLOW_SUMMED                                                            \
	"SELECT * FROM flow WHERE delivered <> 0 OR tagged <> 0 OR held <> 0"  \
	" OR released <> 0 OR relevant <> 0"
#define FLOW_COUNTED                                                           \
	"SELECT buyer, day, priority, sum(delivered), sum(tagged), sum(held)," \
	" sum(released), sum(relevant) FROM (SELECT * FROM fate UNION ALL"     \
	" SELECT seq, '', day, priority, delivered, tagged, held, released,"   \
	" relevant FROM fate) GROUP BY buyer, day, priority"

static const char *const differences[] = {
	FOLD_SUMMED " EXCEPT " FOLD_COUNTED,
	FOLD_COUNTED " EXCEPT " FOLD_SUMMED,
	FLOW_SUMMED " EXCEPT " FLOW_COUNTED,
	FLOW_COUNTED " EXCEPT " FLOW_SUMMED,
};

struct world {
	char *folder;
	struct store *store;
	GRand *rand;
	struct store_message *known[KNOWN];
	char claims[KNOWN][ID_LEN + 1];
	guint n;
};

static void
assert_none(sqlite3 *db, const char *sql, const char *after)
{
	sqlite3_stmt *query = NULL;
	int step;

	g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &query, NULL), ==,
			SQLITE_OK);
	step = sqlite3_step(query);
	if (step == SQLITE_ROW)
		g_error("after %s: %s of %s: %s, %s, %s, %s, %s, %s", after,
			sqlite3_column_text(query, 1),
			sqlite3_column_text(query, 0),
			sqlite3_column_text(query, 2),
			sqlite3_column_text(query, 3),
			sqlite3_column_text(query, 4),
			sqlite3_column_text(query, 5),
			sqlite3_column_text(query, 6),
			sqlite3_column_text(query, 7));
	g_assert_cmpint(step, ==, SQLITE_DONE);
	sqlite3_finalize(query);
}

static void
assert_recounts(const char *folder, const char *after)
{
	sqlite3 *db = kit_database(folder);

	for (guint i = 0; i < G_N_ELEMENTS(differences); i++)
		assert_none(db, differences[i], after);
	sqlite3_close(db);
}

static guint
choose(struct world *world, guint n)
{
	return (guint)g_rand_int_range(world->rand, 0, (gint32)n);
}

static struct store_message *
make_message(struct world *world)
{
	static const char *const buyers[] = { "priya", "sam" };
	static const char *const campaigns[] = { "", "", "A", "B" };
	static const char *const verdicts[] = { "deliver", "tag",
						"quarantine" };
	static const char *const priorities[] = { "", "edr" };
	static const double scores[] = { -1, 0, 0.2, 0.5, 0.9 };
	struct store_message *message =
		kit_message(buyers[choose(world, 2)], world->n++);

	kit_set(&message->campaign, campaigns[choose(world, 4)]);
	kit_set(&message->verdict, verdicts[choose(world, 3)]);
	kit_set(&message->priority, priorities[choose(world, 2)]);
	message->outreach = scores[choose(world, 5)];
	message->relevance = scores[choose(world, 5)];
	message->time_us = WHEN + choose(world, 4) * (CLOCK_DAY_US / 2);
	return message;
}

static struct store_message *
remember(struct world *world, struct store_message *message)
{
	guint slot = choose(world, KNOWN);

	store_message_free(world->known[slot]);
	world->known[slot] = message;
	world->claims[slot][0] = '\0';
	return message;
}

static void
hold(struct world *world, struct store_message **messages, guint n)
{
	g_autoptr(GBytes) bytes = kit_bytes(100, 1);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < n; i++)
		messages[i]->state = STORE_HELD;
	store_hold(world->store, messages, n, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
}

static void
hold_new(struct world *world)
{
	struct store_message *messages[3];
	guint n = 1 + choose(world, 3);

	for (guint i = 0; i < n; i++)
		messages[i] = make_message(world);
	hold(world, messages, n);
	for (guint i = 0; i < n; i++)
		remember(world, messages[i]);
}

static void
note_new(struct world *world)
{
	store_note(world->store, remember(world, make_message(world)));
}

/* The same once more; half of them under an id of their own. */
static void
hold_again(struct world *world, struct store_message *message)
{
	if (choose(world, 2))
		id_new(message->id);
	hold(world, &message, 1);
}

static void
note_again(struct world *world, struct store_message *message)
{
	if (choose(world, 2))
		id_new(message->id);
	store_note(world->store, message);
}

static void
say(struct world *world, struct store_message *message)
{
	struct store_feedback feedback = { .buyer = message->buyer,
					   .message = message->id,
					   .label = (enum store_label)choose(
						   world, 2) };

	id_new(feedback.id);
	store_feedback_add(world->store, &feedback, NULL);
}

static void
snooze(struct world *world, struct store_message *message)
{
	struct store_pending pending = { .kind = STORE_SNOOZE,
					 .buyer = message->buyer,
					 .message = message->id };

	id_new(pending.id);
	store_pending_add(world->store, &pending, NULL);
}

static void
settle(struct world *world, guint slot)
{
	static const enum store_state ends[] = { STORE_RELEASED, STORE_HELD,
						 STORE_RELEASING };
	const struct store_message *message = world->known[slot];

	if (world->claims[slot][0])
		store_settle(world->store, message->buyer, message->id,
			     world->claims[slot], ends[choose(world, 3)], "",
			     NULL);
}

static void
claim(struct world *world, guint slot)
{
	const struct store_message *message = world->known[slot];

	id_new(world->claims[slot]);
	store_claim(world->store, message->buyer, message->id,
		    world->claims[slot], CLOCK_DAY_US, NULL);
}

static void
reopen(struct world *world)
{
	store_close(world->store);
	world->store = kit_open(world->folder);
}

static void
expire(struct world *world)
{
	guint n;

	store_expire(world->store, WHEN + choose(world, 3) * CLOCK_DAY_US / 2,
		     0, &n, NULL);
	store_forget(world->store, WHEN + choose(world, 2) * CLOCK_DAY_US,
		     clock_monotonic_us() + CLOCK_SECOND_US, &n, NULL);
}

/* Any of them may be refused: then nothing may change. */
static const char *
operate_on(struct world *world, guint slot)
{
	struct store_message *message = world->known[slot];

	switch (choose(world, 8)) {
	case 0:
		hold_again(world, message);
		return "a hold once more";
	case 1:
		note_again(world, message);
		return "a note once more";
	case 2:
		say(world, message);
		return "a label";
	case 3:
		store_feedback_undo(world->store, message->buyer, message->id,
				    "x", NULL);
		return "a label taken back";
	case 4:
		snooze(world, message);
		return "a snooze";
	case 5:
		claim(world, slot);
		return "a claim";
	case 6:
		settle(world, slot);
		return "a settlement";
	default:
		store_delete(world->store, message->buyer, message->id, "",
			     NULL);
		return "a deletion";
	}
}

static const char *
operate(struct world *world)
{
	guint slot = choose(world, KNOWN);
	guint which = choose(world, 40);

	if (which == 0) {
		reopen(world);
		return "a new start";
	}
	if (which == 1) {
		expire(world);
		return "an expiry";
	}
	if (which < 10 || !world->known[slot]) {
		hold_new(world);
		return "a hold";
	}
	if (which < 14) {
		note_new(world);
		return "a note";
	}
	return operate_on(world, slot);
}

static void
world_begin(struct world *world, const char *folder, guint32 seed)
{
	*world = (struct world){ .folder = g_strdup(folder) };
	world->store = kit_open(folder);
	world->rand = g_rand_new_with_seed(seed);
}

static void
world_end(struct world *world)
{
	store_close(world->store);
	for (guint i = 0; i < KNOWN; i++)
		store_message_free(world->known[i]);
	g_rand_free(world->rand);
	g_free(world->folder);
}

static void
sums_are_recounts(gconstpointer data)
{
	const guint32 *seed = data;
	char *folder = kit_quick_folder();
	struct world world;

	world_begin(&world, folder, *seed);
	for (guint i = 0; i < OPERATIONS; i++) {
		const char *what = operate(&world);

		g_assert_true(store_flush(world.store, kit_soon(), NULL));
		assert_recounts(folder, what);
	}
	kit_assert_sound(world.store);
	world_end(&world);
	kit_remove(folder);
}

static void
operate_for_ever(const char *folder, int out)
{
	struct world world;

	world_begin(&world, folder, (guint32)getpid());
	g_assert_cmpint(write(out, "!", 1), ==, 1);
	for (;;)
		operate(&world);
}

static void
a_kill_leaves_them_right(void)
{
	char *folder = kit_folder();

	for (guint i = 0; i < 5; i++) {
		g_autofree char *said =
			kit_killed(operate_for_ever, folder, 60 + 23 * i);
		struct store *store = kit_open(folder);

		kit_assert_sound(store);
		store_close(store);
		assert_recounts(folder, "a kill");
	}
	kit_remove(folder);
}

/* As its INSERT was, which has no part in the sums; held and delivered. */
static const char *const older_writes[] = {
	"UPDATE content SET refs = refs + 1",
	"INSERT INTO message SELECT seq + 9, time, fingerprint, buyer,"
	" 'OLDER' || id, state, state_time, attempts, size, outreach,"
	" relevance, digest, sender, rcpt, author, author_name, subject,"
	" message_id, queue_id, node, verdict, priority, model, gate, reasons,"
	" vendor, note, owner, lease, content, campaign, touch FROM message",
	"UPDATE message SET state = 0, content = '' WHERE seq > 9"
	" AND campaign = ''",
	"UPDATE content SET refs = 1"
	" WHERE id IN (SELECT content FROM message WHERE campaign = '')",
};

/* A campaign of two, of which the sums know one, and one by itself. */
static void
hold_some(struct store *store)
{
	for (guint i = 0; i < 2; i++) {
		g_autoptr(StoreMessage) message = kit_message("priya", i);
		g_autoptr(GBytes) bytes = kit_bytes(100, i);

		kit_set(&message->campaign, i ? "A" : "");
		g_assert_true(store_hold(store, &message, 1, bytes, kit_soon(),
					 NULL, NULL));
	}
}

static void
an_older_programs_mail_is_counted(void)
{
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	sqlite3 *db = kit_database(folder);

	hold_some(store);
	for (guint i = 0; i < G_N_ELEMENTS(older_writes); i++)
		kit_sql(db, older_writes[i]);
	g_assert_false(store_verify(store, NULL));
	store_close(store);
	store = kit_open(folder);
	kit_assert_sound(store);
	assert_recounts(folder, "a start after an older program");
	store_close(store);
	sqlite3_close(db);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	static const guint32 seeds[] = { 1, 2, 3 };

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(seeds); i++) {
		g_autofree char *path =
			g_strdup_printf("/sums/recount/%u", seeds[i]);

		g_test_add_data_func(path, &seeds[i], sums_are_recounts);
	}
	g_test_add_func("/sums/kill", a_kill_leaves_them_right);
	g_test_add_func("/sums/older", an_older_programs_mail_is_counted);
	return g_test_run();
}
