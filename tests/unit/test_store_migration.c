/* A database of an earlier schema, with mail in it, becomes one of ours. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "../lib/store_faults.h"
#include "../lib/store_kit.h"
#include "base/clock.h"

#define HELD 6

/* The first schema as it was; never to be changed. */
static const char first_schema[] =
	"PRAGMA auto_vacuum=INCREMENTAL;"
	"PRAGMA journal_mode=WAL;"
	"BEGIN;"
	"CREATE TABLE message ("
	" seq INTEGER PRIMARY KEY, time INTEGER NOT NULL,"
	" fingerprint INTEGER NOT NULL, buyer TEXT NOT NULL, id TEXT NOT NULL,"
	" state INTEGER NOT NULL, state_time INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL, size INTEGER NOT NULL,"
	" outreach REAL NOT NULL, relevance REAL NOT NULL,"
	" digest TEXT NOT NULL, sender TEXT NOT NULL, rcpt TEXT NOT NULL,"
	" author TEXT NOT NULL, author_name TEXT NOT NULL,"
	" subject TEXT NOT NULL, message_id TEXT NOT NULL,"
	" queue_id TEXT NOT NULL, node TEXT NOT NULL, verdict TEXT NOT NULL,"
	" priority TEXT NOT NULL, model TEXT NOT NULL, gate TEXT NOT NULL,"
	" reasons TEXT NOT NULL, vendor TEXT NOT NULL, note TEXT NOT NULL,"
	" owner TEXT NOT NULL DEFAULT '', lease INTEGER NOT NULL DEFAULT 0,"
	" UNIQUE (buyer, id)) STRICT;"
	"CREATE INDEX message_repeat ON message (buyer, digest);"
	"CREATE INDEX message_vendor ON message (vendor, buyer)"
	" WHERE vendor <> '';"
	"CREATE INDEX message_id ON message (id);"
	"CREATE INDEX message_time ON message (time, state, verdict);"
	"CREATE INDEX message_held ON message (buyer, id, time, state)"
	" WHERE state IN (1, 2);"
	"CREATE TABLE body (buyer TEXT NOT NULL, id TEXT NOT NULL,"
	" size INTEGER NOT NULL, frame BLOB NOT NULL, UNIQUE (buyer, id))"
	" STRICT;"
	"CREATE TABLE ledger (buyer TEXT NOT NULL, contact TEXT NOT NULL,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL,"
	" PRIMARY KEY (buyer, contact)) STRICT, WITHOUT ROWID;"
	"PRAGMA application_id=1350005620;"
	"PRAGMA user_version=1;"
	"COMMIT;";

/* What a store of today holds, as the first schema held it. */
static const char fill[] =
	"INSERT INTO message SELECT seq, time, fingerprint, buyer, id, state,"
	" state_time, attempts, size, outreach, relevance, digest, sender,"
	" rcpt, author, author_name, subject, message_id, queue_id, node,"
	" verdict, priority, model, gate, reasons, vendor, note, owner, lease"
	" FROM today.message;"
	"INSERT INTO body SELECT buyer, message.id, content.size, bytes"
	" FROM today.message JOIN today.content ON content.id = content"
	" JOIN today.frame ON frame.seq = content.frame;"
	"INSERT INTO ledger SELECT * FROM today.ledger;";

/* The second, made of the first, and filled. */
static const char second_schema[] =
	"DROP TABLE body;"
	"CREATE TABLE content (id TEXT PRIMARY KEY, refs INTEGER NOT NULL,"
	" size INTEGER NOT NULL, frame INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE frame (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"
	" STRICT;"
	"ALTER TABLE message ADD COLUMN content TEXT NOT NULL DEFAULT '';"
	"PRAGMA user_version=2;";
static const char fill_second[] =
	"INSERT INTO message SELECT seq, time, fingerprint, buyer, id, state,"
	" state_time, attempts, size, outreach, relevance, digest, sender,"
	" rcpt, author, author_name, subject, message_id, queue_id, node,"
	" verdict, priority, model, gate, reasons, vendor, note, owner, lease,"
	" content FROM today.message;"
	"INSERT INTO content SELECT * FROM today.content;"
	"INSERT INTO frame SELECT * FROM today.frame;"
	"INSERT INTO ledger SELECT * FROM today.ledger;";

struct old {
	char *folder; /* test.db is of an earlier schema */
	char ids[HELD][ID_LEN + 1];
	char deleted[ID_LEN + 1];
};

static GBytes *
body_of(guint n)
{
	return kit_bytes(n == 0 ? 300000 : n * 1000, n);
}

static void
hold_all(struct store *store, struct old *old)
{
	for (guint i = 0; i < HELD; i++) {
		g_autoptr(StoreMessage) message =
			kit_message(i % 2 ? "sam" : "priya", i);
		g_autoptr(GBytes) bytes = body_of(i);
		g_autoptr(GError) error = NULL;

		store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error);
		g_assert_no_error(error);
		memcpy(old->ids[i], message->id, sizeof(message->id));
	}
}

static void
fill_old(const struct old *old, guint schema, const char *today)
{
	sqlite3 *db = kit_database(old->folder);
	g_autofree char *attach =
		g_strdup_printf("ATTACH '%s/test.db' AS today", today);

	kit_sql(db, first_schema);
	kit_sql(db, attach);
	if (schema == 2)
		kit_sql(db, second_schema);
	kit_sql(db, schema == 2 ? fill_second : fill);
	sqlite3_close(db);
}

