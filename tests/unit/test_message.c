/* Messages taken apart: structure, fields, leaves, and what was odd. */
#include <glib.h>
#include <string.h>

#include "mail/message.h"

static struct mail *
mail_of(const char *text, gssize len)
{
	gsize size = len < 0 ? strlen(text) : (gsize)len;
	g_autoptr(GBytes) bytes = g_bytes_new(text, size);

	return mail_new(bytes, NULL);
}

/* "0M multipart/mixed, 1T text/plain 'name'": depth, kind, type. */
static char *
structure(const struct mail *mail)
{
	static const char kinds[] = "THAMR";
	GString *out = g_string_new(NULL);
	guint n;
	const struct mail_part *parts = mail_parts(mail, &n);

	for (guint i = 0; i < n; i++) {
		g_string_append_printf(out, "%s%u%c %s", i ? ", " : "",
				       parts[i].depth, kinds[parts[i].kind],
				       parts[i].type);
		if (parts[i].name)
			g_string_append_printf(out, " '%s'", parts[i].name);
	}
	return g_string_free(out, FALSE);
}

/* The words of the bits, "charset two-from". */
static char *
odd_words(guint odd)
{
	GString *out = g_string_new(NULL);

	for (guint bit = 1; bit != 0; bit <<= 1) {
		if (odd & bit)
			g_string_append_printf(
				out, "%s%s", out->len ? " " : "",
				mail_odd_name((enum mail_odd)bit));
	}
	return g_string_free(out, FALSE);
}

/* All text leaves, "[...]" each. */
static char *
texts(const struct mail *mail, guint *odd)
{
	GString *out = g_string_new(NULL);
	guint n;
	const struct mail_part *parts = mail_parts(mail, &n);

	for (guint i = 0; i < n; i++) {
		if (parts[i].kind == MAIL_PART_TEXT ||
		    parts[i].kind == MAIL_PART_HTML) {
			g_autofree char *text =
				mail_part_text(mail, i, 1 << 20, odd);

			g_string_append_printf(out, "[%s]", text);
		}
	}
	return g_string_free(out, FALSE);
}

