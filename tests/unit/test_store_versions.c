/* The conformance suite: versions and jobs. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/jobs.h"
#include "store/versions.h"

#define LEASE (60 * CLOCK_SECOND_US)
#define MANY  60

static struct store_version *
version_new(const char *buyer, const char *text)
{
	struct store_version *version = g_new0(struct store_version, 1);

	version->buyer = g_strdup(buyer);
	version->by = g_strdup("pam@buyer.example");
	version->note = g_strdup("less noise");
	version->base = g_strdup("0a1b");
	version->text = g_strdup(text);
	return version;
}

static void
add_version(struct store *store, const char *buyer, const char *text,
	    guint after)
{
	g_autoptr(StoreVersion) version = version_new(buyer, text);

	KIT_DO(store_version_add(store, version, after, &error));
	g_assert_cmpuint(version->number, ==, after + 1);
}

static void
versions_are_kept(struct store *store)
{
	g_autoptr(StoreVersion) first = version_new("priya", "a: 1\n");
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_version *row;

	KIT_DO(store_version_add(store, first, 0, &error));
	add_version(store, "priya", "a: 2\n", 1);
	add_version(store, "sam", "b: 1\n", 0);
	KIT_DO((rows = store_version_list(store, "priya", &error)));
	g_assert_cmpuint(rows->len, ==, 2);
	row = g_ptr_array_index(rows, 0);
	g_assert_cmpstr(row->buyer, ==, "priya");
	g_assert_cmpuint(row->number, ==, 1);
	g_assert_cmpint(row->time_us, ==, first->time_us);
	g_assert_cmpint(row->time_us, >, 0);
	g_assert_cmpstr(row->by, ==, "pam@buyer.example");
	g_assert_cmpstr(row->note, ==, "less noise");
	g_assert_cmpstr(row->base, ==, "0a1b");
	g_assert_cmpstr(row->text, ==, "a: 1\n");
	row = g_ptr_array_index(rows, 1);
	g_assert_cmpstr(row->text, ==, "a: 2\n");
}

static void
the_newest_of_all_is_listed(struct store *store)
{
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_version *row;

	add_version(store, "priya", "old", 0);
	add_version(store, "sam", "sams", 0);
	add_version(store, "priya", "new", 1);
	KIT_DO((rows = store_version_list(store, NULL, &error)));
	g_assert_cmpuint(rows->len, ==, 2);
	row = g_ptr_array_index(rows, 0);
	g_assert_cmpstr(row->text, ==, "sams");
	row = g_ptr_array_index(rows, 1);
	g_assert_cmpstr(row->text, ==, "new");
	g_assert_cmpuint(row->number, ==, 2);
}

static void
a_version_after_an_old_one_is_refused(struct store *store)
{
	g_autoptr(StoreVersion) late = version_new("priya", "late");
	g_autoptr(GPtrArray) rows = NULL;

	KIT_REFUSE(store_version_add(store, late, 1, &error),
		   STORE_ERROR_CONFLICT);
	add_version(store, "priya", "one", 0);
	KIT_REFUSE(store_version_add(store, late, 0, &error),
		   STORE_ERROR_CONFLICT);
	KIT_REFUSE(store_version_add(store, late, 2, &error),
		   STORE_ERROR_CONFLICT);
	g_assert_cmpuint(late->number, ==, 0);
	KIT_DO(store_version_add(store, late, 1, &error));
	/* It is the newest by now: the same again is a repeat. */
	KIT_DO(store_version_add(store, late, 1, &error));
	kit_set(&late->note, "other");
	KIT_REFUSE(store_version_add(store, late, 1, &error),
		   STORE_ERROR_CONFLICT);
	KIT_DO((rows = store_version_list(store, "priya", &error)));
	g_assert_cmpuint(rows->len, ==, 2);
}

static void
a_long_version_is_refused(struct store *store)
{
	g_autofree char *text = g_strnfill(STORE_VERSION_TEXT_MAX + 1, 'x');
	g_autoptr(StoreVersion) version = version_new("priya", text);
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_version *row;

	KIT_REFUSE(store_version_add(store, version, 0, &error),
		   STORE_ERROR_FULL);
	version->text[STORE_VERSION_TEXT_MAX] = '\0';
	KIT_DO(store_version_add(store, version, 0, &error));
	KIT_DO((rows = store_version_list(store, "priya", &error)));
	row = g_ptr_array_index(rows, 0);
	g_assert_cmpuint(strlen(row->text), ==, STORE_VERSION_TEXT_MAX);
}

/* ----- what is new since */

static GPtrArray *
list_since(struct store *store, const GPtrArray *known)
{
	GPtrArray *rows = NULL;

	KIT_DO((rows = store_version_list_since(store, known, &error)));
	return rows;
}

