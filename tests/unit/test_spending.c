/* Attention as a process keeps it: loaded from the store, spent, reloaded. */
#include <glib.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "base/id.h"
#include "screen/spending.h"
#include "store/store.h"

static const char profile_text[] =
	"version: 1\n"
	"buyer: {name: Priya, role: CISO, addresses: [priya@buyer.example]}\n"
	"priorities: [{id: edr, name: Endpoint detection}]\n"
	"attention: {per_day: 3, per_week: 4}\n";

struct world {
	char *folder;
	char *url;
	struct store *store;
	struct profile *profile;
	guint64 digest;
};

static void
world_setup(struct world *world, gconstpointer data)
{
	g_autoptr(Faults) faults = faults_new();

	(void)data;
	world->folder = kit_quick_folder();
	world->url = kit_url(world->folder);
	world->store = kit_open(world->folder);
	world->profile = profile_parse("priya.yaml", profile_text,
				       strlen(profile_text), faults);
	g_assert_nonnull(world->profile);
	world->digest = 1;
}

static void
world_teardown(struct world *world, gconstpointer data)
{
	(void)data;
	store_close(world->store);
	profile_free(world->profile);
	kit_remove(world->folder);
	g_free(world->url);
}

static void
flush(struct world *world)
{
	g_autoptr(GError) error = NULL;

	store_flush(world->store, clock_monotonic_us() + 5 * CLOCK_SECOND_US,
		    &error);
	g_assert_no_error(error);
}

static void
note_queued(struct world *world, gint64 time_us, const char *verdict,
	    const char *gate, double relevance, const char *reasons)
{
	g_autoptr(StoreMessage) row = g_new0(struct store_message, 1);

	id_new(row->id);
	row->buyer = g_strdup("priya");
	row->time_us = row->state_us = time_us;
	row->digest = g_strdup(row->id);
	row->rcpt = g_strdup("<priya@buyer.example>");
	row->verdict = g_strdup(verdict);
	row->gate = g_strdup(gate);
	row->reasons = g_strdup(reasons);
	row->outreach = 0.95;
	row->relevance = relevance;
	row->state = STORE_DELIVERED;
	store_note(world->store, row);
}

/* A row of a mail that came a moment ago. */
static void
note(struct world *world, const char *verdict, const char *gate,
     double relevance, const char *reasons)
{
	note_queued(world, clock_now_us(), verdict, gate, relevance, reasons);
	flush(world);
}

static struct attention_answer
ask(struct world *world, struct spending *spending, guint64 digest,
    gboolean store_works)
{
	const struct spending_question question = {
		.profile = world->profile,
		.digest = digest,
		.relevance = 0.9,
		.now_us = clock_now_us(),
		.store_works = store_works,
	};
	struct attention_answer answer;

	spending_ask(spending, &question, &answer);
	return answer;
}

static void
wait_loaded(struct spending *spending)
{
	g_assert_true(spending_wait(spending, clock_monotonic_us() +
						      20 * CLOCK_SECOND_US));
}

/* A spending that has read what is stored. */
static struct spending *
loaded(struct world *world, const char *url)
{
	struct spending *spending = spending_new(url);

	spending_prepare(spending, world->profile);
	wait_loaded(spending);
	return spending;
}

/* What reached the inbox is spent, and nothing else. */
static void
test_load(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = NULL;

	(void)data;
	note(world, "deliver", "", 0.9, NULL);
	note(world, "tag", "", 0.5, NULL);
	note(world, "quarantine", "", 0.9, NULL);
	note(world, "deliver", "contact", 0.9, NULL);
	note(world, "tag", "", 0.1, NULL);
	note(world, "deliver", "", 0.9,
	     "[{\"name\":\"ruling: campaign wanted\",\"value\":1.0,"
	     "\"weight\":0.0}]");
	spending = loaded(world, world->url);
	g_assert_cmpuint(ask(world, spending, 1, TRUE).day_left, ==, 1);
	g_assert_false(ask(world, spending, 2, TRUE).admit);
}

/* Asking again for the same mail tells the same and spends nothing. */
static void
test_repeat(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = spending_new(world->url);

	(void)data;
	for (guint64 digest = 1; digest <= 4; digest++)
		for (guint i = 0; i < 3; i++)
			g_assert_cmpint(
				ask(world, spending, digest, TRUE).admit, ==,
				digest <= 3);
}

static void
test_reload(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = spending_new(world->url);

	(void)data;
	world->profile->per_day = 1;
	g_assert_true(ask(world, spending, 1, TRUE).admit);
	g_assert_false(ask(world, spending, 2, TRUE).admit);
	world->profile->per_day = 2;
	g_assert_true(ask(world, spending, 3, TRUE).admit);
	g_assert_false(ask(world, spending, 4, TRUE).admit);
	/* The caps gone, nothing is asked or spent. */
	world->profile->per_day = world->profile->per_week = 0;
	g_assert_true(ask(world, spending, 5, TRUE).admit);
	world->profile->per_day = 2;
	g_assert_false(ask(world, spending, 6, TRUE).admit);
	/* Days begin elsewhere: what was spent is put in them anew. */
	g_free(world->profile->digest.zone);
	world->profile->digest.zone = g_strdup("Asia/Tokyo");
	g_assert_cmpuint(ask(world, spending, 7, TRUE).day_left, ==, 0);
}