struct shape {
	const char *name;
	const char *message;
	const char *structure;
	const char *texts;
	const char *odd;
};

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static const struct shape shapes[] = {
	{ "empty", "", "0T text/plain", "[]", "" },
	{ "only-a-body", "\nhello\n", "0T text/plain", "[hello\n]", "" },
	{ "no-header-at-all", "just words\nmore: words\n", "0T text/plain",
	  "[just words\nmore: words\n]", "" },
	{ "no-body", "Subject: x\n", "0T text/plain", "[]", "" },
	{ "crlf", "A: b\r\nC: d\r\n\r\none\r\ntwo\r\n", "0T text/plain",
	  "[one\ntwo\n]", "" },
	{ "bare-cr-ends-lines", "A: b\rC: d\r\rone\rtwo", "0T text/plain",
	  "[one\ntwo]", "bare-cr" },
	{ "line-without-colon-is-body", "A: b\nnot a field\nC: d\n\nx",
	  "0T text/plain", "[not a field\nC: d\n\nx]", "" },
	{ "field-without-a-name-is-body", "A: b\n: c\n\nx", "0T text/plain",
	  "[: c\n\nx]", "" },
	{ "space-in-a-name-is-body", "A: b\nmore words: c\n\nx",
	  "0T text/plain", "[more words: c\n\nx]", "" },
	{ "mbox-line", "From a@b Mon Jan  1 00:00:00 2024\nA: b\n\nx",
	  "0T text/plain", "[x]", "" },
	{ "html", "Content-Type: TEXT/HTML; charset=utf-8\n\n<b>x</b>",
	  "0H text/html", "[<b>x</b>]", "" },
	{ "type-nobody-knows-is-text", "Content-Type: text\n\nx",
	  "0T text/plain", "[x]", "" },
	{ "attached-text",
	  "Content-Disposition: attachment; filename=a.txt\n\nx",
	  "0A text/plain 'a.txt'", "", "" },
	{ "alternative",
	  "Content-Type: multipart/alternative;\n boundary=\"a b\"\n\n"
	  "preamble\n--a b\n\none\n--a b\nContent-Type: text/html\n\n"
	  "two\n\n--a b--\nepilogue\n--a b\n\nhidden\n",
	  "0M multipart/alternative, 1T text/plain, 1H text/html",
	  "[one][two\n]", "" },
	{ "spaces-after-a-boundary", MIXED "--b  \n\nx\n--b-- \t\n",
	  "0M multipart/mixed, 1T text/plain", "[x]", "" },
	{ "boundary-must-fill-the-line", MIXED "--b\n\nx\n--bb\n --b\n--b--\n",
	  "0M multipart/mixed, 1T text/plain", "[x\n--bb\n --b]", "" },
	{ "boundary-ends-a-header-block", MIXED "--b\nA: b\n--b\n\nx\n--b--\n",
	  "0M multipart/mixed, 1T text/plain, 1T text/plain", "[][x]", "" },
	{ "boundary-like-a-field",
	  "Content-Type: multipart/mixed; boundary=\"b:c\"\n\n"
	  "--b:c\nA: b\n--b:c\n\nx\n--b:c--\n",
	  "0M multipart/mixed, 1T text/plain, 1T text/plain", "[][x]", "" },
	{ "boundary-missing", "Content-Type: multipart/mixed\n\nx",
	  "0T multipart/mixed", "[x]", "boundary" },
	{ "boundary-never-comes", MIXED "--c\n\nx\n", "0T multipart/mixed",
	  "[--c\n\nx\n]", "boundary" },
	{ "boundary-never-closed", MIXED "--b\n\nx\n",
	  "0M multipart/mixed, 1T text/plain", "[x\n]", "boundary" },
	{ "boundary-begins-like-another",
	  MIXED "--b\nContent-Type: multipart/mixed; boundary=bb\n\n"
		"--bb\n\nx\n--bb--\n--b\n\ny\n--b--\n",
	  "0M multipart/mixed, 1M multipart/mixed, 2T text/plain, "
	  "1T text/plain",
	  "[x][y]", "boundary" },
	{ "inner-never-closed",
	  MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
		"--c\n\nx\n--b\n\ny\n--b--\n",
	  "0M multipart/mixed, 1M multipart/mixed, 2T text/plain, "
	  "1T text/plain",
	  "[x][y]", "boundary" },
	{ "boundary-by-rfc-2231",
	  "Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n"
	  "--ab\n\nx\n--ab--\n",
	  "0M multipart/mixed, 1T text/plain", "[x]", "" },
	{ "forwarded-message",
	  "Content-Type: message/rfc822\n\nSubject: in\n"
	  "Content-Type: text/html\n\nx",
	  "0R message/rfc822, 1H text/html", "[x]", "" },
	{ "forwarded-in-a-multipart",
	  MIXED "--b\nContent-Type: message/rfc822\n\nSubject: in\n\nx\n"
		"--b\n\ny\n--b--\n",
	  "0M multipart/mixed, 1R message/rfc822, 2T text/plain, "
	  "1T text/plain",
	  "[x][y]", "" },
	{ "forwarded-and-encoded-is-not-opened",
	  "Content-Type: message/rfc822\n"
	  "Content-Transfer-Encoding: base64\n\nU3ViamVjdDogeA==",
	  "0A message/rfc822", "", "encoding" },
	{ "digest",
	  "Content-Type: multipart/digest; boundary=b\n\n"
	  "--b\n\nSubject: in\n\nx\n--b--\n",
	  "0M multipart/digest, 1R message/rfc822, 2T text/plain", "[x]", "" },
	{ "two-types-the-first-counts",
	  "Content-Type: text/html\nContent-Type: image/png\n\nx",
	  "0H text/html", "[x]", "two-fields" },
	{ "multipart-in-base64",
	  "Content-Transfer-Encoding: base64\n" MIXED "--b\n\nx\n--b--",
	  "0M multipart/mixed, 1T text/plain", "[x]", "encoding" },
	{ "two-from", "From: a@b.c\nFrom: d@e.f\n\n", "0T text/plain", "[]",
	  "two-from" },
	{ "two-authors", "From: a@b.c, d@e.f\n\n", "0T text/plain", "[]",
	  "two-from" },
	{ "comma-in-a-name-is-one-author", "From: Roe, Ann <a@b.c>\n\n",
	  "0T text/plain", "[]", "" },
	{ "two-subjects", "Subject: a\nsubject: b\n\n", "0T text/plain", "[]",
	  "two-fields" },
	{ "8-bit-in-a-field", "Subject: caf\xC3\xA9\n\n", "0T text/plain", "[]",
	  "8bit-header" },
};

