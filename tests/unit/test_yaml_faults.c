/* Everything that can be wrong in a file, and what its reader is told. */
#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "profile/faults.h"
#include "profile/yaml.h"

struct bad_case {
	const char *name;
	const char *text;
	const char *expected; /* the whole report */
};

static const char *const colours[] = { "red", "green", "blue", NULL };

/* A grammar that has one key of each kind. */
static void
read_all(struct yaml_node *root)
{
	struct yaml_node *map = yaml_get_map(root, "map");
	GPtrArray *list = yaml_get_list(root, "list");
	g_auto(GStrv) texts = yaml_get_texts(root, "texts");

	yaml_get_text(root, "text", "");
	yaml_get_number(root, "weight", 0, 1, 0.5);
	yaml_get_number(root, "least", 0.25, G_MAXDOUBLE, 1);
	yaml_get_number(root, "any", -G_MAXDOUBLE, G_MAXDOUBLE, 1);
	yaml_get_integer(root, "count", 1, 10, 5);
	yaml_get_integer(root, "many", 1, G_MAXINT64, 5);
	yaml_get_bool(root, "flag", FALSE);
	yaml_get_duration(root, "wait", CLOCK_SECOND_US, CLOCK_DAY_US, 0);
	yaml_get_size(root, "room", 1024, 1 << 20, 0);
	yaml_get_word(root, "colour", colours, 0);
	yaml_get_words(root, "colours", colours, 0);
	yaml_get_date(root, "day");
	yaml_get_text(map, "inner", "");
	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = g_ptr_array_index(list, i);

		if (yaml_is_map(node))
			yaml_get_text(node, "id", "");
	}
	yaml_finish(root);
}

static char *
report_of(const char *text, gsize size)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Yaml) yaml = yaml_parse("f", text, size, faults);
	g_autoptr(GError) error = NULL;

	if (yaml) {
		read_all(yaml_root(yaml));
		g_assert_cmpint(yaml_failed(yaml), ==,
				faults_count(faults) > 0);
	} else {
		g_assert_cmpuint(faults_count(faults), >, 0);
	}
	if (faults_report(faults, &error))
		return g_strdup("");
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	return g_strdup(error->message);
}

#define ALLOWED                                                                \
	"(allowed: any, colour, colours, count, day, flag, least, list, "      \
	"many, map, room, text, texts, wait, weight)"

