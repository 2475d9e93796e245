/* Attention as a process keeps it: loaded from the store, spent, reloaded. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

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
	g_autoptr(GError) error = NULL;

	(void)data;
	world->folder = g_dir_make_tmp("pitchward-spending-XXXXXX", &error);
	g_assert_no_error(error);
	world->url = g_strdup_printf("sqlite:%s/store.db", world->folder);
	world->store = store_open(world->url, &error);
	g_assert_no_error(error);
	world->profile = profile_parse("priya.yaml", profile_text,
				       strlen(profile_text), faults);
	g_assert_nonnull(world->profile);
	world->digest = 1;
}

static void
world_teardown(struct world *world, gconstpointer data)
{
	g_autoptr(GDir) dir = g_dir_open(world->folder, 0, NULL);
	const char *name;

	(void)data;
	store_close(world->store);
	profile_free(world->profile);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path =
			g_build_filename(world->folder, name, NULL);

		g_remove(path);
	}
	g_rmdir(world->folder);
	g_free(world->folder);
	g_free(world->url);
}

/* A row of a mail that came a moment ago. */
static void
note(struct world *world, const char *verdict, const char *gate,
     double relevance, const char *reasons)
{
	g_autoptr(StoreMessage) row = g_new0(struct store_message, 1);
	g_autoptr(GError) error = NULL;

	id_new(row->id);
	row->buyer = g_strdup("priya");
	row->time_us = row->state_us = clock_now_us();
	row->digest = g_strdup(row->id);
	row->rcpt = g_strdup("<priya@buyer.example>");
	row->verdict = g_strdup(verdict);
	row->gate = g_strdup(gate);
	row->reasons = g_strdup(reasons);
	row->outreach = 0.95;
	row->relevance = relevance;
	row->state = STORE_DELIVERED;
	store_note(world->store, row);
	store_flush(world->store, clock_monotonic_us() + 5 * CLOCK_SECOND_US,
		    &error);
	g_assert_no_error(error);
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

/* What reached the inbox is spent, and nothing else. */
static void
test_load(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = spending_new(world->url);

	(void)data;
	note(world, "deliver", "", 0.9, NULL);
	note(world, "tag", "", 0.5, NULL);
	note(world, "quarantine", "", 0.9, NULL);
	note(world, "deliver", "contact", 0.9, NULL);
	note(world, "tag", "", 0.1, NULL);
	note(world, "deliver", "", 0.9,
	     "[{\"name\":\"ruling: campaign wanted\",\"value\":1.0,"
	     "\"weight\":0.0}]");
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
	/* Days begin elsewhere: the account is made anew, from what is stored.
	 */
	g_free(world->profile->digest.zone);
	world->profile->digest.zone = g_strdup("Asia/Tokyo");
	g_assert_cmpuint(ask(world, spending, 7, TRUE).day_left, ==, 2);
}

/* A store that was away is read when it is back. */
static void
test_late(struct world *world, gconstpointer data)
{
	g_autoptr(Spending) spending = spending_new(world->url);

	(void)data;
	note(world, "deliver", "", 0.9, NULL);
	g_assert_cmpuint(ask(world, spending, 1, FALSE).day_left, ==, 3);
	note(world, "deliver", "", 0.9, NULL);
	g_assert_cmpuint(ask(world, spending, 2, TRUE).day_left, ==, 1);
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
	CASE("no caps", test_no_caps);
	CASE("reasons", test_reason);
	CASE("four threads", test_threads);
	return g_test_run();
}
