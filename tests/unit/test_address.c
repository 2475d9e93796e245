/* Addresses in fields and envelopes, and the domains in them. */
#include <glib.h>
#include <string.h>

#include "base/error.h"
#include "mail/address.h"

static struct mail *
mail_of(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return mail_new(bytes, NULL);
}

/* "name <addr>|name <addr>" */
static char *
list_text(const char *value, guint max)
{
	g_autoptr(GPtrArray) list = address_list_parse(value, max);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++) {
		const struct address *address = g_ptr_array_index(list, i);
		const char *at = strrchr(address->addr, '@');

		g_assert_cmpstr(address->domain, ==, at ? at + 1 : "");
		g_string_append_printf(out, "%s%s<%s>", i ? "|" : "",
				       address->name, address->addr);
	}
	return g_string_free(out, FALSE);
}

static const struct {
	const char *value;
	const char *list;
} lists[] = {
	{ "", "" },
	{ "a@b.example", "<a@b.example>" },
	{ "<a@b.example>", "<a@b.example>" },
	{ "Ann Roe <a@B.Example>", "Ann Roe<a@b.example>" },
	{ "\"Roe, Ann\" <Ann@b.example>", "Roe, Ann<Ann@b.example>" },
	{ "\"a \\\"b\\\" c\" <a@b.example>", "a \"b\" c<a@b.example>" },
	{ "a@b.example, c@d.example", "<a@b.example>|<c@d.example>" },
	{ "a@b.example; c@d.example", "<a@b.example>|<c@d.example>" },
	{ "a@b.example c@d.example", "<a@b.example>|<c@d.example>" },
	{ "X <a@b.example> <c@d.example>", "X<a@b.example>|<c@d.example>" },
	{ "X <a@b.example> c@d.example", "X<a@b.example>|<c@d.example>" },
	{ "Friends: a@b.example, X <c@d.example>;, e@f.example",
	  "<a@b.example>|X<c@d.example>|<e@f.example>" },
	{ "undisclosed-recipients:;", "" },
	{ "a (comment, with (nesting) <x@y.example>) <a@b.example>",
	  "a<a@b.example>" },
	{ "a@b.example (Ann Roe)", "<a@b.example>" },
	{ "(never closed a@b.example", "" },
	{ "=?utf-8?q?Caf=C3=A9=2C_x?= <a@b.example>",
	  "Caf\xC3\xA9, x<a@b.example>" },
	{ "=?utf-8?q?Roe,_Ann?= <a@b.example>", "Roe, Ann<a@b.example>" },
	{ "\"=?utf-8?q?in_quotes?=\" <a@b.example>", "in quotes<a@b.example>" },
	{ "=?utf-8?q?a@b.example?= <c@d.example>", "a@b.example<c@d.example>" },
	{ "a@b.example <c@d.example>", "a@b.example<c@d.example>" },
	{ "<@x.example,@y.example:a@b.example>", "<a@b.example>" },
	{ "<mailto:a@b.example>", "<a@b.example>" },
	{ "<<a@b.example>>", "<a@b.example>" },
	{ "X <a@b.example, c@d.example", "X<a@b.example>|<c@d.example>" },
	{ "X <a@b.example", "X<a@b.example>" },
	{ "\"al ice\"@b.example", "<\"al ice\"@b.example>" },
	{ "<\"a@x\"@b.example>", "<\"a@x\"@b.example>" },
	{ "a @ b.example", "<a@b.example>" },
	{ "a@[192.0.2.1]", "<a@[192.0.2.1]>" },
	{ "<a@[IPv6:2001:db8::1]>", "<a@[ipv6:2001:db8::1]>" },
	{ "j\xC3\xB6rg@b\xC3\xBC"
	  "cher.example",
	  "<j\xC3\xB6rg@b\xC3\xBC"
	  "cher.example>" },
	{ "j@B\xC3\x9C.example", "<j@b\xC3\xBC.example>" },
	{ "<root>", "<root>" },
	{ "root", "" },
	{ "<>", "" },
	{ "<a@b@c.example>", "" },
	{ "<a@b.example(.victim.example>", "<a@b.example>" },
	{ "<a@-b.example>", "" },
	{ "<a b@c.example>", "" },
	{ "<a\x01@c.example>", "" },
	{ "<a@b..example>", "" },
	{ "<a@b.example\xEF\xBF\xBD>", "" },
	{ "X <\xFF@b.example>", "" },
	{ "\xFF <a@b.example>", "\xEF\xBF\xBD<a@b.example>" },
	{ ",,;;<>,:,", "" },
	{ "Ann\r\n Roe <a@b.\r\n example>", "Ann Roe<a@b.example>" },
};

static void
test_lists(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autofree char *list = list_text(lists[i].value, 10);

		g_assert_cmpstr(list, ==, lists[i].list);
	}
}

