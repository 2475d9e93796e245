/* The store on a disk that is full, failing or damaged. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/store_faults.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/access.h"
#include "store/audit.h"
#include "store/jobs.h"
#include "store/pending.h"
#include "store/search.h"
#include "store/signals.h"
#include "store/vendors.h"
#include "store/versions.h"

#define MS G_GINT64_CONSTANT(1000)

static void
assert_broken(const char *folder, const char *says)
{
	g_autofree char *url = kit_url(folder);
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(url, &error);

	if (store)
		g_assert_false(store_verify(store, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BROKEN);
	g_test_message("%s", error->message);
	g_assert_nonnull(strstr(error->message, says));
}

/* Overwrites `size` bytes in the middle of a page. */
static void
corrupt(const char *folder, guint page, gsize size)
{
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);
	g_autofree char *junk = g_strnfill(size, 'Z');
	int fd = open(path, O_WRONLY);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(pwrite(fd, junk, size, (off_t)(page - 1) * 4096 + 8),
			==, (gssize)size);
	close(fd);
}

static void
fill_review(struct store *store, const struct store_message *message)
{
	char word[] = "word";
	struct store_version version = { .buyer = word, .text = word };
	struct store_pass pass = { .hash = word,
				   .address = word,
				   .until_us = G_MAXINT64 };
	struct store_audit audit = { .who = word, .action = word };
	struct store_pending pending = { .buyer = message->buyer };

	id_new(pending.id);
	pending.message = g_strdup(message->id);
	g_assert_true(store_version_add(store, &version, 0, NULL));
	g_assert_true(store_pass_add(store, &pass, NULL));
	g_assert_true(store_audit_add(store, &audit, NULL));
	g_assert_true(store_job_claim(store, word, word, word, 1, NULL));
	g_assert_true(store_pending_add(store, &pending, NULL));
	g_free(pending.message);
}

static void
fill_market(struct store *store, const struct store_message *message)
{
	char word[] = "word";
	struct store_item item = { .source = word, .guid = word };
	struct store_item *items[] = { &item };
	const struct store_source source = { .name = word };
	const struct store_metric metric = { .buyer = "priya",
					     .priority = "edr" };
	const struct store_point point = { 0, 1 };
	struct store_quote quote = {
		.vendor = message->vendor,
		.buyer = message->buyer,
		.text = word,
		.what = word,
	};
	g_autoptr(GPtrArray) quotes = g_ptr_array_new();

	g_ptr_array_add(quotes, &quote);
	memcpy(quote.message, message->id, sizeof(quote.message));
	g_assert_true(store_vendor_write(store, "acme.example",
					 STORE_VENDOR_NOTE, word, word, NULL));
	g_assert_true(store_quotes_set(store, message, quotes, NULL));
	g_assert_true(store_item_add(store, items, 1, NULL, NULL));
	g_assert_true(store_source_set(store, &source, NULL));
	g_assert_true(store_metric_set(store, &metric, &point, 1, NULL));
}

static void
fill_documents(struct store *store, const struct store_message *message)
{
	char word[] = "word";
	struct store_document mail = { .title_terms = word, .terms = word };
	struct store_document page = { .kind = STORE_DOCUMENT_PAGE,
				       .vendor = word,
				       .link = word };
	struct store_document *const pages[] = { &page };
	const struct store_topic topic = { word, word };
	const struct store_gleaning gleaning = { NULL, &mail, &topic, 1 };
	struct store_watch watch = { .buyer = word, .query = word };

	g_assert_true(store_glean(store, message, &gleaning, NULL));
	g_assert_true(store_document_set(store, pages, 1, NULL));
	g_assert_true(store_watch_add(store, &watch, NULL));
}

