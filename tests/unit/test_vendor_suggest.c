/* Which vendors are taken for one company, and which only look like it. */
#include <string.h>

#include "../lib/store_kit.h"
#include "mail/address.h"
#include "market/vendor.h"

/* Two mails of two vendors, and why they may be one; NULL: they are not. */
struct pair_case {
	const char *what;
	const char *from;
	const char *body;
	const char *other_from;
	const char *other_body;
	const char *why;
};

#define NORTH "Ann Lee <ann@northwind.com>"
#define SOUTH "Bob Ray <bob@getnorthwind.io>"
#define HELLO "Hello Priya,\r\n\r\nshall we talk on Monday?\r\n\r\n"

static const struct pair_case cases[] = {
	{ "the same number in both signatures", NORTH,
	  HELLO "-- \r\nAnn Lee\r\nTel. +49 561 555-0144\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\nFon (0561) 555 0144\r\n",
	  "the number (0561) 555 0144 in" },
	{ "a number with (0) in it", NORTH,
	  HELLO "-- \r\nAnn Lee\r\n+49 (0)561 555 0144\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\n0049.561.555.0144\r\n", "the number" },
	{ "a number below a text without a signature's mark", NORTH,
	  HELLO "Ann Lee\r\nNorthwind\r\nm: (603) 555-0172\r\n", SOUTH,
	  HELLO "Bob Ray\r\n+1 603 555 0172\r\n", "the number" },
	{ "links to one site that is neither's", NORTH,
	  HELLO "See https://www.northwind-group.de/a\r\n", SOUTH,
	  HELLO "See https://shop.northwind-group.de/b\r\n",
	  "links to northwind-group.de" },
	{ "a link to the other's own domain", NORTH, HELLO "No link here.\r\n",
	  SOUTH, HELLO "See https://www.northwind.com/price\r\n",
	  "links to northwind.com" },
	{ "the same company's name in both signatures", NORTH,
	  HELLO "-- \r\nAnn Lee\r\nNorthwind Analytics GmbH, Kassel\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\nNorthwind Analytics GmbH | HRB 4711\r\n",
	  "the company northwind analytics gmbh" },
	{ "a company's name with full stops and a comma", NORTH,
	  HELLO "-- \r\nNorthwind Labs, Inc.\r\n", SOUTH,
	  HELLO "-- \r\nNorthwind Labs Inc\r\n",
	  "the company northwind labs inc" },
	{ "one sender's name and address", "Ann Lee <ann@northwind.com>", HELLO,
	  "Ann Lee <ann@getnorthwind.io>", HELLO, "writes as ann@" },

	{ "nothing in common", NORTH, HELLO "Ann\r\n+49 561 555 0144\r\n",
	  SOUTH, HELLO "Bob\r\n+49 561 555 0199\r\n", NULL },
	{ "both link to a scheduler", NORTH,
	  HELLO "https://calendly.com/ann\r\n", SOUTH,
	  HELLO "https://calendly.com/bob\r\n", NULL },
	{ "both link to LinkedIn", NORTH,
	  HELLO "https://www.linkedin.com/in/ann\r\n", SOUTH,
	  HELLO "https://linkedin.com/in/bob\r\n", NULL },
	{ "both are sent by one mailing service", NORTH,
	  HELLO "https://a.list-manage.com/x\r\n", SOUTH,
	  HELLO "https://b.list-manage.com/y\r\n", NULL },
	{ "both link to the buyer's own site", NORTH,
	  HELLO "I saw https://www.buyer.org/jobs\r\n", SOUTH,
	  HELLO "I read https://buyer.org/about\r\n", NULL },
	{ "an answering service's free-phone number", NORTH,
	  HELLO "-- \r\nAnn Lee\r\n1-800-555-0199\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\n(800) 555-0199\r\n", NULL },
	{ "a German shared-cost number", NORTH,
	  HELLO "-- \r\nAnn Lee\r\n0180 5 550 144\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\n+49 180 5550144\r\n", NULL },
	{ "a British free-phone number", NORTH,
	  HELLO "-- \r\nAnn Lee\r\n0800 555 0144\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\n+44 800 555 0144\r\n", NULL },
	{ "an international free-phone number", NORTH,
	  HELLO "-- \r\nAnn Lee\r\n00800 5550 1443\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\n+800 5550 1443\r\n", NULL },
	{ "a date and an order's number are no telephone's", NORTH,
	  HELLO "-- \r\nAnn Lee\r\n2026-10-14, 7730519264\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\n2026-10-14, 7730519264\r\n", NULL },
	{ "a number that is nobody's", NORTH,
	  HELLO "-- \r\nAnn Lee\r\n+49 000 000 0000\r\n", SOUTH,
	  HELLO "-- \r\nBob Ray\r\n+49 000 000 0000\r\n", NULL },
	{ "senders at a public mail domain", "Ann Lee <ann@gmail.com>",
	  HELLO "-- \r\nAnn Lee\r\n+49 561 555 0144\r\n",
	  "Bob Ray <bob@gmail.com>",
	  HELLO "-- \r\nBob Ray\r\n+49 561 555 0144\r\n", NULL },
	{ "a role's address", "Sales Team <sales@northwind.com>", HELLO,
	  "Sales Team <sales@southwind.io>", HELLO, NULL },
	{ "the company that sent it for them", NORTH,
	  HELLO "-- \r\nPowered by Mailworks Inc\r\n", SOUTH,
	  HELLO "-- \r\nPowered by Mailworks Inc\r\n", NULL },
	{ "a company in the text above the end", NORTH,
	  "Acme Tools Ltd\r\n\r\n\r\na\r\n\r\nb\r\n\r\nc\r\n"
	  "\r\nd\r\n\r\ne\r\n\r\nf\r\n\r\ng\r\n\r\nh\r\n",
	  SOUTH, HELLO "-- \r\nAcme Tools Ltd\r\n", NULL },
};

