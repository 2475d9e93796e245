#include "store_kit.h"

#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

struct scenario {
	const char *name;
	kit_run run;
};

gboolean
kit_injected(GError **error)
{
	if (!*error || !strstr((*error)->message, "fails on purpose"))
		return FALSE;
	g_clear_error(error);
	return TRUE;
}

char *
kit_quick_folder(void)
{
	char *folder = g_strdup("/dev/shm/pitchward-test-XXXXXX");

	if (g_mkdtemp(folder))
		return folder;
	g_free(folder);
	return kit_folder();
}

char *
kit_folder(void)
{
	g_autoptr(GError) error = NULL;
	char *folder = g_dir_make_tmp("pitchward-test-XXXXXX", &error);

	g_assert_no_error(error);
	return folder;
}

void
kit_remove(char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			kit_remove(g_steal_pointer(&path));
		else
			g_unlink(path);
	}
	g_rmdir(folder);
	g_free(folder);
}

char *
kit_url(const char *folder)
{
	return g_strdup_printf("sqlite:%s/test.db", folder);
}

struct store *
kit_open(const char *folder)
{
	g_autofree char *url = kit_url(folder);
	g_autoptr(GError) error = NULL;
	struct store *store = store_open(url, &error);

	g_assert_no_error(error);
	return store;
}

/*
 * An empty store, made once: with sanitizers half of a scenario's time would be
 * spent on the steps of the schema.
 */
static void
plant_empty(const char *folder)
{
	static char *bytes;
	static gsize size;
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);

	if (!bytes) {
		char *nursery = kit_quick_folder();
		g_autofree char *made =
			g_build_filename(nursery, "test.db", NULL);

		store_close(kit_open(nursery));
		g_assert_true(g_file_get_contents(made, &bytes, &size, NULL));
		kit_remove(nursery);
	}
	g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

static void
run_plain(gconstpointer data)
{
	const struct scenario *scenario = data;
	char *folder = kit_folder();
	struct store *store;

	plant_empty(folder);
	store = kit_open(folder);

	scenario->run(store);
	store_close(store);
	kit_remove(folder);
}

/* Empties what an earlier scenario of this program left. */
static const char clear_all[] =
	"SET session_replication_role = replica;"
	"DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname"
	" FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
	" AND relkind IN ('r', 'p') AND NOT relispartition"
	" AND relname <> 'pitchward_schema' LOOP"
	" EXECUTE format('DELETE FROM %I', name); END LOOP; END $$;"
	"INSERT INTO topic_term VALUES (0, 0, 0, '', '')";

static void
clear_pg(const char *url)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *result = PQexec(conn, clear_all);

	g_assert_cmpstr(PQresultErrorMessage(result), ==, "");
	PQclear(result);
	PQfinish(conn);
}

/*
 * On the PostgreSQL that PITCHWARD_TEST_PG names, in a schema of this
 * program's own, which goes with the test's cluster: making one takes long.
 */
static void
run_pg(gconstpointer data)
{
	const struct scenario *scenario = data;
	static gboolean made;
	g_autofree char *url =
		g_strdup_printf("%s&options=-csearch_path%%3Dkit_%d",
				g_getenv("PITCHWARD_TEST_PG"), (int)getpid());
	g_autoptr(GError) error = NULL;
	struct store *store;

	if (made)
		clear_pg(url);
	made = TRUE;
	store = store_open(url, &error);
	g_assert_no_error(error);
	scenario->run(store);
	kit_assert_sound(store);
	store_close(store);
}

/* TRUE when call N was made, so that there may be one more. */
static gboolean
run_fake(const struct scenario *scenario, guint n, const char *word)
{
	char *folder = kit_quick_folder();
	g_autofree char *url = g_strdup_printf("fake:%u:%s:sqlite:%s/test.db",
					       n, word, folder);
	g_autoptr(GError) error = NULL;
	struct store *store;
	gboolean left;

	plant_empty(folder);
	store = store_open(url, &error);
	g_assert_no_error(error);
	g_test_message("%s: call %u is %s", scenario->name, n, word);
	scenario->run(store);
	/* The first call after the last of the scenario, if N is that far. */
	left = !store_verify(store, &error) && kit_injected(&error);
	g_assert_no_error(error);
	store_close(store);
	store = kit_open(folder);
	g_assert_true(store_verify(store, &error));
	store_close(store);
	kit_remove(folder);
	return !left;
}

static void
run_fakes(gconstpointer data)
{
	static const char *const words[] = { "away", "lost" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		guint n = 1;

		while (run_fake(data, n, words[i]))
			n++;
		g_assert_cmpuint(n, >, 1);
	}
}

void
kit_scenario(const char *name, kit_run run)
{
	struct scenario *scenario = g_new0(struct scenario, 1);
	g_autofree char *plain = g_strdup_printf("/store/sqlite/%s", name);
	g_autofree char *fake = g_strdup_printf("/store/fake/%s", name);
	g_autofree char *pg = g_strdup_printf("/store/pg/%s", name);

	scenario->name = name;
	scenario->run = run;
	g_test_add_data_func(plain, scenario, run_plain);
	if (g_getenv("PITCHWARD_TEST_PG"))
		g_test_add_data_func(pg, scenario, run_pg);
	g_test_add_data_func_full(fake, scenario, run_fakes, g_free);
}

void
kit_set(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
}

