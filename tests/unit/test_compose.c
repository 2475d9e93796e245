/* Mail of our own: well-formed whatever is in it. */
#include <glib.h>
#include <string.h>

#include "mail/address.h"
#include "mail/compose.h"
#include "mail/message.h"

/* Sun 22 Nov 2026 0:00 UTC */
#define NOW (G_GINT64_CONSTANT(1795305600) * 1000000)

static GBytes *
compose(const char *subject, const char *name, const char *text)
{
	static const char *const fields[] = { "X-Test", "yes", NULL };
	const struct compose mail = {
		.from = "pitchward@buyer.example",
		.from_name = "Pitchward",
		.to = "priya@buyer.example",
		.to_name = name,
		.subject = subject,
		.message_id = "<1@buyer.example>",
		.date_us = NOW,
		.zone = "America/New_York",
		.fields = fields,
		.text = text,
		.html = "<p>hello</p>\n",
	};

	return compose_mail(&mail);
}

/* CRLF only, and no line that an MTA would cut. */
static void
assert_lines(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	gsize column = 0;

	for (gsize i = 0; i < size; i++) {
		if (data[i] == '\n')
			g_assert_true(i > 0 && data[i - 1] == '\r');
		if (data[i] == '\r')
			g_assert_true(i + 1 < size && data[i + 1] == '\n');
		column = data[i] == '\n' ? 0 : column + 1;
		g_assert_cmpuint(column, <=, 79);
		g_assert_true((data[i] >= ' ' && data[i] <= '~') ||
			      strchr("\r\n\t", data[i]));
	}
}

static char *
part_text(const struct mail *mail, guint part)
{
	guint odd = 0;

	return mail_part_text(mail, part, 1 << 20, &odd);
}

static void
test_whole(void)
{
	static const char text[] =
		"Hello,\n\nFrom here on = \xc3\xa9.\n.\nFrom x\n trailing \n"
		"a line that is much longer than any line of a mail should be, "
		"which must be broken and put together again\n";
	g_autoptr(GBytes) bytes = compose("Held", "Priya Nair", text);
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autofree char *plain = part_text(mail, 1);
	g_autofree char *html = part_text(mail, 2);
	g_autofree char *date = mail_field_text(mail, "Date", 0);
	g_autofree char *automatic = mail_field_text(mail, "Auto-Submitted", 0);
	g_autofree char *own = mail_field_text(mail, "X-Test", 0);
	guint n;

	assert_lines(bytes);
	mail_parts(mail, &n);
	g_assert_cmpuint(n, ==, 3);
	g_assert_cmpstr(plain, ==, text);
	g_assert_cmpstr(html, ==, "<p>hello</p>\n");
	g_assert_cmpstr(date, ==, "Sat, 21 Nov 2026 19:00:00 -0500");
	g_assert_cmpstr(automatic, ==, "auto-generated");
	g_assert_cmpstr(own, ==, "yes");
}

/* What a field may hold, and what a reader makes of it. */
static void
test_subjects(void)
{
	static const struct {
		const char *subject;
		const char *read;
	} cases[] = {
		{ "plain", "plain" },
		{ "", "" },
		{ "a=?UTF-8?B?eA==?= word", "a=?UTF-8?B?eA==?= word" },
		{ "caf\xc3\xa9 \xe2\x82\xac 10",
		  "caf\xc3\xa9 \xe2\x82\xac 10" },
		{ "x\r\nBcc: evil@seller.example",
		  "x\\x0D\\x0ABcc: evil@seller.example" },
		{ "x\rBcc: y", "x\\x0DBcc: y" },
		{ "bi\xe2\x80\xae"
		  "di",
		  "bi\\u202Edi" },
		{ "broken \xff\xc3", "broken \xef\xbf\xbd\xef\xbf\xbd" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) bytes =
			compose(cases[i].subject, cases[i].subject, "x\n");
		g_autoptr(Mail) mail = mail_new(bytes, NULL);
		g_autofree char *read = mail_field_decoded(mail, "Subject", 0);

		assert_lines(bytes);
		g_assert_cmpuint(mail_field_count(mail, "Subject"), ==, 1);
		g_assert_cmpuint(mail_field_count(mail, "Bcc"), ==, 0);
		g_assert_cmpstr(read, ==, cases[i].read);
	}
}

static void
test_long_subject(void)
{
	g_autoptr(GString) words = g_string_new(NULL);
	g_autoptr(GString) letters = g_string_new(NULL);

	for (int i = 0; i < 60; i++) {
		g_string_append(words, i ? " endpoint" : "endpoint");
		g_string_append(letters, "\xe4\xb8\x96\xc3\xa9");
	}
	const char *const subjects[] = { words->str, letters->str };

	for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autoptr(GBytes) bytes = compose(subjects[i], "", "x\n");
		g_autoptr(Mail) mail = mail_new(bytes, NULL);
		g_autofree char *read = mail_field_decoded(mail, "Subject", 0);

		assert_lines(bytes);
		g_assert_cmpstr(read, ==, subjects[i]);
	}
}

/* A name never becomes a second address. */
static void
test_names(void)
{
	static const char *const names[] = {
		"Priya Nair",  "Nair, Priya",  "a\" <evil@seller.example>, \"b",
		"back\\slash", "\xc3\x89lise", "<x@y>",
		"a@b.example",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GBytes) bytes = compose("s", names[i], "x\n");
		g_autoptr(Mail) mail = mail_new(bytes, NULL);
		g_autofree char *to = mail_field_text(mail, "To", 0);
		g_autoptr(GPtrArray) list = address_list_parse(to, 10);
		const struct address *address;

		g_assert_cmpuint(list->len, ==, 1);
		address = list->pdata[0];
		g_assert_cmpstr(address->addr, ==, "priya@buyer.example");
		g_assert_cmpstr(address->name, ==, names[i]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/compose/whole", test_whole);
	g_test_add_func("/compose/subjects", test_subjects);
	g_test_add_func("/compose/long-subject", test_long_subject);
	g_test_add_func("/compose/names", test_names);
	return g_test_run();
}
