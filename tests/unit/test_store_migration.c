/* A database of an earlier schema, with mail in it, becomes one of ours. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "../lib/store_faults.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/queue.h"

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

/* The third, made of the second, and filled. */
static const char third_schema[] =
	"ALTER TABLE message ADD COLUMN campaign TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE message ADD COLUMN touch INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE touch ("
	" seq INTEGER PRIMARY KEY,"
	" time INTEGER NOT NULL,"
	" fingerprint INTEGER NOT NULL,"
	" buyer TEXT NOT NULL,"
	" campaign TEXT NOT NULL,"
	" origin TEXT NOT NULL,"
	" reference INTEGER NOT NULL,"
	" subject INTEGER NOT NULL,"
	" author INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX touch_campaign"
	" ON touch (buyer, campaign, time, reference);"
	"CREATE INDEX touch_origin ON touch (buyer, origin, time)"
	" WHERE origin <> '';"
	"CREATE INDEX touch_reference ON touch (origin, reference, time)"
	" WHERE origin <> '' AND reference <> 0;"
	"CREATE INDEX touch_subject ON touch (origin, subject, time)"
	" WHERE origin <> '' AND subject <> 0;"
	"CREATE INDEX touch_author ON touch (author, time)"
	" WHERE author <> 0;"
	"CREATE TABLE features ("
	" seq INTEGER PRIMARY KEY,"
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" size INTEGER NOT NULL,"
	" frame BLOB NOT NULL,"
	" UNIQUE (buyer, id)"
	") STRICT;"
	"CREATE INDEX features_time ON features (time);"
	"CREATE TABLE feedback ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" message TEXT NOT NULL,"
	" label INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" giver TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" retracted INTEGER NOT NULL DEFAULT 0,"
	" retracted_by TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (buyer, id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX feedback_active ON feedback (buyer, message)"
	" WHERE retracted = 0;"
	"CREATE TABLE ruling ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" scope INTEGER NOT NULL,"
	" word INTEGER NOT NULL,"
	" subject TEXT NOT NULL,"
	" until INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" giver TEXT NOT NULL,"
	" cause TEXT NOT NULL,"
	" undone INTEGER NOT NULL DEFAULT 0,"
	" undone_by TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (buyer, id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX ruling_active ON ruling (buyer, subject, scope, time)"
	" WHERE undone = 0;"
	"PRAGMA user_version=3;";
static const char fill_third[] =
	"INSERT INTO message SELECT seq, time, fingerprint, buyer, id, state,"
	" state_time, attempts, size, outreach, relevance, digest, sender,"
	" rcpt, author, author_name, subject, message_id, queue_id, node,"
	" verdict, priority, model, gate, reasons, vendor, note, owner, lease,"
	" content, campaign, touch FROM today.message;"
	"INSERT INTO content SELECT * FROM today.content;"
	"INSERT INTO frame SELECT * FROM today.frame;"
	"INSERT INTO ledger SELECT * FROM today.ledger;"
	"INSERT INTO touch SELECT * FROM today.touch;"
	"INSERT INTO features SELECT * FROM today.features;"
	"INSERT INTO feedback SELECT * FROM today.feedback;"
	"INSERT INTO ruling SELECT * FROM today.ruling;";

