/*
 * Holds whose time runs out while the store is slow: in the work of a
 * transaction, or in its commit. Every mail is delivered or held, not both.
 */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

#include "../../src/store/vault_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"

#define MS G_GINT64_CONSTANT(1000)

/* How long each row of a message, and each commit, takes from now on. */
static struct {
	atomic_uint row_ms;
	atomic_uint commit_ms;
} slow;

static void
slow_row(void *context, int op, const char *database, const char *table,
	 sqlite3_int64 seq)
{
	(void)context;
	(void)op;
	(void)database;
	(void)seq;
	if (strcmp(table, "message") == 0)
		g_usleep(slow.row_ms * 1000UL);
}

static int
slow_commit(void *context)
{
	(void)context;
	g_usleep(slow.commit_ms * 1000UL);
	return 0;
}

static int
slow_connection(sqlite3 *db)
{
	sqlite3_update_hook(db, slow_row, NULL);
	sqlite3_commit_hook(db, slow_commit, NULL);
	return SQLITE_OK;
}

static void
set_slow(guint row_ms, guint commit_ms)
{
	slow.row_ms = row_ms;
	slow.commit_ms = commit_ms;
}

/* A mail to some recipients, tried with so much time; where it went. */
struct mail {
	struct store *store;
	guint n;
	guint rcpts;
	gint64 within_us;
	gboolean held;
	GPtrArray *messages;
};

static struct mail
mail_new(struct store *store, guint n, guint rcpts, gint64 within_us)
{
	struct mail mail = { store, n, rcpts, within_us, FALSE, NULL };

	mail.messages = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	for (guint i = 0; i < rcpts; i++) {
		struct store_message *message = kit_message("priya", n);
		g_autofree char *rcpt = g_strdup_printf("<%u-%u@b>", n, i);

		kit_set(&message->rcpt, rcpt);
		g_ptr_array_add(mail.messages, message);
	}
	return mail;
}

static gpointer
try_hold(gpointer data)
{
	struct mail *mail = data;
	g_autoptr(GBytes) bytes = kit_bytes(3000, mail->n);
	g_autoptr(GError) error = NULL;

	mail->held = store_hold(
		mail->store, (struct store_message **)mail->messages->pdata,
		mail->rcpts, bytes, clock_monotonic_us() + mail->within_us,
		NULL, &error);
	if (!mail->held)
		g_assert_error(error, STORE_ERROR, STORE_ERROR_TIME);
	return NULL;
}

static void
note_all(const struct mail *mail)
{
	for (guint i = 0; i < mail->rcpts; i++) {
		struct store_message *message =
			g_ptr_array_index(mail->messages, i);

		kit_set(&message->note, "delivered");
		store_note(mail->store, message);
	}
}

/* How many rows are in a state; -1: in any. */
static gint64
count(struct store *store, int state)
{
	struct store_stats stats;
	gint64 all = 0;
	g_autoptr(GError) error = NULL;

	g_assert_true(store_flush(store, kit_soon(), &error));
	g_assert_true(store_stats(store, &stats, &error));
	for (int i = 0; i <= STORE_EXPIRED; i++)
		if (i == state || state < 0)
			all += (gint64)stats.states[i];
	return all;
}

static void
finish(struct store *store, char *folder)
{
	set_slow(0, 0);
	kit_assert_sound(store);
	store_close(store);
	kit_remove(folder);
}

static void
given_up_in_the_work_is_not_committed(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct mail mail = mail_new(store, 1, 3, 100 * MS);

	set_slow(80, 0);
	try_hold(&mail);
	g_assert_false(mail.held);
	g_assert_cmpint(count(store, -1), ==, 0);
	g_ptr_array_unref(mail.messages);
	finish(store, folder);
}

static void
given_up_in_the_commit_is_taken_back(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct mail mail = mail_new(store, 1, 3, 100 * MS);

	set_slow(0, 400);
	try_hold(&mail);
	g_assert_false(mail.held);
	set_slow(0, 0);
	g_assert_cmpint(count(store, STORE_HELD), ==, 3);
	note_all(&mail);
	g_assert_cmpint(count(store, STORE_HELD), ==, 0);
	g_assert_cmpint(count(store, STORE_DELIVERED), ==, 3);
	g_assert_cmpint(count(store, -1), ==, 3);
	g_ptr_array_unref(mail.messages);
	finish(store, folder);
}

