/* The conformance suite: many at once, deadlines, closing. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"

#define THREADS 8
#define HOLDS	200

struct worker {
	struct store *store;
	guint number;
	char ids[HOLDS][ID_LEN + 1];
	guint won;
};

static void
run_workers(struct worker *workers, guint n, GThreadFunc run)
{
	GThread *threads[THREADS];

	for (guint i = 0; i < n; i++) {
		workers[i].number = i;
		threads[i] = g_thread_new("worker", run, &workers[i]);
	}
	for (guint i = 0; i < n; i++)
		g_thread_join(threads[i]);
}

/* Every third message is the same for all threads: one of them is first. */
static gpointer
hold_many(gpointer data)
{
	struct worker *worker = data;

	for (guint i = 0; i < HOLDS; i++) {
		g_autoptr(GError) error = NULL;
		guint n = i % 3 == 0 ? i : (worker->number + 1) * 1000 + i;
		g_autoptr(StoreMessage) message = kit_message("priya", n);
		g_autoptr(GBytes) bytes = kit_bytes(2000, n);

		store_hold(worker->store, &message, 1, bytes, kit_soon(), NULL,
			   &error);
		g_assert_no_error(error);
		memcpy(worker->ids[i], message->id, ID_LEN + 1);
	}
	return NULL;
}

static void
assert_all_there(struct store *store, struct worker *workers)
{
	for (guint t = 0; t < THREADS; t++) {
		for (guint i = 0; i < HOLDS; i++) {
			g_autoptr(GError) error = NULL;
			g_autoptr(GBytes) bytes = store_body(
				store, "priya", workers[t].ids[i], &error);

			g_assert_no_error(error);
			if (i % 3 == 0)
				g_assert_cmpstr(workers[t].ids[i], ==,
						workers[0].ids[i]);
		}
	}
}

static void
each_hold_is_there_once(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct worker *workers = g_new0(struct worker, THREADS);
	struct store_stats stats;
	guint shared = (HOLDS + 2) / 3;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < THREADS; i++)
		workers[i].store = store;
	run_workers(workers, THREADS, hold_many);
	assert_all_there(store, workers);
	g_assert_true(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.states[STORE_HELD], ==,
			 THREADS * HOLDS - (THREADS - 1) * shared);
	g_assert_cmpuint(stats.repeats, ==, (THREADS - 1) * shared);
	g_assert_true(store_verify(store, &error));
	store_close(store);
	g_free(workers);
	kit_remove(folder);
}

/* As two processes would, with a handle each on the same file. */
static void
each_hold_is_there_once_by_two_handles(void)
{
	char *folder = kit_folder();
	struct store *stores[2] = { kit_open(folder), kit_open(folder) };
	struct worker *workers = g_new0(struct worker, THREADS);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < THREADS; i++)
		workers[i].store = stores[i % 2];
	run_workers(workers, THREADS, hold_many);
	assert_all_there(stores[0], workers);
	g_assert_true(store_verify(stores[1], &error));
	store_close(stores[0]);
	store_close(stores[1]);
	g_free(workers);
	kit_remove(folder);
}

static gpointer
claim_many(gpointer data)
{
	struct worker *worker = data;
	g_autofree char *owner = g_strdup_printf("owner %u", worker->number);

	for (guint i = 0; i < HOLDS; i++) {
		g_autoptr(GError) error = NULL;

		if (store_claim(worker->store, NULL, worker->ids[i], owner,
				CLOCK_DAY_US, &error))
			worker->won++;
		else
			g_assert_error(error, STORE_ERROR,
				       STORE_ERROR_CONFLICT);
	}
	return NULL;
}

static void
of_two_claims_one_wins(void)
{
	char *folder = kit_folder();
	struct store *stores[2] = { kit_open(folder), kit_open(folder) };
	struct worker *workers = g_new0(struct worker, THREADS);
	guint won = 0;

	workers[0].store = stores[0];
	hold_many(&workers[0]);
	for (guint i = 1; i < THREADS; i++) {
		memcpy(workers[i].ids, workers[0].ids, sizeof(workers[0].ids));
		workers[i].store = stores[i % 2];
	}
	run_workers(workers, THREADS, claim_many);
	for (guint i = 0; i < THREADS; i++)
		won += workers[i].won;
	g_assert_cmpuint(won, ==, HOLDS);
	store_close(stores[0]);
	store_close(stores[1]);
	g_free(workers);
	kit_remove(folder);
}