static void
assert_row(const GPtrArray *rows, guint i, const char *buyer, const char *text)
{
	const struct store_version *row = g_ptr_array_index(rows, i);

	g_assert_cmpstr(row->buyer, ==, buyer);
	g_assert_cmpstr(row->text, ==, text);
	g_assert_cmpstr(row->by, ==, "pam@buyer.example");
	g_assert_cmpstr(row->note, ==, "less noise");
	g_assert_cmpstr(row->base, ==, "0a1b");
	g_assert_cmpint(row->time_us, >, 0);
}

static void
only_what_is_new_is_read(struct store *store)
{
	g_autoptr(GPtrArray) none = list_since(store, NULL);
	g_autoptr(GPtrArray) old = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	g_assert_cmpuint(none->len, ==, 0);
	add_version(store, "sam", "sams", 0);
	add_version(store, "Zoe", "zoes", 0);
	add_version(store, "priya", "old", 0);
	old = list_since(store, none);
	g_assert_cmpuint(old->len, ==, 3);
	assert_row(old, 0, "Zoe", "zoes");
	assert_row(old, 1, "priya", "old");
	assert_row(old, 2, "sam", "sams");
	add_version(store, "priya", "new", 1);
	add_version(store, "ann", "anns", 0);
	rows = list_since(store, old);
	g_assert_cmpuint(rows->len, ==, 4);
	g_assert_true(rows->pdata[0] == old->pdata[0]);
	assert_row(rows, 1, "ann", "anns");
	assert_row(rows, 2, "priya", "new");
	g_assert_true(rows->pdata[3] == old->pdata[2]);
	/* Whoever has the old ones has them still. */
	assert_row(old, 1, "priya", "old");
	g_clear_pointer(&old, g_ptr_array_unref);
	assert_row(rows, 0, "Zoe", "zoes");
}

/* As after a restore: another text of the same number, and nobody there. */
static void
what_was_known_may_be_gone(struct store *store)
{
	g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_version_free);
	static const char *const gone[] = { "ann", "priya", "quin", "zoe" };
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GPtrArray) again = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(gone); i++) {
		g_ptr_array_add(known, version_new(gone[i], "lost"));
		((struct store_version *)known->pdata[i])->number = 1;
	}
	add_version(store, "priya", "there", 0);
	add_version(store, "sam", "sams", 0);
	rows = list_since(store, known);
	g_assert_cmpuint(rows->len, ==, 2);
	assert_row(rows, 0, "priya", "there");
	assert_row(rows, 1, "sam", "sams");
	((struct store_version *)rows->pdata[0])->number = 2;
	again = list_since(store, rows);
	g_assert_cmpuint(((struct store_version *)again->pdata[0])->number, ==,
			 1);
	g_assert_true(again->pdata[1] == rows->pdata[1]);
}

#define BUYERS 200

/* So few of many that they are read one batch after the other. */
static void
some_of_many_are_read(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) old = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	for (guint i = 0; i < BUYERS; i++) {
		g_autofree char *buyer = g_strdup_printf("buyer%03u", i);

		add_version(store, buyer, buyer, 0);
	}
	old = list_since(store, NULL);
	g_assert_cmpuint(old->len, ==, BUYERS);
	for (guint i = 3; i < BUYERS; i += 10) {
		g_autofree char *buyer = g_strdup_printf("buyer%03u", i);

		add_version(store, buyer, "new", 1);
	}
	rows = list_since(store, old);
	g_assert_cmpuint(rows->len, ==, BUYERS);
	for (guint i = 0; i < BUYERS; i++) {
		g_autofree char *buyer = g_strdup_printf("buyer%03u", i);

		assert_row(rows, i, buyer, i % 10 == 3 ? "new" : buyer);
		g_assert_cmpint(rows->pdata[i] == old->pdata[i], ==,
				i % 10 != 3);
	}
	store_close(store);
	kit_remove(folder);
}

static void
a_copy_has_one_owner(void)
{
	struct store_version *version = version_new("priya", "one");
	struct store_version *copy;

	g_assert_true(store_version_ref(version) == version);
	copy = store_version_copy(version);
	store_version_free(version);
	g_assert_cmpstr(version->text, ==, "one");
	store_version_free(version);
	g_assert_cmpint(copy->refs, ==, 0);
	store_version_free(copy);
	store_version_free(NULL);
}

static guint64
mark_of(struct store *store)
{
	guint64 mark = G_MAXUINT64;

	KIT_DO(store_version_mark(store, &mark, &error));
	return mark;
}

static void
the_mark_grows(struct store *store)
{
	guint64 before = mark_of(store), after;

	add_version(store, "priya", "one", 0);
	after = mark_of(store);
	g_assert_cmpuint(after, >, before);
	add_version(store, "sam", "one", 0);
	g_assert_cmpuint(mark_of(store), >, after);
}

/* ----- jobs */

