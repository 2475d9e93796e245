/*
 * What PostgreSQL adds to what can go wrong: connections that are cut at any
 * statement, several nodes at the same rows, and a server that is waited for.
 * On the database that PITCHWARD_TEST_PG names, else nothing is tested.
 */
#include <libpq-fe.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/store/pg_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"

#define NODES	   3
#define THREADS	   4
#define PER_THREAD 25
#define CUT_MAX	   100

static char *url;

/* A schema of this program's own. */
static char *
make_url(const char *schema)
{
	return g_strdup_printf("%s&options=-csearch_path%%3D%s_%d",
			       g_getenv("PITCHWARD_TEST_PG"), schema,
			       (int)getpid());
}

static struct store *
open_store(void)
{
	g_autoptr(GError) error = NULL;
	struct store *store = store_open(url, &error);

	g_assert_no_error(error);
	return store;
}

/* What the first column of the first row is, as the server itself says. */
static gint64
ask(const char *sql)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *result = PQexec(conn, sql);
	gint64 value = 0;

	g_assert_cmpstr(PQresultErrorMessage(result), ==, "");
	if (PQntuples(result) > 0)
		value = g_ascii_strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	PQfinish(conn);
	return value;
}

struct crowd {
	struct store *store;
	guint node;
	guint thread;
	guint failed;
};

static gpointer
hold_many(gpointer data)
{
	struct crowd *crowd = data;

	for (guint i = 0; i < PER_THREAD; i++) {
		const guint n =
			(crowd->node * THREADS + crowd->thread) * 1000 + i;
		g_autoptr(StoreMessage) one = kit_message("priya", n);
		g_autoptr(StoreMessage) two = kit_message("bob", n);
		struct store_message *both[] = { one, two };
		g_autoptr(GBytes) bytes = kit_bytes(300, n);
		g_autoptr(GError) error = NULL;

		if (!store_hold(crowd->store, both, 1 + n % 2, bytes,
				kit_soon(), NULL, &error)) {
			g_printerr("%s\n", error->message);
			crowd->failed++;
		}
	}
	return NULL;
}

/* One of the nodes; how many holds failed. */
static int
run_node(guint node)
{
	struct store *store = open_store();
	struct crowd crowds[THREADS];
	GThread *threads[THREADS];
	guint failed = 0;

	for (guint i = 0; i < THREADS; i++) {
		crowds[i] = (struct crowd){ store, node, i, 0 };
		threads[i] = g_thread_new("hold", hold_many, &crowds[i]);
	}
	for (guint i = 0; i < THREADS; i++) {
		g_thread_join(threads[i]);
		failed += crowds[i].failed;
	}
	store_close(store);
	return (int)MIN(failed, 100);
}

/* Nodes that write about the same people at once: all is held, and summed. */
static void
test_crowd(void)
{
	const gint64 start_us = clock_monotonic_us();
	pid_t nodes[NODES];
	struct store *store;

	for (guint i = 0; i < NODES; i++) {
		nodes[i] = fork();
		g_assert_cmpint(nodes[i], >=, 0);
		if (nodes[i] == 0)
			_exit(run_node(i));
	}
	for (guint i = 0; i < NODES; i++) {
		int status = -1;

		g_assert_cmpint(waitpid(nodes[i], &status, 0), ==, nodes[i]);
		g_assert_cmpint(status, ==, 0);
	}
	g_test_message("%d messages of %d nodes in %.2f s",
		       NODES * THREADS * PER_THREAD, NODES,
		       (double)(clock_monotonic_us() - start_us) / 1e6);
	store = open_store();
	kit_assert_sound(store);
	g_assert_cmpint(ask("SELECT count(*) FROM message"), ==,
			NODES * THREADS * (PER_THREAD + PER_THREAD / 2));
	store_close(store);
}

/* Ends all connections but the one that asks. */
static const char cut_all[] =
	"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
	" WHERE datname = current_database() AND pid <> pg_backend_pid()";

/* A server that was started again while nothing was to do is no failure. */
static void
test_idle(void)
{
	struct store *store = open_store();
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 3; i++) {
		g_autofree char *id = kit_hold(store, "priya", 70000 + i);
		g_autoptr(StoreMessage) found = NULL;

		g_assert_cmpint(ask(cut_all), >, 0);
		g_usleep(20000);
		found = store_find(store, "priya", id, &error);
		g_assert_no_error(error);
	}
	kit_assert_sound(store);
	store_close(store);
}

