/* The ground under everything: errors, files, time, ids, keys, log lines. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/key.h"
#include "base/log.h"

struct folder {
	char *path;
};

static void
folder_setup(struct folder *folder, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	folder->path = g_dir_make_tmp("pitchward-base-XXXXXX", &error);
	g_assert_no_error(error);
}

static guint
folder_count(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir))
		n++;
	return n;
}

static void
folder_teardown(struct folder *folder, gconstpointer data)
{
	g_autoptr(GDir) dir = g_dir_open(folder->path, 0, NULL);
	const char *name;

	(void)data;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path =
			g_build_filename(folder->path, name, NULL);

		g_remove(path);
	}
	g_rmdir(folder->path);
	g_free(folder->path);
}

static void
test_errno(void)
{
	static const struct {
		int number;
		gint code;
	} cases[] = {
		{ ENOENT, BASE_ERROR_NOT_FOUND },
		{ EACCES, BASE_ERROR_DENIED },
		{ EPERM, BASE_ERROR_DENIED },
		{ ENOSPC, BASE_ERROR_IO },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(error_set_errno(&error, cases[i].number, "%s:%d",
					       "a file", 3));
		g_assert_error(error, BASE_ERROR, cases[i].code);
		g_assert_true(g_str_has_prefix(error->message, "a file:3: "));
	}
	g_assert_false(error_set_errno(NULL, EIO, "nobody asks"));
}

static void
test_nearest(void)
{
	static const char *const keys[] = { "weight", "high",  "horizon",
					    "stage",  "about", NULL };
	static const struct {
		const char *word;
		const char *nearest;
	} cases[] = {
		{ "wieght", "weight" },	   { "hgih", "high" },
		{ "Weight", "weight" },	   { "horzon", "horizon" },
		{ "stagee", "stage" },	   { "h", NULL },
		{ "completely", NULL },	   { "", NULL },
		{ "weeeeight", "weight" }, { "abuot", "about" },
	};
	g_autofree char *huge = g_strnfill(5000, 'a');

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(nearest_word(cases[i].word, keys), ==,
				cases[i].nearest);
	g_assert_null(nearest_word(huge, keys));
}

static void
test_file_round(struct folder *folder, gconstpointer data)
{
	g_autofree char *path = g_build_filename(folder->path, "f", NULL);
	g_autoptr(GError) error = NULL;
	struct stat st;

	(void)data;
	for (gsize size = 0; size < 300000; size = size * 3 + 1) {
		g_autofree char *text = g_strnfill(size, 'x');
		g_autoptr(GBytes) bytes = NULL;

		g_assert_true(file_replace(path, text, size, 0640, &error));
		bytes = file_read(path, size, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(g_bytes_get_size(bytes), ==, size);
		g_assert_true(
			memcmp(g_bytes_get_data(bytes, NULL), text, size) == 0);
	}
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 07777U, ==, 0640);
	g_assert_cmpuint(folder_count(folder->path), ==, 1);
}

static void
test_file_faults(struct folder *folder, gconstpointer data)
{
	g_autofree char *path = g_build_filename(folder->path, "f", NULL);
	g_autofree char *deep = g_build_filename(path, "below", NULL);
	g_autofree char *taken = g_build_filename(folder->path, "d", NULL);
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_null(file_read(path, 10, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_true(file_replace(path, "12345", 5, 0600, NULL));
	g_assert_null(file_read(path, 4, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_LIMIT);
	g_clear_error(&error);
	g_assert_null(file_read(folder->path, 10, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(file_read("/dev/zero", 10, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_false(file_replace(deep, "x", 1, 0600, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_IO);
	g_clear_error(&error);
	/* A folder in its place: the rename fails and leaves nothing. */
	g_assert_cmpint(g_mkdir(taken, 0700), ==, 0);
	g_assert_false(file_replace(taken, "x", 1, 0600, &error));
	g_assert_nonnull(error);
	g_assert_cmpuint(folder_count(folder->path), ==, 2);
}