/*
 * One gives up while the same mail of another session is run with it: that is
 * held under its own id, so that the first one's note means the first one.
 */
static void
a_neighbour_of_one_that_gave_up_is_held(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct mail ahead = mail_new(store, 1, 1, 10000 * MS);
	struct mail hasty = mail_new(store, 2, 1, 400 * MS);
	struct mail patient = mail_new(store, 2, 1, 10000 * MS);
	struct store_message *message = patient.messages->pdata[0];
	g_autofree char *own = g_strdup(message->id);
	g_autoptr(GBytes) bytes = NULL;
	GThread *threads[3];

	set_slow(300, 0);
	threads[0] = g_thread_new("ahead", try_hold, &ahead);
	g_usleep(100000);
	threads[1] = g_thread_new("hasty", try_hold, &hasty);
	g_usleep(50000);
	threads[2] = g_thread_new("patient", try_hold, &patient);
	for (guint i = 0; i < 3; i++)
		g_thread_join(threads[i]);
	set_slow(0, 0);
	g_assert_true(ahead.held && patient.held && !hasty.held);
	g_assert_cmpstr(message->id, ==, own);
	note_all(&hasty);
	g_assert_cmpint(count(store, STORE_HELD), ==, 2);
	bytes = store_body(store, NULL, own, NULL);
	g_assert_nonnull(bytes);
	g_ptr_array_unref(ahead.messages);
	g_ptr_array_unref(hasty.messages);
	g_ptr_array_unref(patient.messages);
	finish(store, folder);
}

#define THREADS 8
#define MAILS	15

struct sender {
	struct vault *vault;
	guint number;
	gint64 within_us; /* 0: any time */
	guint held;	  /* recipients */
	guint delivered;
};

/* As the filter does: held, or delivered and noted. */
static gpointer
send_all(gpointer data)
{
	struct sender *sender = data;

	for (guint i = 0; i < MAILS; i++) {
		gint64 within_us = sender->within_us
					   ? sender->within_us
					   : g_random_int_range(2, 400) * MS;
		struct mail mail =
			mail_new(NULL, sender->number * 100 + i, 3, within_us);
		g_autoptr(GBytes) bytes = kit_bytes(2000, mail.n);
		enum vault_place place;

		if (vault_hold(sender->vault,
			       (struct store_message **)mail.messages->pdata,
			       mail.rcpts, bytes,
			       clock_monotonic_us() + within_us, &place,
			       NULL)) {
			g_assert_cmpint(place, ==, VAULT_STORE);
			sender->held += mail.rcpts;
		} else {
			sender->delivered += mail.rcpts;
			for (guint k = 0; k < mail.rcpts; k++)
				vault_note(sender->vault,
					   mail.messages->pdata[k]);
		}
		g_ptr_array_unref(mail.messages);
	}
	return NULL;
}

