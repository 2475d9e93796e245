/* The conformance suite: models that serve, and being told of changes. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/copy.h"
#include "store/models.h"
#include "store/versions.h"

static struct store_model *
model_new(const char *place, const char *id, const char *files)
{
	struct store_model *model = g_new0(struct store_model, 1);

	model->place = g_strdup(place);
	model->id = g_strdup(id);
	model->by = g_strdup("root");
	model->note = g_strdup("better by far");
	if (files)
		model->pack = g_bytes_new(files, strlen(files));
	return model;
}

static void
put(struct store *store, const char *place, const char *id, const char *files)
{
	g_autoptr(StoreModel) model = model_new(place, id, files);

	KIT_DO(store_model_put(store, model, &error));
}

static guint64
mark_of(struct store *store)
{
	guint64 mark;

	KIT_DO(store_model_mark(store, &mark, &error));
	return mark;
}

static void
what_serves_is_listed(struct store *store)
{
	g_autoptr(StoreModel) first = model_new("relevance", "r1", "one");
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_model *row;

	KIT_DO(store_model_put(store, first, &error));
	put(store, "outreach", "o1", "two");
	put(store, "relevance", "r2", "three");
	KIT_DO((rows = store_model_list(store, &error)));
	g_assert_cmpuint(rows->len, ==, 2);
	row = g_ptr_array_index(rows, 0);
	g_assert_cmpstr(row->place, ==, "outreach");
	row = g_ptr_array_index(rows, 1);
	g_assert_cmpstr(row->place, ==, "relevance");
	g_assert_cmpstr(row->id, ==, "r2");
	g_assert_cmpstr(row->by, ==, "root");
	g_assert_cmpstr(row->note, ==, "better by far");
	g_assert_cmpint(row->time_us, >=, first->time_us);
	g_assert_cmpint(first->time_us, >, 0);
	g_assert_cmpuint(strlen(row->digest), ==, 64);
	g_assert_null(row->pack);
}

static void
files_come_back(struct store *store)
{
	g_autoptr(StoreModel) model = model_new("outreach", "o1", NULL);
	g_autoptr(GBytes) big = kit_bytes(3 << 20, 7);
	g_autoptr(GBytes) got = NULL;

	model->pack = g_bytes_ref(big);
	KIT_DO(store_model_put(store, model, &error));
	KIT_DO((got = store_model_get(store, "o1", &error)));
	g_assert_true(g_bytes_equal(got, big));
	KIT_REFUSE(store_model_get(store, "o2", &error), STORE_ERROR_NOT_FOUND);
}

/* A promotion again, a rollback, and a rollback to none. */
static void
places_change(struct store *store)
{
	static const char place[] = "buyers/priya/relevance";
	g_autoptr(GPtrArray) rows = NULL;
	guint64 mark;

	put(store, place, "p1", "one");
	mark = mark_of(store);
	put(store, place, "p1", "one");
	g_assert_cmpuint(mark_of(store), ==, mark);
	put(store, place, "p2", "two");
	g_assert_cmpuint(mark_of(store), >, mark);
	mark = mark_of(store);
	put(store, place, "p1", NULL);
	g_assert_cmpuint(mark_of(store), >, mark);
	put(store, place, "", NULL);
	KIT_DO((rows = store_model_list(store, &error)));
	g_assert_cmpuint(rows->len, ==, 1);
	g_assert_cmpstr(((struct store_model *)rows->pdata[0])->id, ==, "");
	g_assert_cmpstr(((struct store_model *)rows->pdata[0])->digest, ==, "");
}

static void
put_days_ago(struct store *store, const char *place, const char *id, int days)
{
	g_autoptr(StoreModel) model = model_new(place, id, id);

	model->time_us = clock_now_us() - days * CLOCK_DAY_US;
	KIT_DO(store_model_put(store, model, &error));
}

static void
assert_files(struct store *store, const char *id, gboolean there)
{
	g_autoptr(GBytes) got = NULL;

	if (there)
		KIT_DO((got = store_model_get(store, id, &error)));
	else
		KIT_REFUSE(store_model_get(store, id, &error),
			   STORE_ERROR_NOT_FOUND);
}

static void
old_files_go(struct store *store)
{
	static const char *const ids[] = { "r1", "r2", "r3", "r4", "r5" };
	guint64 mark;
	guint n;

	for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
		put_days_ago(store, "relevance", ids[i], 90);
	put_days_ago(store, "outreach", "o1", 90);
	put_days_ago(store, "buyers/sam/relevance", "r1", 90);
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
		put_days_ago(store, "outreach", ids[i], i == 1 ? 29 : 31);
	put_days_ago(store, "buyers/sam/relevance", "", 31);
	mark = mark_of(store);
	KIT_DO(store_expire(store, 0, 0, &n, &error));
	/* The second last of Sam's; lately; the last three. */
	assert_files(store, "r1", TRUE);
	assert_files(store, "r2", TRUE);
	assert_files(store, "r3", TRUE);
	assert_files(store, "o1", FALSE);
	g_assert_cmpuint(mark_of(store), ==, mark);
	/* It may serve again, with its files. */
	put(store, "outreach", "o1", "o1");
	assert_files(store, "o1", TRUE);
}

