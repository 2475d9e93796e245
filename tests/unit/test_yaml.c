/* Asking a file for its values; faults in their order. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "profile/faults.h"
#include "profile/yaml.h"

static const char *const colours[] = { "red", "green", "blue", NULL };

static struct yaml *
parse_good(const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	struct yaml *yaml = yaml_parse("f", text, strlen(text), faults);

	g_assert_nonnull(yaml);
	return yaml;
}

static void
test_scalars(void)
{
	g_autoptr(Yaml) yaml = parse_good(
		"text: a b\nquoted: \"5\"\nnumber: 0.25\nexponent: 1e-3\n"
		"minus: -7\nyes: Yes\noff: off\nwait: 90s\nroom: 64kB\n"
		"colour: green\ndays: [blue, red]\nday: 2027-03-31\nnull: ~\n"
		"norway: NO\n");
	struct yaml_node *root = yaml_root(yaml);

	g_assert_cmpstr(yaml_get_text(root, "text", NULL), ==, "a b");
	g_assert_cmpstr(yaml_get_text(root, "quoted", NULL), ==, "5");
	g_assert_cmpstr(yaml_get_text(root, "norway", NULL), ==, "NO");
	g_assert_cmpstr(yaml_get_text(root, "number", NULL), ==, "0.25");
	g_assert_cmpfloat(yaml_get_number(root, "number", 0, 1, 9), ==, 0.25);
	g_assert_cmpfloat(yaml_get_number(root, "exponent", 0, 1, 9), ==, 1e-3);
	g_assert_cmpint(yaml_get_integer(root, "minus", -9, 9, 0), ==, -7);
	g_assert_true(yaml_get_bool(root, "yes", FALSE));
	g_assert_false(yaml_get_bool(root, "off", TRUE));
	g_assert_cmpint(yaml_get_duration(root, "wait", 0, G_MAXINT64, 0), ==,
			90 * CLOCK_SECOND_US);
	g_assert_cmpuint(yaml_get_size(root, "room", 0, G_MAXUINT64, 0), ==,
			 65536);
	g_assert_cmpint(yaml_get_word(root, "colour", colours, 0), ==, 1);
	g_assert_cmpuint(yaml_get_words(root, "days", colours, 0), ==, 5);
	g_assert_cmpint(yaml_get_date(root, "day"), ==,
			G_GINT64_CONSTANT(1806451200) * CLOCK_SECOND_US);
	g_assert_false(yaml_has(root, "null"));
	g_assert_cmpint(yaml_get_integer(root, "null", 0, 9, 4), ==, 4);
	yaml_finish(root);
	g_assert_false(yaml_failed(yaml));
}

/* What is absent gives its default, and a map that is absent has no keys. */
static void
test_defaults(void)
{
	g_autoptr(Yaml) yaml = parse_good("map:\nother: {}\n");
	struct yaml_node *root = yaml_root(yaml);
	struct yaml_node *none = yaml_get_map(root, "map");
	g_auto(GStrv) texts = yaml_get_texts(none, "texts");

	g_assert_null(none);
	g_assert_nonnull(yaml_get_map(root, "other"));
	g_assert_cmpstr(yaml_get_text(none, "text", "x"), ==, "x");
	g_assert_cmpfloat(yaml_get_number(none, "n", 0, 1, 0.5), ==, 0.5);
	g_assert_true(yaml_get_bool(none, "b", TRUE));
	g_assert_cmpint(yaml_get_date(none, "d"), ==, 0);
	g_assert_null(yaml_get_list(none, "l"));
	g_assert_cmpuint(g_strv_length(texts), ==, 0);
	yaml_finish(root);
	g_assert_false(yaml_failed(yaml));
}

static void
test_lists(void)
{
	g_autoptr(Yaml) yaml =
		parse_good("one: alone\nmany: [a, 'b c', 3]\nnone: []\n");
	struct yaml_node *root = yaml_root(yaml);
	g_auto(GStrv) one = yaml_get_texts(root, "one");
	g_auto(GStrv) many = yaml_get_texts(root, "many");
	GPtrArray *none = yaml_get_list(root, "none");
	const char *const expected[] = { "a", "b c", "3", NULL };

	g_assert_cmpuint(g_strv_length(one), ==, 1);
	g_assert_cmpstr(one[0], ==, "alone");
	g_assert_true(g_strv_equal((const char *const *)many, expected));
	g_assert_nonnull(none);
	g_assert_cmpuint(none->len, ==, 0);
}