static gpointer
read_many(gpointer data)
{
	struct worker *worker = data;
	const char *const contacts[] = { "nobody", "c", NULL };
	const struct store_likeness likeness = {
		.buyer = "priya",
		.vendor = "vendor1.example",
		.fingerprint = G_GUINT64_CONSTANT(0xf00dfeed00000000),
	};

	if (worker->number == 0)
		return hold_many(data);
	for (guint i = 0; i < HOLDS; i++) {
		struct store_history history;
		gboolean known;
		g_autoptr(GError) error = NULL;

		store_contact(worker->store, "priya", "c", i);
		store_known(worker->store, "priya", contacts, kit_soon(),
			    &known, &error);
		g_assert_no_error(error);
		store_history(worker->store, &likeness, kit_soon(), &history,
			      &error);
		g_assert_no_error(error);
	}
	return NULL;
}

static void
readers_do_not_wait_for_the_writer(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct worker *workers = g_new0(struct worker, THREADS);

	for (guint i = 0; i < THREADS; i++)
		workers[i].store = store;
	run_workers(workers, THREADS, read_many);
	store_close(store);
	g_free(workers);
	kit_remove(folder);
}

/* What was queued is there after closing, without a flush. */
static void
closing_writes_the_queue(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct store_stats stats;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 1000; i++) {
		g_autoptr(StoreMessage) message = kit_message("priya", i);
		g_autofree char *contact = g_strdup_printf("c%u", i);

		store_note(store, message);
		store_contact(store, "priya", contact, 1);
	}
	store_close(store);
	store = kit_open(folder);
	g_assert_true(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.states[STORE_DELIVERED], ==, 1000);
	g_assert_cmpuint(stats.contacts, ==, 1000);
	store_close(store);
	kit_remove(folder);
}

/* More than the queue holds: some go, which is counted, and none blocks. */
static void
a_full_queue_drops_and_counts(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct store_stats stats;
	const guint n = 20000;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < n; i++) {
		g_autofree char *contact = g_strdup_printf("c%u", i);

		store_contact(store, "priya", contact, 1);
	}
	g_assert_true(store_flush(store, kit_soon(), &error));
	g_assert_true(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.contacts + stats.dropped, ==, n);
	store_close(store);
	kit_remove(folder);
}

static void
a_passed_deadline_writes_nothing(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(StoreMessage) message = kit_message("priya", 1);
	g_autoptr(GBytes) bytes = kit_bytes(10, 1);
	struct store_stats stats;
	guint late = 0;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 50; i++) {
		g_autoptr(GError) cause = NULL;

		if (store_hold(store, &message, 1, bytes,
			       clock_monotonic_us() - 1, NULL, &cause))
			continue;
		g_assert_error(cause, STORE_ERROR, STORE_ERROR_TIME);
		late++;
	}
	g_assert_cmpuint(late, >, 0);
	g_assert_true(store_hold(store, &message, 1, bytes, kit_soon(), NULL,
				 &error));
	g_assert_true(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.states[STORE_HELD], ==, 1);
	store_close(store);
	kit_remove(folder);
}

static void
a_second_opening_finds_everything(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autofree char *id = kit_hold(store, "priya", 1);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;

	store_close(store);
	store = kit_open(folder);
	bytes = store_body(store, "priya", id, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(bytes), ==, 300);
	store_close(store);
	kit_remove(folder);
}

struct open_case {
	const char *url;
	int code;
	const char *says;
};

