/*
 * How long the store's calls take. Without -m perf a short run that only
 * shows that nothing hangs; with it, the figures.
 */
#include <stdlib.h>

#include "../lib/store_kit.h"
#include "base/clock.h"

#define THREADS_MAX 64

/* Far above any figure of a sound machine, for the short run. */
#define CALL_US_MAX CLOCK_SECOND_US

struct worker {
	struct store *store;
	guint number;
	guint n;
	gint64 *took_us;
};

static gpointer
hold_timed(gpointer data)
{
	struct worker *worker = data;
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *text = g_malloc(4096);

	/* Half of it compresses, as mail does. */
	for (guint i = 0; i < 4096; i++)
		text[i] = i % 2 ? 'e' : (char)g_random_int_range(32, 127);
	bytes = g_bytes_new(text, 4096);
	for (guint i = 0; i < worker->n; i++) {
		g_autoptr(StoreMessage) message =
			kit_message("priya", worker->number * 100000 + i);
		g_autoptr(GError) error = NULL;
		gint64 began_us = clock_monotonic_us();

		store_hold(worker->store, &message, 1, bytes, kit_soon(), NULL,
			   &error);
		g_assert_no_error(error);
		worker->took_us[i] = clock_monotonic_us() - began_us;
	}
	return NULL;
}

static int
compare_times(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return x < y ? -1 : x > y;
}

static void
time_holds(struct store *store, guint threads, guint total)
{
	struct worker workers[THREADS_MAX];
	GThread *handles[THREADS_MAX];
	guint each = total / threads, n = each * threads;
	g_autofree gint64 *took_us = g_new0(gint64, n);
	gint64 began_us = clock_monotonic_us(), all_us;

	for (guint i = 0; i < threads; i++) {
		workers[i] = (struct worker){ store, threads * 1000 + i, each,
					      took_us + (gsize)i * each };
		handles[i] = g_thread_new("hold", hold_timed, &workers[i]);
	}
	for (guint i = 0; i < threads; i++)
		g_thread_join(handles[i]);
	all_us = clock_monotonic_us() - began_us;
	qsort(took_us, n, sizeof(*took_us), compare_times);
	g_test_message("%2u threads: %6.0f holds/s, median %6" G_GINT64_FORMAT
		       " us, p99 %6" G_GINT64_FORMAT
		       " us, longest %6" G_GINT64_FORMAT " us",
		       threads, n * 1e6 / (double)all_us, took_us[n / 2],
		       took_us[n * 99 / 100], took_us[n - 1]);
	g_assert_cmpint(took_us[n / 2], <, CALL_US_MAX);
}

static void
holds_take(void)
{
	static const guint threads[] = { 1, 16, 64 };
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	guint total = g_test_perf() ? 20000 : 200;

	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		time_holds(store, threads[i],
			   threads[i] == 1 ? total / 5 : total);
	store_close(store);
	kit_remove(folder);
}

/* A store as after some months: notes, contacts, a few vendors. */
static void
populate(struct store *store, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_autoptr(StoreMessage) message = kit_message("priya", i);
		g_autofree char *contact = g_strdup_printf("%064u", i);

		if (i % 10 == 0)
			kit_set(&message->vendor, "acme.example");
		message->fingerprint =
			(guint64)g_random_int() << 32 | g_random_int();
		store_note(store, message);
		store_contact(store, "priya", contact, 1);
		if (i % 500 == 499)
			g_assert_true(store_flush(store, kit_soon(), NULL));
	}
	g_assert_true(store_flush(store, kit_soon(), NULL));
}

static void
time_known(struct store *store, guint n, guint rounds)
{
	gint64 began_us = clock_monotonic_us(), took_us;

	for (guint i = 0; i < rounds; i++) {
		g_autofree char *one = g_strdup_printf("%064u", i * 7 % n);
		const char *const contacts[] = { "x", "y", one, NULL };
		gboolean known = FALSE;

		g_assert_true(store_known(store, "priya", contacts, kit_soon(),
					  &known, NULL));
		g_assert_true(known);
	}
	took_us = clock_monotonic_us() - began_us;
	g_test_message("store_known, 3 contacts of %u: %.1f us", n,
		       (double)took_us / rounds);
}