/* A store that was away is read when it is back. */
static void
test_late(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = NULL;

	(void)data;
	note(world, "deliver", "", 0.9, NULL);
	spending = spending_new(world->url);
	g_assert_cmpuint(ask(world, spending, 1, FALSE).day_left, ==, 3);
	wait_loaded(spending);
	g_assert_cmpuint(ask(world, spending, 2, TRUE).day_left, ==, 2);
	wait_loaded(spending);
	g_assert_cmpuint(ask(world, spending, 3, TRUE).day_left, ==, 0);
}

static void
note_at(struct world *world, double relevance)
{
	note(world, "deliver", "", relevance, NULL);
}

/*
 * Half a second for the first call of the store: nobody waits, then the day
 * that was stored is added to what was let in meanwhile.
 */
static void
test_slow(struct world *world, gconstpointer data)
{
	g_autofree char *url = g_strdup_printf("fake:1:slow:%s", world->url);
	g_autoptr(Spending) spending = NULL;
	const gint64 began_us = clock_monotonic_us();
	gint64 asked_us;

	(void)data;
	world->profile->per_day = world->profile->per_week = 8;
	note_at(world, 0.6);
	note_at(world, 0.7);
	spending = spending_new(url);
	for (guint64 digest = 1; digest <= 3; digest++) {
		asked_us = clock_monotonic_us();
		g_assert_cmpuint(ask(world, spending, digest, TRUE).day_left,
				 ==, 9 - digest);
		g_assert_cmpint(clock_monotonic_us() - asked_us, <, 50000);
	}
	g_assert_false(spending_wait(spending, 0));
	wait_loaded(spending);
	g_assert_cmpint(clock_monotonic_us() - began_us, >=, 500000);
	/* A later attempt at the third spends nothing. */
	g_assert_cmpuint(ask(world, spending, 3, TRUE).day_left, ==, 6);
	g_assert_cmpuint(ask(world, spending, 4, TRUE).day_left, ==, 3);
	g_assert_cmpuint(ask(world, spending, 5, TRUE).day_left, ==, 2);
}

/* The rows of what was asked about before the load are not counted twice. */
static void
test_own(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = NULL;

	(void)data;
	world->profile->per_day = world->profile->per_week = 8;
	note_at(world, 0.9); /* of an earlier process */
	spending = spending_new(world->url);
	ask(world, spending, 1, FALSE);
	note_at(world, 0.9);
	note_at(world, 0.8); /* of another process */
	spending_prepare(spending, world->profile);
	wait_loaded(spending);
	g_assert_cmpuint(ask(world, spending, 2, TRUE).day_left, ==, 5);
}

/* Several pages, to the first row that is too old. */
static void
test_pages(struct world *world, gconstpointer data)
{
	const gint64 now_us = clock_now_us();
	g_autoptr(Spending) spending = NULL;

	(void)data;
	world->profile->per_day = world->profile->per_week = 8;
	note_queued(world, now_us, "deliver", "", 0.9, NULL);
	g_usleep(2000); /* ids of one millisecond are in no order */
	note_queued(world, now_us - (ATTENTION_DAYS + 1) * CLOCK_DAY_US,
		    "deliver", "", 0.9, NULL);
	g_usleep(2000);
	note_queued(world, now_us, "deliver", "", 0.9, NULL);
	for (guint i = 0; i < 450; i++)
		note_queued(world, now_us, "deliver", "contact", 0.9, NULL);
	note_queued(world, now_us, "deliver", "", 0.9, NULL);
	flush(world);
	spending = loaded(world, world->url);
	g_assert_cmpuint(ask(world, spending, 1, TRUE).day_left, ==, 6);
}

static void
test_failing(struct world *world, gconstpointer data)
{
	g_autofree char *url = g_strdup_printf("fake:2:%s", world->url);
	g_autoptr(Spending) spending = NULL;

	(void)data;
	note_at(world, 0.9);
	spending = loaded(world, url);
	for (guint64 digest = 1; digest <= 2; digest++) {
		g_assert_cmpuint(ask(world, spending, digest, TRUE).day_left,
				 ==, 4 - digest);
		wait_loaded(spending);
	}
}

static void
test_free(struct world *world, gconstpointer data)
{
	g_autofree char *url = g_strdup_printf("fake:1:slow:%s", world->url);
	const gint64 began_us = clock_monotonic_us();

	(void)data;
	for (guint i = 0; i < 3; i++) {
		struct spending *spending = spending_new(url);

		spending_prepare(spending, world->profile);
		g_usleep(i * 100000);
		spending_free(spending);
	}
	g_assert_cmpint(clock_monotonic_us() - began_us, <,
			8 * CLOCK_SECOND_US);
}