static struct store_job *
job_of(struct store *store, const char *key)
{
	struct store_job *job = NULL;

	KIT_DO((job = store_job_find(store, "digest", key, &error)));
	return job;
}

static void
a_job_is_done_once(struct store *store)
{
	g_autoptr(StoreJob) claimed = NULL;
	g_autoptr(StoreJob) ended = NULL;

	KIT_REFUSE(store_job_find(store, "digest", "priya/1", &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_DO(store_job_claim(store, "digest", "priya/1", "A", LEASE, &error));
	KIT_DO(store_job_claim(store, "digest", "priya/1", "A", LEASE, &error));
	claimed = job_of(store, "priya/1");
	g_assert_cmpuint(claimed->attempts, ==, 1);
	g_assert_false(claimed->done);
	g_assert_cmpint(claimed->lease_us, >, clock_now_us());
	KIT_REFUSE(
		store_job_claim(store, "digest", "priya/1", "B", LEASE, &error),
		STORE_ERROR_CONFLICT);
	KIT_REFUSE(store_job_settle(store, "digest", "priya/1", "B", TRUE, "",
				    &error),
		   STORE_ERROR_CONFLICT);
	KIT_DO(store_job_settle(store, "digest", "priya/1", "A", TRUE, "sent",
				&error));
	KIT_DO(store_job_settle(store, "digest", "priya/1", "A", TRUE, "sent",
				&error));
	KIT_REFUSE(store_job_settle(store, "digest", "priya/1", "A", FALSE, "",
				    &error),
		   STORE_ERROR_CONFLICT);
	KIT_REFUSE(
		store_job_claim(store, "digest", "priya/1", "A", LEASE, &error),
		STORE_ERROR_CONFLICT);
	ended = job_of(store, "priya/1");
	g_assert_cmpstr(ended->kind, ==, "digest");
	g_assert_cmpstr(ended->key, ==, "priya/1");
	g_assert_true(ended->done);
	g_assert_cmpint(ended->lease_us, ==, 0);
	g_assert_cmpstr(ended->note, ==, "sent");
}

static void
a_job_that_failed_is_free(struct store *store)
{
	g_autoptr(StoreJob) job = NULL;

	KIT_DO(store_job_claim(store, "digest", "k", "A", LEASE, &error));
	KIT_DO(store_job_settle(store, "digest", "k", "A", FALSE, "no route",
				&error));
	KIT_REFUSE(
		store_job_settle(store, "digest", "k", "A", TRUE, "", &error),
		STORE_ERROR_CONFLICT);
	job = job_of(store, "k");
	g_assert_false(job->done);
	g_assert_cmpint(job->lease_us, ==, 0);
	g_assert_cmpstr(job->note, ==, "no route");
	KIT_DO(store_job_claim(store, "digest", "k", "B", LEASE, &error));
	KIT_REFUSE(
		store_job_settle(store, "digest", "k", "A", FALSE, "", &error),
		STORE_ERROR_CONFLICT);
	KIT_REFUSE(store_job_settle(store, "digest", "none", "A", TRUE, "",
				    &error),
		   STORE_ERROR_CONFLICT);
}

static void
a_lease_ends(struct store *store)
{
	g_autoptr(StoreJob) job = NULL;

	KIT_DO(store_job_claim(store, "digest", "k", "A", 1, &error));
	g_usleep(10);
	/* Still its owner's, until another claims it. */
	KIT_DO(store_job_settle(store, "digest", "k", "A", FALSE, "", &error));
	KIT_DO(store_job_claim(store, "digest", "k", "B", 1, &error));
	g_usleep(10);
	KIT_DO(store_job_claim(store, "digest", "k", "C", LEASE, &error));
	KIT_REFUSE(
		store_job_settle(store, "digest", "k", "B", TRUE, "", &error),
		STORE_ERROR_CONFLICT);
	KIT_DO(store_job_settle(store, "digest", "k", "C", TRUE, "", &error));
	job = job_of(store, "k");
	g_assert_cmpuint(job->attempts, >=, 3);
}

static void
do_job(struct store *store, const char *kind, const char *key)
{
	KIT_DO(store_job_claim(store, kind, key, "A", LEASE, &error));
	g_usleep(2);
}

static void
jobs_are_listed(struct store *store)
{
	static const struct {
		const char *kind;
		const char *prefix;
		guint limit;
		guint n;
		const char *first;
	} cases[] = {
		{ "digest", NULL, 0, 4, "priyanka/1" },
		{ "digest", "priya/", 0, 2, "priya/2" },
		{ "digest", "priya", 0, 3, "priyanka/1" },
		{ "digest", NULL, 1, 1, "priyanka/1" },
		{ "digest", "x", 0, 0, NULL },
		{ "train", "", 0, 1, "t" },
		{ "none", NULL, 0, 0, NULL },
	};

	do_job(store, "digest", "priya/1");
	do_job(store, "digest", "sam/1");
	do_job(store, "digest", "priya/2");
	do_job(store, "train", "t");
	do_job(store, "digest", "priyanka/1");
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) rows = NULL;
		const struct store_job *row;

		g_test_message("%s %s", cases[i].kind, cases[i].prefix);
		KIT_DO((rows = store_job_list(store, cases[i].kind,
					      cases[i].prefix, cases[i].limit,
					      &error)));
		g_assert_cmpuint(rows->len, ==, cases[i].n);
		row = rows->len > 0 ? rows->pdata[0] : NULL;
		if (row)
			g_assert_cmpstr(row->key, ==, cases[i].first);
	}
}