static struct old
old_new(guint schema)
{
	struct old old = { .folder = kit_quick_folder() };
	char *today = kit_folder();
	struct store *store = kit_open(today);
	g_autoptr(StoreMessage) note = kit_message("priya", 77);
	g_autofree char *deleted = kit_hold(store, "priya", 99);
	g_autoptr(GError) error = NULL;

	hold_all(store, &old);
	g_assert_true(store_claim(store, NULL, old.ids[1], "me", CLOCK_DAY_US,
				  &error));
	g_assert_true(store_delete(store, NULL, deleted, "", &error));
	g_strlcpy(old.deleted, deleted, sizeof(old.deleted));
	store_note(store, note);
	store_contact(store, "priya", "c", 1);
	store_close(store);
	fill_old(&old, schema, today);
	kit_remove(today);
	return old;
}

static void
assert_bodies(struct store *store, const struct old *old)
{
	for (guint i = 0; i < HELD; i++) {
		g_autoptr(GBytes) wanted = body_of(i);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
			store_body(store, NULL, old->ids[i], &error);

		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(bytes, wanted));
	}
}

static void
assert_ours(const struct old *old)
{
	struct store *store = kit_open(old->folder);
	struct store_stats stats;
	g_autoptr(GError) error = NULL;

	assert_bodies(store, old);
	kit_assert_sound(store);
	g_assert_null(store_body(store, NULL, old->deleted, NULL));
	g_assert_true(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.schema, ==, 3);
	g_assert_cmpuint(stats.states[STORE_DELIVERED], ==, 1);
	g_assert_cmpuint(stats.states[STORE_HELD], ==, HELD - 1);
	g_assert_cmpuint(stats.states[STORE_RELEASING], ==, 1);
	g_assert_cmpuint(stats.states[STORE_DELETED], ==, 1);
	g_assert_cmpuint(stats.contacts, ==, 1);
	store_close(store);
}

/* What is new works on what is old. */
static void
assert_learning(struct store *store, const struct old *old)
{
	g_autoptr(StoreFeedback) feedback = g_new0(struct store_feedback, 1);
	g_autoptr(StoreMessage) found = NULL;
	g_autoptr(StoreMessage) next = kit_message("sam", 500);
	g_autoptr(GBytes) bytes = body_of(1);
	g_autoptr(GBytes) features = NULL;
	g_autoptr(GError) error = NULL;

	found = store_find(store, "sam", old->ids[1], &error);
	g_assert_no_error(error);
	g_assert_cmpstr(found->campaign, ==, "");
	g_assert_cmpuint(found->touch, ==, 0);
	g_assert_null(store_features(store, "sam", old->ids[1], NULL));
	id_new(feedback->id);
	feedback->buyer = g_strdup("sam");
	feedback->message = g_strdup(old->ids[1]);
	g_assert_true(store_feedback_add(store, feedback, &error));
	kit_set(&next->campaign, next->id);
	next->features = kit_bytes(100, 1);
	g_assert_true(
		store_hold(store, &next, 1, bytes, kit_soon(), NULL, &error));
	features = store_features(store, "sam", next->id, &error);
	g_assert_no_error(error);
	g_assert_true(store_delete(store, "sam", next->id, "", &error));
}

static void
old_mail_is_moved(gconstpointer schema)
{
	struct old old = old_new(GPOINTER_TO_UINT(schema));
	struct store *store;
	g_autoptr(GError) error = NULL;
	guint expired = 0;

	assert_ours(&old);
	/* And leaves as any other. */
	store = kit_open(old.folder);
	assert_learning(store, &old);
	g_assert_true(store_settle(store, NULL, old.ids[1], "me",
				   STORE_RELEASED, "", &error));
	g_assert_true(store_expire(store, G_MAXINT64, 0, &expired, &error));
	g_assert_cmpuint(expired, ==, HELD - 1);
	kit_assert_sound(store);
	store_close(store);
	kit_remove(old.folder);
}

/* Whatever write fails, and all after it: the next start ends the work. */
static void
an_interrupted_move_goes_on(gconstpointer schema)
{
	gboolean struck = TRUE;
	guint n;

	for (n = 1; struck; n++) {
		struct old old = old_new(GPOINTER_TO_UINT(schema));
		g_autofree char *url = kit_url(old.folder);

		faults_set(n, n % 2 ? FAULT_IO : FAULT_FULL, TRUE);
		store_close(store_open(url, NULL));
		struck = faults_struck();
		faults_set(0, FAULT_IO, FALSE);
		assert_ours(&old);
		kit_remove(old.folder);
	}
	g_assert_cmpuint(n, >, 10);
}

static gpointer
open_at_once(gpointer folder)
{
	return kit_open(folder);
}

static void
starters_move_it_once(gconstpointer schema)
{
	struct old old = old_new(GPOINTER_TO_UINT(schema));
	struct store *stores[4];
	GThread *threads[4];

	for (guint i = 0; i < 4; i++)
		threads[i] = g_thread_new("start", open_at_once, old.folder);
	for (guint i = 0; i < 4; i++)
		stores[i] = g_thread_join(threads[i]);
	for (guint i = 0; i < 4; i++)
		store_close(stores[i]);
	assert_ours(&old);
	kit_remove(old.folder);
}

static void
add_test(const char *name, guint schema, GTestDataFunc run)
{
	g_autofree char *path = g_strdup_printf("/store/%u/%s", schema, name);

	g_test_add_data_func(path, GUINT_TO_POINTER(schema), run);
}

static void
add_tests(guint schema)
{
	add_test("old mail is moved", schema, old_mail_is_moved);
	add_test("an interrupted move goes on", schema,
		 an_interrupted_move_goes_on);
	add_test("starters move it once", schema, starters_move_it_once);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	faults_register();
	for (guint i = 1; i <= 2; i++)
		add_tests(i);
	return g_test_run();
}