/* Something in every table and index: on an empty page is nothing to break. */
static void
fill_all(struct store *store)
{
	g_autoptr(StoreMessage) message = kit_message("priya", 77);
	g_autoptr(GBytes) bytes = kit_bytes(100, 1);
	struct store_feedback feedback = { .buyer = message->buyer,
					   .message = message->id };
	struct store_ruling ruling = { .buyer = message->buyer,
				       .subject = message->vendor };

	kit_set(&message->campaign, message->id);
	message->subject_key = 1;
	message->features = kit_bytes(100, 1);
	id_new(feedback.id);
	id_new(ruling.id);
	g_assert_true(
		store_hold(store, &message, 1, bytes, kit_soon(), NULL, NULL));
	g_assert_true(store_feedback_add(store, &feedback, NULL));
	g_assert_true(store_ruling_add(store, &ruling, NULL));
	fill_review(store, message);
	fill_documents(store, message);
	fill_market(store, message);
	store_contact(store, "priya", "c", 1);
}

/* Any page but the first, whole: what is on it is never believed. */
static void
a_corrupted_page_is_broken(void)
{
	for (guint page = 3; page < 70; page += 2) {
		char *folder = kit_folder();
		struct store *store = kit_open(folder);

		for (guint n = 0; n < 20; n++)
			g_free(kit_hold(store, "priya", n));
		fill_all(store);
		g_assert_true(
			kit_hold_within(store, 99, 60000, 10000 * MS, NULL));
		store_close(store);
		g_test_message("page %u", page);
		corrupt(folder, page, 4000);
		assert_broken(folder, "test.db");
		kit_remove(folder);
	}
}

/* A few bytes of a body: only its checksum can tell. */
static void
a_corrupted_body_is_broken(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	g_autoptr(StoreMessage) message = kit_message("priya", 1);
	g_autoptr(GBytes) bytes = kit_bytes(200000, 1);
	g_autoptr(GError) error = NULL;

	g_assert_true(store_hold(store, &message, 1, bytes, kit_soon(), NULL,
				 &error));
	store_close(store);
	corrupt(folder, 120, 5); /* after the pages of the schema */
	store = kit_open(folder);
	g_assert_null(store_body(store, "priya", message->id, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BROKEN);
	g_assert_nonnull(strstr(error->message, message->id));
	store_close(store);
	assert_broken(folder, message->id);
	kit_remove(folder);
}

static goffset
wal_size(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "test.db-wal", NULL);
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_size;
}

/* A reader that stays for long makes the log grow; it shrinks afterwards. */
static void
the_log_stays_small(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	sqlite3 *db;
	goffset grown;
	guint n = 0;

	for (; n < 600; n++)
		g_assert_true(
			kit_hold_within(store, n, 20000, 10000 * MS, NULL));
	g_assert_cmpint(wal_size(folder), <, 8 << 20);
	db = kit_database(folder);
	kit_sql(db, "BEGIN; SELECT * FROM message");
	for (; n < 1200; n++)
		g_assert_true(
			kit_hold_within(store, n, 20000, 10000 * MS, NULL));
	grown = wal_size(folder);
	g_assert_cmpint(grown, >, 8 << 20);
	sqlite3_close(db);
	for (; n < 1210; n++)
		g_assert_true(
			kit_hold_within(store, n, 20000, 10000 * MS, NULL));
	g_assert_cmpint(wal_size(folder), <=, 8 << 20);
	store_close(store);
	kit_remove(folder);
}

/* Each acknowledged change is on the disk, not on its way there. */
static void
an_answer_means_synced(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	guint before = faults_syncs();
	g_autofree char *id = kit_hold(store, "priya", 1);
	guint held = faults_syncs();

	g_assert_cmpuint(held, >, before);
	g_assert_true(store_delete(store, NULL, id, "", NULL));
	g_assert_cmpuint(faults_syncs(), >, held);
	store_close(store);
	kit_remove(folder);
}

struct tally {
	guint acked;
	gboolean opened;
};

/* Open, hold, delete, expire, close, each as far as the disk lets it. */
static struct tally
use_store(const char *folder, char ids[4][ID_LEN + 1])
{
	g_autofree char *url = kit_url(folder);
	struct store *store = store_open(url, NULL);
	struct tally tally = { 0, store != NULL };
	guint expired;

	for (guint n = 0; store && n < 4; n++) {
		g_autoptr(StoreMessage) message = kit_message("priya", n);
		g_autoptr(GBytes) bytes = kit_bytes(9000, n);

		if (store_hold(store, &message, 1, bytes, kit_soon(), NULL,
			       NULL))
			memcpy(ids[tally.acked++], message->id, ID_LEN + 1);
	}
	if (store) {
		store_delete(store, NULL, "01J00000000000000000000000", "",
			     NULL);
		store_expire(store, 1, 1, &expired, NULL);
	}
	store_close(store);
	return tally;
}

