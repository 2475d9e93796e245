/* The store when the world is against it. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/access.h"

#define MS G_GINT64_CONSTANT(1000)

static guint64
count_held(struct store *store)
{
	struct store_stats stats;
	g_autoptr(GError) error = NULL;

	store_stats(store, &stats, &error);
	g_assert_no_error(error);
	return stats.states[STORE_HELD];
}

static void
another_lock_is_busy_in_time(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	sqlite3 *db = kit_database(folder);
	gint64 began_us = clock_monotonic_us(), took_us;
	g_autoptr(GError) error = NULL;

	kit_sql(db, "BEGIN IMMEDIATE");
	g_assert_false(kit_hold_within(store, 1, 100, 300 * MS, &error));
	took_us = clock_monotonic_us() - began_us;
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
	g_assert_cmpint(took_us, >=, 300 * MS);
	g_assert_cmpint(took_us, <, 600 * MS);
	g_clear_error(&error);
	/* Readers do not mind. */
	g_assert_cmpuint(count_held(store), ==, 0);
	kit_sql(db, "ROLLBACK");
	g_assert_true(kit_hold_within(store, 2, 100, 10000 * MS, &error));
	/* What was given up was never written. */
	g_assert_cmpuint(count_held(store), ==, 1);
	sqlite3_close(db);
	store_close(store);
	kit_remove(folder);
}

static gpointer
unlock_soon(gpointer db)
{
	g_usleep(200000);
	kit_sql(db, "COMMIT");
	return NULL;
}

static void
a_short_lock_is_waited_for(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	sqlite3 *db = kit_database(folder);
	GThread *thread;
	g_autoptr(GError) error = NULL;

	kit_sql(db, "BEGIN IMMEDIATE");
	thread = g_thread_new("unlock", unlock_soon, db);
	g_assert_true(kit_hold_within(store, 1, 100, 10000 * MS, &error));
	g_thread_join(thread);
	sqlite3_close(db);
	store_close(store);
	kit_remove(folder);
}

/* Closing does not wait for ever for a lock, and drops what it must. */
static void
a_locked_store_closes(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	sqlite3 *db = kit_database(folder);
	g_autoptr(StoreMessage) message = kit_message("priya", 1);
	gint64 began_us;

	if (!g_test_slow()) {
		g_test_skip("takes five seconds: -m slow");
	} else {
		kit_sql(db, "BEGIN IMMEDIATE");
		store_note(store, message);
		began_us = clock_monotonic_us();
		store_close(g_steal_pointer(&store));
		g_assert_cmpint(clock_monotonic_us() - began_us, <, 8000 * MS);
	}
	store_close(store);
	sqlite3_close(db);
	kit_remove(folder);
}

static void
open_refused(const char *folder)
{
	g_autofree char *url = kit_url(folder);
	g_autoptr(GError) error = NULL;

	g_assert_null(store_open(url, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_assert_nonnull(strstr(error->message, "test.db"));
}

static void
a_read_only_database_is_away(void)
{
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);

	g_chmod(folder, 0555);
	kit_unprivileged(open_refused, folder);
	g_chmod(folder, 0755);
	store_close(kit_open(folder));
	g_chmod(path, 0444);
	g_chmod(folder, 0555);
	kit_unprivileged(open_refused, folder);
	g_chmod(folder, 0755);
	kit_remove(folder);
}

/* Mail is not for everyone on the machine. */
static void
files_are_private(void)
{
	static const char *const names[] = { "test.db", "test.db-wal",
					     "test.db-shm", "test.db.ballast" };
	char *folder = kit_folder();
	mode_t before = umask(0);
	struct store *store = kit_open(folder);

	g_free(kit_hold(store, "priya", 1));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
			g_build_filename(folder, names[i], NULL);
		struct stat st;

		g_assert_cmpint(stat(path, &st), ==, 0);
		g_assert_cmpint(st.st_mode & 07, ==, 0);
	}
	umask(before);
	store_close(store);
	kit_remove(folder);
}

