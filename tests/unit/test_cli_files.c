/* Paths on a command line, the messages in them, and what files are. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "../../src/cli/check_private.h"
#include "../../src/cli/failure_private.h"
#include "../../src/cli/mbox_private.h"
#include "../../src/cli/print_private.h"
#include "../../src/cli/walk_private.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/file.h"

struct folder {
	char *path;
};

static void
folder_setup(struct folder *folder, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	folder->path = g_dir_make_tmp("pitchward-cli-XXXXXX", &error);
	g_assert_no_error(error);
}

/* Removes the tree by asking the walk's opposite: children come later. */
static void
remove_tree(const char *path)
{
	g_autoptr(GPtrArray) todo = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(todo, g_strdup(path));
	for (guint i = 0; i < todo->len; i++) {
		g_autoptr(GDir) dir = NULL;
		const char *name;

		if (g_file_test(todo->pdata[i], G_FILE_TEST_IS_SYMLINK))
			continue;
		dir = g_dir_open(todo->pdata[i], 0, NULL);
		while (dir && (name = g_dir_read_name(dir)))
			g_ptr_array_add(todo, g_build_filename(todo->pdata[i],
							       name, NULL));
	}
	while (todo->len > 0) {
		g_remove(todo->pdata[todo->len - 1]);
		g_ptr_array_set_size(todo, (gint)todo->len - 1);
	}
}

static void
folder_teardown(struct folder *folder, gconstpointer data)
{
	(void)data;
	remove_tree(folder->path);
	g_free(folder->path);
}

/* A file below the folder, with its own folders; its path is the caller's. */
static char *
put(const struct folder *folder, const char *name, const void *data, gsize len)
{
	char *path = g_build_filename(folder->path, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	folder_make(parent, &error);
	g_assert_no_error(error);
	g_file_set_contents(path, data, (gssize)len, &error);
	g_assert_no_error(error);
	return path;
}

static void
touch(const struct folder *folder, const char *name)
{
	g_autofree char *path = put(folder, name, "x", 1);

	g_assert_nonnull(path);
}

/* The walk's files relative to the folder, "a b c"; "!" for an error. */
static char *
walked(const struct folder *folder, const char *name)
{
	g_autofree char *start =
		*name ? g_build_filename(folder->path, name, NULL)
		      : g_strdup(folder->path);
	char *paths[] = { start, NULL };
	g_autoptr(Walk) walk = walk_new(paths);
	g_autoptr(GString) list = g_string_new(NULL);

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = walk_next(walk, &error);

		if (!path && !error)
			return g_strdup(list->str);
		if (list->len > 0)
			g_string_append_c(list, ' ');
		if (path)
			g_string_append(list, path + strlen(folder->path) + 1);
		else
			g_string_append_c(list, '!');
	}
}

static void
test_walk_folder(struct folder *folder, gconstpointer data)
{
	g_autofree char *link = g_build_filename(folder->path, "b/loop", NULL);
	g_autofree char *alias = g_build_filename(folder->path, "z", NULL);
	g_autofree char *all = NULL;
	g_autofree char *one = NULL;

	(void)data;
	touch(folder, "b/2.eml");
	touch(folder, "b/1.eml");
	touch(folder, "a.eml");
	touch(folder, ".hidden");
	touch(folder, ".git/x");
	g_assert_cmpint(symlink("..", link), ==, 0);
	g_assert_cmpint(symlink("a.eml", alias), ==, 0);
	all = walked(folder, "");
	g_assert_cmpstr(all, ==, "a.eml b/1.eml b/2.eml z");
	one = walked(folder, "b/1.eml");
	g_assert_cmpstr(one, ==, "b/1.eml");
}