static const struct bad_case bad_cases[] = {
	{ "empty", "", "f: the file is empty" },
	{ "only remarks", "# nothing\n", "f: the file is empty" },
	{ "null", "~\n", "f: the file is empty" },
	{ "a list", "- a\n",
	  "f:1:1: the file must be a mapping (key: value), not "
	  "a list" },
	{ "a text", "just words\n",
	  "f:1:1: the file must be a mapping (key: value), not "
	  "text" },
	{ "unknown key", "wieght: 1\n",
	  "f:1:1: unknown key 'wieght', did you mean 'weight'? " ALLOWED },
	{ "unknown key, nothing near", "zzzzzz: 1\n",
	  "f:1:1: unknown key 'zzzzzz' " ALLOWED },
	{ "unknown key below", "map: {innr: x}\n",
	  "f:1:7: unknown key 'innr', did you mean 'inner'? "
	  "(allowed: inner)" },
	{ "unknown key in a list",
	  "list:\n"
	  "  - {id: a}\n"
	  "  - {idd: b}\n",
	  "f:3:6: unknown key 'idd', did you mean 'id'? "
	  "(allowed: id)" },
	{ "empty mapping allows nothing",
	  "map:\n"
	  "  inner: x\n"
	  "list: [[{a: b}]]\n",
	  "f:3:10: unknown key 'a' (none is allowed here)" },
	{ "duplicate key",
	  "text: a\n"
	  "weight: 1\n"
	  "text: b\n",
	  "f:3:1: duplicate key 'text', first at line 1, "
	  "column 1" },
	{ "duplicate key in flow", "map: {inner: a, inner: {deep: b}}\n",
	  "f:1:17: duplicate key 'inner', first at line 1, "
	  "column 7" },
	{ "anchor", "text: &here a\n",
	  "f:1:7: an anchor (&here) is not allowed: write the "
	  "value itself" },
	{ "alias",
	  "map: &m {inner: a}\n"
	  "texts: [*m]\n",
	  "f:1:6: an anchor (&m) is not allowed: write the "
	  "value itself\n"
	  "f:2:9: an alias (*m) is not allowed: write the "
	  "value itself" },
	{ "tag", "count: !!str 5\n",
	  "f:1:8: a tag (tag:yaml.org,2002:str) is not "
	  "allowed: leave it out" },
	{ "tag on a list", "texts: !x [a]\n",
	  "f:1:8: a tag (!x) is not allowed: leave it out" },
	{ "merge key", "map: {<<: {inner: a}}\n",
	  "f:1:7: unknown key '<<' (allowed: inner)" },
	{ "two documents",
	  "text: a\n"
	  "---\n"
	  "text: b\n",
	  "f:2:1: a second document: a file holds only one" },
	{ "complex key",
	  "? [a, b]\n"
	  ": c\n",
	  "f:1:3: a key must be plain text, not a list" },
	{ "mapping as key", "{a: b}: c\n",
	  "f:1:1: a key must be plain text, not a mapping" },
	{ "unclosed",
	  "texts: [a, b\n"
	  "text: c\n",
	  "f:2:5: not valid YAML: did not find expected ',' or "
	  "']' while parsing a flow sequence that starts at "
	  "line 1" },
	{ "unclosed quote", "text: \"abc\n",
	  "f:2:1: not valid YAML: found unexpected end of "
	  "stream while scanning a quoted scalar that starts "
	  "at line 1" },
	{ "tab",
	  "map:\n"
	  "\011inner: a\n",
	  "f:2:1: not valid YAML: found character that cannot "
	  "start any token while scanning for the next token; "
	  "indent with spaces, not tabs" },
	{ "an IPv6 address", "texts: [10.0.0.0/8, ::1/128]\n",
	  "f:1:21: not valid YAML: did not find expected node content "
	  "while parsing a flow node; an address that begins with a "
	  "colon needs quotes, as in \"::1/128\"" },
	{ "bad indent",
	  "map:\n"
	  "  inner: a\n"
	  " text: b\n",
	  "f:3:2: not valid YAML: did not find expected key "
	  "while parsing a block mapping that starts at line 1" },
	{ "no value mark",
	  "text a\n"
	  "flag: yes\n",
	  "f:2:5: not valid YAML: mapping values are not "
	  "allowed in this context; a text with a colon in it "
	  "needs quotes" },
	{ "latin 1",
	  "text: ok\n"
	  "day: \351\n",
	  "f:2:6: not readable as UTF-8: incomplete UTF-8 "
	  "octet sequence" },
	{ "control byte", "text: a\001b\n",
	  "f:1:8: not readable as UTF-8: control characters "
	  "are not allowed" },
	{ "escaped control", "text: \"a\\rb\"\n",
	  "f:1:7: the control character \\x0d is not allowed" },
	{ "escaped nul", "text: \"a\\0b\"\n",
	  "f:1:7: the control character \\x00 is not allowed" },
	{ "number, text", "weight: hgih\n",
	  "f:1:9: weight must be between 0 and 1, not 'hgih'" },
	{ "number, above", "weight: 1.5\n",
	  "f:1:9: weight must be between 0 and 1, not '1.5'" },
	{ "number, below", "weight: -0.1\n",
	  "f:1:9: weight must be between 0 and 1, not '-0.1'" },
	{ "number, quoted", "weight: \"0.5\"\n",
	  "f:1:9: weight must be between 0 and 1, not the text "
	  "'0.5'" },
	{ "number, hex", "weight: 0x1\n",
	  "f:1:9: weight must be between 0 and 1, not '0x1'" },
	{ "number, nan", "any: .nan\n",
	  "f:1:6: any must be a number, not '.nan'" },
	{ "number, list", "weight: [1]\n",
	  "f:1:9: weight must be between 0 and 1, not a list" },
	{ "number, mapping", "weight: {a: 1}\n",
	  "f:1:9: weight must be between 0 and 1, not a mapping" },
	{ "number, infinite", "any: 1e999\n",
	  "f:1:6: any must be a number, not '1e999'" },
	{ "number, at least", "least: 0.1\n",
	  "f:1:8: least must be a number of at least 0.25, not "
	  "'0.1'" },
	{ "integer, fraction", "count: 1.5\n",
	  "f:1:8: count must be a whole number between 1 and "
	  "10, not '1.5'" },
	{ "integer, range", "count: 11\n",
	  "f:1:8: count must be a whole number between 1 and "
	  "10, not '11'" },
	{ "integer, octal", "count: 010\n",
	  "f:1:8: count must be a whole number between 1 and "
	  "10, not '010'" },
	{ "integer, huge", "many: 99999999999999999999\n",
	  "f:1:7: many must be a whole number of at least 1, "
	  "not '99999999999999999999'" },
	{ "integer, at least", "many: 0\n",
	  "f:1:7: many must be a whole number of at least 1, "
	  "not '0'" },
	{ "bool", "flag: maybe\n",
	  "f:1:7: flag must be yes or no, not 'maybe'" },
	{ "bool, quoted", "flag: \"yes\"\n",
	  "f:1:7: flag must be yes or no, not the text 'yes'" },
	{ "bool, number", "flag: 1\n",
	  "f:1:7: flag must be yes or no, not '1'" },
	{ "duration, no unit", "wait: 5\n",
	  "f:1:7: wait must be a length of time such as 90s, "
	  "8h or 30d between 1s and 1d, not '5'" },
	{ "duration, range", "wait: 2d\n",
	  "f:1:7: wait must be a length of time such as 90s, "
	  "8h or 30d between 1s and 1d, not '2d'" },
	{ "duration, list", "wait: [5s]\n",
	  "f:1:7: wait must be a length of time such as 90s, "
	  "8h or 30d between 1s and 1d, not a list" },
	{ "size", "room: 1KiB\n",
	  "f:1:7: room must be a size such as 64kB or 2MB "
	  "between 1kB and 1MB, not '1KiB'" },
	{ "size, range", "room: 2MB\n",
	  "f:1:7: room must be a size such as 64kB or 2MB "
	  "between 1kB and 1MB, not '2MB'" },
	{ "word, near", "colour: gren\n",
	  "f:1:9: colour must be one of red, green, blue, not "
	  "'gren'; did you mean 'green'?" },
	{ "word, far", "colour: octarine\n",
	  "f:1:9: colour must be one of red, green, blue, not "
	  "'octarine'" },
	{ "word, mapping", "colour: {red: 1}\n",
	  "f:1:9: colour must be one of red, green, blue, not "
	  "a mapping" },
	{ "words", "colours: [red, blu, {a: b}]\n",
	  "f:1:16: colours must be one of red, green, blue, "
	  "not 'blu'; did you mean 'blue'?\n"
	  "f:1:21: colours must be one of red, green, blue, "
	  "not a mapping" },
	{ "date, order", "day: 31-12-2027\n",
	  "f:1:6: day must be a day of the calendar as "
	  "YYYY-MM-DD, not '31-12-2027'" },
	{ "date, no such day", "day: 2027-02-30\n",
	  "f:1:6: day must be a day of the calendar as "
	  "YYYY-MM-DD, not '2027-02-30'" },
	{ "date, short", "day: 2027-2-3\n",
	  "f:1:6: day must be a day of the calendar as "
	  "YYYY-MM-DD, not '2027-2-3'" },
	{ "date, long ago", "day: 0027-02-03\n",
	  "f:1:6: day must be a day of the calendar as "
	  "YYYY-MM-DD, not '0027-02-03'" },
	{ "text, list", "text: [a]\n", "f:1:7: text must be text, not a list" },
	{ "map, text", "map: a\n",
	  "f:1:6: map must be a mapping (key: value), not 'a'" },
	{ "list, mapping", "list: {a: b}\n",
	  "f:1:7: list must be a list, not a mapping" },
	{ "texts, inner", "texts: [a, {b: c}, [d]]\n",
	  "f:1:12: texts must be a list of texts, not a "
	  "mapping\n"
	  "f:1:20: texts must be a list of texts, not a list" },
	{ "texts, empty", "texts: [a, , \"\"]\n",
	  "f:1:12: not valid YAML: did not find expected node "
	  "content while parsing a flow node" },
	{ "texts, null",
	  "texts:\n"
	  "  - a\n"
	  "  -\n",
	  "f:3:4: texts has an empty entry" },
	{ "all at once",
	  "weight: 2\n"
	  "count: x\n"
	  "wieght: 1\n"
	  "flag: perhaps\n",
	  "f:1:9: weight must be between 0 and 1, not '2'\n"
	  "f:2:8: count must be a whole number between 1 and "
	  "10, not 'x'\n"
	  "f:3:1: unknown key 'wieght', did you mean 'weight'? " ALLOWED "\n"
	  "f:4:7: flag must be yes or no, not 'perhaps'" },
	{ "long value",
	  "weight: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaa\n",
	  "f:1:9: weight must be between 0 and 1, not "
	  "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'" },
	{ "lines in a value",
	  "weight: |\n"
	  "  one\n"
	  "  two\n",
	  "f:1:9: weight must be between 0 and 1, not the text "
	  "'one\\ntwo\\n'" },
	{ "characters count, not bytes",
	  "text: a\n"
	  "\"\303\244\303\266\303\274\": {a: b}\n"
	  "map: {\"\303\244\303\266\": 1}\n",
	  "f:2:1: unknown key '\303\244\303\266\303\274' " ALLOWED "\n"
	  "f:3:7: unknown key '\303\244\303\266' (allowed: "
	  "inner)" },
	{ "colon in a text", "text: see: this\n",
	  "f:1:10: not valid YAML: mapping values are not "
	  "allowed in this context; a text with a colon in it "
	  "needs quotes" },
	{ "at sign", "texts: [@crowdshield.example]\n",
	  "f:1:9: not valid YAML: found character that cannot "
	  "start any token while scanning for the next token; "
	  "a text that begins like this needs quotes" },
	{ "percent", "text: %5\n",
	  "f:1:7: not valid YAML: found character that cannot "
	  "start any token while scanning for the next token; "
	  "a text that begins like this needs quotes" },
	{ "deep", "text: [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]\n",
	  "f:1:22: nested more than 16 deep" },
};

