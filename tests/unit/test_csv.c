/* Fields of CSV files: quoting, and what spreadsheets would calculate. */
#include "base/csv.h"

static const struct {
	const char *text;
	const char *field;
} cases[] = {
	{ "", "\"\"" },
	{ "acme.example", "\"acme.example\"" },
	{ "a \"b\", c", "\"a \"\"b\"\", c\"" },
	{ "two\nlines", "\"two\\x0Alines\"" },
	{ "=HYPERLINK(1)", "\"'=HYPERLINK(1)\"" },
	{ "+1", "\"'+1\"" },
	{ "-1", "\"'-1\"" },
	{ "@SUM(A1)", "\"'@SUM(A1)\"" },
	{ "＝1+1", "\"'＝1+1\"" },
	{ "＋1", "\"'＋1\"" },
	{ "－1", "\"'－1\"" },
	{ "＠SUM(A1)", "\"'＠SUM(A1)\"" },
	{ "1=1", "\"1=1\"" },
};

static void
test_fields(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		csv_field(out, cases[i].text, TRUE);
		g_assert_cmpstr(out->str, ==, cases[i].field);
	}
}

static void
test_line(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	csv_field(out, "a", TRUE);
	csv_field(out, "=b", FALSE);
	g_assert_cmpstr(out->str, ==, "\"a\",\"'=b\"");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/csv/fields", test_fields);
	g_test_add_func("/csv/line", test_line);
	return g_test_run();
}