static void
test_folder_make(struct folder *folder, gconstpointer data)
{
	g_autofree char *a = g_build_filename(folder->path, "a", NULL);
	g_autofree char *b = g_build_filename(a, "b", NULL);
	g_autofree char *file = g_build_filename(folder->path, "f", NULL);
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_true(folder_make(b, &error));
	g_assert_true(folder_make(b, &error));
	g_assert_true(g_file_test(b, G_FILE_TEST_IS_DIR));
	g_assert_true(file_replace(file, "", 0, 0600, NULL));
	g_assert_false(folder_make(file, &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	g_assert_true(folder_sync(b, &error));
	g_assert_false(folder_sync(file, &error));
	g_assert_nonnull(error);
	g_rmdir(b);
}

static void
test_duration(void)
{
	static const struct {
		const char *text;
		gint64 us;
	} good[] = {
		{ "0s", 0 },
		{ "250ms", 250000 },
		{ "8s", 8000000 },
		{ "5m", 300000000 },
		{ "1h", G_GINT64_CONSTANT(3600000000) },
		{ "30d", 30 * CLOCK_DAY_US },
		{ "2w", 14 * CLOCK_DAY_US },
	};
	static const char *const bad[] = { "",
					   "s",
					   "8",
					   "8 s",
					   "-1s",
					   "+1s",
					   "1S",
					   "1y",
					   "1.5h",
					   " 8s",
					   "8ss",
					   "99999999999999999999s",
					   "9223372036854775807w",
					   "9223372036855s" };

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		gint64 us = -1;

		g_assert_true(duration_parse(good[i].text, &us, NULL));
		g_assert_cmpint(us, ==, good[i].us);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		gint64 us = 77;

		g_assert_false(duration_parse(bad[i], &us, &error));
		g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
		g_assert_cmpint(us, ==, 77);
	}
}

static void
test_size(void)
{
	static const struct {
		const char *text;
		guint64 size;
	} good[] = {
		{ "0", 0 },	   { "7B", 7 },	       { "64k", 65536 },
		{ "1kB", 1024 },   { "2M", 2097152 },  { "2MB", 2097152 },
		{ "1G", 1 << 30 }, { "1GB", 1 << 30 },
	};
	static const char *const bad[] = { "",
					   "k",
					   "1 k",
					   "-1",
					   "1T",
					   "0x10",
					   "18446744073709551616",
					   "18446744073709551615k" };

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		guint64 size = 99;

		g_assert_true(size_parse(good[i].text, &size, NULL));
		g_assert_cmpuint(size, ==, good[i].size);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		guint64 size = 77;

		g_assert_false(size_parse(bad[i], &size, &error));
		g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
		g_assert_cmpuint(size, ==, 77);
	}
}

static void
test_clock(void)
{
	static const struct {
		gint64 us;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1970-01-01T00:00:00Z" },
		{ G_GINT64_CONSTANT(951782400999999), "2000-02-29T00:00:00Z" },
		{ G_MAXINT64, "9999-12-31T23:59:59Z" },
		{ G_MININT64, "1970-01-01T00:00:00Z" },
	};
	gint64 before = clock_monotonic_us();

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = clock_format(cases[i].us);

		g_assert_cmpstr(text, ==, cases[i].text);
	}
	g_assert_cmpint(clock_now_us(), >, 1700000000 * CLOCK_SECOND_US);
	g_assert_cmpint(clock_monotonic_us(), >=, before);
}

static void
test_id(void)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	static const char *const bad[] = { "",
					   "01ARZ3NDEKTSV4RRFFQ69G5FA",
					   "01ARZ3NDEKTSV4RRFFQ69G5FAVX",
					   "01arz3ndektsv4rrffq69g5fav",
					   "01ARZ3NDEKTSV4RRFFQ69G5FAU",
					   "01ARZ3NDEKTSV4RRFFQ69G5FA\n" };
	char id[ID_LEN + 1];
	char later[ID_LEN + 1];

	for (guint i = 0; i < 1000; i++) {
		id_new(id);
		g_assert_true(id_valid(id));
		g_assert_true(g_hash_table_add(seen, g_strdup(id)));
	}
	g_usleep(2000);
	id_new(later);
	g_assert_cmpstr(id, <, later);
	g_assert_true(id_valid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(id_valid(bad[i]));
}

static void
test_key_mac(struct folder *folder, gconstpointer data)
{
	g_autofree char *path = g_build_filename(folder->path, "key", NULL);
	/* As openssl gives it for "tag\0hello" and 32 times 0x6b. */
	const char *right = "99aed1155039aed5c0f2b74a329fcb72"
			    "5deaf8c0205508be3fc2e7361dd1f7e0";
	g_autofree char *bytes = g_strnfill(32, 'k');
	g_autoptr(GError) error = NULL;
	g_autoptr(Key) key = NULL;
	g_autofree char *mac = NULL;

	(void)data;
	g_assert_true(file_replace(path, bytes, 32, 0600, &error));
	key = key_open(path, &error);
	g_assert_no_error(error);
	mac = key_mac(key, "tag", "hello", 5);
	g_assert_cmpstr(mac, ==, right);
	g_assert_true(key_verify(key, "tag", "hello", 5, mac));
	g_assert_false(key_verify(key, "tagh", "ello", 4, mac));
	g_assert_false(key_verify(key, "other", "hello", 5, mac));
	g_assert_false(key_verify(key, "tag", "hello", 4, mac));
	g_assert_false(key_verify(key, "tag", "hello", 5, NULL));
	g_assert_false(key_verify(key, "tag", "hello", 5, ""));
	mac[63] = mac[63] == '0' ? '1' : '0';
	g_assert_false(key_verify(key, "tag", "hello", 5, mac));
}

