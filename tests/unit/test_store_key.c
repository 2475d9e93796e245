/* Machines that share a store, and have one site key or not. */
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/key_watch.h"

static enum store_key
look(struct store *store, const struct key *key)
{
	enum store_key found = STORE_KEY_NONE;

	KIT_DO(store_key_look(store, key, &found, &error));
	return found;
}

static enum store_key
agree(struct store *store, const struct key *key)
{
	enum store_key found = STORE_KEY_NONE;

	KIT_DO(store_key_agree(store, key, &found, &error));
	return found;
}

static void
the_first_key_is_the_stores(struct store *store)
{
	g_autoptr(Key) first = key_new_random();
	g_autoptr(Key) second = key_new_random();

	g_assert_cmpint(look(store, first), ==, STORE_KEY_NONE);
	g_assert_cmpint(agree(store, first), ==, STORE_KEY_OURS);
	g_assert_cmpint(agree(store, second), ==, STORE_KEY_OTHER);
	g_assert_cmpint(agree(store, first), ==, STORE_KEY_OURS);
	g_assert_cmpint(look(store, second), ==, STORE_KEY_OTHER);
}

static void
another_key_is_accepted(struct store *store)
{
	g_autoptr(Key) first = key_new_random();
	g_autoptr(Key) second = key_new_random();

	agree(store, first);
	KIT_DO(store_key_set(store, second, &error));
	g_assert_cmpint(agree(store, second), ==, STORE_KEY_OURS);
	g_assert_cmpint(agree(store, first), ==, STORE_KEY_OTHER);
	KIT_DO(store_key_set(store, first, &error));
	g_assert_cmpint(look(store, first), ==, STORE_KEY_OURS);
}

static void
it_is_told_each_day(void)
{
	static const struct {
		gint64 hours;
		enum store_key found;
		const char *told; /* begins so; NULL: nothing */
	} steps[] = {
		{ 1, STORE_KEY_NONE, NULL },
		{ 2, STORE_KEY_OURS, NULL },
		{ 3, STORE_KEY_OTHER, "this machine's site key is not" },
		{ 4, STORE_KEY_OTHER, NULL },
		{ 5, STORE_KEY_NONE, NULL },
		{ 26, STORE_KEY_OTHER, NULL },
		{ 27, STORE_KEY_OTHER, "this machine's site key is not" },
		{ 28, STORE_KEY_OTHER, NULL },
		{ 29, STORE_KEY_OURS, "this machine's site key is the" },
		{ 30, STORE_KEY_OURS, NULL },
	};
	struct key_watch watch = { 0 };

	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		const char *told = key_watch_found(&watch, steps[i].found,
						   steps[i].hours * 3600 *
							   CLOCK_SECOND_US);

		g_assert_cmpint(told != NULL, ==, steps[i].told != NULL);
		g_assert_true(!told || g_str_has_prefix(told, steps[i].told));
	}
}

static gboolean
ask(gpointer where, const struct key *key, enum store_key *found,
    GError **error)
{
	guint *asked = where;

	(void)key;
	(void)error;
	(*asked)++;
	*found = STORE_KEY_OURS;
	return TRUE;
}

static void
it_is_asked_once_an_hour(void)
{
	struct key_watch watch = { 0 };
	guint asked = 0;

	for (guint i = 0; i < 3; i++)
		g_assert_null(key_watch_look(&watch, ask, &asked, NULL));
	g_assert_cmpuint(asked, ==, 1);
	g_assert_cmpint(watch.next_us - clock_monotonic_us(), >,
			3500 * CLOCK_SECOND_US);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("the first key is the store's",
		     the_first_key_is_the_stores);
	kit_scenario("another key is accepted", another_key_is_accepted);
	g_test_add_func("/key watch/it is told each day", it_is_told_each_day);
	g_test_add_func("/key watch/it is asked once an hour",
			it_is_asked_once_an_hour);
	return g_test_run();
}