static void
test_list_max(void)
{
	g_autoptr(GString) value = g_string_new("a@b.example");
	g_autofree char *none = list_text("a@b.example", 0);

	for (guint i = 0; i < 1000; i++)
		g_string_append(value, ",a@b.example");
	for (guint max = 0; max < 1200; max += 300) {
		g_autoptr(GPtrArray) list = address_list_parse(value->str, max);

		g_assert_cmpuint(list->len, ==, MIN(max, 1001));
	}
	g_assert_cmpstr(none, ==, "");
}

static const struct {
	const char *header;
	const char *author; /* NULL: nobody is vouched for */
	const char *shown;
} authors[] = {
	{ "From: Ann <a@b.example>\n", "a@b.example", "a@b.example" },
	{ "from : a@b.example\n", "a@b.example", "a@b.example" },
	{ "To: a@b.example\n", NULL, NULL },
	{ "From:\n", NULL, NULL },
	{ "From: a@b.example, c@d.example\n", NULL, "a@b.example" },
	{ "From: a@b.example\nFrom: a@b.example\n", NULL, "a@b.example" },
	{ "From: a@b.example c@d.example\n", NULL, "a@b.example" },
	{ "From: a@b.example, bad@@c\n", NULL, "a@b.example" },
	{ "From: bad@@c, a@b.example\n", NULL, "a@b.example" },
	{ "From: x@y.example: a@b.example\n", NULL, "a@b.example" },
	{ "From: Roe, Ann <a@b.example>\n", "a@b.example", "a@b.example" },
	{ "From: x@y.example <a@b.example>\n", "a@b.example", "a@b.example" },
	{ "From: G: a@b.example, c@d.example;\n", NULL, "a@b.example" },
	{ "From: G: a@b.example;\n", "a@b.example", "a@b.example" },
	{ "From: <a@b.example>\n <c@d.example>\n", NULL, "a@b.example" },
	{ "\nFrom: a@b.example\n", NULL, NULL },
	{ "From: a@b.example (Ann)\n", "a@b.example", "a@b.example" },
	{ "From: <a@b.example(.evil.example>\n", NULL, "a@b.example" },
	{ "From: <a@b.example(c).evil.example>\n", NULL, NULL },
	{ "From: a@b.example (c@d.example\n", NULL, "a@b.example" },
};

static void
test_author(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(authors); i++) {
		g_autofree char *message =
			g_strconcat(authors[i].header, "\nx", NULL);
		g_autoptr(Mail) mail = mail_of(message);
		g_autoptr(Address) author = address_of_author(mail);
		g_autoptr(Address) shown = address_shown(mail);

		g_assert_cmpstr(author ? author->addr : NULL, ==,
				authors[i].author);
		g_assert_cmpstr(shown ? shown->addr : NULL, ==,
				authors[i].shown);
	}
}

/* What stands beyond a cap cannot be known: nobody is vouched for. */
static void
test_author_beyond_cap(void)
{
	g_autofree char *padding = g_strnfill(70000, ' ');
	g_autofree char *message = g_strdup_printf(
		"From: a@b.example,%s c@d.example\n\nx", padding);
	g_autoptr(Mail) mail = mail_of(message);

	g_assert_null(address_of_author(mail));
	g_assert_cmpuint(mail_odd(mail) & MAIL_CAP_HEADERS, !=, 0);
}

static const struct {
	const char *text;
	const char *addr; /* NULL: refused */
} envelopes[] = {
	{ "<a@b.example>", "a@b.example" },
	{ "a@b.example", "a@b.example" },
	{ "<A@B.Example>", "A@b.example" },
	{ "<>", "" },
	{ "", "" },
	{ "<\"al ice\"@b.example>", "\"al ice\"@b.example" },
	{ "<\"a\\\"<b\"@B.example>", "\"a\\\"<b\"@b.example" },
	{ "<@x.example:a@b.example>", "a@b.example" },
	{ "postmaster", "postmaster" },
	{ "<@x.example:@y.example:a@b.example>", NULL },
	{ "@b.example", NULL },
	{ "<j\xC3\xB6rg@B\xC3\x9C.example>", "j\xC3\xB6rg@b\xC3\xBC.example" },
	{ "<a@b.example", NULL },
	{ "a@b.example>", NULL },
	{ "<a@b.example> SIZE=1", NULL },
	{ "<a@b.example>\r\nRCPT TO:<c@d.example>", NULL },
	{ "a b@c.example", NULL },
	{ "a\t@c.example", NULL },
	{ "\"a@c.example", NULL },
	{ "\"a\\\"@c.example", NULL },
	{ "\"a\r\n\"@c.example", NULL },
	{ "a\\", NULL },
	{ "<a\\>", NULL },
	{ "a\x7F@c.example", NULL },
	{ "\xFF@c.example", NULL },
	{ "a@b.example,c@d.example", NULL },
};