static void
check_after_fault(const char *folder, char ids[4][ID_LEN + 1], guint acked)
{
	struct store *store = kit_open(folder);

	for (guint i = 0; i < acked; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes =
			store_body(store, "priya", ids[i], &error);

		g_assert_no_error(error);
		g_assert_cmpuint(g_bytes_get_size(bytes), ==, 9000);
	}
	kit_assert_sound(store);
	store_close(store);
}

static void
strike_each(enum fault fault, gboolean lasting)
{
	gboolean struck = TRUE;
	guint n;

	for (n = 1; struck; n++) {
		char *folder = kit_quick_folder();
		char ids[4][ID_LEN + 1];
		struct tally tally;

		faults_set(n, fault, lasting);
		tally = use_store(folder, ids);
		struck = faults_struck();
		faults_set(0, fault, FALSE);
		g_test_message("call %u: opened %d, %u holds", n, tally.opened,
			       tally.acked);
		if (!struck)
			g_assert_cmpuint(tally.acked, ==, 4);
		/* One failure is got over; a hold is tried twice. */
		if (!lasting && tally.opened)
			g_assert_cmpuint(tally.acked, >=, 3);
		check_after_fault(folder, ids, tally.acked);
		kit_remove(folder);
	}
	g_assert_cmpuint(n, >, 30);
}

static void
any_write_may_fail(void)
{
	strike_each(FAULT_IO, FALSE);
	strike_each(FAULT_FULL, FALSE);
}

static void
all_writes_may_fail(void)
{
	strike_each(FAULT_IO, TRUE);
	strike_each(FAULT_FULL, TRUE);
}

static gboolean
small_disk(const char *folder)
{
	if (geteuid() == 0 &&
	    mount("tmpfs", folder, "tmpfs", 0, "size=4m") == 0)
		return TRUE;
	g_test_skip("needs the right to mount a small file system");
	return FALSE;
}

/* With a document of a thousand words, unless the disk has no room for it. */
static void
glean_much(struct store *store, const struct store_message *message, guint n)
{
	GString *terms = g_string_new(NULL);
	struct store_document mail = { 0 };
	const struct store_gleaning gleaning = { NULL, &mail, NULL, 0 };

	for (guint i = 0; i < 1000; i++)
		g_string_append_printf(terms, "w%u ", i * (n + 7) % 5003);
	mail.terms = mail.text = terms->str;
	store_glean(store, message, &gleaning, NULL);
	g_string_free(terms, TRUE);
}

/* Holds until the disk is full; the ids of those kept. */
static GPtrArray *
fill(struct store *store)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	while (!error) {
		g_autoptr(StoreMessage) message =
			kit_message("priya", ids->len);
		g_autoptr(GBytes) bytes = kit_bytes(50000, ids->len);

		if (!store_hold(store, &message, 1, bytes, kit_soon(), NULL,
				&error))
			break;
		glean_much(store, message, ids->len);
		g_ptr_array_add(ids, g_strdup(message->id));
	}
	g_assert_error(error, STORE_ERROR, STORE_ERROR_FULL);
	g_assert_cmpuint(ids->len, >, 10);
	return ids;
}

/* Takes what is left, to the last byte. */
static void
stuff(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "stuffing", NULL);
	g_autofree char *block = g_strnfill(4096, 's');
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	g_assert_cmpint(fd, >=, 0);
	while (write(fd, block, 4096) > 0)
		;
	g_assert_cmpint(errno, ==, ENOSPC);
	close(fd);
}

static void
assert_readable(struct store *store, const GPtrArray *ids)
{
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes = store_body(
			store, NULL, g_ptr_array_index(ids, i), &error);

		g_assert_no_error(error);
	}
}