static const char *const fills[] = { fill, fill_second, fill_third };

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
hold_all(struct store *store, guint schema, struct old *old)
{
	for (guint i = 0; i < HELD; i++) {
		g_autoptr(StoreMessage) message =
			kit_message(i % 2 ? "sam" : "priya", i);
		g_autoptr(GBytes) bytes = body_of(i);
		g_autoptr(GError) error = NULL;

		/* 0, 2 and 4 are priya's, two of them of one campaign. */
		if (schema >= 3)
			kit_set(&message->campaign, i % 4 ? "C" : "D");
		message->relevance = 0.1 * i;
		message->time_us = 1000 + i;
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
	if (schema >= 2)
		kit_sql(db, second_schema);
	if (schema >= 3)
		kit_sql(db, third_schema);
	kit_sql(db, fills[schema - 1]);
	sqlite3_close(db);
}

static void
label(struct store *store, const char *id)
{
	g_autofree char *message = g_strdup(id);
	struct store_feedback feedback = { .buyer = (char[]){ "priya" },
					   .message = message,
					   .label = STORE_IRRELEVANT };

	id_new(feedback.id);
	g_assert_true(store_feedback_add(store, &feedback, NULL));
}

static struct old
old_new(guint schema)
{
	struct old old = { .folder = kit_quick_folder() };
	char *today = kit_quick_folder();
	struct store *store = kit_open(today);
	g_autoptr(StoreMessage) note = kit_message("priya", 77);
	g_autofree char *deleted = kit_hold(store, "priya", 99);
	g_autoptr(GError) error = NULL;

	hold_all(store, schema, &old);
	if (schema >= 3)
		label(store, old.ids[4]);
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

/* The same once more. */
static struct old
old_copy(const struct old *old)
{
	struct old copy = *old;
	g_autofree char *from = g_build_filename(old->folder, "test.db", NULL);
	g_autofree char *to = NULL;
	g_autofree char *bytes = NULL;
	gsize len;

	copy.folder = kit_quick_folder();
	to = g_build_filename(copy.folder, "test.db", NULL);
	g_assert_true(g_file_get_contents(from, &bytes, &len, NULL));
	g_assert_true(g_file_set_contents(to, bytes, (gssize)len, NULL));
	return copy;
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
	g_assert_cmpuint(stats.schema, ==, 12);
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

/* What was held before there was a queue is in it. */
static void
assert_queue(struct store *store, guint schema, const struct old *old)
{
	const struct store_fold_query query = { .buyer = "priya" };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) folds =
		store_fold_list(store, &query, NULL, &error);
	g_autoptr(GPtrArray) flow = store_flow_list(store, NULL, 0, &error);
	const struct store_fold *fold;
	const struct store_flow *day;

	g_assert_no_error(error);
	g_assert_cmpuint(folds->len, ==, schema >= 3 ? 2 : 3);
	fold = folds->pdata[0];
	g_assert_cmpstr(fold->top->id, ==, old->ids[schema >= 3 ? 2 : 4]);
	fold = folds->pdata[1];
	g_assert_cmpstr(fold->top->id, ==, old->ids[schema >= 3 ? 0 : 2]);
	g_assert_cmpuint(fold->n, ==, schema >= 3 ? 2 : 1);
	g_assert_cmpint(fold->last_us - fold->first_us, ==,
			schema >= 3 ? 4 : 0);
	day = flow->pdata[0];
	g_assert_cmpint(day->day_us, ==, 0);
	g_assert_cmpuint(day->held, ==, HELD);
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
	assert_queue(store, GPOINTER_TO_UINT(schema), &old);
	assert_learning(store, &old);
	g_assert_true(store_settle(store, NULL, old.ids[1], "me",
				   STORE_RELEASED, "", &error));
	g_assert_true(store_expire(store, G_MAXINT64, 0, &expired, &error));
	g_assert_cmpuint(expired, ==, HELD - 1);
	kit_assert_sound(store);
	store_close(store);
	kit_remove(old.folder);
}

static int
assert_schema(void *schema, int n, char **values, char **names)
{
	const guint found = (guint)g_ascii_strtoull(values[0], NULL, 10);

	(void)n;
	(void)names;
	g_assert_true(found == GPOINTER_TO_UINT(schema) || found == 12);
	return 0;
}

/* Else neither program could use it. */
static void
assert_old_or_new(const struct old *old, gpointer schema)
{
	sqlite3 *db = kit_database(old->folder);

	sqlite3_exec(db, "PRAGMA user_version", assert_schema, schema, NULL);
	sqlite3_close(db);
}

/* Whatever write fails, and all after it: the next start does the work. */
static void
an_interrupted_move_goes_on(gconstpointer schema)
{
	const guint number = GPOINTER_TO_UINT(schema);
	struct old first = old_new(number);
	gboolean struck = TRUE;
	guint n;

	for (n = 1; struck; n++) {
		struct old old = old_copy(&first);
		g_autofree char *url = kit_url(old.folder);

		faults_set(n, n % 2 ? FAULT_IO : FAULT_FULL, TRUE);
		store_close(store_open(url, NULL));
		struck = faults_struck();
		faults_set(0, FAULT_IO, FALSE);
		assert_old_or_new(&old, GUINT_TO_POINTER(number));
		assert_ours(&old);
		kit_remove(old.folder);
	}
	kit_remove(first.folder);
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
	for (guint i = 1; i <= 3; i++)
		add_tests(i);
	return g_test_run();
}