static void
test_envelope(void)
{
	g_autofree char *longest = g_strnfill(ADDRESS_LEN_MAX, 'a');
	g_autofree char *longer = g_strnfill(ADDRESS_LEN_MAX + 1, 'a');
	g_autofree char *kept = address_from_envelope(longest, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(envelopes); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *addr =
			address_from_envelope(envelopes[i].text, &error);

		g_assert_cmpstr(addr, ==, envelopes[i].addr);
		if (!addr)
			g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	}
	g_assert_cmpstr(kept, ==, longest);
	g_assert_null(address_from_envelope(longer, NULL));
}

static void
test_equal_and_key(void)
{
	static const struct {
		const char *a;
		const char *b;
		gboolean equal;
	} pairs[] = {
		{ "a@b.example", "A@B.EXAMPLE", TRUE },
		{ "a@b.example", "a@c.example", FALSE },
		{ "a@b.example", "a@b.exampl", FALSE },
		{ "j\xC3\xB6@b.example", "J\xC3\x96@b.example", TRUE },
		{ "j\xC3\xB6@b.example", "jo@b.example", FALSE },
		{ "\xFF@b", "\xFE@b", FALSE },
		{ "", "", TRUE },
	};
	g_autofree char *key = address_key("<\"A\"@B.example>");
	g_autofree char *wide = address_key("J\xC3\x96@B.example");
	/* The Kelvin sign and the dotted capital I are nobody's k and i. */
	g_autofree char *like = address_key("\xE2\x84\xAA@\xC4\xB0.example");

	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
		g_assert_cmpint(address_equal(pairs[i].a, pairs[i].b), ==,
				pairs[i].equal);
	g_assert_cmpstr(key, ==, "\"a\"@b.example");
	g_assert_cmpstr(wide, ==, "j\xC3\xB6@b.example");
	g_assert_cmpstr(like, ==, "\xE2\x84\xAA@\xC4\xB0.example");
	g_assert_null(address_key("a b"));
}

static void
test_registrable(void)
{
	static const struct {
		const char *domain;
		const char *registrable;
	} cases[] = {
		{ "a.b.co.uk", "b.co.uk" },
		{ "Mail.Example.COM", "example.com" },
		{ "example.com.", "example.com" },
		{ "co.uk", "co.uk" },
		{ "com", "com" },
		{ "localhost", "localhost" },
		{ "a.github.io", "a.github.io" },
		{ "x.a.github.io", "a.github.io" },
		{ "www.b\xC3\xBC"
		  "cher.de",
		  "xn--bcher-kva.de" },
		{ "www.B\xC3\x9C"
		  "CHER.de",
		  "xn--bcher-kva.de" },
		{ "[192.0.2.1]", "[192.0.2.1]" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "not a domain", "not a domain" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *registrable =
			domain_registrable(cases[i].domain);

		g_assert_cmpstr(registrable, ==, cases[i].registrable);
	}
}

static void
test_domain_valid(void)
{
	static const char *const good[] = { "a",
					    "a.b",
					    "a-b.example",
					    "xn--bcher-kva.de",
					    "b\xC3\xBC"
					    "cher.de",
					    "1.2" };
	static const char *const bad[] = { "",	      ".",
					   "a.",      ".a",
					   "a..b",    "-a.b",
					   "a-.b",    "a_b.c",
					   "a b",     "a.b(.c)",
					   "a@b",     "[192.0.2.1]",
					   "a\xFF.b", "a\xE2\x80\x8B.b",
					   "a.b;",    "a/b" };
	g_autofree char *label = g_strnfill(63, 'a');
	g_autofree char *label_long = g_strnfill(64, 'a');
	g_autofree char *whole =
		g_strdup_printf("%s.%s.%s.%s", label, label, label, label);

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_true(domain_valid(good[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(domain_valid(bad[i]));
	g_assert_true(domain_valid(label));
	g_assert_false(domain_valid(label_long));
	g_assert_true(domain_valid(whole));
	whole[63] = 'a';
	g_assert_false(domain_valid(whole));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/address/lists", test_lists);
	g_test_add_func("/address/lists-are-bounded", test_list_max);
	g_test_add_func("/address/author-is-one-or-none", test_author);
	g_test_add_func("/address/author-beyond-a-cap", test_author_beyond_cap);
	g_test_add_func("/address/envelope", test_envelope);
	g_test_add_func("/address/equal-and-key", test_equal_and_key);
	g_test_add_func("/address/registrable-domain", test_registrable);
	g_test_add_func("/address/domain-grammar", test_domain_valid);
	return g_test_run();
}