static void
test_shape(gconstpointer data)
{
	const struct shape *shape = data;
	g_autoptr(Mail) mail = mail_of(shape->message, -1);
	guint decode_odd = 0;
	g_autofree char *got = structure(mail);
	g_autofree char *odd = odd_words(mail_odd(mail));
	g_autofree char *text = texts(mail, &decode_odd);

	g_assert_cmpstr(got, ==, shape->structure);
	g_assert_cmpstr(text, ==, shape->texts);
	g_assert_cmpstr(odd, ==, shape->odd);
}

struct leaf {
	const char *name;
	const char *fields; /* without the final empty line */
	const char *body;
	const char *text;
	const char *odd;
};

#define TEXT(charset)	  "Content-Type: text/plain; charset=" charset "\n"
#define ENCODED(encoding) "Content-Transfer-Encoding: " encoding "\n"
#define BAD		  "\xEF\xBF\xBD"

static const struct leaf leaves[] = {
	{ "utf-8", TEXT("utf-8"), "caf\xC3\xA9 \xF0\x9F\x98\x80",
	  "caf\xC3\xA9 \xF0\x9F\x98\x80", "" },
	{ "utf-8-in-quotes-with-a-comment", TEXT("\"UTF-8\" (Unicode)"),
	  "\xC3\xA9", "\xC3\xA9", "" },
	{ "utf-8-wrong-bytes", TEXT("utf-8"), "a\xFFz\xC3", "a" BAD "z" BAD,
	  "charset" },
	{ "utf-8-overlong", TEXT("utf-8"), "\xC0\xAF\xE0\x80\xAF",
	  BAD BAD BAD BAD BAD, "charset" },
	{ "utf-8-surrogate-and-beyond", TEXT("utf-8"),
	  "\xED\xA0\x80\xF4\x90\x80\x80", BAD BAD BAD BAD BAD BAD BAD,
	  "charset" },
	{ "byte-order-mark", TEXT("utf-8"), "\xEF\xBB\xBFx", "x", "" },
	{ "windows-1252", TEXT("windows-1252"), "\x80 \x93x\x94 \xE9",
	  "\xE2\x82\xAC \xE2\x80\x9Cx\xE2\x80\x9D \xC3\xA9", "" },
	{ "windows-1252-wrong-byte", TEXT("windows-1252"), "a\x81", "a" BAD,
	  "charset" },
	{ "latin-1-is-read-as-windows-1252", TEXT("iso-8859-1"), "\x80",
	  "\xE2\x82\xAC", "" },
	{ "latin-2", TEXT("iso-8859-2"), "\xB1", "\xC4\x85", "" },
	{ "koi8-r", TEXT("koi8-r"), "\xF0\xD2\xC9", "\xD0\x9F\xD1\x80\xD0\xB8",
	  "" },
	{ "iso-2022-jp", TEXT("iso-2022-jp"), "\033$B$\"\033(B.",
	  "\xE3\x81\x82.", "" },
	{ "gb2312-as-gb18030", TEXT("gb2312"), "\xC4\xE3", "\xE4\xBD\xA0", "" },
	{ "euc-kr", TEXT("euc-kr"), "\xB0\xA1", "\xEA\xB0\x80", "" },
	{ "shift-jis-wrong-byte", TEXT("shift_jis"), "a\xFFz", "a" BAD "z",
	  "charset" },
	{ "big5-cut-short", TEXT("big5"), "a\xA7", "a" BAD, "charset" },
	{ "ascii-that-is-utf-8", TEXT("us-ascii"), "caf\xC3\xA9", "caf\xC3\xA9",
	  "charset" },
	{ "undeclared-that-is-latin-1", "", "caf\xE9", "caf\xC3\xA9",
	  "charset" },
	{ "utf-7-is-read-and-odd", TEXT("utf-7"), "+ADw-b+AD4-", "<b>",
	  "charset" },
	{ "charset-nobody-knows", TEXT("x-evil/../../etc"), "x", "x",
	  "charset" },
	{ "quoted-printable", TEXT("utf-8") ENCODED("Quoted-Printable"),
	  "caf=C3=a9 soft=\r\nbreak=20\r\n", "caf\xC3\xA9 softbreak \n", "" },
	{ "quoted-printable-broken", ENCODED("quoted-printable"),
	  "a=ZZb=", "a=ZZb", "encoding" },
	{ "base64", TEXT("utf-8") ENCODED("base64"), "Y2Fm\r\nw6k=\r\n",
	  "caf\xC3\xA9", "" },
	{ "base64-broken", ENCODED("base64"), "Y2Fm*w6k", "caf\xC3\xA9",
	  "charset encoding" },
	{ "uuencode", ENCODED("x-uuencode"), "begin 644 x\n#:&D*\n`\nend\n",
	  "hi\n", "" },
	{ "uuencode-without-begin", ENCODED("x-uuencode"), "#:&D*\n", "#:&D*\n",
	  "encoding" },
	{ "encoding-nobody-knows", ENCODED("rot13"), "x", "x", "encoding" },
	{ "encoding-with-a-comment", ENCODED("7bit (plain)"), "x", "x", "" },
	{ "bare-cr-is-a-line-end", "", "a\rb\r\nc", "a\nb\nc", "" },
};