/* Ends the connection at the Nth row that is written, once. */
static const char make_cuts[] =
	"CREATE SEQUENCE IF NOT EXISTS cut_row;"
	"CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
	" $$ BEGIN IF nextval('cut_row') = 1000 THEN"
	" PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
	" RETURN NULL; END $$;"
	"DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['message',"
	" 'content', 'frame', 'features', 'touch', 'kin', 'ring', 'fold',"
	" 'flow'] LOOP EXECUTE format('CREATE TRIGGER cut AFTER INSERT OR"
	" UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION cut()', name);"
	" END LOOP; END $$;"
	"CREATE CONSTRAINT TRIGGER cut_last AFTER INSERT ON message"
	" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()";
static const char end_cuts[] =
	"DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['message',"
	" 'content', 'frame', 'features', 'touch', 'kin', 'ring', 'fold',"
	" 'flow'] LOOP EXECUTE format('DROP TRIGGER cut ON %I', name);"
	" END LOOP; END $$; DROP TRIGGER cut_last ON message";

static struct store_message *
campaign_message(const char *buyer, guint n)
{
	struct store_message *message = kit_message(buyer, n);

	g_free(message->campaign);
	message->campaign = g_strdup(message->id);
	message->touch = 1;
	return message;
}

static void
test_cut(void)
{
	struct store *store = open_store();
	guint n = 0;
	gint64 before, count;

	before = ask("SELECT count(*) FROM message");
	ask(make_cuts);
	do {
		g_autoptr(StoreMessage) one =
			campaign_message("priya", 80000 + n);
		g_autoptr(StoreMessage) two =
			campaign_message("bob", 80000 + n);
		struct store_message *both[] = { one, two };
		g_autoptr(GBytes) bytes = kit_bytes(300, n);
		g_autofree char *set = g_strdup_printf(
			"SELECT setval('cut_row', %u)", 999 - n);
		g_autoptr(GError) error = NULL;

		ask(set);
		store_hold(store, both, 2, bytes, kit_soon(), NULL, &error);
		g_assert_no_error(error);
		n++;
	} while (n < CUT_MAX && ask("SELECT last_value FROM cut_row") >= 1000);
	ask(end_cuts);
	g_test_message("cut at each of %u rows", n);
	g_assert_cmpuint(n, >, 10);
	g_assert_cmpuint(n, <, CUT_MAX);
	count = ask("SELECT count(*) FROM message");
	g_assert_cmpint(count - before, ==, 2 * n);
	kit_assert_sound(store);
	store_close(store);
}

static struct sql_conn *
open_conn(enum sql_conn_kind kind, gint64 within_us)
{
	g_autoptr(GError) error = NULL;
	struct sql_conn *conn = pg_backend.open(
		url, kind, clock_monotonic_us() + within_us, &error);

	g_assert_no_error(error);
	return conn;
}

/* What follows in a transaction whose connection was lost is not done outside
 * of it, and its commit is none. */
