/* Compiled interests: made once, kept while there is room, never taken from
 * who holds one. */
#include <glib.h>
#include <string.h>

#include "../../src/screen/interest_cache_private.h"
#include "profile/faults.h"

struct world {
	struct background *background;
	struct profile *profiles[4];
};

static struct profile *
profile_of(const char *id, const char *word)
{
	g_autofree char *path = g_strconcat(id, ".yaml", NULL);
	g_autofree char *text = g_strdup_printf(
		"version: 1\nbuyer: {addresses: [%s@buyer.example]}\n"
		"priorities: [{id: one, name: %s}]\n",
		id, word);
	g_autoptr(Faults) faults = faults_new();
	struct profile *profile =
		profile_parse(path, text, strlen(text), faults);

	g_assert_nonnull(profile);
	return profile;
}

static struct background *
background_of(guint8 idf)
{
	g_autofree guint8 *table = g_malloc(TERM_BUCKETS);
	g_autoptr(GBytes) bytes = NULL;

	memset(table, idf, TERM_BUCKETS);
	bytes = g_bytes_new(table, TERM_BUCKETS);
	return background_new_from_bytes(bytes);
}

static void
setup(struct world *world, gconstpointer data)
{
	static const char *const ids[] = { "ann", "bob", "cay", "dan" };

	(void)data;
	world->background = background_of(48);
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
		world->profiles[i] = profile_of(ids[i], "Printers");
}

static void
teardown(struct world *world, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(world->profiles); i++)
		profile_free(world->profiles[i]);
	background_free(world->background);
}

/* Used as a message does. */
static void
use(struct interest_cache *cache, struct profile *profile)
{
	struct interest_entry *entry = interest_cache_borrow(cache, profile);

	g_assert_nonnull(interest_entry_interest(entry));
	interest_cache_return(cache, entry);
}

static gsize
bytes_of_one(const struct world *world)
{
	struct interest_cache *cache =
		interest_cache_new(world->background, G_MAXSIZE);
	gsize bytes;

	use(cache, world->profiles[0]);
	bytes = interest_cache_bytes(cache);
	interest_cache_unref(cache);
	g_assert_cmpuint(bytes, >, 500);
	return bytes;
}

static void
test_once(struct world *world, gconstpointer data)
{
	struct interest_cache *cache =
		interest_cache_new(world->background, G_MAXSIZE);
	struct interest_entry *first;
	struct interest_entry *second;

	(void)data;
	first = interest_cache_borrow(cache, world->profiles[0]);
	second = interest_cache_borrow(cache, world->profiles[0]);
	g_assert_true(interest_entry_interest(first) ==
		      interest_entry_interest(second));
	interest_cache_return(cache, first);
	interest_cache_return(cache, second);
	use(cache, world->profiles[0]);
	g_assert_cmpuint(interest_cache_made(cache), ==, 1);
	interest_cache_unref(cache);
}

/* Room for two: the one that was not needed for longest goes. */
static void
test_room(struct world *world, gconstpointer data)
{
	const gsize one = bytes_of_one(world);
	struct interest_cache *cache =
		interest_cache_new(world->background, 2 * one + one / 2);

	(void)data;
	use(cache, world->profiles[0]);
	use(cache, world->profiles[1]);
	use(cache, world->profiles[0]);
	use(cache, world->profiles[2]);
	g_assert_cmpuint(interest_cache_bytes(cache), <=, 2 * one + one / 2);
	g_assert_cmpuint(interest_cache_made(cache), ==, 3);
	use(cache, world->profiles[0]);
	g_assert_cmpuint(interest_cache_made(cache), ==, 3);
	use(cache, world->profiles[1]);
	g_assert_cmpuint(interest_cache_made(cache), ==, 4);
	interest_cache_unref(cache);
}

/* What is borrowed stays whole, though there was room for nothing. */
static void
test_borrowed(struct world *world, gconstpointer data)
{
	struct interest_cache *cache = interest_cache_new(world->background, 1);
	struct interest_entry *held =
		interest_cache_borrow(cache, world->profiles[0]);
	const gsize before = interest_bytes(interest_entry_interest(held));

	(void)data;
	for (guint i = 1; i < G_N_ELEMENTS(world->profiles); i++)
		use(cache, world->profiles[i]);
	g_assert_cmpuint(interest_bytes(interest_entry_interest(held)), ==,
			 before);
	interest_cache_return(cache, held);
	interest_cache_unref(cache);
}

/* Before and after a reload the same id has another profile. */
static void
test_other_text(struct world *world, gconstpointer data)
{
	struct interest_cache *cache =
		interest_cache_new(world->background, G_MAXSIZE);
	g_autoptr(Profile) changed = profile_of("ann", "Forklifts");
	struct interest_entry *old =
		interest_cache_borrow(cache, world->profiles[0]);
	struct interest_entry *new = interest_cache_borrow(cache, changed);
	gsize both;

	(void)data;
	g_assert_true(interest_entry_interest(old) !=
		      interest_entry_interest(new));
	both = interest_cache_bytes(cache);
	interest_cache_return(cache, old);
	interest_cache_return(cache, new);
	use(cache, changed);
	g_assert_cmpuint(interest_cache_made(cache), ==, 2);
	g_assert_cmpuint(interest_cache_bytes(cache), ==, both);
	g_assert_cmpuint(both, <, 2 * bytes_of_one(world));
	interest_cache_unref(cache);
}

static void
test_background(struct world *world, gconstpointer data)
{
	struct interest_cache *cache =
		interest_cache_new(world->background, G_MAXSIZE);
	g_autoptr(Background) same = background_of(48);
	g_autoptr(Background) other = background_of(47);

	(void)data;
	g_assert_true(interest_cache_fits(cache, same));
	g_assert_false(interest_cache_fits(cache, other));
	interest_cache_unref(cache);
}

struct shared {
	const struct world *world;
	struct interest_cache *cache;
};

static gpointer
mill(gpointer data)
{
	const struct shared *shared = data;

	for (guint i = 0; i < 300; i++)
		use(shared->cache, shared->world->profiles[i % 4]);
	return NULL;
}

/* With room for one, four threads drop each other's all the time. */
static void
test_threads(struct world *world, gconstpointer data)
{
	struct shared shared = { world,
				 interest_cache_new(world->background, 1) };
	GThread *threads[4];

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("mill", mill, &shared);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	g_assert_cmpuint(interest_cache_made(shared.cache), >, 4);
	interest_cache_unref(shared.cache);
}

#define CASE(name, func)                                                       \
	g_test_add("/interest-cache/" name, struct world, NULL, setup, func,   \
		   teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("made once", test_once);
	CASE("who was not needed for longest goes", test_room);
	CASE("what is borrowed stays", test_borrowed);
	CASE("another text of the same buyer", test_other_text);
	CASE("another background", test_background);
	CASE("threads", test_threads);
	return g_test_run();
}