static void
test_leaf(gconstpointer data)
{
	const struct leaf *leaf = data;
	g_autofree char *message =
		g_strconcat(leaf->fields, "\n", leaf->body, NULL);
	g_autoptr(Mail) mail = mail_of(message, -1);
	guint odd = 0;
	g_autofree char *text = mail_part_text(mail, 0, 1 << 20, &odd);
	g_autofree char *words = odd_words(odd);

	g_assert_cmpstr(text, ==, leaf->text);
	g_assert_cmpstr(words, ==, leaf->odd);
}

static void
test_leaf_utf16(void)
{
	static const char message[] = "Content-Type: text/plain; "
				      "charset=utf-16le\n\na\0\r\0\n\0b\0";
	g_autoptr(Mail) mail = mail_of(message, sizeof(message) - 1);
	g_autofree char *text = mail_part_text(mail, 0, 100, NULL);

	g_assert_cmpstr(text, ==, "a\nb");
}

static void
test_leaf_nul(void)
{
	static const char message[] = "Subject: a\0b\n\nx\0y";
	g_autoptr(Mail) mail = mail_of(message, sizeof(message) - 1);
	guint odd = 0;
	g_autofree char *text = mail_part_text(mail, 0, 100, &odd);
	g_autofree char *subject = mail_field_text(mail, "Subject", 0);

	g_assert_cmpstr(text, ==, "x" BAD "y");
	g_assert_cmpstr(subject, ==, "a" BAD "b");
	g_assert_cmpuint(mail_odd(mail), ==, MAIL_ODD_NUL);
}

/* Every length is a character's end, and the cap is told. */
static void
test_leaf_cut(void)
{
	static const char *const bodies[] = { "abcdefghijklmnop",
					      "\xC3\xA9\xE2\x82\xAC\xF0\x9F"
					      "\x98\x80z\xC3\xA9\xC3\xA9",
					      "a\xFF\xFF\xFF\xFF\xFF\xFF" };
	static const char *const charsets[] = { "utf-8", "iso-8859-1", "koi8-r",
						"us-ascii" };

	for (gsize i = 0; i < G_N_ELEMENTS(bodies) * 4; i++) {
		g_autofree char *message =
			g_strdup_printf("Content-Type: text/plain; charset=%s"
					"\n\n%s",
					charsets[i % 4], bodies[i / 4]);
		g_autoptr(Mail) mail = mail_of(message, -1);
		g_autofree char *whole = mail_part_text(mail, 0, 1000, NULL);

		for (gsize max = 0; max <= strlen(whole); max++) {
			guint odd = 0;
			g_autofree char *text =
				mail_part_text(mail, 0, max, &odd);

			g_assert_true(g_utf8_validate(text, -1, NULL));
			g_assert_cmpuint(strlen(text), <=, max);
			g_assert_true(g_str_has_prefix(whole, text));
			g_assert_cmpint(!!(odd & MAIL_CAP_TEXT), ==,
					max < strlen(whole));
		}
	}
}