/* Held for priya@buyer.org. */
static void
hold(struct store *store, guint n, const char *from, const char *body)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);
	g_autoptr(GPtrArray) boxes = address_list_parse(from, 1);
	const struct address *box = boxes->pdata[0];
	g_autofree char *text = g_strdup_printf(
		"From: %s\r\nTo: priya@buyer.org\r\nSubject: Offer %u\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n\r\n%s",
		from, n, body);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(GError) error = NULL;
	struct store_message *one = message;

	kit_set(&message->rcpt, "priya@buyer.org");
	kit_set(&message->from, box->addr);
	kit_set(&message->from_name, box->name);
	kit_set(&message->vendor,
		strcmp(box->domain, "gmail.com") == 0 ? "" : box->domain);
	kit_set(&message->verdict, "quarantine");
	kit_set(&message->campaign, "");
	message->state = STORE_HELD;
	store_hold(store, &one, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	/* Ids of one millisecond have no order. */
	g_usleep(1500);
}

static GPtrArray *
suggestions(struct store *store)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(VendorBook) book = vendor_book_load(store, &error);
	GPtrArray *pairs = book ? vendor_suggest(store, book, &error) : NULL;

	g_assert_no_error(error);
	return pairs;
}

static void
check(const struct pair_case *c)
{
	g_autofree char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) pairs = NULL;

	g_test_message("%s", c->what);
	hold(store, 1, c->from, c->body);
	hold(store, 2, c->other_from, c->other_body);
	pairs = suggestions(store);
	if (c->why) {
		const struct vendor_pair *pair;

		g_assert_cmpuint(pairs->len, ==, 1);
		pair = pairs->pdata[0];
		g_test_message("%s, %s: %s", pair->card, pair->other,
			       pair->why);
		g_assert_nonnull(strstr(pair->why, c->why));
		g_assert_cmpstr(pair->card, !=, pair->other);
	} else {
		g_assert_cmpuint(pairs->len, ==, 0);
	}
	store_close(store);
	kit_remove(g_steal_pointer(&folder));
}

static void
vendors_are_told_apart(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		check(&cases[i]);
}

/* What five vendors sign with is their switchboard service's. */
static void
what_many_share_is_a_service(void)
{
	g_autofree char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) pairs = NULL;

	for (guint i = 0; i < 5; i++) {
		g_autofree char *from = g_strdup_printf(
			"Nora %u <nora%u@vendor%u.com>", i, i, i);

		hold(store, i, from,
		     HELLO "-- \r\nNora\r\n+49 561 555 0144\r\n"
			   "https://www.trade-fair.de/\r\n");
	}
	pairs = suggestions(store);
	g_assert_cmpuint(pairs->len, ==, 0);
	store_close(store);
	kit_remove(g_steal_pointer(&folder));
}

/* One mail of three links there: an article, no site of theirs. */
static void
a_single_link_of_many_mails_says_nothing(void)
{
	g_autofree char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) pairs = NULL;

	hold(store, 1, NORTH, HELLO "https://daily-press.de/a\r\n");
	hold(store, 2, NORTH, HELLO "One more thing.\r\n");
	hold(store, 3, NORTH, HELLO "And another.\r\n");
	hold(store, 4, SOUTH, HELLO "https://daily-press.de/a\r\n");
	pairs = suggestions(store);
	g_assert_cmpuint(pairs->len, ==, 0);
	store_close(store);
	kit_remove(g_steal_pointer(&folder));
}

/* Of a vendor that writes a lot only the newest mails are read. */
static void
only_the_newest_mails_are_read(void)
{
	g_autofree char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) pairs = NULL;

	for (guint i = 0; i < VENDOR_SUGGEST_OF_ONE; i++)
		hold(store, 1 + i, NORTH,
		     HELLO "-- \r\nAnn\r\n+49 561 555 0144\r\n");
	for (guint i = 0; i < VENDOR_SUGGEST_OF_ONE; i++)
		hold(store, 10 + i, NORTH, HELLO "Any thoughts?\r\n");
	hold(store, 20, SOUTH, HELLO "-- \r\nBob\r\n+49 561 555 0144\r\n");
	pairs = suggestions(store);
	g_assert_cmpuint(pairs->len, ==, 0);
	store_close(store);
	kit_remove(g_steal_pointer(&folder));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vendor/suggest/are told apart",
			vendors_are_told_apart);
	g_test_add_func("/vendor/suggest/what many share",
			what_many_share_is_a_service);
	g_test_add_func("/vendor/suggest/a single link",
			a_single_link_of_many_mails_says_nothing);
	g_test_add_func("/vendor/suggest/only the newest",
			only_the_newest_mails_are_read);
	return g_test_run();
}