static void
test_walk_maildir(struct folder *folder, gconstpointer data)
{
	g_autofree char *all = NULL;

	(void)data;
	touch(folder, "m/cur/1:2,S");
	touch(folder, "m/new/2");
	touch(folder, "m/tmp/3");
	touch(folder, "m/dovecot.index");
	touch(folder, "m/.Sent/cur/4:2,");
	touch(folder, "m/.Sent/new/5");
	touch(folder, "m/.Sent/maildirfolder");
	all = walked(folder, "m");
	g_assert_cmpstr(all, ==,
			"m/.Sent/cur/4:2, m/.Sent/new/5 m/cur/1:2,S "
			"m/new/2");
}

static void
test_walk_wrong(struct folder *folder, gconstpointer data)
{
	g_autofree char *absent = NULL;
	g_autofree char *dangling = g_build_filename(folder->path, "d", NULL);
	g_autofree char *all = NULL;

	(void)data;
	absent = walked(folder, "absent");
	g_assert_cmpstr(absent, ==, "!");
	touch(folder, "a");
	touch(folder, "e");
	g_assert_cmpint(symlink("nowhere", dangling), ==, 0);
	all = walked(folder, "");
	g_assert_cmpstr(all, ==, "a ! e");
}

/* Every message with its number, "[1]text[2]text". */
static char *
messages(const struct folder *folder, const char *text, gsize len,
	 gsize size_max)
{
	g_autofree char *path = put(folder, "x", text, len);
	g_autoptr(GError) error = NULL;
	g_autoptr(Mbox) mbox = mbox_open(path, size_max, &error);
	g_autoptr(GString) all = g_string_new(NULL);

	g_assert_no_error(error);
	for (;;) {
		g_autoptr(GBytes) bytes = mbox_next(mbox, &error);
		gsize size;
		const char *data;

		g_assert_no_error(error);
		if (!bytes)
			return g_strdup(all->str);
		data = g_bytes_get_data(bytes, &size);
		g_string_append_printf(all, "[%u]", mbox_number(mbox));
		g_string_append_len(all, data, (gssize)size);
	}
}

#define F "From a@b Thu Aug 22 12:36:23 2002\n"

static void
test_mbox(struct folder *folder, gconstpointer data)
{
	static const struct {
		const char *name;
		const char *text;
		const char *wanted;
	} cases[] = {
		{ "a message", "A: b\n\nc\n", "[0]A: b\n\nc\n" },
		{ "empty", "", "[0]" },
		{ "one", F "A: b\n\nc\n", "[1]A: b\n\nc\n" },
		{ "two", F "A: b\n\nc\n\n" F "D: e\n\nf\n",
		  "[1]A: b\n\nc\n\n[2]D: e\n\nf\n" },
		{ "CR LF",
		  "From a 12:00\r\nA: b\r\n\r\nc\r\n\r\n"
		  "From a 13:00\r\nD: e\r\n",
		  "[1]A: b\r\n\r\nc\r\n\r\n[2]D: e\r\n" },
		{ "no empty line before", F "A: b\n\nc\n" F "d\n",
		  "[1]A: b\n\nc\n" F "d\n" },
		{ "a sentence", F "A: b\n\nc\n\nFrom here on.\n",
		  "[1]A: b\n\nc\n\nFrom here on.\n" },
		{ "no date anywhere", "From a\nA: b\n\nc\n\nFrom d\nE: f\n",
		  "[1]A: b\n\nc\n\n[2]E: f\n" },
		{ "escaped", F "A: b\n\n>From c\n>>From d\n>Frog\n",
		  "[1]A: b\n\nFrom c\n>From d\n>Frog\n" },
		{ "not escaped outside an mbox", "A: b\n\n>From c\n",
		  "[0]A: b\n\n>From c\n" },
		{ "only its first line", F, "[1]" },
		{ "no end of line", F "A: b", "[1]A: b" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = messages(folder, cases[i].text,
						strlen(cases[i].text), 10000);

		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(got, ==, cases[i].wanted);
	}
}

static void
test_mbox_cap(struct folder *folder, gconstpointer data)
{
	g_autofree char *whole = NULL;
	g_autofree char *many = NULL;

	(void)data;
	whole = messages(folder, "0123456789", 10, 4);
	g_assert_cmpstr(whole, ==, "[0]0123");
	many = messages(folder, F "0123456789\n\n" F "abcdef\n",
			2 * strlen(F) + 19, 4);
	g_assert_cmpstr(many, ==, "[1]0123[2]abcd");
}

/* Lines and messages larger than the buffer, split wherever it ends. */
static void
test_mbox_large(struct folder *folder, gconstpointer data)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *path = NULL;
	g_autoptr(Mbox) mbox = NULL;
	g_autoptr(GError) error = NULL;
	guint n = 0;

	(void)data;
	for (guint i = 0; i < 40; i++) {
		g_string_append(text, F "A: b\n\n");
		for (guint k = 0; k < 9000 + 37 * i; k++)
			g_string_append(text,
					i % 8 == 0 ? "xyxyxyxyxy" : "z\n");
		g_string_append(text, "\n\n");
	}
	path = put(folder, "x", text->str, text->len);
	mbox = mbox_open(path, 1 << 20, &error);
	g_assert_no_error(error);
	for (;; n++) {
		g_autoptr(GBytes) bytes = mbox_next(mbox, &error);
		gsize per = n % 8 == 0 ? 10 : 2;

		if (!bytes)
			break;
		g_assert_cmpuint(g_bytes_get_size(bytes), ==,
				 strlen("A: b\n\n") + per * (9000 + 37 * n) +
					 2);
	}
	g_assert_no_error(error);
	g_assert_cmpuint(n, ==, 40);
}