static void
test_bad(gconstpointer data)
{
	const struct bad_case *bad = data;
	g_autofree char *report = report_of(bad->text, strlen(bad->text));

	g_assert_cmpstr(report, ==, bad->expected);
}

static GString *
repeat(const char *text, guint n)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		g_string_append(all, text);
	return all;
}

static void
assert_report_has(const char *text, gsize size, const char *expected)
{
	g_autofree char *report = report_of(text, size);

	if (!strstr(report, expected))
		g_error("expected '%s' in: %.200s", expected, report);
}

/* What a hostile file can cost: each cap stops the reading and says so. */
static void
test_caps(void)
{
	g_autoptr(GString) nested = repeat("[", 200000);
	g_autoptr(GString) deep = repeat("{a: ", 100000);
	g_autoptr(GString) wide = g_string_new("list: [");
	g_autoptr(GString) keys = g_string_new(NULL);
	g_autoptr(GString) faults = g_string_new("list:\n");
	g_autoptr(GString) large = repeat("# padding\n", 110000);

	for (guint i = 0; i < 200000; i++)
		g_string_append(wide, "1, ");
	for (guint i = 0; i < 5000; i++)
		g_string_append_printf(keys, "k%u: 1\n", i);
	for (guint i = 0; i < 20000; i++)
		g_string_append(faults, "- {no: such}\n");
	assert_report_has(nested->str, nested->len, "f:1:17: nested more than");
	assert_report_has(deep->str, deep->len, "nested more than 16 deep");
	assert_report_has(wide->str, wide->len, "too many values in one file");
	assert_report_has(keys->str, keys->len,
			  "f:4097:1: more than 4096 keys in one mapping");
	assert_report_has(faults->str, faults->len,
			  "f: more than 200 faults, only 200 are listed\n"
			  "f:2:4: unknown key 'no'");
	assert_report_has(large->str, large->len, "f: larger than 1 MB");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
		g_autofree char *path =
			g_strdup_printf("/yaml/fault/%s", bad_cases[i].name);

		g_test_add_data_func(path, &bad_cases[i], test_bad);
	}
	g_test_add_func("/yaml/caps", test_caps);
	return g_test_run();
}