struct store_message *
kit_message(const char *buyer, guint n)
{
	struct store_message *message = g_new0(struct store_message, 1);

	id_new(message->id);
	message->buyer = g_strdup(buyer);
	message->time_us = clock_now_us();
	message->digest = g_strdup_printf("digest-%u", n);
	message->sender = g_strdup_printf("bounce+%u@vendor.example", n);
	message->rcpt = g_strdup_printf("<\"Pri ya\"+%u@Buyer.Example>", n);
	message->from = g_strdup_printf("seller%u@vendor.example", n);
	message->from_name = g_strdup_printf("Zo\xc3\xab \xe2\x98\x83 %u", n);
	message->subject = g_strdup_printf("Subject number %u", n);
	message->message_id = g_strdup_printf("<%u@vendor.example>", n);
	message->queue_id = g_strdup_printf("4Q%u", n);
	message->node = g_strdup("mx1.buyer.example");
	message->verdict = g_strdup("quarantine");
	message->outreach = 0.93 + n / 1e6;
	message->relevance = 0.11 + n / 1e6;
	message->priority = g_strdup("edr");
	message->model = g_strdup("starter-1");
	message->gate = g_strdup("");
	message->reasons = g_strdup("[{\"name\":\"cta\",\"value\":1}]");
	message->vendor = g_strdup_printf("vendor%u.example", n);
	message->fingerprint =
		G_GUINT64_CONSTANT(0xf00dfeed00000000) + n * 97UL;
	message->size = 300;
	message->state = STORE_HELD;
	message->state_us = message->time_us + 5;
	message->note = g_strdup_printf("held by screen %u", n);
	return message;
}

GBytes *
kit_bytes(gsize size, guint32 seed)
{
	guint8 *bytes = g_malloc(size + 1);
	guint64 x = seed * 2 + 1;

	for (gsize i = 0; i < size; i++) {
		x = x * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040;
		bytes[i] = (guint8)(x >> 56);
	}
	return g_bytes_new_take(bytes, size);
}

gint64
kit_soon(void)
{
	return clock_monotonic_us() + 10 * CLOCK_SECOND_US;
}

char *
kit_hold(struct store *store, const char *buyer, guint n)
{
	g_autoptr(StoreMessage) message = kit_message(buyer, n);
	g_autoptr(GBytes) bytes = kit_bytes(300, n);

	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	return g_strdup(message->id);
}

gboolean
kit_hold_within(struct store *store, guint n, gsize size, gint64 within_us,
		GError **error)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);
	g_autoptr(GBytes) bytes = kit_bytes(size, n);

	return store_hold(store, &message, 1, bytes,
			  clock_monotonic_us() + within_us, NULL, error);
}

void
kit_assert_sound(struct store *store)
{
	g_autoptr(GError) error = NULL;

	store_verify(store, &error);
	g_assert_no_error(error);
}

sqlite3 *
kit_database(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);
	sqlite3 *db;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

void
kit_sql(sqlite3 *db, const char *sql)
{
	g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

struct spool *
kit_spool(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autoptr(GError) error = NULL;
	struct spool *spool = spool_open(path, KIT_ROOM, &error);

	g_assert_no_error(error);
	return spool;
}

/* The id of the message, the caller's. */
char *
kit_put(struct spool *spool, guint n)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);
	g_autoptr(GBytes) bytes = kit_bytes(1000, n);
	g_autoptr(GError) error = NULL;

	spool_put(spool, &message, 1, bytes, &error);
	g_assert_no_error(error);
	return g_strdup(message->id);
}

void
kit_assert_depth(struct spool *spool, guint wanted)
{
	guint files = 99;
	guint64 bytes = 0;
	gint64 age_us = -1;

	spool_depth(spool, &files, &bytes, &age_us);
	g_assert_cmpuint(files, ==, wanted);
	g_assert_cmpint(bytes > 0, ==, wanted > 0);
	g_assert_cmpint(age_us, >=, 0);
	g_assert_cmpint(age_us, <, 60 * CLOCK_SECOND_US);
}

void
kit_assert_drained(struct spool *spool, struct store *store, guint wanted)
{
	guint moved = 99;
	g_autoptr(GError) error = NULL;

	g_assert_true(spool_drain(spool, store, &moved, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(moved, ==, wanted);
	kit_assert_depth(spool, 0);
}

void
kit_assert_held(struct store *store, const char *id, guint n)
{
	g_autoptr(GBytes) wanted = kit_bytes(1000, n);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = store_body(store, "priya", id, &error);

	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(bytes, wanted));
}

#define NOBODY 65534

void
kit_unprivileged(void (*run)(const char *folder), const char *folder)
{
	pid_t child = fork();
	int status = 0;

	g_assert_cmpint(child, >=, 0);
	if (child == 0) {
		if (geteuid() == 0 &&
		    (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
			_exit(1);
		run(folder);
		_exit(0);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

char *
kit_killed(void (*run)(const char *folder, int out), const char *folder,
	   guint ms)
{
	GString *said = g_string_new(NULL);
	char buffer[4096];
	int ends[2];
	ssize_t n;
	pid_t child;

	g_assert_cmpint(pipe(ends), ==, 0);
	child = fork();
	g_assert_cmpint(child, >=, 0);
	if (child == 0) {
		close(ends[0]);
		run(folder, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	/* The time counts from the first word, however slow the start. */
	n = read(ends[0], buffer, sizeof(buffer));
	g_usleep(ms * 1000UL);
	kill(child, SIGKILL);
	for (; n > 0; n = read(ends[0], buffer, sizeof(buffer)))
		g_string_append_len(said, buffer, n);
	close(ends[0]);
	waitpid(child, NULL, 0);
	return g_string_free(said, FALSE);
}
