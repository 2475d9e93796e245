#include <glib.h>
#include <string.h>

#include "milter/header.h"

#define ID "01JD0000000000000000000000"

static void
test_verdict(void)
{
	static const struct {
		struct judgement judgement;
		const char *text;
	} rows[] = {
		{ { .verdict = VERDICT_TAG,
		    .outreach = 0.9349,
		    .relevance = 0.41 },
		  "verdict=tag; outreach=0.93; relevance=0.41; id=" ID },
		{ { .verdict = VERDICT_QUARANTINE,
		    .outreach = 1,
		    .relevance = 0 },
		  "verdict=quarantine; outreach=1.00; relevance=0.00; id=" ID },
		{ { .verdict = VERDICT_DELIVER,
		    .gate = GATE_CONTACT,
		    .outreach = -1,
		    .relevance = -1 },
		  "verdict=deliver; gate=contact; id=" ID },
		{ { .verdict = VERDICT_DELIVER,
		    .outreach = 0.9,
		    .relevance = 0.8,
		    .relevant = TRUE },
		  "verdict=deliver; outreach=0.90; relevance=0.80; id=" ID
		  "; tag=relevant" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = header_verdict(&rows[i].judgement, ID);

		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

/* Lines short, ASCII, folded by LF and tab, and no line end from the mail. */
static void
check_lines(const char *name, const char *text)
{
	gsize line = strlen(name) + 2;

	g_assert_true(g_str_is_ascii(text));
	for (gsize i = 0; text[i]; i++) {
		if (text[i] == '\n') {
			g_assert_cmpint(text[i + 1], ==, '\t');
			line = 0;
			continue;
		}
		g_assert_true(text[i] >= 32 || text[i] == '\t');
		g_assert_cmpuint(++line, <=, HEADER_LINE_MAX);
	}
}

static void
test_reason(void)
{
	char first[] = "outreach: pair \"quick call\"";
	char nasty[] = "word \"a\r\nX-Evil: yes; b\xC3\x7F\"";
	struct reason reasons[] = { { first, 1, 1.25 }, { nasty, 1, -0.5 } };
	g_autoptr(GPtrArray) array = g_ptr_array_new();
	g_autofree char *text = NULL;

	g_ptr_array_add(array, &reasons[0]);
	g_ptr_array_add(array, &reasons[1]);
	text = header_reason(array);
	check_lines(HEADER_REASON, text);
	g_assert_cmpstr(text, ==,
			"outreach: pair \"quick call\" +1.25;\n\t"
			"word \"a??X-Evil: yes? b??\" -0.50");
}

static void
test_reason_length(void)
{
	g_autofree char *name = g_strnfill(5000, 'x');
	struct reason reason = { name, 1, 1 };
	g_autoptr(GPtrArray) array = g_ptr_array_new();
	g_autofree char *text = NULL;

	for (guint i = 0; i < 100; i++)
		g_ptr_array_add(array, &reason);
	text = header_reason(array);
	check_lines(HEADER_REASON, text);
	g_assert_cmpuint(strlen(text), <, 800);
}

static void
test_subject(void)
{
	static const struct {
		const char *prefix;
		const char *raw;
		const char *text; /* NULL: nothing to change */
	} rows[] = {
		{ "[pitch]", " Hello", "[pitch] Hello" },
		{ "[pitch] ", "Hello", "[pitch] Hello" },
		{ "[pitch]", NULL, "[pitch] " },
		{ "[pitch]", " [pitch] Hello", NULL },
		{ "[pitch]",
		  " =?utf-8?q?Caf=C3=A9?=", "[pitch] =?utf-8?q?Caf=C3=A9?=" },
		{ "[pitch]", " a\n b", "[pitch] a\n b" },
		/* The space between two encoded words would be lost. */
		{ "\xC3\x89",
		  " =?utf-8?q?x?=", "=?UTF-8?B?w4kg?= =?utf-8?q?x?=" },
		{ "\xC3\x89", " =?UTF-8?B?w4kg?= x", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text =
			header_subject(rows[i].prefix, rows[i].raw);

		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

static void
test_subject_long(void)
{
	g_autofree char *raw = g_strnfill(995, 'x');
	g_autofree char *text = header_subject("[pitch]", raw);
	g_autofree char *accents = g_strnfill(300, 'a');
	g_autofree char *prefix = NULL;
	g_autofree char *encoded = NULL;
	g_auto(GStrv) lines = NULL;

	g_assert_true(g_str_has_prefix(text, "[pitch]\n x"));
	memcpy(accents + 100, "\xC3\xA9", 2);
	prefix = g_strdup(accents);
	encoded = header_subject(prefix, " x");
	g_assert_true(g_str_is_ascii(encoded));
	lines = g_strsplit(encoded, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		g_assert_cmpuint(strlen(lines[i]), <=, 80);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/header/verdict", test_verdict);
	g_test_add_func("/header/reasons are masked", test_reason);
	g_test_add_func("/header/reasons are bounded", test_reason_length);
	g_test_add_func("/header/subject prefix", test_subject);
	g_test_add_func("/header/long subjects and prefixes",
			test_subject_long);
	return g_test_run();
}