/* Keys that are data: all known, in order; values can still be asked for. */
static void
test_keys(void)
{
	g_autoptr(Yaml) yaml = parse_good("data: {z: 1, a: 2, m: {x: 3}}\n");
	struct yaml_node *root = yaml_root(yaml);
	struct yaml_node *data = yaml_get_map(root, "data");
	g_autofree const char **keys = yaml_keys(data);
	const char *const expected[] = { "z", "a", "m", NULL };

	g_assert_true(g_strv_equal(keys, expected));
	g_assert_cmpint(yaml_get_integer(data, "a", 0, 9, 0), ==, 2);
	g_assert_cmpint(yaml_get_integer(yaml_get_map(data, "m"), "x", 0, 9, 0),
			==, 3);
	yaml_finish(root);
	g_assert_false(yaml_failed(yaml));
}

static void
test_position(void)
{
	g_autoptr(Yaml) yaml = parse_good("a: 1\nb:\n  - cc\n  - dd\n");
	const GPtrArray *list = yaml_get_list(yaml_root(yaml), "b");
	const char *file;
	guint line;
	guint column;

	yaml_position(g_ptr_array_index(list, 1), &file, &line, &column);
	g_assert_cmpstr(file, ==, "f");
	g_assert_cmpuint(line, ==, 4);
	g_assert_cmpuint(column, ==, 5);
}

static void
test_quote(void)
{
	static const char *const texts[] = {
		"plain",
		"",
		"a \"quoted\" \\ word",
		"two\nlines\tand a tab",
		"# no remark: really",
		"&anchor *alias !tag %x @y",
		"Zażółć gęślą jaźń 日本",
		"line\u2028separator and \ufeff mark",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *quoted = yaml_quote(texts[i]);
		g_autofree char *text = g_strdup_printf("v: %s\n", quoted);
		g_autoptr(Yaml) yaml = parse_good(text);

		g_assert_cmpstr(yaml_get_text(yaml_root(yaml), "v", NULL), ==,
				texts[i]);
		g_assert_null(strchr(quoted, '\n'));
	}
	{
		g_autofree char *control = yaml_quote("a\rb\x7f\xff");

		g_assert_cmpstr(control, ==, "\"a b \ufffd\"");
	}
}

static void
test_files(void)
{
	g_autoptr(Faults) faults = faults_new();
	g_autofree char *folder = g_dir_make_tmp("pitchward-yaml-XXXXXX", NULL);
	g_autofree char *missing = g_build_filename(folder, "no.yaml", NULL);
	g_autofree char *there = g_build_filename(folder, "a.yaml", NULL);
	g_autofree char *expected =
		g_strdup_printf("%s: No such file or directory", missing);
	g_autoptr(Yaml) yaml = NULL;

	g_assert_null(yaml_load(missing, faults));
	g_assert_cmpuint(faults_count(faults), ==, 1);
	g_assert_cmpstr(faults_get(faults, 0), ==, expected);
	g_assert_null(yaml_load(folder, faults));
	g_assert_cmpuint(faults_count(faults), ==, 2);
	g_assert_true(g_file_set_contents(there, "a: b\n", -1, NULL));
	yaml = yaml_load(there, faults);
	g_assert_nonnull(yaml);
	g_assert_cmpuint(faults_count(faults), ==, 2);
	g_remove(there);
	g_rmdir(folder);
}

static void
test_order(void)
{
	static const char *const expected[] = {
		"a: whole", "a:2:1: x", "a:2:9: y", "a:10:1: z", "b:1:1: first",
	};
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;

	g_assert_true(faults_report(faults, NULL));
	faults_add(faults, "b", 1, 1, "first");
	faults_add(faults, "a", 10, 1, "z");
	faults_add(faults, "a", 2, 9, "%s", "y");
	faults_add(faults, "a", 2, 1, "x");
	g_assert_cmpstr(faults_get(faults, 0), ==, "a:2:1: x");
	faults_add(faults, "a", 0, 0, "whole");
	for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_cmpstr(faults_get(faults, i), ==, expected[i]);
	g_assert_false(faults_report(faults, &error));
	g_assert_cmpstr(error->message, ==,
			"a: whole\na:2:1: x\na:2:9: y\na:10:1: z\n"
			"b:1:1: first");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/yaml/scalars", test_scalars);
	g_test_add_func("/yaml/defaults", test_defaults);
	g_test_add_func("/yaml/lists", test_lists);
	g_test_add_func("/yaml/keys", test_keys);
	g_test_add_func("/yaml/position", test_position);
	g_test_add_func("/yaml/quote", test_quote);
	g_test_add_func("/yaml/files", test_files);
	g_test_add_func("/faults/order", test_order);
	return g_test_run();
}
