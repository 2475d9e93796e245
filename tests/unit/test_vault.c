#include "store/vault.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "../../src/store/vault_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"

#define ROOM	 (64 << 20)
#define MS	 G_GINT64_CONSTANT(1000)
#define THREADS	 8
#define PATIENCE (20 * CLOCK_SECOND_US)

/* A folder with a place for the store, which may be missing, and a spool. */
struct site {
	char *folder;
	char *home; /* of the store */
	char *url;
	char *spool;
};

static struct site
site_new(void)
{
	char *folder = kit_folder();
	struct site site = {
		folder,
		g_build_filename(folder, "home", NULL),
		g_strdup_printf("sqlite:%s/home/test.db", folder),
		g_build_filename(folder, "spool", NULL),
	};

	g_assert_cmpint(g_mkdir(site.home, 0755), ==, 0);
	return site;
}

static void
site_free(struct site *site)
{
	g_free(site->home);
	g_free(site->url);
	g_free(site->spool);
	kit_remove(site->folder);
}

static struct vault *
open_vault(const struct site *site)
{
	g_autoptr(GError) error = NULL;
	struct vault *vault = vault_open(site->url, site->spool, ROOM, &error);

	g_assert_no_error(error);
	vault_set_pauses(vault, 20 * MS, 100 * MS);
	return vault;
}

/* Holds one message; where it went. */
static enum vault_place
hold(struct vault *vault, guint n, gint64 within_us)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);
	g_autoptr(GBytes) bytes = kit_bytes(1000, n);
	g_autoptr(GError) error = NULL;
	enum vault_place place;

	vault_hold(vault, &message, 1, bytes, clock_monotonic_us() + within_us,
		   &place, &error);
	g_assert_no_error(error);
	return place;
}

/* Waits for news with this in it. */
static void
await_news(struct vault *vault, const char *wanted)
{
	gint64 until_us = clock_monotonic_us() + PATIENCE;
	g_autoptr(GString) all = g_string_new(NULL);

	while (clock_monotonic_us() < until_us) {
		g_autofree char *news = vault_news(vault);

		if (news)
			g_string_append(all, news);
		if (strstr(all->str, wanted))
			return;
		g_usleep(2000);
	}
	g_error("no news of '%s' but '%s'", wanted, all->str);
}

static void
assert_news(struct vault *vault, const char *wanted)
{
	g_autofree char *news = vault_news(vault);

	if (!wanted)
		g_assert_null(news);
	else
		g_assert_true(news && strstr(news, wanted));
}

static guint64
count_held(const struct site *site)
{
	g_autoptr(GError) error = NULL;
	struct store *store = store_open(site->url, &error);
	struct store_stats stats;

	g_assert_no_error(error);
	g_assert_true(store_stats(store, &stats, &error));
	g_assert_true(store_verify(store, &error));
	store_close(store);
	return stats.states[STORE_HELD];
}

static void
the_store_comes_first(void)
{
	struct site site = site_new();
	struct vault *vault = open_vault(&site);

	g_assert_cmpint(hold(vault, 1, PATIENCE), ==, VAULT_STORE);
	assert_news(vault, NULL);
	vault_close(vault);
	g_assert_cmpuint(count_held(&site), ==, 1);
	site_free(&site);
}

/* Who comes with next to no time left takes the store from nobody else. */
static void
a_hasty_caller_is_not_the_stores_fault(void)
{
	const char *const contacts[] = { "nobody", NULL };
	struct site site = site_new();
	struct vault *vault = open_vault(&site);
	g_autoptr(GError) error = NULL;
	gboolean known = TRUE;

	for (guint n = 0; n < 20; n++) {
		g_autoptr(StoreMessage) message = kit_message("priya", n);
		g_autoptr(GBytes) bytes = kit_bytes(4000, n);
		enum vault_place place;

		/* Whether so little time was enough does not matter. */
		vault_hold(vault, &message, 1, bytes,
			   clock_monotonic_us() + 200, &place, NULL);
		g_assert_true(vault_known(vault, "priya", contacts, kit_soon(),
					  &known, &error));
		g_assert_no_error(error);
		g_assert_false(known);
	}
	g_autofree char *news = vault_news(vault);
	g_assert_false(news && strstr(news, "away"));
	vault_close(vault);
	site_free(&site);
}