/* ----- two at once, with a handle each on the same file */

struct racer {
	struct store *store;
	guint number;
	guint versions;
	guint jobs;
};

static void
race_version(struct racer *racer, guint n)
{
	g_autofree char *text = g_strdup_printf("%u", racer->number);
	g_autoptr(StoreVersion) version = version_new("priya", text);
	g_autoptr(GError) error = NULL;

	if (store_version_add(racer->store, version, n, &error))
		racer->versions++;
	else
		g_assert_error(error, STORE_ERROR, STORE_ERROR_CONFLICT);
}

static void
race_job(struct racer *racer, guint n)
{
	g_autofree char *key = g_strdup_printf("%u", n);
	char owner[ID_LEN + 1];
	g_autoptr(GError) error = NULL;

	id_new(owner);
	if (store_job_claim(racer->store, "digest", key, owner, CLOCK_DAY_US,
			    &error))
		racer->jobs++;
	else
		g_assert_error(error, STORE_ERROR, STORE_ERROR_CONFLICT);
}

static gpointer
race(gpointer data)
{
	struct racer *racer = data;

	for (guint n = 0; n < MANY; n++) {
		race_version(racer, n);
		race_job(racer, n);
	}
	return NULL;
}

static void
assert_numbered(struct store *store, guint n)
{
	g_autoptr(GPtrArray) rows = store_version_list(store, "priya", NULL);

	g_assert_cmpuint(rows->len, ==, n);
	for (guint i = 0; i < n; i++) {
		const struct store_version *row = rows->pdata[i];

		g_assert_cmpuint(row->number, ==, i + 1);
	}
}

static void
of_two_one_wins(void)
{
	char *folder = kit_folder();
	struct store *stores[2] = { kit_open(folder), kit_open(folder) };
	struct racer racers[4];
	GThread *threads[4];
	guint versions = 0, jobs = 0;

	for (guint i = 0; i < 4; i++) {
		racers[i] = (struct racer){ stores[i % 2], i, 0, 0 };
		threads[i] = g_thread_new("race", race, &racers[i]);
	}
	for (guint i = 0; i < 4; i++) {
		g_thread_join(threads[i]);
		versions += racers[i].versions;
		jobs += racers[i].jobs;
	}
	g_assert_cmpuint(versions, ==, MANY);
	g_assert_cmpuint(jobs, ==, MANY);
	assert_numbered(stores[0], MANY);
	kit_assert_sound(stores[1]);
	store_close(stores[0]);
	store_close(stores[1]);
	kit_remove(folder);
}

static void
others_versions_are_seen(void)
{
	char *folder = kit_folder();
	struct store *web = kit_open(folder);
	struct store *daemon = kit_open(folder);
	guint64 before = mark_of(daemon);

	add_version(web, "priya", "one", 0);
	g_assert_cmpuint(mark_of(daemon), >, before);
	assert_numbered(daemon, 1);
	store_close(web);
	store_close(daemon);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("versions are kept", versions_are_kept);
	kit_scenario("the newest of all is listed",
		     the_newest_of_all_is_listed);
	kit_scenario("a version after an old one is refused",
		     a_version_after_an_old_one_is_refused);
	kit_scenario("a long version is refused", a_long_version_is_refused);
	kit_scenario("the mark grows", the_mark_grows);
	kit_scenario("only what is new is read", only_what_is_new_is_read);
	kit_scenario("what was known may be gone", what_was_known_may_be_gone);
	g_test_add_func("/store/some of many versions are read",
			some_of_many_are_read);
	g_test_add_func("/store/a copy of a version has one owner",
			a_copy_has_one_owner);
	kit_scenario("a job is done once", a_job_is_done_once);
	kit_scenario("a job that failed is free", a_job_that_failed_is_free);
	kit_scenario("a lease ends", a_lease_ends);
	kit_scenario("jobs are listed", jobs_are_listed);
	g_test_add_func("/store/of two that race one wins", of_two_one_wins);
	g_test_add_func("/store/versions of others are seen",
			others_versions_are_seen);
	return g_test_run();
}