static const struct {
	const char *raw;
	const char *text;
	const char *decoded;
} fields[] = {
	{ " plain", "plain", "plain" },
	{ "\t two\r\n  lines \r\n", "two  lines", "two  lines" },
	{ " =?utf-8?Q?caf=C3=A9_x?=", "=?utf-8?Q?caf=C3=A9_x?=",
	  "caf\xC3\xA9 x" },
	{ " =?UTF-8?b?Y2Fmw6k=?= x", "=?UTF-8?b?Y2Fmw6k=?= x",
	  "caf\xC3\xA9 x" },
	/* Spaces between words go, elsewhere they stay. */
	{ " a =?utf-8?q?b?=\n =?utf-8?q?c?= d",
	  "a =?utf-8?q?b?= =?utf-8?q?c?= d", "a bc d" },
	/* A character cut in two by a careless sender. */
	{ " =?utf-8?b?w?= =?utf-8?b?6Q==?=", "=?utf-8?b?w?= =?utf-8?b?6Q==?=",
	  BAD },
	{ " =?utf-8?q?=C3?= =?utf-8?q?=A9?=", "=?utf-8?q?=C3?= =?utf-8?q?=A9?=",
	  "\xC3\xA9" },
	{ " =?iso-8859-1?q?=E9?= =?koi8-r?q?=F0?=",
	  "=?iso-8859-1?q?=E9?= =?koi8-r?q?=F0?=", "\xC3\xA9\xD0\x9F" },
	{ " =?us-ascii*en?q?x?=", "=?us-ascii*en?q?x?=", "x" },
	{ " =?utf-8?q?two words?=", "=?utf-8?q?two words?=", "two words" },
	{ " x=?utf-8?q?y?=z", "x=?utf-8?q?y?=z", "xyz" },
	{ " =?utf-8?q?line=0Abreak=00?=", "=?utf-8?q?line=0Abreak=00?=",
	  "line break" BAD },
	{ " =?utf-8?q?not closed", "=?utf-8?q?not closed",
	  "=?utf-8?q?not closed" },
	{ " =?utf-8?x?y?=", "=?utf-8?x?y?=", "=?utf-8?x?y?=" },
	/* The backslashes keep C from seeing trigraphs. */
	{ " =?=?=?utf-8?q?\?=", "=?=?=?utf-8?q?\?=", "=?=?" },
	{ " raw \xE9", "raw " BAD, "raw " BAD },
};

static void
test_fields(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *message =
			g_strdup_printf("X: y\nSubject :%s\n\n", fields[i].raw);
		g_autoptr(Mail) mail = mail_of(message, -1);
		g_autofree char *text = mail_field_text(mail, "SUBJECT", 0);
		g_autofree char *decoded =
			mail_field_decoded(mail, "subject", 0);

		g_assert_cmpstr(text, ==, fields[i].text);
		g_assert_cmpstr(decoded, ==, fields[i].decoded);
	}
}

static void
test_field_order(void)
{
	g_autoptr(Mail) mail = mail_of("A: 1\nB: 2\na: 3\n\nA: 4\n", -1);
	g_autofree char *second = mail_field_text(mail, "A", 1);
	guint n;
	const struct mail_field *all = mail_fields(mail, &n);

	g_assert_cmpuint(n, ==, 3);
	g_assert_cmpuint(mail_field_count(mail, "a"), ==, 2);
	g_assert_cmpstr(second, ==, "3");
	g_assert_null(mail_field_text(mail, "A", 2));
	g_assert_null(mail_field_decoded(mail, "C", 0));
	g_assert_true(memcmp(all[1].name, "B", all[1].name_len) == 0);
	g_assert_true(memcmp(all[1].value, " 2", all[1].value_len) == 0);
}

static void
test_part_fields(void)
{
	g_autoptr(Mail) mail = mail_of("Content-Type: message/rfc822\n\n"
				       "Subject: in\nX: y\n\nz",
				       -1);
	guint n;
	const struct mail_field *inner = mail_part_fields(mail, 1, &n);

	g_assert_cmpuint(n, ==, 2);
	g_assert_true(memcmp(inner->name, "Subject", 7) == 0);
	g_assert_null(mail_field_text(mail, "Subject", 0));
}