static void
what_cannot_be_is_refused(struct store *store)
{
	g_autoptr(StoreModel) none = model_new("relevance", "r9", NULL);
	g_autoptr(StoreModel) other = model_new("relevance", "r1", "other");
	g_autoptr(GPtrArray) rows = NULL;

	put(store, "relevance", "r1", "one");
	KIT_REFUSE(store_model_put(store, none, &error), STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_model_put(store, other, &error), STORE_ERROR_CONFLICT);
	KIT_DO((rows = store_model_list(store, &error)));
	g_assert_cmpuint(rows->len, ==, 1);
	g_assert_cmpstr(((struct store_model *)rows->pdata[0])->id, ==, "r1");
}

/* Another process's, as far as the store can tell. */
static gpointer
change_soon(gpointer data)
{
	g_autoptr(Store) store = store_open(data, NULL);
	g_autoptr(StoreVersion) version = g_new0(struct store_version, 1);

	g_assert_nonnull(store);
	g_usleep(CLOCK_SECOND_US / 5);
	version->buyer = g_strdup("priya");
	version->by = g_strdup("priya");
	version->text = g_strdup("a: 1\n");
	g_assert_true(store_version_add(store, version, 0, NULL));
	return NULL;
}

/* Until nothing was told for a moment. */
static void
settle(struct store *store)
{
	for (guint i = 0; i < 100; i++)
		if (!store_await(store,
				 clock_monotonic_us() + CLOCK_SECOND_US / 5))
			return;
}

static void
test_await(void)
{
	const char *url = g_getenv("PITCHWARD_TEST_PG");
	g_autofree char *place =
		url ? g_strconcat(url, "&options=-csearch_path%3Dawait_", NULL)
		    : NULL;
	g_autofree char *own =
		url ? g_strdup_printf("%s%u", place, g_random_int()) : NULL;
	g_autoptr(Store) store = NULL;
	GThread *thread;
	gint64 begun_us;

	if (!url) {
		g_test_skip("PITCHWARD_TEST_PG names no PostgreSQL");
		return;
	}
	store = store_open(own, NULL);
	g_assert_nonnull(store);
	g_assert_true(store_is_shared(store));
	settle(store);
	thread = g_thread_new("change", change_soon, own);
	begun_us = clock_monotonic_us();
	g_assert_true(store_await(store, begun_us + 10 * CLOCK_SECOND_US));
	g_test_message("told after %.3f s, of which 0.2 s nothing changed",
		       (double)(clock_monotonic_us() - begun_us) / 1e6);
	g_thread_join(thread);
	settle(store);
	begun_us = clock_monotonic_us();
	g_assert_false(store_await(store, begun_us + CLOCK_SECOND_US / 4));
	g_assert_cmpint(clock_monotonic_us() - begun_us, >=,
			CLOCK_SECOND_US / 4);
}

/* One machine's store tells nobody, and nobody waits for it. */
static void
test_alone(void)
{
	g_autofree char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	const gint64 begun_us = clock_monotonic_us();

	g_assert_false(store_is_shared(store));
	g_assert_false(store_await(store, begun_us + 60 * CLOCK_SECOND_US));
	g_assert_cmpint(clock_monotonic_us() - begun_us, <,
			30 * CLOCK_SECOND_US);
	store_close(store);
	kit_remove(g_steal_pointer(&folder));
}

/* Into another store, as an installation moves; twice, as it is done. */
static void
test_copied(void)
{
	g_autofree char *folder = kit_quick_folder();
	g_autofree char *other = kit_quick_folder();
	struct store *from = kit_open(folder);
	struct store *to = kit_open(other);
	struct store_copied copied;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GBytes) pack = NULL;
	guint64 mark = 0;

	put(from, "buyers/priya/relevance", "p1", "one");
	put(from, "buyers/priya/relevance", "", NULL);
	put(from, "outreach", "o1", "two");
	put(from, "relevance", "r1", "three");
	for (guint i = 0; i < 2; i++) {
		g_assert_true(
			store_copy(from, to, NULL, NULL, &copied, &error));
		mark = i == 0 ? mark_of(to) : mark;
	}
	g_assert_no_error(error);
	rows = store_model_list(to, &error);
	g_assert_cmpuint(rows->len, ==, 3);
	g_assert_cmpuint(mark_of(to), ==, mark);
	pack = store_model_get(to, "r1", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(pack), ==, strlen("three"));
	/* What was promoted there meanwhile stays. */
	put(to, "relevance", "r2", "four");
	mark = mark_of(to);
	g_assert_true(store_copy(from, to, NULL, NULL, &copied, &error));
	g_assert_cmpuint(mark_of(to), ==, mark);
	store_close(from);
	store_close(to);
	kit_remove(g_steal_pointer(&folder));
	kit_remove(g_steal_pointer(&other));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("models: what serves is listed", what_serves_is_listed);
	kit_scenario("models: files come back", files_come_back);
	kit_scenario("models: places change", places_change);
	kit_scenario("models: old files go", old_files_go);
	kit_scenario("models: what cannot be is refused",
		     what_cannot_be_is_refused);
	g_test_add_func("/store/sqlite/models: nobody waits", test_alone);
	g_test_add_func("/store/sqlite/models: are copied", test_copied);
	g_test_add_func("/store/pg/models: who waits is told", test_await);
	return g_test_run();
}
