#include "text/words.h"

#include <string.h>

struct row {
	const char *name;
	const char *text;
	const char *words; /* joined by "|"; "#N" a number, "/" before: gap */
};

static const struct row rows[] = {
	{ "/words/plain", "we help banks", "we|help|banks" },
	{ "/words/none", "", "" },
	{ "/words/signs-only", "--- ... !!!", "" },
	{ "/words/apostrophe-splits", "we're don't l'offre",
	  "we|re|don|t|l|offre" },
	{ "/words/hyphen-splits", "follow-up e-mail", "follow|up|e|mail" },
	{ "/words/numbers", "$12,500 in 2026", "#2|#3|in|#4" },
	{ "/words/letters-and-digits", "b2b q3 24x7 soc2", "b2b|q3|24x7|soc2" },
	{ "/words/sentence-ends", "yes. no! why? so", "yes|/no|/why|/so" },
	{ "/words/quoted-sentence-end", "\"yes.\" no", "yes|/no" },
	{ "/words/line-ends", "a b\nc", "a|b|/c" },
	{ "/words/dot-inside", "node.js v1.2", "node|js|v1|#1" },
	{ "/words/comma-is-no-gap", "one, two; three: four",
	  "one|two|three|four" },
	{ "/words/accents", "für années złoty", "für|années|złoty" },
	{ "/words/combining-mark", "x\xcc\xa8y z", "x\xcc\xa8y|z" },
	{ "/words/url", "see https://www.acme.com/a-b?c=d now", "see|now" },
	{ "/words/url-ends-sentence", "at http://acme.com/x. next",
	  "at|/next" },
	{ "/words/url-in-brackets", "(http://acme.com/x) next", "next" },
	{ "/words/other-scheme", "ftp://files.example/a b", "b" },
	{ "/words/colon-is-no-url", "price: low a:b", "price|low|a|b" },
	{ "/words/gap-before-url", "one. http://a.example two", "one|/two" },
	{ "/words/www", "visit www.acme.com/demo today", "visit|today" },
	{ "/words/address", "write to jo.doe+x@mail.acme.com, or call",
	  "write|to|or|call" },
	{ "/words/mailto", "mailto:jo@acme.com x", "mailto|x" },
	{ "/words/handle", "ask @acme x", "ask|acme|x" },
	{ "/words/at-alone", "3 @ 5", "#1|#1" },
	{ "/words/bare-host", "on acme.com/pricing and shop.acme.co.uk today",
	  "on|and|today" },
	{ "/words/bare-host-ends-sentence", "see acme.com. then", "see|/then" },
	{ "/words/bare-host-with-port", "see acme.com:8080/x then",
	  "see|then" },
	{ "/words/missing-space-is-no-host", "the end.next one",
	  "the|end|next|one" },
	{ "/words/han-pairs", "東京都庁 a", "東京|京都|都庁|a" },
	{ "/words/han-single", "x 字 y", "x|字|y" },
	{ "/words/han-beside-latin", "ai技術です", "ai|技術|術で|です" },
	{ "/words/han-sentence", "東京。京都", "東京|/京都" },
	{ "/words/url-beside-han", "参照http://acme.com/xをみる",
	  "参照|をみ|みる" },
	{ "/words/thai", "ไทย", "ไท|ทย" },
	{ "/words/hangul-is-spaced", "한국어 문장", "한국어|문장" },
	{ "/words/hindi-keeps-marks", "हिन्दी में।अब", "हिन्दी|में|/अब" },
	{ "/words/arabic-digits", "\xd9\xa3\xd9\xa4 a", "#2|a" },
	{ "/words/emoji", "hi \xf0\x9f\x91\x8b you", "hi|you" },
	{ "/words/cut-at-40", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee f",
	  "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd|f" },
	{ "/words/cut-at-a-character",
	  "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddéx f",
	  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddd|f" },
};

static char *
join(const char *text, const GArray *words)
{
	GString *joined = g_string_new(NULL);

	for (guint i = 0; i < words->len; i++) {
		const struct word *w = &g_array_index(words, struct word, i);
		g_string_append_printf(joined, "%s%s", i > 0 ? "|" : "",
				       w->gap ? "/" : "");
		if (w->digits > 0)
			g_string_append_printf(joined, "#%u", w->digits);
		else
			g_string_append_len(joined, text + w->at, w->len);
	}
	return g_string_free(joined, FALSE);
}

static void
check_row(gconstpointer data)
{
	const struct row *row = data;

	g_autoptr(GArray) words =
		words_split(row->text, strlen(row->text), 1000);
	g_autofree char *joined = join(row->text, words);
	g_assert_cmpstr(joined, ==, row->words);
}

static void
at_most(void)
{
	const char *text = "a b c 東京都庁";

	for (guint max = 0; max < 8; max++) {
		g_autoptr(GArray) words = words_split(text, strlen(text), max);
		g_assert_cmpuint(words->len, ==, MIN(max, 6));
	}
}

static void
many_words(void)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < 100000; i++)
		g_string_append(text, "a ");
	g_autoptr(GArray) words = words_split(text->str, text->len, 99999);
	g_assert_cmpuint(words->len, ==, 99999);
	g_assert_cmpuint(g_array_index(words, struct word, 99998).at, ==,
			 2 * 99998);
	g_string_free(text, TRUE);
}

/* What looks for the beginning of a host or an address must not look at the
 * same bytes again and again. */
static void
hostile_runs(void)
{
	static const char *const units[] = { "a@",  "a.com",	"x.com-", "a.",
					     "://", "a@b.com:", "www." };

	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		GString *text = g_string_new(NULL);
		while (text->len < 1 << 20)
			g_string_append(text, units[i]);
		const gint64 start = g_get_monotonic_time();
		g_autoptr(GArray) words =
			words_split(text->str, text->len, 1 << 20);
		g_assert_cmpint(g_get_monotonic_time() - start, <, 2000000);
		g_string_free(text, TRUE);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		g_test_add_data_func(rows[i].name, &rows[i], check_row);
	g_test_add_func("/words/at-most-max", at_most);
	g_test_add_func("/words/more-than-expected", many_words);
	g_test_add_func("/words/hostile-runs-in-linear-time", hostile_runs);
	return g_test_run();
}