/* On a disk without a byte left: state changes work, and give room back. */
static void
use_full_disk(const char *folder)
{
	g_autofree char *ballast =
		g_build_filename(folder, "test.db.ballast", NULL);
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) ids = fill(store);
	const char *first = g_ptr_array_index(ids, 0);
	g_autoptr(GError) error = NULL;
	guint expired = 0;

	g_assert_true(g_file_test(ballast, G_FILE_TEST_EXISTS));
	stuff(folder);
	assert_readable(store, ids);
	g_assert_false(kit_hold_within(store, 9000, 10, 1000 * MS, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_FULL);
	g_clear_error(&error);
	store_claim(store, NULL, first, "me", CLOCK_DAY_US, &error);
	g_assert_no_error(error);
	store_settle(store, NULL, first, "me", STORE_RELEASED, "", &error);
	g_assert_no_error(error);
	store_expire(store, G_MAXINT64, 0, &expired, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(expired, ==, ids->len - 1);
	g_assert_true(g_file_test(ballast, G_FILE_TEST_EXISTS));
	g_assert_true(kit_hold_within(store, 9001, 50000, 1000 * MS, &error));
	kit_assert_sound(store);
	store_close(store);
}

static void
a_full_disk_is_survived(void)
{
	char *folder = kit_folder();

	if (small_disk(folder)) {
		use_full_disk(folder);
		g_assert_cmpint(umount(folder), ==, 0);
	}
	kit_remove(folder);
}

/* More than the ballast: letting go of a share must not write it anew. */
#define SHARED_BODY 1150000

static void
share_full_disk(const char *folder)
{
	struct store *store = kit_open(folder);
	struct store_message *messages[2] = { kit_message("priya", 1),
					      kit_message("sam", 1) };
	g_autoptr(GBytes) bytes = kit_bytes(SHARED_BODY, 1);
	g_autoptr(GError) error = NULL;

	store_hold(store, messages, 2, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	stuff(folder);
	store_delete(store, NULL, messages[0]->id, "", &error);
	g_assert_no_error(error);
	g_clear_pointer(&bytes, g_bytes_unref);
	bytes = store_body(store, NULL, messages[1]->id, &error);
	g_assert_no_error(error);
	store_delete(store, NULL, messages[1]->id, "", &error);
	g_assert_no_error(error);
	kit_assert_sound(store);
	store_close(store);
	store_message_free(messages[0]);
	store_message_free(messages[1]);
}

static void
a_share_is_given_up_on_a_full_disk(void)
{
	char *folder = kit_folder();

	if (small_disk(folder)) {
		share_full_disk(folder);
		g_assert_cmpint(umount(folder), ==, 0);
	}
	kit_remove(folder);
}

/* Nobody has it open when the disk fills: opening it needs room too. */
static void
a_full_disk_can_be_opened(void)
{
	char *folder = kit_folder();
	g_autoptr(GPtrArray) ids = NULL;
	g_autoptr(GError) error = NULL;
	struct store *store;
	guint expired = 0;

	if (small_disk(folder)) {
		store = kit_open(folder);
		ids = fill(store);
		store_close(store);
		stuff(folder);
		store = kit_open(folder);
		assert_readable(store, ids);
		store_expire(store, G_MAXINT64, 0, &expired, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(expired, ==, ids->len);
		g_assert_true(
			kit_hold_within(store, 9001, 50000, 1000 * MS, &error));
		store_close(store);
		g_assert_cmpint(umount(folder), ==, 0);
	}
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	faults_register();
	g_test_add_func("/store/a corrupted page is broken",
			a_corrupted_page_is_broken);
	g_test_add_func("/store/a corrupted body is broken",
			a_corrupted_body_is_broken);
	g_test_add_func("/store/the log stays small", the_log_stays_small);
	g_test_add_func("/store/an answer means synced",
			an_answer_means_synced);
	g_test_add_func("/store/any write may fail", any_write_may_fail);
	g_test_add_func("/store/all writes may fail", all_writes_may_fail);
	g_test_add_func("/store/a full disk is survived",
			a_full_disk_is_survived);
	g_test_add_func("/store/a share is given up on a full disk",
			a_share_is_given_up_on_a_full_disk);
	g_test_add_func("/store/a full disk can be opened",
			a_full_disk_can_be_opened);
	return g_test_run();
}
