/* The spool after accidents: what is half there, damaged, or unreadable. */
#include "store/spool.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

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
half_written_files_are_cleared(void)
{
	char *folder = kit_folder();
	g_autofree char *half =
		g_build_filename(folder, "spool", ".1-X.spool.a1b2c3", NULL);
	struct spool *spool = kit_spool(folder);
	struct spool *beside;

	g_assert_true(g_file_set_contents(half, "half", 4, NULL));
	beside = kit_spool(folder);
	g_assert_true(g_file_test(half, G_FILE_TEST_EXISTS));
	spool_free(beside);
	spool_free(spool);
	spool = kit_spool(folder);
	g_assert_false(g_file_test(half, G_FILE_TEST_EXISTS));
	kit_assert_depth(spool, 0);
	spool_free(spool);
	kit_remove(folder);
}

/* What is done to the only file of a spool. */
static void
damage(const char *path, guint how)
{
	g_autofree char *text = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(path, &text, &size, NULL));
	switch (how) {
	case 0:
		size--;
		break;
	case 1:
		size = 0;
		break;
	case 2:
		text[size - 1] ^= 1;
		break;
	case 3:
		text[100] ^= 1;
		break;
	case 4:
		text[20] ^= 1;
		break;
	case 5:
		text[0] = '[';
		break;
	default:
		size = 75;
		break;
	}
	g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
}

static void
damaged_files_are_set_aside(void)
{
	for (guint how = 0; how < 7; how++) {
		char *folder = kit_folder();
		struct spool *spool = kit_spool(folder);
		struct store *store = kit_open(folder);
		g_autofree char *first = kit_put(spool, 1);
		g_autoptr(GPtrArray) files = files_of(folder, ".spool");
		g_autofree char *second = kit_put(spool, 2);

		g_test_message("damage %u", how);
		damage(g_ptr_array_index(files, 0), how);
		kit_assert_drained(spool, store, 1);
		kit_assert_held(store, second, 2);
		g_assert_cmpuint(spool_damaged(spool), ==, 1);
		store_close(store);
		spool_free(spool);
		kit_remove(folder);
	}
}