static void
test_within(void)
{
	static const char add[] =
		"INSERT INTO metric VALUES ('priya', 'edr', 1, 1)";
	struct sql_conn *conn =
		open_conn(SQL_CONN_WRITER, 10 * CLOCK_SECOND_US);
	g_autoptr(GError) error = NULL;

	g_assert_true(pg_backend.begin(conn, NULL));
	g_assert_true(sql_exec(conn, add, NULL));
	g_assert_cmpint(ask(cut_all), >, 0);
	for (guint i = 0; i < 3; i++) {
		g_assert_false(sql_exec(conn, add, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
		g_clear_error(&error);
	}
	g_assert_false(pg_backend.commit(conn, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	sql_rollback(conn);
	g_assert_cmpint(ask("SELECT count(*) FROM metric"), ==, 0);
	g_assert_true(pg_backend.begin(conn, NULL));
	g_assert_true(sql_exec(conn, add, NULL));
	g_assert_true(pg_backend.commit(conn, NULL));
	g_assert_cmpint(ask("SELECT count(*) FROM metric"), ==, 1);
	sql_conn_close(conn);
}

/* One that could not begin leaves nothing begun. */
static void
test_begin(void)
{
	struct sql_conn *conn =
		open_conn(SQL_CONN_WRITER, 10 * CLOCK_SECOND_US);
	struct sql_conn *other =
		open_conn(SQL_CONN_WRITER, 10 * CLOCK_SECOND_US);
	g_autoptr(GError) error = NULL;

	conn->insists = other->insists = TRUE;
	g_assert_true(pg_backend.begin(other, NULL));
	g_assert_true(sql_exec(conn, "SET lock_timeout = '50ms'", NULL));
	g_assert_false(pg_backend.begin(conn, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
	g_clear_error(&error);
	sql_rollback(other);
	pg_backend.begin(conn, &error);
	g_assert_no_error(error);
	sql_rollback(conn);
	sql_conn_close(conn);
	sql_conn_close(other);
}

/* What a reader does not wait for any more does not go on there. */
static void
test_late(void)
{
	static const char sleeping[] =
		"SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
		" AND query = 'SELECT pg_sleep(300)'";
	struct sql_conn *conn = open_conn(SQL_CONN_READER, CLOCK_SECOND_US / 2);
	g_autoptr(GError) error = NULL;
	const gint64 until_us = kit_soon();

	g_assert_false(sql_exec(conn, "SELECT pg_sleep(300)", &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_TIME);
	sql_conn_close(conn);
	while (ask(sleeping) > 0) {
		g_assert_cmpint(clock_monotonic_us(), <, until_us);
		g_usleep(50000);
	}
}

/* The last fingerprints are kept, the others go. */
static void
test_ring(void)
{
	struct store *store = open_store();
	g_autofree char *id = kit_hold(store, "priya", 90000);
	const gint64 last = ask("SELECT max(seq) FROM ring");
	g_autoptr(GError) error = NULL;
	guint expired;

	ask("INSERT INTO ring SELECT kind, seq, 0, seq, 'priya', ''"
	    " FROM generate_series(1, 20700) AS seq,"
	    " generate_series(0, 1) AS kind");
	/* Of the database that this one was restored from. */
	ask("INSERT INTO ring SELECT 0, (1::bigint << 60) + seq, 0, 1, 'priya',"
	    " '' FROM generate_series(1, 30000) AS seq");
	g_assert_true(store_expire(store, 1, 1, &expired, &error));
	g_assert_no_error(error);
	for (guint kind = 0; kind < 2; kind++) {
		g_autofree char *sql = g_strdup_printf(
			"SELECT count(*) FROM ring WHERE kind = %u"
			" AND seq < (1::bigint << 60)",
			kind);

		g_assert_cmpint(ask(sql), ==, 20001);
	}
	g_assert_cmpint(ask("SELECT max(seq) FROM ring WHERE kind = 0"
			    " AND seq < (1::bigint << 60)"),
			==, last);
	store_close(store);
}

/* A connection with a transaction that has done this. */
static PGconn *
hold_up(const char *sql)
{
	PGconn *conn = PQconnectdb(url);
	g_autofree char *text = g_strconcat("BEGIN;", sql, NULL);
	PGresult *result = PQexec(conn, text);

	g_assert_cmpstr(PQresultErrorMessage(result), ==, "");
	PQclear(result);
	return conn;
}

/* Somebody else's long transaction does not stop the counting of mail that is
 * like other mail. */
static void
test_settled(void)
{
	PGconn *other = hold_up("SELECT pg_current_xact_id()");
	struct store *store = open_store();
	g_autoptr(StoreMessage) message = kit_message("settle", 91000);
	g_autoptr(GBytes) bytes = kit_bytes(300, 91000);
	const struct store_likeness likeness = {
		.buyer = "settle",
		.vendor = "",
		.sender = "seller@vendor.example",
		.fingerprint = message->fingerprint,
		.message_id = "<other@vendor.example>",
	};
	struct store_history history;
	g_autoptr(GError) error = NULL;

	message->time_us -= 10 * 60 * CLOCK_SECOND_US;
	store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	store_history(store, &likeness, kit_soon(), &history, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(history.campaign_seen, ==, 1);
	PQfinish(other);
	store_close(store);
}

static gpointer
open_other(gpointer place)
{
	g_autoptr(GError) error = NULL;
	struct store *store = store_open(place, &error);

	g_assert_no_error(error);
	store_close(store);
	return NULL;
}

/* Who comes while another node makes the tables waits until they are there. */
static void
test_migrated(void)
{
	PGconn *other = hold_up("SELECT pg_advisory_xact_lock(1350005620)");
	g_autofree char *place = make_url("later");
	GThread *thread = g_thread_new("open", open_other, place);

	g_usleep(4300000);
	PQfinish(other);
	g_thread_join(thread);
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	if (!g_getenv("PITCHWARD_TEST_PG"))
		return 0;
	url = make_url("nodes");
	/* Its tables. */
	store_close(open_store());
	g_test_add_func("/pg/crowd", test_crowd);
	g_test_add_func("/pg/idle", test_idle);
	g_test_add_func("/pg/cut", test_cut);
	g_test_add_func("/pg/within", test_within);
	g_test_add_func("/pg/begin", test_begin);
	g_test_add_func("/pg/late", test_late);
	g_test_add_func("/pg/ring", test_ring);
	g_test_add_func("/pg/settled", test_settled);
	g_test_add_func("/pg/migrated", test_migrated);
	failed = g_test_run();
	g_free(url);
	return failed;
}