static void
a_store_away_at_the_start_comes(void)
{
	struct site site = site_new();
	struct vault *vault;

	g_rmdir(site.home);
	vault = open_vault(&site);
	assert_news(vault, "store away: ");
	for (guint n = 0; n < 3; n++)
		g_assert_cmpint(hold(vault, n, PATIENCE), ==, VAULT_SPOOL);
	g_assert_cmpint(g_mkdir(site.home, 0755), ==, 0);
	await_news(vault, "3 messages moved from the spool");
	g_assert_cmpint(hold(vault, 3, PATIENCE), ==, VAULT_STORE);
	vault_close(vault);
	g_assert_cmpuint(count_held(&site), ==, 4);
	site_free(&site);
}

/* The folder of an open store is moved away, and back. */
static void
a_store_that_goes_comes_back(void)
{
	struct site site = site_new();
	struct vault *vault = open_vault(&site);
	g_autofree char *elsewhere =
		g_build_filename(site.folder, "elsewhere", NULL);

	g_assert_cmpint(hold(vault, 1, PATIENCE), ==, VAULT_STORE);
	g_assert_cmpint(g_rename(site.home, elsewhere), ==, 0);
	g_assert_cmpint(hold(vault, 2, PATIENCE), ==, VAULT_SPOOL);
	assert_news(vault, "moved or deleted");
	g_assert_cmpint(hold(vault, 3, PATIENCE), ==, VAULT_SPOOL);
	g_assert_cmpint(g_rename(elsewhere, site.home), ==, 0);
	await_news(vault, "2 messages moved from the spool");
	g_assert_cmpint(hold(vault, 4, PATIENCE), ==, VAULT_STORE);
	assert_news(vault, NULL);
	vault_close(vault);
	g_assert_cmpuint(count_held(&site), ==, 4);
	site_free(&site);
}

/* Where the file was removed, a new one takes what comes. */
static void
a_store_that_is_deleted_is_made_anew(void)
{
	struct site site = site_new();
	struct vault *vault = open_vault(&site);

	g_assert_cmpint(hold(vault, 1, PATIENCE), ==, VAULT_STORE);
	g_assert_cmpint(g_unlink(site.url + strlen("sqlite:")), ==, 0);
	g_assert_cmpint(hold(vault, 2, PATIENCE), ==, VAULT_SPOOL);
	await_news(vault, "1 messages moved from the spool");
	g_assert_cmpint(hold(vault, 3, PATIENCE), ==, VAULT_STORE);
	vault_close(vault);
	g_assert_cmpuint(count_held(&site), ==, 2);
	site_free(&site);
}

/* Another process' lock costs the first message its time, not the next. */
static void
a_locked_store_is_left_alone(void)
{
	struct site site = site_new();
	struct vault *vault = open_vault(&site);
	sqlite3 *db;
	gint64 began_us, took_us;

	vault_set_pauses(vault, 300 * MS, 300 * MS);
	g_assert_cmpint(sqlite3_open(site.url + strlen("sqlite:"), &db), ==,
			SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			==, SQLITE_OK);
	began_us = clock_monotonic_us();
	g_assert_cmpint(hold(vault, 1, 400 * MS), ==, VAULT_SPOOL);
	took_us = clock_monotonic_us() - began_us;
	g_assert_cmpint(took_us, >=, 190 * MS);
	g_assert_cmpint(took_us, <, 400 * MS);
	assert_news(vault, "store away: locked by another process");
	began_us = clock_monotonic_us();
	g_assert_cmpint(hold(vault, 2, PATIENCE), ==, VAULT_SPOOL);
	g_assert_cmpint(clock_monotonic_us() - began_us, <, 190 * MS);
	sqlite3_close(db);
	await_news(vault, "2 messages moved from the spool");
	vault_close(vault);
	g_assert_cmpuint(count_held(&site), ==, 2);
	site_free(&site);
}