static void
a_deleted_file_is_away(void)
{
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);
	struct store *store = kit_open(folder);
	struct store_stats stats;
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(count_held(store), ==, 0);
	g_unlink(path);
	g_assert_false(kit_hold_within(store, 1, 100, 1000 * MS, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_clear_error(&error);
	/* What was in it is not told for what is. */
	g_assert_false(store_stats(store, &stats, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	g_assert_nonnull(strstr(error->message, "moved or deleted"));
	g_clear_error(&error);
	g_assert_null(
		store_pass_find(store, STORE_PASS_SESSION, "aa", 1, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	store_close(store);
	kit_remove(folder);
}

static void
assert_refused(const char *folder, enum store_error code, const char *says)
{
	g_autofree char *url = kit_url(folder);
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(url, &error);

	if (store)
		g_assert_false(store_verify(store, &error));
	g_assert_error(error, STORE_ERROR, (gint)code);
	g_test_message("%s", error->message);
	g_assert_nonnull(strstr(error->message, says));
}

static void
other_files_are_refused(void)
{
	static const struct {
		const char *sql;
		enum store_error code;
		const char *says;
	} cases[] = {
		{ "CREATE TABLE cheese (name)", STORE_ERROR_BROKEN,
		  "another program" },
		{ "PRAGMA application_id=1350005620; PRAGMA user_version=99",
		  STORE_ERROR_NEWER,
		  "schema 99 is newer than this program's 12" },
		{ "PRAGMA application_id=7", STORE_ERROR_BROKEN,
		  "another program" },
	};
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);
	g_autofree char *junk = g_strnfill(8192, 'x');

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		sqlite3 *db = kit_database(folder);

		kit_sql(db, cases[i].sql);
		sqlite3_close(db);
		assert_refused(folder, cases[i].code, cases[i].says);
		g_unlink(path);
	}
	g_assert_true(g_file_set_contents(path, junk, 8192, NULL));
	assert_refused(folder, STORE_ERROR_BROKEN, "not a database");
	kit_remove(folder);
}

static void
hold_for_ever(const char *folder, int out)
{
	struct store *store = kit_open(folder);

	for (guint n = 0;; n++) {
		g_autofree char *id = kit_hold(store, "priya", n);
		g_autofree char *line = g_strdup_printf("%s\n", id);

		if (write(out, line, strlen(line)) < 0)
			_exit(1);
	}
}

static void
a_killed_process_loses_nothing(void)
{
	char *folder = kit_folder();

	for (guint round = 0; round < 5; round++) {
		g_autofree char *said =
			kit_killed(hold_for_ever, folder, 20 + round * 13);
		g_auto(GStrv) ids = g_strsplit(said, "\n", -1);
		struct store *store = kit_open(folder);
		guint acked = g_strv_length(ids) - 1;

		g_assert_cmpuint(acked, >, 0);
		for (guint i = 0; i < acked; i++) {
			g_autoptr(GError) error = NULL;
			g_autoptr(GBytes) bytes =
				store_body(store, "priya", ids[i], &error);

			g_assert_no_error(error);
		}
		kit_assert_sound(store);
		store_close(store);
	}
	kit_remove(folder);
}

static gpointer
open_at_once(gpointer folder)
{
	struct store *store = kit_open(folder);

	g_free(kit_hold(store, "priya", g_random_int()));
	return store;
}

/* Of several that make the database at once, each finds it made. */
static void
starters_agree(void)
{
	for (guint round = 0; round < 10; round++) {
		char *folder = kit_folder();
		struct store *stores[4];
		GThread *threads[4];

		for (guint i = 0; i < 4; i++)
			threads[i] =
				g_thread_new("start", open_at_once, folder);
		for (guint i = 0; i < 4; i++)
			stores[i] = g_thread_join(threads[i]);
		g_assert_cmpuint(count_held(stores[0]), ==, 4);
		kit_assert_sound(stores[1]);
		for (guint i = 0; i < 4; i++)
			store_close(stores[i]);
		kit_remove(folder);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/another lock is busy in time",
			another_lock_is_busy_in_time);
	g_test_add_func("/store/a short lock is waited for",
			a_short_lock_is_waited_for);
	g_test_add_func("/store/a locked store closes", a_locked_store_closes);
	g_test_add_func("/store/a read-only database is away",
			a_read_only_database_is_away);
	g_test_add_func("/store/files are private", files_are_private);
	g_test_add_func("/store/a deleted file is away",
			a_deleted_file_is_away);
	g_test_add_func("/store/other files are refused",
			other_files_are_refused);
	g_test_add_func("/store/a killed process loses nothing",
			a_killed_process_loses_nothing);
	g_test_add_func("/store/starters agree", starters_agree);
	return g_test_run();
}
