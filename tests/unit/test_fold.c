#include "text/fold.h"

#include <string.h>
#include <time.h>

struct row {
	const char *name;
	const char *text;
	const char *folded;
	guint invisible;
	guint mixed_script;
};

static const struct row rows[] = {
	{ "/fold/capitals", "Hello WORLD 42", "hello world 42", 0, 0 },
	{ "/fold/nothing", "", "", 0, 0 },
	{ "/fold/spaces-only", " \t \n ", "", 0, 0 },
	{ "/fold/runs-of-spaces",
	  "a  \t b\xc2\xa0\xc2\xa0"
	  "c",
	  "a b c", 0, 0 },
	{ "/fold/line-ends-stay", "a \r\n b\rc\n\n\nd", "a\nb\nc\nd", 0, 0 },
	{ "/fold/ends-trimmed", "  a b \n", "a b", 0, 0 },
	{ "/fold/control-bytes",
	  "a\001b\x7f"
	  "c",
	  "a b c", 0, 0 },
	{ "/fold/umlauts", "ÄÖÜ Straße", "äöü strasse", 0, 0 },
	{ "/fold/decomposed", "Cafe\xcc\x81 CAFÉ", "café café", 0, 0 },
	{ "/fold/turkish-i", "İstanbul Iğdır", "istanbul iğdır", 0, 0 },
	{ "/fold/greek-sigma", "ΣΟΦΟΣ σοφός", "σοφοσ σοφόσ", 0, 0 },
	{ "/fold/cyrillic", "ПРИВЕТ Ёлка", "привет ёлка", 0, 0 },
	{ "/fold/ligature", "ﬁnance oﬃce", "finance office", 0, 0 },
	{ "/fold/quotes-and-dashes",
	  "“we’re” – 5\xe2\x88\x92"
	  "3…",
	  "\"we're\" - 5-3...", 0, 0 },
	{ "/fold/superscript", "m² ½",
	  "m2 1\xe2\x81\x84"
	  "2",
	  0, 0 },
	{ "/fold/zero-width",
	  "fr\xe2\x80\x8b"
	  "ee tri\xe2\x80\x8d"
	  "al",
	  "free trial", 2, 0 },
	{ "/fold/bidi", "\xe2\x80\xaegp.exe\xe2\x80\xac", "gp.exe", 2, 0 },
	{ "/fold/byte-order-mark", "\xef\xbb\xbfhello", "hello", 0, 0 },
	{ "/fold/soft-hyphen",
	  "Zusammen\xc2\xad"
	  "arbeit",
	  "zusammenarbeit", 0, 0 },
	{ "/fold/emoji-joiner",
	  "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x92\xbb ok",
	  "\xf0\x9f\x91\xa8\xf0\x9f\x92\xbb ok", 0, 0 },
	{ "/fold/persian-joiner",
	  "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88",
	  "\xd9\x85\xdb\x8c\xd8\xae\xd9\x88", 0, 0 },
	{ "/fold/invisible-word", "a \xe2\x80\x8b\xe2\x80\x8b b", "a b", 2, 0 },
	{ "/fold/cyrillic-in-latin",
	  "p\xd0\xb0yp\xd0\xb0l \xd0\x92"
	  "est",
	  "paypal best", 0, 2 },
	{ "/fold/greek-in-latin",
	  "\xce\x9a"
	  "eyn\xce\xbfte",
	  "keynote", 0, 1 },
	{ "/fold/mixed-once-folded", "р\xe2\x84\xaa", "pk", 0, 0 },
	{ "/fold/two-words-not-mixed", "paypal банк", "paypal банк", 0, 0 },
	{ "/fold/hyphen-parts-not-mixed", "USB-кабель", "usb-кабель", 0, 0 },
	{ "/fold/bold-letters",
	  "\xf0\x9d\x97\x99\xf0\x9d\x97\xbf\xf0\x9d\x97\xb2\xf0\x9d\x97\xb2 "
	  "now",
	  "free now", 0, 1 },
	{ "/fold/full-width-whole-word", "ＡＢＣ", "abc", 0, 0 },
	{ "/fold/full-width-mixed", "Ａbc ab", "abc ab", 0, 1 },
	{ "/fold/cjk", "価格　２００円", "価格 200円", 0, 0 },
	{ "/fold/hangul-parts", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한", 0,
	  0 },
	{ "/fold/micro-sign", "5 µm", "5 μm", 0, 0 },
	{ "/fold/half-width-voiced", "ｶﾞｷﾞ", "ガギ", 0, 0 },
	{ "/fold/long-s", "ſale", "sale", 0, 0 },
};