static void
what_an_earlier_run_left_is_moved(void)
{
	struct site site = site_new();
	struct vault *vault;

	g_rmdir(site.home);
	vault = open_vault(&site);
	g_assert_cmpint(hold(vault, 1, PATIENCE), ==, VAULT_SPOOL);
	vault_close(vault);
	g_assert_cmpint(g_mkdir(site.home, 0755), ==, 0);
	vault = open_vault(&site);
	await_news(vault, "1 messages moved from the spool");
	vault_close(vault);
	g_assert_cmpuint(count_held(&site), ==, 1);
	site_free(&site);
}

static void
neither_is_an_error(void)
{
	struct site site = site_new();
	g_autoptr(GError) error = NULL;

	g_rmdir(site.home);
	g_assert_null(vault_open(site.url, "/dev/null/spool", ROOM, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_assert_nonnull(strstr(error->message, "home"));
	g_assert_nonnull(strstr(error->message, "/dev/null/spool"));
	site_free(&site);
}

static void
no_spool_is_news(void)
{
	struct site site = site_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *elsewhere =
		g_build_filename(site.folder, "elsewhere", NULL);
	g_autoptr(StoreMessage) message = kit_message("priya", 2);
	g_autoptr(GBytes) bytes = kit_bytes(10, 2);
	enum vault_place place = VAULT_SPOOL;
	struct vault *vault =
		vault_open(site.url, "/dev/null/spool", ROOM, &error);

	g_assert_no_error(error);
	vault_set_pauses(vault, 20 * MS, 100 * MS);
	assert_news(vault, "no spool: ");
	g_assert_cmpint(hold(vault, 1, PATIENCE), ==, VAULT_STORE);
	g_assert_cmpint(g_rename(site.home, elsewhere), ==, 0);
	g_assert_false(vault_hold(vault, &message, 1, bytes, kit_soon(), &place,
				  &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_assert_nonnull(strstr(error->message, "there is no spool"));
	g_assert_cmpint(place, ==, VAULT_SPOOL);
	g_assert_cmpint(g_rename(elsewhere, site.home), ==, 0);
	await_news(vault, "store back");
	g_assert_cmpint(hold(vault, 3, PATIENCE), ==, VAULT_STORE);
	vault_close(vault);
	site_free(&site);
}

static void
both_full_is_an_error(void)
{
	struct site site = site_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) message = kit_message("priya", 2);
	g_autoptr(GBytes) bytes = kit_bytes(1000, 2);
	enum vault_place place;
	struct vault *vault;

	g_rmdir(site.home);
	vault = vault_open(site.url, site.spool, 100, &error);
	g_assert_no_error(error);
	g_assert_false(vault_hold(vault, &message, 1, bytes, kit_soon(), &place,
				  &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_assert_nonnull(strstr(error->message, "store is away"));
	g_assert_nonnull(strstr(error->message, "full (100 bytes)"));
	vault_close(vault);
	site_free(&site);
}

static void
damage_in_the_spool_is_news(void)
{
	struct site site = site_new();
	g_autofree char *bad = g_build_filename(site.spool, "1-X.spool", NULL);
	struct vault *vault;

	g_assert_cmpint(g_mkdir(site.spool, 0755), ==, 0);
	g_assert_true(g_file_set_contents(bad, "junk", 4, NULL));
	vault = open_vault(&site);
	await_news(vault, "1 damaged files set aside in the spool");
	vault_close(vault);
	site_free(&site);
}

/* A refusal is no fault of the store: it stays in use. */
static void
a_refused_message_goes_nowhere(void)
{
	struct site site = site_new();
	struct vault *vault = open_vault(&site);
	g_autoptr(StoreMessage) message = kit_message("priya", 1);
	g_autoptr(GBytes) bytes = kit_bytes(10, 1);
	g_autoptr(GError) error = NULL;
	enum vault_place place;

	g_assert_true(vault_hold(vault, &message, 1, bytes, kit_soon(), &place,
				 &error));
	kit_set(&message->digest, "another");
	g_assert_false(vault_hold(vault, &message, 1, bytes, kit_soon(), &place,
				  &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_CONFLICT);
	g_clear_error(&error);
	g_assert_false(vault_hold(vault, &message, 1, bytes,
				  clock_monotonic_us() - 1, &place, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_TIME);
	g_assert_cmpint(hold(vault, 2, PATIENCE), ==, VAULT_STORE);
	assert_news(vault, NULL);
	vault_close(vault);
	site_free(&site);
}

static void
the_rest_passes_through(void)
{
	static const char *const contacts[] = { "c", NULL };
	struct site site = site_new();
	struct vault *vault = open_vault(&site);
	g_autoptr(StoreMessage) note = kit_message("priya", 1);
	const struct store_likeness likeness = {
		.buyer = "priya",
		.vendor = note->vendor,
		.fingerprint = note->fingerprint,
	};
	struct store_ruling none, *found = &none;
	struct store_history history;
	g_autoptr(GError) error = NULL;
	gboolean known = TRUE;

	g_assert_true(vault_known(vault, "priya", contacts, kit_soon(), &known,
				  &error));
	g_assert_false(known);
	vault_contact(vault, "priya", "c", 1);
	vault_note(vault, note);
	vault_close(vault);
	vault = open_vault(&site);
	g_assert_true(vault_known(vault, "priya", contacts, kit_soon(), &known,
				  &error));
	g_assert_true(known);
	g_assert_true(vault_ruling_find(vault, "priya", note->vendor, "",
					clock_now_us(), kit_soon(), &found,
					&error));
	g_assert_null(found);
	g_assert_true(
		vault_history(vault, &likeness, kit_soon(), &history, &error));
	g_assert_cmpuint(history.vendor_seen, ==, 1);
	g_assert_cmpuint(history.campaign_seen, ==, 1);
	vault_close(vault);
	site_free(&site);
}

static void
the_rest_says_away(void)
{
	static const char *const contacts[] = { "c", NULL };
	struct site site = site_new();
	struct vault *vault;
	g_autoptr(StoreMessage) note = kit_message("priya", 1);
	const struct store_likeness likeness = { .buyer = "priya",
						 .vendor = "v" };
	struct store_ruling none, *found = &none;
	struct store_history history;
	g_autoptr(GError) error = NULL;
	gboolean known = TRUE;

	g_rmdir(site.home);
	vault = open_vault(&site);
	g_assert_false(vault_known(vault, "priya", contacts, kit_soon(), &known,
				   &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_clear_error(&error);
	g_assert_false(
		vault_history(vault, &likeness, kit_soon(), &history, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_clear_error(&error);
	g_assert_false(vault_ruling_find(vault, "priya", "v", "",
					 clock_now_us(), kit_soon(), &found,
					 &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_assert_true(found == &none);
	vault_contact(vault, "priya", "c", 1);
	vault_note(vault, note);
	vault_close(vault);
	site_free(&site);
}

static void
note(struct vault *vault, guint n)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);

	message->state = STORE_DELIVERED;
	vault_note(vault, message);
}

/* Without a store, so many wait for one. */
static void
what_no_store_gets_is_counted(void)
{
	struct site site = site_new();
	struct vault *vault;

	g_rmdir(site.home);
	vault = open_vault(&site);
	for (guint n = 0; n < 512; n++)
		note(vault, n);
	g_assert_cmpuint(vault_dropped(vault), ==, 0);
	vault_contact(vault, "priya", "c", 1);
	for (guint n = 512; n < 520; n++)
		note(vault, n);
	g_assert_cmpuint(vault_dropped(vault), ==, 9);
	g_assert_cmpuint(vault_dropped(vault), ==, 0);
	g_assert_cmpint(g_mkdir(site.home, 0755), ==, 0);
	await_news(vault, "store back");
	g_assert_cmpint(hold(vault, 1000, PATIENCE), ==, VAULT_STORE);
	g_assert_cmpuint(vault_dropped(vault), ==, 0);
	vault_close(vault);
	site_free(&site);
}

/* What a store that went could not write is counted once, before and after it
 * is opened anew. */
static void
what_a_store_drops_is_counted(void)
{
	struct site site = site_new();
	struct vault *vault = open_vault(&site);
	gint64 until_us = clock_monotonic_us() + PATIENCE;
	g_autofree char *elsewhere =
		g_build_filename(site.folder, "elsewhere", NULL);
	guint64 dropped = 0;

	g_assert_cmpint(hold(vault, 1, PATIENCE), ==, VAULT_STORE);
	g_assert_cmpint(g_rename(site.home, elsewhere), ==, 0);
	for (guint n = 2; n < 7; n++)
		note(vault, n);
	g_assert_cmpint(hold(vault, 7, PATIENCE), ==, VAULT_SPOOL);
	while (dropped < 5 && clock_monotonic_us() < until_us) {
		g_usleep(2000);
		dropped += vault_dropped(vault);
	}
	g_assert_cmpint(g_rename(elsewhere, site.home), ==, 0);
	await_news(vault, "1 messages moved from the spool");
	note(vault, 8);
	g_assert_cmpint(hold(vault, 9, PATIENCE), ==, VAULT_STORE);
	dropped += vault_dropped(vault);
	g_assert_cmpuint(dropped, ==, 5);
	vault_close(vault);
	site_free(&site);
}

static gpointer
hold_many(gpointer data)
{
	static gint next = 1000;

	for (guint i = 0; i < 40; i++)
		hold(data, (guint)g_atomic_int_add(&next, 1), PATIENCE);
	return NULL;
}

/* The store goes and comes while all threads hold: each copy is there once. */
static void
a_flapping_store_loses_nothing(void)
{
	struct site site = site_new();
	struct vault *vault = open_vault(&site);
	g_autofree char *elsewhere =
		g_build_filename(site.folder, "elsewhere", NULL);
	GThread *threads[THREADS];

	for (guint i = 0; i < THREADS; i++)
		threads[i] = g_thread_new("holder", hold_many, vault);
	for (guint i = 0; i < 3; i++) {
		g_usleep(5000);
		g_assert_cmpint(g_rename(site.home, elsewhere), ==, 0);
		g_usleep(30000);
		g_assert_cmpint(g_rename(elsewhere, site.home), ==, 0);
		g_usleep(30000);
	}
	for (guint i = 0; i < THREADS; i++)
		g_thread_join(threads[i]);
	vault_close(vault);
	vault = open_vault(&site);
	for (guint i = 0; i < 2000 && count_held(&site) < 40 * THREADS; i++)
		g_usleep(10000);
	vault_close(vault);
	g_assert_cmpuint(count_held(&site), ==, 40 * THREADS);
	site_free(&site);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vault/the store comes first", the_store_comes_first);
	g_test_add_func("/vault/a store away at the start comes",
			a_store_away_at_the_start_comes);
	g_test_add_func("/vault/a store that goes comes back",
			a_store_that_goes_comes_back);
	g_test_add_func("/vault/a store that is deleted is made anew",
			a_store_that_is_deleted_is_made_anew);
	g_test_add_func("/vault/a locked store is left alone",
			a_locked_store_is_left_alone);
	g_test_add_func("/vault/what an earlier run left is moved",
			what_an_earlier_run_left_is_moved);
	g_test_add_func("/vault/neither is an error", neither_is_an_error);
	g_test_add_func("/vault/no spool is news", no_spool_is_news);
	g_test_add_func("/vault/both full is an error", both_full_is_an_error);
	g_test_add_func("/vault/damage in the spool is news",
			damage_in_the_spool_is_news);
	g_test_add_func("/vault/a refused message goes nowhere",
			a_refused_message_goes_nowhere);
	g_test_add_func("/vault/a hasty caller is not the store's fault",
			a_hasty_caller_is_not_the_stores_fault);
	g_test_add_func("/vault/the rest passes through",
			the_rest_passes_through);
	g_test_add_func("/vault/the rest says away", the_rest_says_away);
	g_test_add_func("/vault/what no store gets is counted",
			what_no_store_gets_is_counted);
	g_test_add_func("/vault/what a store drops is counted",
			what_a_store_drops_is_counted);
	g_test_add_func("/vault/a flapping store loses nothing",
			a_flapping_store_loses_nothing);
	return g_test_run();
}