static void
test_mbox_wrong(struct folder *folder, gconstpointer data)
{
	g_autofree char *absent =
		g_build_filename(folder->path, "absent", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Mbox) mbox = NULL;

	(void)data;
	g_assert_null(mbox_open(absent, 100, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
	g_clear_error(&error);
	mbox = mbox_open(folder->path, 100, &error);
	g_assert_no_error(error);
	g_assert_null(mbox_next(mbox, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_IO);
}

static void
test_kind(struct folder *folder, gconstpointer data)
{
	static const struct {
		const char *name;
		const char *text;
		enum check_kind kind;
	} cases[] = {
		{ "a.yaml", "version: 1\nmode: tag\n", CHECK_CONFIG },
		{ "b.yaml", "version: 1\nbuyer: {name: x}\n", CHECK_PROFILE },
		{ "c.yaml", "buyr: x\npriorities: []\n", CHECK_PROFILE },
		{ "d.yaml", "mailing: {hosts: []}\n", CHECK_SIGNALS },
		{ "signals.yaml", "{", CHECK_SIGNALS },
		{ "profiles.d/x.yaml", "nothing: 1\n", CHECK_PROFILE },
		{ "profiles.d/y.yaml", "[", CHECK_PROFILE },
		{ "e.yaml", "version: 1\nmembers: []\n", CHECK_GROUP },
		{ "groups.d/z.yaml", "[", CHECK_GROUP },
		{ "m/card.yaml", "id: x\n", CHECK_CARD },
		{ "empty.yaml", "", CHECK_CONFIG },
	};
	g_autofree char *model = g_build_filename(folder->path, "m", NULL);
	g_autofree char *groups =
		g_build_filename(folder->path, "groups.d", NULL);

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			put(folder, cases[i].name, cases[i].text,
			    strlen(cases[i].text));

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(check_kind(path), ==, cases[i].kind);
	}
	g_assert_cmpint(check_kind(model), ==, CHECK_MODEL);
	g_assert_cmpint(check_kind(groups), ==, CHECK_GROUPS);
	g_assert_cmpint(check_kind(folder->path), ==, CHECK_PROFILES);
	touch(folder, "pitchward.yaml");
	g_assert_cmpint(check_kind(folder->path), ==, CHECK_SITE);
}

static void
test_split(void)
{
	static const struct {
		const char *fault;
		const char *file;
		guint line;
		guint column;
		const char *text;
	} cases[] = {
		{ "a/b.yaml:14:9: weight is wrong", "a/b.yaml", 14, 9,
		  "weight is wrong" },
		{ "a:b.yaml:1:2: x: y", "a:b.yaml", 1, 2, "x: y" },
		{ "a.yaml: cannot be read", "a.yaml", 0, 0, "cannot be read" },
		{ "no place", "", 0, 0, "no place" },
		{ "a:12: b", "a:12", 0, 0, "b" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct fault_place place;

		g_test_message("%s", cases[i].fault);
		check_split(cases[i].fault, &place);
		g_assert_cmpstr(place.file, ==, cases[i].file);
		g_assert_cmpuint(place.line, ==, cases[i].line);
		g_assert_cmpuint(place.column, ==, cases[i].column);
		g_assert_cmpstr(place.text, ==, cases[i].text);
		g_free(place.file);
	}
}

static void
test_escape(void)
{
	static const struct {
		const char *text;
		gboolean lines;
		const char *wanted;
	} cases[] = {
		{ "plain, größer", FALSE, "plain, größer" },
		{ "\033[31mred\033[0m", FALSE, "\\x1B[31mred\\x1B[0m" },
		{ "a\nb\tc", FALSE, "a\\x0Ab\\x09c" },
		{ "a\nb\tc\r", TRUE, "a\nb\tc\\x0D" },
		{ "\x7F", FALSE, "\\x7F" },
		{ "\xC2\x9B"
		  "31m",
		  FALSE, "\\u009B31m" },
		{ "\xE2\x80\xAEtxt", FALSE, "\\u202Etxt" },
		{ "\xE2\x81\xA6x\xE2\x81\xA9", TRUE, "\\u2066x\\u2069" },
		{ "bad \xFF byte", FALSE, "bad \xEF\xBF\xBD byte" },
		{ "", FALSE, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got =
			escape_text(cases[i].text, cases[i].lines);

		g_assert_cmpstr(got, ==, cases[i].wanted);
	}
}

static void
test_codes(void)
{
	const struct {
		GQuark domain;
		int code;
		int wanted;
	} cases[] = {
		{ CLI_ERROR, CLI_ERROR_USAGE, 64 },
		{ CLI_ERROR, CLI_ERROR_NO, 1 },
		{ CLI_ERROR, CLI_ERROR_EXISTS, 73 },
		{ G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, 64 },
		{ BASE_ERROR, BASE_ERROR_NOT_FOUND, 66 },
		{ BASE_ERROR, BASE_ERROR_DENIED, 77 },
		{ BASE_ERROR, BASE_ERROR_INVALID, 65 },
		{ BASE_ERROR, 1000, 70 },
		{ BASE_ERROR, -1, 70 },
		{ G_FILE_ERROR, 0, 70 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const GError error = { cases[i].domain, cases[i].code, NULL };

		g_assert_cmpint(failure_code(&error), ==, cases[i].wanted);
	}
}

#define ADD(name, function)                                                    \
	g_test_add(name, struct folder, NULL, folder_setup, function,          \
		   folder_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/cli/walk/folder", test_walk_folder);
	ADD("/cli/walk/maildir", test_walk_maildir);
	ADD("/cli/walk/wrong", test_walk_wrong);
	ADD("/cli/mbox/cases", test_mbox);
	ADD("/cli/mbox/cap", test_mbox_cap);
	ADD("/cli/mbox/large", test_mbox_large);
	ADD("/cli/mbox/wrong", test_mbox_wrong);
	ADD("/cli/check/kind", test_kind);
	g_test_add_func("/cli/check/split", test_split);
	g_test_add_func("/cli/print/escape", test_escape);
	g_test_add_func("/cli/failure/codes", test_codes);
	return g_test_run();
}