/* A whole file that is not one of ours, under a name of ours. */
static void
an_id_in_use_is_set_aside(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	struct store *store = kit_open(folder);
	g_autofree char *taken = kit_hold(store, "priya", 1);
	g_autoptr(StoreMessage) message = kit_message("priya", 2);
	g_autoptr(GBytes) bytes = kit_bytes(10, 2);
	g_autoptr(GError) error = NULL;
	g_autofree char *second = NULL;

	memcpy(message->id, taken, sizeof(message->id));
	g_assert_true(spool_put(spool, &message, 1, bytes, &error));
	second = kit_put(spool, 3);
	kit_assert_drained(spool, store, 1);
	kit_assert_held(store, second, 3);
	g_assert_cmpuint(spool_damaged(spool), ==, 1);
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

static void
drain_unreadable(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autoptr(GError) error = NULL;
	struct spool *spool = spool_open(path, KIT_ROOM, &error);
	struct store *store = kit_open(folder);
	guint moved = 99;

	g_assert_no_error(error);
	g_assert_false(spool_drain(spool, store, &moved, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_DENIED);
	g_assert_cmpuint(moved, ==, 1);
	kit_assert_depth(spool, 1);
	store_close(store);
	spool_free(spool);
}

/* It may be readable later, so it is no damage; the others are moved. */
static void
an_unreadable_file_is_left(void)
{
	char *folder = kit_folder();
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autofree char *lock = g_build_filename(path, ".lock", NULL);
	struct spool *spool = kit_spool(folder);
	g_autofree char *first = kit_put(spool, 1);
	g_autoptr(GPtrArray) files = files_of(folder, ".spool");
	g_autofree char *second = kit_put(spool, 2);
	g_autoptr(GPtrArray) both = files_of(folder, ".spool");

	spool_free(spool);
	for (guint i = 0; i < both->len; i++)
		g_chmod(g_ptr_array_index(both, i), 0644);
	g_chmod(g_ptr_array_index(files, 0), 0);
	g_chmod(folder, 0777);
	g_chmod(path, 0777);
	g_chmod(lock, 0666);
	kit_unprivileged(drain_unreadable, folder);
	kit_remove(folder);
}

static void
put_for_ever(const char *folder, int out)
{
	struct spool *spool = kit_spool(folder);

	for (guint n = 0;; n++) {
		g_autofree char *id = kit_put(spool, n);
		g_autofree char *line = g_strdup_printf("%s %u\n", id, n);

		if (write(out, line, strlen(line)) < 0)
			_exit(1);
	}
}

/* Every file that was reported is there and whole; nothing is half there. */
static void
a_killed_writer_loses_nothing(void)
{
	for (guint round = 0; round < 5; round++) {
		char *folder = kit_folder();
		g_autofree char *said =
			kit_killed(put_for_ever, folder, 3 + round * 7);
		g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
		struct spool *spool = kit_spool(folder);
		g_autoptr(GPtrArray) all = files_of(folder, "");
		struct store *store = kit_open(folder);
		guint acked = g_strv_length(lines) - 1;

		/* One file may be there whose report was not written. */
		g_assert_cmpuint(all->len, >=, acked + 1);
		g_assert_cmpuint(all->len, <=, acked + 2);
		kit_assert_drained(spool, store, all->len - 1);
		g_assert_cmpuint(spool_damaged(spool), ==, 0);
		for (guint i = 0; i < acked; i++) {
			lines[i][ID_LEN] = '\0';
			kit_assert_held(store, lines[i], i);
		}
		store_close(store);
		spool_free(spool);
		kit_remove(folder);
	}
}

/*
 * Makes the only file of a spool one that another version of the program
 * wrote: this text in the place of that, under a digest that fits.
 */
static void
rewrite(const char *path, const char *that, const char *this)
{
	const gsize start = strlen("{\"sha256\":\"") + 64;
	g_autofree char *text = NULL;
	g_autofree char *digest = NULL;
	g_autoptr(GString) file = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(path, &text, &size, NULL));
	file = g_string_new_len(text, (gssize)size);
	g_assert_cmpuint(g_string_replace(file, that, this, 1), ==, 1);
	digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
					     (guchar *)file->str + start,
					     file->len - start);
	memcpy(file->str + start - 64, digest, 64);
	g_assert_true(
		g_file_set_contents(path, file->str, (gssize)file->len, NULL));
}

/* As the first version wrote it: no version, and none of what came later. */
static void
old_files_still_drain(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	struct store *store = kit_open(folder);
	g_autofree char *id = kit_put(spool, 1);
	g_autoptr(GPtrArray) files = files_of(folder, ".spool");
	g_autoptr(StoreMessage) found = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(files->len, ==, 1);
	rewrite(files->pdata[0], "\"version\":2,", "");
	rewrite(files->pdata[0], ",\"touch\":0,\"subject_key\":0", "");
	rewrite(files->pdata[0], ",\"campaign\":\"\"", "");
	kit_assert_drained(spool, store, 1);
	kit_assert_held(store, id, 1);
	found = store_find(store, "priya", id, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(found->campaign, ==, "");
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

/* Not drained without what we do not know of, and not lost. */
static void
newer_files_are_set_aside(void)
{
	char *folder = kit_folder();
	struct spool *spool = kit_spool(folder);
	struct store *store = kit_open(folder);
	g_autofree char *id = kit_put(spool, 1);
	g_autoptr(GPtrArray) files = files_of(folder, ".spool");

	rewrite(files->pdata[0], "\"version\":2,", "\"version\":3,");
	kit_assert_drained(spool, store, 0);
	g_assert_cmpuint(spool_damaged(spool), ==, 1);
	store_close(store);
	spool_free(spool);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spool/half-written files are cleared",
			half_written_files_are_cleared);
	g_test_add_func("/spool/damaged files are set aside",
			damaged_files_are_set_aside);
	g_test_add_func("/spool/an id in use is set aside",
			an_id_in_use_is_set_aside);
	g_test_add_func("/spool/an unreadable file is left",
			an_unreadable_file_is_left);
	g_test_add_func("/spool/a killed writer loses nothing",
			a_killed_writer_loses_nothing);
	g_test_add_func("/spool/old files still drain", old_files_still_drain);
	g_test_add_func("/spool/newer files are set aside",
			newer_files_are_set_aside);
	return g_test_run();
}
