/*
 * Any text in what we write ourselves: a mail, a page, a line of a
 * spreadsheet, a subject with our prefix. Nothing in it ends a field, a tag or
 * a cell early, and the mail says what it was made of.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "base/csv.h"
#include "base/escape.h"
#include "base/html.h"
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/message.h"
#include "milter/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* CRLF only, printable ASCII, and lines of RFC 5322's 78 characters, but for
 * spaces at the end of one. */
static void
must_be_lines(const char *text, gsize size)
{
	gsize column = 0;

	for (gsize i = 0; i < size; i++) {
		if (text[i] == '\r' || text[i] == '\n') {
			g_assert(text[i] != '\r' || text[i + 1] == '\n');
			g_assert(text[i] != '\n' || text[i - 1] == '\r');
			column = 0;
			continue;
		}
		g_assert((text[i] >= ' ' && text[i] <= '~') || text[i] == '\t');
		g_assert(++column <= 2 * 78);
	}
}

static void
check_mail(const char *any, const char *text)
{
	const struct compose compose = {
		.from = "pitchward@buyer.example",
		.from_name = any,
		.to = "priya@buyer.example",
		.to_name = any,
		.subject = any,
		.message_id = "<1@buyer.example>",
		.zone = any,
		.text = text,
		.html = "<p>x</p>\n",
	};
	g_autoptr(GBytes) bytes = compose_mail(&compose);
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Address) shown = address_shown(mail);
	guint odd = 0;
	guint n;
	const struct mail_part *parts = mail_parts(mail, &n);
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	must_be_lines(data, size);
	g_assert(n == 3 && parts[2].kind == MAIL_PART_HTML);
	(void)mail_fields(mail, &n);
	g_assert(n == 9);
	g_assert(shown && strcmp(shown->addr, compose.from) == 0);
	if (strlen(text) < 10000) {
		g_autofree char *back = mail_part_text(mail, 1, 1 << 20, &odd);

		/* A byte order mark is read as one. */
		g_assert(strcmp(back, g_str_has_prefix(text, "\xef\xbb\xbf")
					      ? text + 3
					      : text) == 0);
	}
}

static void
check_page(const char *any)
{
	g_autoptr(GString) page = g_string_new("<td title='");

	html_text(page, any);
	g_assert(!strpbrk(page->str + strlen("<td title='"), "<>'\"\n"));
	g_string_truncate(page, 0);
	html_lines(page, any);
	g_assert(!strpbrk(page->str, "<>'\"\r"));
	g_assert(g_utf8_validate(page->str, (gssize)page->len, NULL));
}

/* In quotes, each within it twice, and no formula first. */
static void
check_csv(const char *any)
{
	g_autoptr(GString) line = g_string_new(NULL);
	gsize quotes = 0;

	csv_field(line, any, TRUE);
	g_assert(line->len >= 2 && line->str[0] == '"');
	g_assert(!strchr("=+-@\t\r", line->str[1]) || line->str[1] == '\0');
	for (gsize i = 0; i < line->len; i++) {
		quotes += line->str[i] == '"' ? 1 : 0;
		if (quotes % 2 == 0 && i > 0 && i + 1 < line->len)
			g_assert(line->str[i] == '"' &&
				 line->str[i + 1] == '"');
	}
	g_assert(quotes % 2 == 0 && line->str[line->len - 1] == '"');
}

static void
check_escaped(const char *any)
{
	g_autofree char *safe = escape_text(any, FALSE);
	g_autofree char *again = escape_text(safe, FALSE);

	g_assert(g_utf8_validate(safe, -1, NULL));
	g_assert(strcmp(safe, again) == 0);
	for (const char *p = safe; *p; p = g_utf8_next_char(p))
		g_assert(!g_unichar_iscntrl(g_utf8_get_char(p)));
}

/* The prefix comes in front, once, and the rest stays as it was. */
static void
check_prefix(const char *raw)
{
	g_autofree char *subject = header_subject("[Vendor\xc3\xa9]", raw);
	g_autofree char *again =
		subject ? header_subject("[Vendor\xc3\xa9]", subject) : NULL;

	g_assert(!again);
	if (subject)
		g_assert(g_str_has_suffix(subject, raw + strspn(raw, " \t")));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *any = g_strndup((const char *)data, size);
	g_autofree char *text = g_utf8_make_valid(any, -1);

	/* Lines of a text end in LF. */
	g_strdelimit(text, "\r", ' ');
	check_mail(any, text);
	check_page(any);
	check_csv(any);
	check_escaped(any);
	check_prefix(any);
	return 0;
}