static void
test_key_file(struct folder *folder, gconstpointer data)
{
	g_autofree char *path = g_build_filename(folder->path, "key", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Key) made = key_open(path, &error);
	g_autoptr(Key) again = NULL;
	g_autoptr(Key) other = key_new_random();
	g_autofree char *mac = NULL;
	struct stat st;

	(void)data;
	g_assert_no_error(error);
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 07777U, ==, 0600);
	g_assert_cmpuint(folder_count(folder->path), ==, 1);
	again = key_open(path, &error);
	g_assert_no_error(error);
	mac = key_mac(made, "p", NULL, 0);
	g_assert_true(key_verify(again, "p", NULL, 0, mac));
	g_assert_false(key_verify(other, "p", NULL, 0, mac));
	g_assert_cmpint(chmod(path, 0644), ==, 0);
	g_assert_null(key_open(path, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_DENIED);
	g_clear_error(&error);
	g_assert_true(file_replace(path, "short", 5, 0600, NULL));
	g_assert_null(key_open(path, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
}

static void
test_log_quote(void)
{
	static const struct {
		const char *text;
		gsize max;
		const char *quoted;
	} cases[] = {
		{ "plain", 99, "\"plain\"" },
		{ "plain", 5, "\"plain\"" },
		{ "plain", 3, "\"pla\"..." },
		{ "a\"b\\c", 99, "\"a\\x22b\\x5Cc\"" },
		{ "x\r\nFrom: y", 99, "\"x\\x0D\\x0AFrom: y\"" },
		{ "\xC3\xA9\x7F", 99, "\"\\xC3\\xA9\\x7F\"" },
		{ "", 0, "\"\"" },
		{ NULL, 5, "\"\"" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *quoted =
			log_quote(cases[i].text, cases[i].max);

		g_assert_cmpstr(quoted, ==, cases[i].quoted);
	}
}

static void
test_log_stderr(void)
{
	if (g_test_subprocess()) {
		log_open(LOG_SINK_STDERR, "prog");
		log_write(LOG_LEVEL_ERROR, "disk %d\nfull", 7);
		log_write(LOG_LEVEL_INFO, "all is well");
		return;
	}
	g_test_trap_subprocess(NULL, 0, (GTestSubprocessFlags)0);
	g_test_trap_assert_passed();
	g_test_trap_assert_stderr("*prog: error: disk 7 full\n*");
	g_test_trap_assert_stderr("*prog: all is well\n*");
}

/* As systemd does; and as it looks where standard error was changed since. */
static void
test_log_stream(void)
{
	if (g_test_subprocess()) {
		g_autofree char *told = NULL;
		struct stat st;

		g_assert_cmpint(fstat(STDERR_FILENO, &st), ==, 0);
		told = g_strdup_printf("%" G_GUINT64_FORMAT
				       ":%" G_GUINT64_FORMAT,
				       (guint64)st.st_dev, (guint64)st.st_ino);
		g_setenv("JOURNAL_STREAM", told, TRUE);
		log_open(LOG_SINK_STDERR, "prog");
		log_write(LOG_LEVEL_WARNING, "store away");
		log_write(LOG_LEVEL_INFO, "all is well");
		g_setenv("JOURNAL_STREAM", "8:1", TRUE);
		log_open(LOG_SINK_STDERR, "prog");
		log_write(LOG_LEVEL_ERROR, "somewhere else");
		return;
	}
	g_test_trap_subprocess(NULL, 0, (GTestSubprocessFlags)0);
	g_test_trap_assert_passed();
	g_test_trap_assert_stderr("*<4>prog: warning: store away\n"
				  "<6>prog: all is well\n"
				  "prog: error: somewhere else\n*");
}

#define WITH_FOLDER(path, function)                                            \
	g_test_add(path, struct folder, NULL, folder_setup, function,          \
		   folder_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/error/errno-becomes-a-code", test_errno);
	g_test_add_func("/base/error/nearest-word", test_nearest);
	WITH_FOLDER("/base/file/written-is-read", test_file_round);
	WITH_FOLDER("/base/file/faults-leave-nothing", test_file_faults);
	WITH_FOLDER("/base/file/folders", test_folder_make);
	g_test_add_func("/base/clock/durations", test_duration);
	g_test_add_func("/base/clock/sizes", test_size);
	g_test_add_func("/base/clock/format", test_clock);
	g_test_add_func("/base/id/unique-sorted-valid", test_id);
	WITH_FOLDER("/base/key/mac-and-purpose", test_key_mac);
	WITH_FOLDER("/base/key/file", test_key_file);
	g_test_add_func("/base/log/quoted-mail-text", test_log_quote);
	g_test_add_func("/base/log/stderr-one-line-each", test_log_stderr);
	g_test_add_func("/base/log/priorities-for-the-journal",
			test_log_stream);
	return g_test_run();
}