/* The same bytes within two days are the same mail, and later another. */
static void
test_age(struct world *world, gconstpointer data)
{
	static const struct {
		gint64 after_us;
		guint day_left;
	} cases[] = {
		{ 0, 3 },
		{ 2 * CLOCK_DAY_US - 1, 3 },
		{ 2 * CLOCK_DAY_US, 2 }, /* one of that day before it */
		{ 3 * CLOCK_DAY_US, 2 },
	};
	g_autoptr(Spending) spending = spending_new(NULL);
	/* A Monday. */
	struct spending_question question = {
		.profile = world->profile,
		.relevance = 0.9,
		.now_us = G_GINT64_CONSTANT(1700000000) * CLOCK_SECOND_US -
			  G_GINT64_CONSTANT(80000) * CLOCK_SECOND_US,
	};
	const gint64 began_us = question.now_us;
	struct attention_answer answer;

	(void)data;
	world->profile->per_week = 0;
	question.digest = 1;
	spending_ask(spending, &question, &answer);
	for (guint64 i = 2; i <= 3; i++) {
		question.digest = i + 10;
		question.now_us = began_us + (gint64)i * CLOCK_DAY_US - 10;
		spending_ask(spending, &question, &answer);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		question.digest = 1;
		question.now_us = began_us + cases[i].after_us;
		spending_ask(spending, &question, &answer);
		g_assert_cmpuint(answer.day_left, ==, cases[i].day_left);
	}
}

static void
test_no_caps(struct world *world, gconstpointer data)
{
	/* Were it opened, it would be made. */
	g_autofree char *url =
		g_strdup_printf("sqlite:%s/other.db", world->folder);
	g_autofree char *path =
		g_build_filename(world->folder, "other.db", NULL);
	g_autoptr(Spending) spending = spending_new(url);

	(void)data;
	world->profile->per_day = world->profile->per_week = 0;
	for (guint64 digest = 1; digest < 100; digest++)
		g_assert_true(ask(world, spending, digest, TRUE).admit);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void
test_reason(struct world *world, gconstpointer data)
{
	static const struct {
		guint per_day, per_week;
		guint day_left, week_left;
		const char *reason;
	} cases[] = {
		{ 3, 0, 0, G_MAXUINT, "attention: 3 of 3 today" },
		{ 3, 10, 0, 5, "attention: 3 of 3 today" },
		{ 3, 10, 2, 0, "attention: 10 of 10 this week" },
		{ 0, 10, G_MAXUINT, 0, "attention: 10 of 10 this week" },
		{ 3, 10, 2, 5, "attention: 0.41 is under 0.62, 1 of 3 today" },
		{ 0, 10, G_MAXUINT, 7,
		  "attention: 0.41 is under 0.62, 3 of 10 this week" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct attention_answer answer = { FALSE, 0.62,
							 cases[i].day_left,
							 cases[i].week_left };
		const struct spending_question question = {
			.profile = world->profile,
			.relevance = 0.41,
		};
		g_autofree char *reason = NULL;

		world->profile->per_day = cases[i].per_day;
		world->profile->per_week = cases[i].per_week;
		reason = spending_reason(&question, &answer);
		g_assert_cmpstr(reason, ==, cases[i].reason);
	}
}

struct crowd {
	struct world *world;
	struct spending *spending;
	gint digest;
	gint admitted;
};

static gpointer
crowd_ask(gpointer data)
{
	struct crowd *crowd = data;

	for (guint i = 0; i < 50; i++) {
		const guint64 digest =
			(guint64)g_atomic_int_add(&crowd->digest, 1);

		if (ask(crowd->world, crowd->spending, digest, TRUE).admit)
			g_atomic_int_inc(&crowd->admitted);
	}
	return NULL;
}

static void
test_threads(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = spending_new(world->url);
	struct crowd crowd = { world, spending, 1, 0 };
	GThread *threads[4];

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("ask", crowd_ask, &crowd);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	g_assert_cmpint(crowd.admitted, ==, 3);
}

#define CASE(name, func)                                                       \
	g_test_add("/spending/" name, struct world, NULL, world_setup, func,   \
		   world_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("what was spent is in the store", test_load);
	CASE("the same mail again", test_repeat);
	CASE("another profile", test_reload);
	CASE("a store that comes late", test_late);
	CASE("a slow store", test_slow);
	CASE("its own rows", test_own);
	CASE("pages", test_pages);
	CASE("a failing store", test_failing);
	CASE("freed while loading", test_free);
	CASE("the same bytes days later", test_age);
	CASE("no caps", test_no_caps);
	CASE("reasons", test_reason);
	CASE("four threads", test_threads);
	return g_test_run();
}