/* The file's rows are the senders' word, each recipient once. */
static void
assert_word_kept(const char *folder, guint held, guint delivered)
{
	struct store *store = kit_open(folder);
	sqlite3 *db = kit_database(folder);
	sqlite3_stmt *query;

	g_assert_cmpint(count(store, STORE_HELD), ==, held);
	g_assert_cmpint(count(store, STORE_DELIVERED), ==, delivered);
	g_assert_cmpint(sqlite3_prepare_v2(
				db, "SELECT count(DISTINCT rcpt) FROM message",
				-1, &query, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(query), ==, SQLITE_ROW);
	g_assert_cmpint(sqlite3_column_int(query, 0), ==, held + delivered);
	sqlite3_finalize(query);
	sqlite3_close(db);
	kit_assert_sound(store);
	store_close(store);
}

static struct vault *
open_full(const char *folder)
{
	g_autofree char *url = kit_url(folder);
	g_autofree char *spool = g_build_filename(folder, "spool", NULL);
	g_autoptr(GError) error = NULL;
	struct vault *vault = vault_open(url, spool, 100, &error);

	g_assert_no_error(error);
	vault_set_pauses(vault, 20 * MS, 50 * MS);
	return vault;
}

static void
with_a_full_spool(guint row_ms, guint commit_ms, guint n, gint64 within_us)
{
	char *folder = kit_folder();
	struct vault *vault = open_full(folder);
	struct sender senders[THREADS];
	GThread *threads[THREADS];
	guint held = 0, delivered = 0;

	set_slow(row_ms, commit_ms);
	for (guint i = 0; i < n; i++) {
		senders[i] = (struct sender){ vault, i, within_us, 0, 0 };
		threads[i] = g_thread_new("sender", send_all, &senders[i]);
	}
	for (guint i = 0; i < n; i++) {
		g_thread_join(threads[i]);
		held += senders[i].held;
		delivered += senders[i].delivered;
	}
	set_slow(0, 0);
	vault_close(vault);
	g_test_message("rows %u ms, commits %u ms: %u held, %u delivered",
		       row_ms, commit_ms, held, delivered);
	g_assert_cmpuint(held + delivered, ==, n * MAILS * 3);
	g_assert_cmpuint(delivered, >, 0);
	assert_word_kept(folder, held, delivered);
	kit_remove(folder);
}

static void
each_mail_goes_one_way(void)
{
	with_a_full_spool(2, 0, THREADS, 0);
	with_a_full_spool(0, 60, THREADS, 0);
	with_a_full_spool(1, 30, THREADS, 0);
	with_a_full_spool(0, 40, 1, 40 * MS);
	with_a_full_spool(10, 0, 1, 40 * MS);
}

/* So slow that the store counts as away: the note must get there all the same.
 */
static void
a_store_left_alone_still_gets_the_note(void)
{
	char *folder = kit_folder();
	struct vault *vault = open_full(folder);
	struct mail mail = mail_new(NULL, 1, 3, 0);
	g_autoptr(GBytes) bytes = kit_bytes(2000, 1);
	g_autofree char *news = NULL;
	enum vault_place place;

	set_slow(0, 2000);
	vault_set_pauses(vault, 60000 * MS, 60000 * MS);
	g_assert_false(vault_hold(
		vault, (struct store_message **)mail.messages->pdata, 3, bytes,
		clock_monotonic_us() + 1200 * MS, &place, NULL));
	news = vault_news(vault);
	g_assert_true(news && strstr(news, "store away"));
	for (guint i = 0; i < 3; i++)
		vault_note(vault, mail.messages->pdata[i]);
	set_slow(0, 0);
	vault_close(vault);
	assert_word_kept(folder, 0, 3);
	g_ptr_array_unref(mail.messages);
	kit_remove(folder);
}

/* None at all yet: the notes wait for it. */
static void
notes_wait_for_a_store(void)
{
	char *folder = kit_folder();
	struct mail mail = mail_new(NULL, 1, 3, 0);
	g_autofree char *home = g_build_filename(folder, "home", NULL);
	g_autofree char *url = kit_url(home);
	g_autofree char *spool = g_build_filename(folder, "spool", NULL);
	g_autoptr(GError) error = NULL;
	struct vault *vault = vault_open(url, spool, 100, &error);
	gint64 until_us = kit_soon();

	g_assert_no_error(error);
	vault_set_pauses(vault, 20 * MS, 50 * MS);
	for (guint i = 0; i < 3; i++)
		vault_note(vault, mail.messages->pdata[i]);
	g_assert_cmpint(g_mkdir(home, 0755), ==, 0);
	while (clock_monotonic_us() < until_us) {
		g_autofree char *news = vault_news(vault);

		if (news && strstr(news, "store back"))
			break;
		g_usleep(2000);
	}
	vault_close(vault);
	assert_word_kept(home, 0, 3);
	g_ptr_array_unref(mail.messages);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	sqlite3_auto_extension((void (*)(void))slow_connection);
	g_test_add_func("/store/given up in the work is not committed",
			given_up_in_the_work_is_not_committed);
	g_test_add_func("/store/given up in the commit is taken back",
			given_up_in_the_commit_is_taken_back);
	g_test_add_func("/store/a neighbour of one that gave up is held",
			a_neighbour_of_one_that_gave_up_is_held);
	g_test_add_func("/vault/each mail goes one way",
			each_mail_goes_one_way);
	g_test_add_func("/vault/a store left alone still gets the note",
			a_store_left_alone_still_gets_the_note);
	g_test_add_func("/vault/notes wait for a store",
			notes_wait_for_a_store);
	return g_test_run();
}
