/*
 * How long an answer takes. Without -m perf a short run that only shows that
 * nothing hangs; with it, over 100,000 documents.
 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "market/glean.h"
#include "market/research.h"

#define DOCUMENTS	100000
#define DOCUMENTS_SHORT 500
#define BATCH		500
#define WORDS		20000 /* of the language */
#define TEXT_WORDS	150
#define TITLE_WORDS	7
#define VENDORS		2000
#define QUESTIONS	40

/* Far above any figure of a sound machine, for the short run. */
#define CALL_US_MAX CLOCK_SECOND_US

/* By Zipf's law, as words are; of letters that no stemmer changes much. */
static void
add_word(GString *out, GRand *rand)
{
	const double share = g_rand_double(rand);
	guint n = (guint)pow(WORDS, share);

	g_string_append(out, "w");
	for (; n > 0; n /= 20)
		g_string_append_c(out, "bcdfghjklmnpqrtvwxzo"[n % 20]);
	g_string_append_c(out, 'k');
}

static char *
words(GRand *rand, guint n)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		add_word(out, rand);
		g_string_append(out, i % 12 == 11 ? ". " : " ");
	}
	return g_string_free(out, FALSE);
}

static struct store_document *
page(GRand *rand, guint n)
{
	g_autofree char *vendor = g_strdup_printf(
		"v%d.example", g_rand_int_range(rand, 0, VENDORS));
	g_autofree char *link = g_strdup_printf("https://%s/%u", vendor, n);
	g_autofree char *title = words(rand, TITLE_WORDS);
	g_autofree char *text = words(rand, TEXT_WORDS);

	return glean_page(vendor, link, title, text,
			  clock_now_us() - n * CLOCK_SECOND_US);
}

static void
plant(struct store *store, GRand *rand, guint n)
{
	for (guint done = 0; done < n; done += BATCH) {
		struct store_document *some[BATCH];
		g_autoptr(GError) error = NULL;

		for (guint i = 0; i < BATCH; i++)
			some[i] = page(rand, done + i);
		store_document_set(store, some, BATCH, &error);
		g_assert_no_error(error);
		for (guint i = 0; i < BATCH; i++)
			store_document_free(some[i]);
	}
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
	const gint64 x = *(const gint64 *)a;
	const gint64 y = *(const gint64 *)b;

	return x < y ? -1 : x > y;
}

static gint64
ask(struct store *store, const struct vendor_book *book,
    const struct snapshot *snapshot, GRand *rand)
{
	g_autofree char *text = words(rand, 5);
	const struct research_query query = { .text = text, .buyer = "ada" };
	const gint64 began_us = clock_monotonic_us();
	g_autoptr(GError) error = NULL;
	g_autoptr(Research) research =
		research_run(store, book, snapshot, &query, &error);

	g_assert_no_error(error);
	return clock_monotonic_us() - began_us;
}

static void
time_answers(struct store *store, const struct snapshot *snapshot, GRand *rand,
	     const char *how)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(VendorBook) book = vendor_book_load(store, &error);
	gint64 took_us[QUESTIONS];
	const clock_t began = clock();
	double cpu_ms;

	g_assert_no_error(error);
	for (guint i = 0; i < QUESTIONS; i++)
		took_us[i] = ask(store, book, snapshot, rand);
	cpu_ms = (double)(clock() - began) * 1000 / CLOCKS_PER_SEC / QUESTIONS;
	qsort(took_us, QUESTIONS, sizeof(*took_us), compare_times);
	g_test_message("%s: half of the answers within %.1f ms, 95 %% within "
		       "%.1f ms, all within %.1f ms; %.1f ms of CPU each",
		       how, (double)took_us[QUESTIONS / 2] / 1000,
		       (double)took_us[QUESTIONS * 95 / 100] / 1000,
		       (double)took_us[QUESTIONS - 1] / 1000, cpu_ms);
	if (!g_test_perf())
		g_assert_cmpint(took_us[QUESTIONS / 2], <, CALL_US_MAX);
}

static void
answers_come_soon(void)
{
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	char *paths[] = { g_strdup("tests/corpus/authored/profiles/ciso.yaml"),
			  NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot = snapshot_new(paths, "models", &error);
	struct buyer *buyer;

	g_assert_no_error(error);
	buyer = snapshot->buyers->pdata[0];
	g_free(buyer->profile->id);
	buyer->profile->id = g_strdup("ada");
	plant(store, rand, g_test_perf() ? DOCUMENTS : DOCUMENTS_SHORT);
	time_answers(store, NULL, rand, "words only");
	time_answers(store, snapshot, rand, "judged by the models");
	store_close(store);
	kit_remove(folder);
	g_free(paths[0]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/research/speed", answers_come_soon);
	return g_test_run();
}
