#include "store/spool.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "base/error.h"

/* Paths of the spool's files with a suffix, in order; leaves the caller. */
static GPtrArray *
files_of(const char *folder, const char *suffix)
{
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		if (g_str_has_suffix(name, suffix))
			g_ptr_array_add(files,
					g_build_filename(path, name, NULL));
	}
	return files;
}

static void
what_is_put_is_moved(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	struct store *store = kit_open(folder);
	g_autofree char *one = kit_put(spool, 1);
	g_autofree char *two = kit_put(spool, 2);

	kit_assert_depth(spool, 2);
	kit_assert_drained(spool, store, 2);
	kit_assert_held(store, one, 1);
	kit_assert_held(store, two, 2);
	kit_assert_drained(spool, store, 0);
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

/* All fields, strings of any bytes, several recipients, an empty body. */
static void
a_file_keeps_everything(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	struct store *store = kit_open(folder);
	struct store_message *messages[] = { kit_message("priya", 1),
					     kit_message("sam", 1) };
	g_autoptr(GBytes) bytes = g_bytes_new(NULL, 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) found = NULL;
	g_autoptr(GBytes) features = NULL;
	const struct store_likeness same_subject = {
		.buyer = "kim",
		.vendor = messages[1]->vendor,
		.subject_key = G_MAXUINT64,
	};
	struct store_history history;

	kit_set(&messages[1]->rcpt, "<caf\xe9\n\"\x01@b>");
	kit_set(&messages[1]->gate, NULL);
	messages[1]->fingerprint = G_MAXUINT64;
	messages[1]->outreach = 0.1 + 0.2;
	kit_set(&messages[1]->campaign, messages[0]->id);
	messages[1]->touch = 4;
	messages[1]->subject_key = G_MAXUINT64;
	messages[1]->features = kit_bytes(5000, 3);
	g_assert_true(spool_put(spool, messages, 2, bytes, &error));
	kit_assert_drained(spool, store, 1);
	found = store_find(store, "sam", messages[1]->id, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(found->rcpt, ==, messages[1]->rcpt);
	g_assert_cmpstr(found->from_name, ==, messages[1]->from_name);
	g_assert_cmpstr(found->reasons, ==, messages[1]->reasons);
	g_assert_cmpstr(found->gate, ==, "");
	g_assert_cmpstr(found->note, ==, messages[1]->note);
	g_assert_cmpuint(found->fingerprint, ==, G_MAXUINT64);
	g_assert_true(found->outreach == 0.1 + 0.2);
	g_assert_cmpint(found->time_us, ==, messages[1]->time_us);
	g_assert_cmpint(found->state_us, ==, messages[1]->state_us);
	g_assert_cmpint(found->state, ==, STORE_HELD);
	g_assert_cmpstr(found->campaign, ==, messages[0]->id);
	g_assert_cmpuint(found->touch, ==, 4);
	features = store_features(store, "sam", messages[1]->id, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(features, messages[1]->features));
	g_assert_null(store_features(store, "priya", messages[0]->id, NULL));
	g_assert_true(store_history(store, &same_subject, kit_soon(), &history,
				    &error));
	g_assert_cmpstr(history.campaign, ==, messages[0]->id);
	store_message_free(messages[0]);
	store_message_free(messages[1]);
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

/* The third hold is refused: the first two are moved, the rest waits. */
static void
a_drain_keeps_the_order(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	g_autofree char *url =
		g_strdup_printf("fake:3:full:sqlite:%s/test.db", folder);
	g_autoptr(GError) error = NULL;
	struct store *store = store_open(url, &error);
	char *ids[5];
	guint moved = 99;

	g_assert_no_error(error);
	for (guint i = 0; i < 5; i++)
		ids[i] = kit_put(spool, i);
	g_assert_false(spool_drain(spool, store, &moved, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_FULL);
	g_assert_cmpuint(moved, ==, 2);
	kit_assert_depth(spool, 3);
	kit_assert_held(store, ids[0], 0);
	kit_assert_held(store, ids[1], 1);
	kit_assert_drained(spool, store, 3);
	for (guint i = 0; i < 5; i++) {
		kit_assert_held(store, ids[i], i);
		g_free(ids[i]);
	}
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

/* The answer is lost after the commit: the file stays and is moved again. */
static void
a_drain_may_be_repeated(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	g_autofree char *url =
		g_strdup_printf("fake:1:lost:sqlite:%s/test.db", folder);
	g_autoptr(GError) error = NULL;
	struct store *store = store_open(url, &error);
	g_autofree char *id = kit_put(spool, 1);
	struct store_stats stats;
	guint moved;

	g_assert_false(spool_drain(spool, store, &moved, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_TIME);
	g_clear_error(&error);
	kit_assert_drained(spool, store, 1);
	g_assert_true(store_stats(store, &stats, &error));
	g_assert_cmpuint(stats.states[STORE_HELD], ==, 1);
	kit_assert_held(store, id, 1);
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

static void
a_full_spool_refuses(void)
{
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autoptr(GError) error = NULL;
	struct spool *spool = spool_open(path, 3000, &error);
	struct store *store = kit_open(folder);
	g_autoptr(StoreMessage) message = kit_message("priya", 2);
	g_autoptr(GBytes) bytes = kit_bytes(1000, 2);

	g_assert_no_error(error);
	g_free(kit_put(spool, 1));
	g_assert_false(spool_put(spool, &message, 1, bytes, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_LIMIT);
	g_assert_nonnull(strstr(error->message, "full"));
	g_clear_error(&error);
	kit_assert_depth(spool, 1);
	kit_assert_drained(spool, store, 1);
	g_assert_true(spool_put(spool, &message, 1, bytes, &error));
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

/* What another process drained makes room here as well. */
static void
room_is_counted_anew(void)
{
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	struct spool *spool = spool_open(path, 3000, NULL);
	struct spool *other = spool_open(path, 3000, NULL);
	struct store *store = kit_open(folder);

	g_free(kit_put(spool, 1));
	kit_assert_drained(other, store, 1);
	g_free(kit_put(spool, 2));
	kit_assert_drained(other, store, 1);
	store_close(store);
	spool_free(spool);
	spool_free(other);
	kit_remove(folder);
}

static void
open_refused(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(spool_open(path, KIT_ROOM, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_DENIED);
	g_assert_nonnull(strstr(error->message, path));
}

static void
an_unwritable_folder_is_refused(void)
{
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(chmod(folder, 0555), ==, 0);
	kit_unprivileged(open_refused, folder);
	g_assert_cmpint(chmod(folder, 0755), ==, 0);
	g_assert_cmpint(g_mkdir(path, 0555), ==, 0);
	kit_unprivileged(open_refused, folder);
	g_assert_null(spool_open("/dev/null/spool", KIT_ROOM, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_IO);
	kit_remove(folder);
}

/* The folder goes while the spool is open. */
static void
a_put_that_fails_leaves_nothing(void)
{
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autofree char *away = g_build_filename(folder, "away", NULL);
	struct spool *spool = kit_spool(folder);
	g_autoptr(StoreMessage) message = kit_message("priya", 2);
	g_autoptr(GBytes) bytes = kit_bytes(1000, 2);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_rename(path, away), ==, 0);
	g_assert_false(spool_put(spool, &message, 1, bytes, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
	g_assert_cmpint(g_rename(away, path), ==, 0);
	kit_assert_depth(spool, 0);
	g_free(kit_put(spool, 1));
	kit_assert_depth(spool, 1);
	spool_free(spool);
	kit_remove(folder);
}

/* A clock set back must not put new files before old ones. */
static void
names_go_up_beside_a_future_file(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	g_autofree char *future = g_build_filename(
		folder, "spool", "9000000000000000-X.spool", NULL);
	g_autoptr(GPtrArray) files = NULL;

	spool_free(spool);
	g_assert_true(g_file_set_contents(future, "x", 1, NULL));
	spool = kit_spool(folder);
	g_free(kit_put(spool, 1));
	files = files_of(folder, ".spool");
	for (guint i = 0; i < files->len; i++)
		g_assert_cmpstr(g_ptr_array_index(files, i), >=, future);
	spool_free(spool);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spool/what is put is moved", what_is_put_is_moved);
	g_test_add_func("/spool/a file keeps everything",
			a_file_keeps_everything);
	g_test_add_func("/spool/a drain keeps the order",
			a_drain_keeps_the_order);
	g_test_add_func("/spool/a drain may be repeated",
			a_drain_may_be_repeated);
	g_test_add_func("/spool/a full spool refuses", a_full_spool_refuses);
	g_test_add_func("/spool/room is counted anew", room_is_counted_anew);
	g_test_add_func("/spool/an unwritable folder is refused",
			an_unwritable_folder_is_refused);
	g_test_add_func("/spool/a put that fails leaves nothing",
			a_put_that_fails_leaves_nothing);
	g_test_add_func("/spool/names go up beside a future file",
			names_go_up_beside_a_future_file);
	return g_test_run();
}