static void
time_history(struct store *store, guint rounds, gboolean writes)
{
	gint64 took_us = 0;

	for (guint i = 0; i < rounds; i++) {
		const struct store_likeness likeness = {
			.buyer = "priya",
			.vendor = "acme.example",
			.fingerprint = G_MAXUINT64 / (i + 1),
		};
		struct store_history history;
		gint64 began_us;

		if (writes && i % 8 == 0)
			g_free(kit_hold(store, "sam", 1000000 + i));
		began_us = clock_monotonic_us();
		g_assert_true(store_history(store, &likeness, kit_soon(),
					    &history, NULL));
		took_us += clock_monotonic_us() - began_us;
		g_assert_cmpuint(history.vendor_seen, >, 0);
	}
	g_test_message("store_history%s: %.1f us",
		       writes ? ", a hold every eighth call" : "",
		       (double)took_us / rounds);
}

static void
reads_take(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	guint n = g_test_perf() ? 50000 : 200;
	gint64 began_us = clock_monotonic_us();

	populate(store, n);
	g_test_message("%u notes and contacts: %.1f us each", n,
		       (double)(clock_monotonic_us() - began_us) / (2 * n));
	time_known(store, n, n);
	time_history(store, n / 10, FALSE);
	time_history(store, n / 10, TRUE);
	store_close(store);
	kit_remove(folder);
}

/* In nanoseconds for one note. */
static gint64
time_notes(struct store *store, guint first, guint n, GBytes *features)
{
	gint64 began_us = clock_monotonic_us();

	for (guint i = 0; i < n; i++) {
		g_autoptr(StoreMessage) message =
			kit_message("priya", first + i);

		if (features)
			message->features = g_bytes_ref(features);
		store_note(store, message);
		if (i % 500 == 499)
			g_assert_true(store_flush(store, kit_soon(), NULL));
	}
	g_assert_true(store_flush(store, kit_soon(), NULL));
	return (clock_monotonic_us() - began_us) * 1000 / n;
}

static void
notes_take(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GBytes) features = kit_bytes(3000, 1);
	guint n = g_test_perf() ? 5000 : 100;

	for (guint round = 0; round < 5; round++) {
		gint64 bare = time_notes(store, 2 * round * n, n, NULL);
		gint64 full =
			time_notes(store, (2 * round + 1) * n, n, features);

		g_test_message("a note: %.1f us; with 3,000 bytes of features:"
			       " %.1f us",
			       (double)bare / 1000, (double)full / 1000);
	}
	store_close(store);
	kit_remove(folder);
}

static void
add_rulings(struct store *store, guint n)
{
	for (guint i = 0; i < n; i++) {
		struct store_ruling ruling = {
			.buyer = (char[]){ "priya" },
			.scope = i % 2 ? STORE_RULING_VENDOR
				       : STORE_RULING_CAMPAIGN,
			.word = STORE_RULING_NEVER,
		};
		g_autofree char *subject = g_strdup_printf("s%u", i / 2);

		id_new(ruling.id);
		ruling.subject = subject;
		g_assert_true(store_ruling_add(store, &ruling, NULL));
	}
}

static void
rulings_take(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	guint n = g_test_perf() ? 2000 : 20, rounds = 10 * n;
	gint64 now_us = clock_now_us(), began_us;

	add_rulings(store, n);
	began_us = clock_monotonic_us();
	for (guint i = 0; i < rounds; i++) {
		g_autofree char *subject = g_strdup_printf("s%u", i % n);
		g_autoptr(StoreRuling) found = NULL;

		g_assert_true(store_ruling_find(store, "priya", subject,
						subject, now_us, kit_soon(),
						&found, NULL));
		g_assert_true((found != NULL) == (i % n < n / 2));
	}
	g_test_message("store_ruling_find, one of two of %u: %.1f us", n,
		       (double)(clock_monotonic_us() - began_us) / rounds);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/holds take", holds_take);
	g_test_add_func("/store/reads take", reads_take);
	g_test_add_func("/store/notes take", notes_take);
	g_test_add_func("/store/rulings take", rulings_take);
	return g_test_run();
}