static void
check_row(gconstpointer data)
{
	const struct row *row = data;
	struct fold_counts counts = { 99, 99 };

	g_autofree char *folded =
		text_fold(row->text, strlen(row->text), &counts);
	g_assert_cmpstr(folded, ==, row->folded);
	g_assert_cmpuint(counts.invisible, ==, row->invisible);
	g_assert_cmpuint(counts.mixed_script, ==, row->mixed_script);
	g_autofree char *again = text_fold(folded, strlen(folded), NULL);
	g_assert_cmpstr(again, ==, folded);
}

/* Both ways through the folding must agree on every character. */
static void
each_character(void)
{
	for (gunichar c = 0x21; c < 0x30000; c++) {
		char alone[16] = "";
		char slow[16] = "";
		if (!g_unichar_validate(c))
			continue;
		const int len = g_unichar_to_utf8(c, alone);
		memcpy(slow, alone, (gsize)len);
		/* A variation selector sends the word the long way. */
		memcpy(slow + len, "\xef\xb8\x80", 4);
		g_autofree char *quick = text_fold(alone, (gsize)len, NULL);
		g_autofree char *full = text_fold(slow, strlen(slow), NULL);
		g_autofree char *again = text_fold(quick, strlen(quick), NULL);
		g_assert_cmpstr(quick, ==, full);
		g_assert_cmpstr(again, ==, quick);
		g_assert_true(g_utf8_validate(quick, -1, NULL));
	}
}

static void
length_is_kept(void)
{
	g_autofree char *part = text_fold("ABC def", 3, NULL);
	g_autofree char *nul = text_fold("a\0b", 3, NULL);

	g_assert_cmpstr(part, ==, "abc");
	g_assert_cmpstr(nul, ==, "a b");
}

static void
growing_text(void)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < 2000; i++)
		g_string_append(text, "\xe3\x8c\x96 ");
	g_autofree char *folded = text_fold(text->str, text->len, NULL);
	g_assert_cmpuint(strlen(folded), >, text->len);
	g_assert_true(g_utf8_validate(folded, -1, NULL));
	g_string_free(text, TRUE);
}

/* Tokens of a megabyte, each of which takes g_utf8_normalize() long. */
static void
bombs(void)
{
	static const char *const units[] = {
		"e\xcc\x81",
		"\xcc\x81",
		"\xc4\xb0",
		"\xef\xb7\xba",
		"\xe3\x8c\x96",
		"a\xd0\xb0",
		"\xe1\x84\x92\xe1\x85\xa1",
		"\xe2\x80\x8b",
		"\xe1\x85\xa1",
		"\xe3\x82\xab\xef\xbe\x9e",
	};

	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		GString *text = g_string_new(NULL);
		while (text->len < 1 << 20)
			g_string_append(text, units[i]);
		const clock_t start = clock();
		g_autofree char *folded = text_fold(text->str, text->len, NULL);
#ifndef __SANITIZE_ADDRESS__
		g_assert_cmpint((clock() - start) * 1000 / CLOCKS_PER_SEC, <,
				1000);
#endif
		(void)start;
		g_assert_cmpuint(strlen(folded), <=, text->len * 6);
		g_string_free(text, TRUE);
	}
}

/* Ends of words, spacing and what is beyond ASCII fall on every place of what
 * is looked at together. */
static void
every_place(void)
{
	for (guint n = 1; n < 48; n++) {
		g_autofree char *lead = g_strnfill(n, 'A');
		g_autofree char *small = g_strnfill(n, 'a');
		g_autofree char *text =
			g_strconcat("B ", lead, "\tC  D\n E ", lead,
				    "\xd0\xb0 or not, said someone \n", NULL);
		g_autofree char *right =
			g_strconcat("b ", small, " c d\ne ", small,
				    "a or not, said someone", NULL);
		struct fold_counts counts = { 0, 0 };
		g_autofree char *folded =
			text_fold(text, strlen(text), &counts);

		g_assert_cmpstr(folded, ==, right);
		g_assert_cmpuint(counts.mixed_script, ==, 1);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		g_test_add_data_func(rows[i].name, &rows[i], check_row);
	g_test_add_func("/fold/both-ways-agree-on-every-character",
			each_character);
	g_test_add_func("/fold/the-same-at-every-place", every_place);
	g_test_add_func("/fold/only-the-bytes-given", length_is_kept);
	g_test_add_func("/fold/text-that-grows", growing_text);
	g_test_add_func("/fold/bombs", bombs);
	return g_test_run();
}
