/* A database that is copied while others write it: one state, or refused. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/cli/scratch_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "base/error.h"

#define PAGE  4096
#define PAGES 2000
#define ROWS  4000
#define TRIES 12

struct world {
	char *folder;
	char *file; /* kit_database()'s */
};

static struct world
world_new(void)
{
	struct world world = { .folder = kit_quick_folder() };

	world.file = g_build_filename(world.folder, "test.db", NULL);
	return world;
}

static void
world_end(struct world *world)
{
	g_free(world->file);
	kit_remove(world->folder);
}

/* A child that writes until it is killed; it has begun when this returns. */
static pid_t
writer_begin(void (*run)(const struct world *world, int begun),
	     const struct world *world)
{
	int ends[2];
	char byte;
	pid_t child;

	g_assert_cmpint(pipe(ends), ==, 0);
	child = fork();
	g_assert_cmpint(child, >=, 0);
	if (child == 0) {
		/* Whatever becomes of the test. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(world, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	g_assert_cmpint(read(ends[0], &byte, 1), ==, 1);
	close(ends[0]);
	return child;
}

static void
writer_end(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
say_begun(int begun)
{
	g_assert_cmpint(write(begun, "+", 1), ==, 1);
}

/* --- a program that is none of SQLite's */

static void
overwrite(const struct world *world, int begun)
{
	const int fd = open(world->file, O_WRONLY | O_CLOEXEC);
	char page[PAGE];

	for (guint round = 1;; round++) {
		memset(page, (int)(round & 0x7f), sizeof(page));
		for (guint i = 0; i < PAGES; i++)
			if (pwrite(fd, page, PAGE, (off_t)i * PAGE) != PAGE)
				abort();
		if (round == 1)
			say_begun(begun);
		/* There are moments in which nobody writes. */
		if (round % 8 == 0)
			g_usleep(60000);
	}
}

static void
assert_one_round(const char *path)
{
	g_autofree char *bytes = NULL;
	gsize len;

	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	g_assert_cmpuint(len, ==, PAGES * PAGE);
	for (gsize i = 1; i < len; i++)
		if (bytes[i] != bytes[0])
			g_error("%s: two states in one copy", path);
}

/* TRUE: it was copied. */
static gboolean
copy_it(const struct world *world, void (*look)(const char *copy))
{
	g_auto(Scratch) scratch = { .folder = NULL };
	g_autofree char *place = g_build_filename(world->folder, "copy", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(scratch_make(place, &scratch, &error));
	if (!scratch_copy(&scratch, world->file, &error)) {
		g_assert_error(error, BASE_ERROR, BASE_ERROR_BUSY);
		g_assert_nonnull(strstr(error->message, "another program"));
		return FALSE;
	}
	look(scratch.file);
	return TRUE;
}

static void
bytes_are_one_state(void)
{
	struct world world = world_new();
	g_autofree char *bytes = g_malloc0(PAGES * PAGE);
	pid_t writer;

	g_assert_true(
		g_file_set_contents(world.file, bytes, PAGES * PAGE, NULL));
	writer = writer_begin(overwrite, &world);
	g_assert_false(copy_it(&world, assert_one_round));
	writer_end(writer);
	/* It was killed anywhere. */
	g_assert_true(
		g_file_set_contents(world.file, bytes, PAGES * PAGE, NULL));
	g_assert_true(copy_it(&world, assert_one_round));
	world_end(&world);
}

/* --- a program that has it open as stores are */

static void
make_table(const struct world *world, const char *mode)
{
	sqlite3 *db = kit_database(world->folder);

	kit_sql(db, mode);
	kit_sql(db, "CREATE TABLE t (n INTEGER, filler BLOB);"
		    "CREATE INDEX t_n ON t (n);"
		    "WITH RECURSIVE row (i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM row WHERE i < " G_STRINGIFY(
			    ROWS) ")"
				  " INSERT INTO t SELECT 0, zeroblob(300) FROM "
				  "row");
	sqlite3_close(db);
}

static void
count_up(const struct world *world, int begun)
{
	sqlite3 *db = kit_database(world->folder);

	kit_sql(db, "PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=50");
	for (guint i = 0;; i++) {
		kit_sql(db, "UPDATE t SET n = n + 1");
		if (i == 1)
			say_begun(begun);
	}
}

static int
get_text(void *data, int n, char **values, char **names)
{
	(void)names;
	g_assert_cmpint(n, ==, 1);
	g_assert_cmpstr(values[0], ==, data);
	return 0;
}

static void
assert_answer(sqlite3 *db, const char *sql, const char *wanted)
{
	g_autofree char *answer = g_strdup(wanted);
	char *said = NULL;

	sqlite3_exec(db, sql, get_text, answer, &said);
	g_assert_cmpstr(said, ==, NULL);
}

static void
assert_one_count(const char *path)
{
	sqlite3 *db;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	assert_answer(db, "PRAGMA integrity_check", "ok");
	assert_answer(db, "SELECT max(n) - min(n) FROM t", "0");
	assert_answer(db, "SELECT count(*) FROM t", G_STRINGIFY(ROWS));
	sqlite3_close(db);
}

static void
an_open_store_is_one_state(void)
{
	struct world world = world_new();
	guint copied = 0;
	pid_t writer;

	make_table(&world, "PRAGMA journal_mode=WAL");
	writer = writer_begin(count_up, &world);
	for (guint i = 0; i < TRIES; i++)
		copied += copy_it(&world, assert_one_count) ? 1 : 0;
	writer_end(writer);
	g_assert_cmpuint(copied, ==, TRIES);
	/* And what it left. */
	g_assert_true(copy_it(&world, assert_one_count));
	world_end(&world);
}

/* What came along with a copy, of a program that was killed. */
static void
its_log_comes_along(void)
{
	struct world world = world_new();
	g_autofree char *index = g_strconcat(world.file, "-shm", NULL);
	g_autofree char *log = g_strconcat(world.file, "-wal", NULL);

	make_table(&world, "PRAGMA journal_mode=WAL");
	writer_end(writer_begin(count_up, &world));
	g_assert_cmpint(g_unlink(index), ==, 0);
	g_assert_true(copy_it(&world, assert_one_count));
	g_assert_false(g_file_test(index, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(log, G_FILE_TEST_EXISTS));
	world_end(&world);
}

/* --- a program that keeps a journal, and dies in the middle */

static void
change_half(const struct world *world, int begun)
{
	sqlite3 *db = kit_database(world->folder);

	kit_sql(db, "PRAGMA cache_size=10; PRAGMA cache_spill=ON; BEGIN;"
		    "UPDATE t SET n = 1, filler = zeroblob(301)");
	say_begun(begun);
	for (;;)
		pause();
}

static void
assert_old(const char *path)
{
	sqlite3 *db;

	assert_one_count(path);
	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	assert_answer(db, "SELECT max(n) FROM t", "0");
	sqlite3_close(db);
}

static void
what_is_half_done_is_taken_back(void)
{
	struct world world = world_new();
	g_autofree char *journal = g_strconcat(world.file, "-journal", NULL);
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	gsize size, size_after;

	make_table(&world, "PRAGMA journal_mode=DELETE");
	writer_end(writer_begin(change_half, &world));
	g_assert_true(g_file_test(journal, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_get_contents(world.file, &before, &size, NULL));
	g_assert_true(copy_it(&world, assert_old));
	g_assert_true(
		g_file_get_contents(world.file, &after, &size_after, NULL));
	g_assert_cmpuint(size, ==, size_after);
	g_assert_true(memcmp(before, after, size) == 0);
	g_assert_true(g_file_test(journal, G_FILE_TEST_EXISTS));
	world_end(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scratch/bytes are one state", bytes_are_one_state);
	g_test_add_func("/scratch/an open store is one state",
			an_open_store_is_one_state);
	g_test_add_func("/scratch/its log comes along", its_log_comes_along);
	g_test_add_func("/scratch/what is half done is taken back",
			what_is_half_done_is_taken_back);
	return g_test_run();
}
