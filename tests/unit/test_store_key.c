/* Machines that share a store, and have one site key or not. */
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/copy.h"
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
contact(struct store *store)
{
	const char *const contacts[] = { "hash-1", NULL };
	gboolean known = FALSE;

	store_contact(store, "ann", contacts[0], 0);
	for (guint i = 0; i < 500 && !known; i++) {
		g_usleep(10000);
		KIT_DO(store_known(store, "ann", contacts, G_MAXINT64, &known,
				   &error));
	}
	g_assert_true(known);
}

/* The mark tells by which key contacts are hashed, so it goes with them. */
static void
it_goes_with_the_contacts(void)
{
	g_autoptr(Key) first = key_new_random();
	g_autoptr(Key) second = key_new_random();

	for (guint i = 0; i < 4; i++) {
		const gboolean has_contacts = i & 1;
		const gboolean is_older = i & 2;
		char *folders[2] = { kit_quick_folder(), kit_quick_folder() };
		g_autoptr(Store) from = kit_open(folders[0]);
		g_autoptr(Store) to = kit_open(folders[1]);
		struct store_copied copied;

		agree(is_older ? to : from, is_older ? second : first);
		g_usleep(2000);
		agree(is_older ? from : to, is_older ? first : second);
		contact(from);
		if (has_contacts)
			contact(to);
		KIT_DO(store_copy(from, to, NULL, NULL, &copied, &error));
		g_assert_cmpint(look(to, has_contacts ? second : first), ==,
				STORE_KEY_OURS);
		g_clear_pointer(&from, store_close);
		g_clear_pointer(&to, store_close);
		kit_remove(folders[0]);
		kit_remove(folders[1]);
	}
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

struct answer {
	guint asked;
	enum store_key found;
};

static gboolean
ask(gpointer where, const struct key *key, enum store_key *found,
    GError **error)
{
	struct answer *answer = where;

	(void)key;
	(void)error;
	answer->asked++;
	*found = answer->found;
	return TRUE;
}

static void
it_is_asked_once_an_hour(void)
{
	struct key_watch watch = { 0 };
	struct answer answer = { .found = STORE_KEY_OURS };

	for (guint i = 0; i < 3; i++)
		g_assert_null(key_watch_look(&watch, ask, &answer, NULL));
	g_assert_cmpuint(answer.asked, ==, 1);
	g_assert_cmpint(watch.next_us - clock_monotonic_us(), >,
			3500 * CLOCK_SECOND_US);
}

/* A figure shows it, which is to end when it is mended, not an hour later; nor
 * with a store that does not answer. */
static void
what_is_known_follows(void)
{
	static const enum store_key steps[][2] = {
		{ STORE_KEY_NONE, STORE_KEY_NONE },
		{ STORE_KEY_OTHER, STORE_KEY_OTHER },
		{ STORE_KEY_NONE, STORE_KEY_OTHER },
		{ STORE_KEY_OURS, STORE_KEY_OURS },
		{ STORE_KEY_NONE, STORE_KEY_OURS },
	};
	struct key_watch watch = { 0 };

	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct answer answer = { .found = steps[i][0] };

		watch.next_us = 0;
		(void)key_watch_look(&watch, ask, &answer, NULL);
		g_assert_cmpint(watch.known, ==, steps[i][1]);
		if (steps[i][0] != STORE_KEY_OURS)
			g_assert_cmpint(watch.next_us - clock_monotonic_us(),
					<=, 60 * CLOCK_SECOND_US);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("the first key is the store's",
		     the_first_key_is_the_stores);
	kit_scenario("another key is accepted", another_key_is_accepted);
	g_test_add_func("/store/key/it goes with the contacts",
			it_goes_with_the_contacts);
	g_test_add_func("/key watch/it is told each day", it_is_told_each_day);
	g_test_add_func("/key watch/it is asked once an hour",
			it_is_asked_once_an_hour);
	g_test_add_func("/key watch/what is known follows",
			what_is_known_follows);
	return g_test_run();
}