static const struct {
	const char *field;
	const char *name;
} file_names[] = {
	{ "Content-Disposition: attachment; filename=a.pdf", "a.pdf" },
	{ "Content-Disposition: inline; FileName=\"a \\\"b\\\".pdf\"",
	  "a \"b\".pdf" },
	{ "Content-Disposition: x; filename*=utf-8''caf%C3%A9", "caf\xC3\xA9" },
	{ "Content-Disposition: x; filename*1*=%A9; filename*0*=utf-8''%C3",
	  "\xC3\xA9" },
	{ "Content-Disposition: x; filename*0=\"a;b\"; filename*1=.txt",
	  "a;b.txt" },
	{ "Content-Disposition: x; filename=old; filename*=''new", "new" },
	{ "Content-Disposition: x; filename=old; filename*1=new", "old" },
	{ "Content-Disposition: x; filename=\"=?utf-8?q?caf=C3=A9?=\"",
	  "caf\xC3\xA9" },
	{ "Content-Disposition: x; filename=\"never closed", "never closed" },
	{ "Content-Disposition: x; filename=", NULL },
	{ "Content-Disposition: x; (filename=c) x=y", NULL },
	{ "Content-Type: text/plain name=no-semicolon.txt",
	  "no-semicolon.txt" },
	{ "Content-Type: image/png;\r\n\tname = \"fol\r\n ded.png\"",
	  "fol ded.png" },
};

static void
test_file_names(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(file_names); i++) {
		g_autofree char *message =
			g_strconcat(file_names[i].field, "\n\nx", NULL);
		g_autoptr(Mail) mail = mail_of(message, -1);
		guint n;

		g_assert_cmpstr(mail_parts(mail, &n)->name, ==,
				file_names[i].name);
	}
}

/* A large attachment must not take the text before it out of sight. */
static void
test_larger_than_looked_at(void)
{
	g_autoptr(GString) message = g_string_new(
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
		"The offer.\n--b\nContent-Type: application/pdf\n\n");
	g_autoptr(Mail) mail = NULL;
	g_autofree char *text = NULL;
	const struct mail_part *parts;
	guint odd = 0;
	guint n;

	while (message->len < 3 << 20)
		g_string_append(message,
				"JVBERi0xLjQKJeLjz9MKMyAwIG9iago8PC9\n");
	g_string_append(message, "--b--\n");
	mail = mail_of(message->str, -1);
	parts = mail_parts(mail, &n);
	g_assert_cmpuint(n, ==, 3);
	g_assert_cmpint(parts[1].kind, ==, MAIL_PART_TEXT);
	g_assert_cmpint(parts[2].kind, ==, MAIL_PART_ATTACHMENT);
	text = mail_part_text(mail, 1, 100, &odd);
	g_assert_cmpstr(text, ==, "The offer.");
	g_assert_cmpuint(mail_odd(mail) & MAIL_CAP_MESSAGE, !=, 0);
	g_assert_cmpuint(mail_odd(mail) & MAIL_ODD_BOUNDARY, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
		g_autofree char *path =
			g_strdup_printf("/message/shape/%s", shapes[i].name);

		g_test_add_data_func(path, &shapes[i], test_shape);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(leaves); i++) {
		g_autofree char *path =
			g_strdup_printf("/message/leaf/%s", leaves[i].name);

		g_test_add_data_func(path, &leaves[i], test_leaf);
	}
	g_test_add_func("/message/leaf/utf-16", test_leaf_utf16);
	g_test_add_func("/message/leaf/nul-is-shown", test_leaf_nul);
	g_test_add_func("/message/leaf/cut-at-a-character", test_leaf_cut);
	g_test_add_func("/message/field/text-and-words", test_fields);
	g_test_add_func("/message/field/order-and-count", test_field_order);
	g_test_add_func("/message/field/of-a-part", test_part_fields);
	g_test_add_func("/message/field/file-names", test_file_names);
	g_test_add_func("/message/larger-than-looked-at",
			test_larger_than_looked_at);
	return g_test_run();
}