static void
wrong_urls_are_refused(void)
{
	static const struct open_case cases[] = {
		{ "", STORE_ERROR_AWAY, "sqlite:" },
		{ "mysql://x", STORE_ERROR_AWAY, "must begin with sqlite:" },
		{ "sqlite", STORE_ERROR_AWAY, "sqlite:" },
		{ "sqlite:", STORE_ERROR_AWAY, "path is missing" },
		{ "sqlite:/nowhere/at/all.db", STORE_ERROR_AWAY,
		  "/nowhere/at/all.db: No such file" },
		{ "fake:x:sqlite:/x", STORE_ERROR_AWAY, "fake:N:URL" },
		{ "fake:1:sqlite:/nowhere/x", STORE_ERROR_AWAY, "/nowhere/x" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(store_open(cases[i].url, &error));
		g_assert_error(error, STORE_ERROR, cases[i].code);
		g_assert_nonnull(strstr(error->message, cases[i].says));
	}
}

/* The words of the fake, with the codes they stand for. */
static void
the_fake_fails_as_told(void)
{
	static const struct {
		const char *word;
		int code;
	} cases[] = {
		{ "away", STORE_ERROR_AWAY },	  { "full", STORE_ERROR_FULL },
		{ "busy", STORE_ERROR_BUSY },	  { "time", STORE_ERROR_TIME },
		{ "broken", STORE_ERROR_BROKEN }, { "lost", STORE_ERROR_TIME },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *folder = kit_folder();
		g_autofree char *url = g_strdup_printf(
			"fake:2:%s:sqlite:%s/test.db", cases[i].word, folder);
		g_autoptr(GError) error = NULL;
		struct store *store = store_open(url, &error);

		g_assert_no_error(error);
		g_assert_true(store_verify(store, &error));
		g_assert_false(store_verify(store, &error));
		g_assert_error(error, STORE_ERROR, cases[i].code);
		g_clear_error(&error);
		g_assert_true(store_verify(store, &error));
		store_close(store);
		kit_remove(folder);
	}
}

static void
learn_one(struct store *store, guint worker, guint n, GError **error)
{
	g_autoptr(StoreMessage) message =
		kit_message("priya", worker * 1000 + n);
	g_autoptr(GBytes) bytes = kit_bytes(10, n);
	struct store_feedback feedback = { .buyer = message->buyer,
					   .message = message->id,
					   .label = n % 3 };
	struct store_ruling ruling = { .buyer = message->buyer,
				       .subject = message->vendor,
				       .word = STORE_RULING_NEVER };

	id_new(feedback.id);
	id_new(ruling.id);
	kit_set(&message->campaign, message->id);
	message->fingerprint = G_GUINT64_CONSTANT(0xf00dfeed00000000) << worker;
	message->features = kit_bytes(500, n);
	if (!store_hold(store, &message, 1, bytes, kit_soon(), NULL, error) ||
	    !store_feedback_add(store, &feedback, error) ||
	    !store_ruling_add(store, &ruling, error))
		return;
	if (n % 2)
		store_ruling_undo(store, "priya", ruling.id, "me", error);
}

static gpointer
learn_many(gpointer data)
{
	struct worker *worker = data;

	for (guint i = 0; i < HOLDS / 2; i++) {
		g_autoptr(StoreRuling) found = NULL;
		g_autoptr(GError) error = NULL;
		const struct store_likeness likeness = {
			.buyer = "priya",
			.fingerprint = G_GUINT64_CONSTANT(0xf00dfeed00000000)
				       << (worker->number + 1),
		};
		struct store_history history;

		learn_one(worker->store, worker->number, i, &error);
		g_assert_no_error(error);
		store_history(worker->store, &likeness, kit_soon(), &history,
			      &error);
		g_assert_no_error(error);
		store_ruling_find(worker->store, "priya", "vendor1.example", "",
				  clock_now_us(), kit_soon(), &found, &error);
		g_assert_no_error(error);
	}
	return NULL;
}

static void
many_learn_at_once(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct worker workers[4];
	GThread *threads[4];
	g_autoptr(GPtrArray) said = NULL;
	g_autoptr(GPtrArray) ruled = NULL;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 4; i++) {
		workers[i] = (struct worker){ .store = store, .number = i };
		threads[i] = g_thread_new("learn", learn_many, &workers[i]);
	}
	for (guint i = 0; i < 4; i++)
		g_thread_join(threads[i]);
	said = store_feedback_list(store, "priya", 0, TRUE, &error);
	g_assert_no_error(error);
	ruled = store_ruling_list(store, "priya", TRUE, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(said->len, ==, 4 * (HOLDS / 2));
	g_assert_cmpuint(ruled->len, ==, 4 * ((HOLDS / 2 + 1) / 2));
	kit_assert_sound(store);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/each hold is there once",
			each_hold_is_there_once);
	g_test_add_func("/store/each hold is there once by two handles",
			each_hold_is_there_once_by_two_handles);
	g_test_add_func("/store/of two claims one wins",
			of_two_claims_one_wins);
	g_test_add_func("/store/readers do not wait for the writer",
			readers_do_not_wait_for_the_writer);
	g_test_add_func("/store/closing writes the queue",
			closing_writes_the_queue);
	g_test_add_func("/store/a full queue drops and counts",
			a_full_queue_drops_and_counts);
	g_test_add_func("/store/a passed deadline writes nothing",
			a_passed_deadline_writes_nothing);
	g_test_add_func("/store/a second opening finds everything",
			a_second_opening_finds_everything);
	g_test_add_func("/store/wrong URLs are refused",
			wrong_urls_are_refused);
	g_test_add_func("/store/the fake fails as told",
			the_fake_fails_as_told);
	g_test_add_func("/store/many learn at once", many_learn_at_once);
	return g_test_run();
}
