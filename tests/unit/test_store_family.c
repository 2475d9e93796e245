/*
 * Who writes for one vendor: the domains that are of its family, the author
 * who writes to several, and what campaigns they make.
 */
#include <string.h>

#include "../../src/store/family_private.h"
#include "campaign_world.h"

struct pair {
	const char *one;
	const char *other;
};

static const struct pair same[] = {
	{ "northwind.com", "northwind.com" },
	{ "northwind.com", "NorthWind.COM" },
	{ "northwind.com", "north-wind.com" },
	{ "northwind.com", "getnorthwind.com" },
	{ "northwind.com", "get-northwind.com" },
	{ "northwind.com", "trynorthwind.io" },
	{ "northwind.com", "northwind-team.com" },
	{ "northwind.com", "team-northwind.com" },
	{ "northwind.com", "northwindhq.com" },
	{ "northwind.com", "northwindlabs.com" },
	{ "northwind.com", "northwindlab.co" },
	{ "northwind.com", "go-northwind.co" },
	{ "northwind.com", "northwind-go.co" },
	{ "northwind.com", "the-north-wind-group.co.uk" },
	{ "northwind.com", "hellonorthwindmail.net" },
	{ "northwind.com", "northwind-use.net" },
	{ "northwind.com", "global-northwind.net" },
	{ "northwind.example", "northwind.test" },
	{ "getnorthwind.com", "northwindapp.io" },
	{ "sourcebridge-labs.com", "sourcebridgeglobal.com" },
	/* Where it sells is no other vendor. */
	{ "northwind.com", "northwind-italia.it" },
	{ "northwind-uk.com", "getnorthwind-usa.com" },
	{ "lumen.com", "lumen-uk.com" },
	/* Five characters are left: the same rest. */
	{ "lumen.com", "getlumen.com" },
	{ "lumen.co.uk", "lumen-hq.co.uk" },
	/* Four would be: the word is part of the name. */
	{ "acmehq.com", "getacmehq.com" },
	{ "acmelabs.com", "acme-labs.io" },
	/* Words of everybody and one of its own. */
	{ "zephyrmarketing.com", "zephyrmarketing.io" },
};

static const struct pair apart[] = {
	{ "brightline-health.com", "brightline-energy.com" },
	{ "brightline.com", "brightline-health.com" },
	{ "northwind.com", "northwinds.com" },
	{ "northwind.com", "southwind.com" },
	{ "northwind.com", "norhtwind.com" },
	{ "northwind.com", "northwindtraders.com" },
	{ "northwind.com", "bignorthwind.com" },
	/* But where it stands in front or joined, a country is a name. */
	{ "northwind.com", "us-northwind.com" },
	{ "india-trader.com", "italia-trader.com" },
	{ "northwind.com", "northwinditalia.com" },
	{ "northwind-italia.com", "southwind-italia.com" },
	{ "lumen.com", "lumen-uk.io" },
	/* One word at each end. */
	{ "northwind.com", "northwind-team-hq.com" },
	{ "northwind.com", "getmynorthwind.com" },
	/* Short names are many vendors'. */
	{ "lumen.com", "lumen.io" },
	{ "lumen.com", "getlumen.io" },
	{ "acme.com", "acme.io" },
	{ "acme.com", "getacme.com" },
	{ "acme.com", "acmehq.com" },
	{ "io.com", "go.com" },
	/* So are everybody's words, alone and together. */
	{ "marketing.com", "marketing.io" },
	{ "marketing.com", "getmarketing.com" },
	{ "themarketinggroup.com", "marketinglabs.com" },
	{ "consulting.com", "consulting-team.com" },
	{ "solutions.com", "solutions.io" },
	{ "services-group.com", "services-hq.com" },
	{ "software.com", "softwareinc.com" },
	{ "digital.com", "digital-team.com" },
	{ "digital-media.com", "digital-media.io" },
	{ "media.com", "mymedia.com" },
	{ "datasolutions.com", "data-solutions.io" },
	/* Not words, only letters at an end. */
	{ "wareho.com", "warehouse.com" },
	{ "rnational.com", "international.com" },
	{ "ocean.com", "digitalocean.com" },
	{ "rmatica.com", "informatica.com" },
	/* No plain names. */
	{ "xn--nrdwind-q1a.com", "xn--nrdwind-q1a.net" },
	{ "n\xc3\xb6rdwind.com", "n\xc3\xb6rdwind.net" },
	{ "northwind", "northwind.com" },
	{ "[192.0.2.1]", "[192.0.2.2]" },
};

static gboolean
is_family(const struct pair *pair)
{
	g_autofree char *one = family_key(pair->one);
	g_autofree char *other = family_key(pair->other);

	g_test_message("%s (%s), %s (%s)", pair->one, one, pair->other, other);
	return strcmp(one, other) == 0;
}

static void
domains_of_one_vendor(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(same); i++)
		g_assert_true(is_family(&same[i]));
}

static void
domains_of_two_vendors(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(apart); i++)
		g_assert_false(is_family(&apart[i]));
}

static void
keys_say_what_is_left(void)
{
	static const struct pair keys[] = {
		{ "Get-North-Wind.com", "northwind.*" },
		{ "getlumen.co.uk", "lumen.co.uk" },
		{ "Ac-Me.com", "ac-me.com" },
		{ "Get-Media.com", "get-media.com" },
		{ "", "" },
		{ ".", "." },
		{ ".com", ".com" },
		{ "-.com", "-.com" },
		{ "----------.com", "----------.com" },
		{ "get-.com", "get-.com" },
		{ "northwind.", "northwind.*" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *key = family_key(keys[i].one);

		g_assert_cmpstr(key, ==, keys[i].other);
	}
}

/* The label is all of the key when `stem` says so, else the domain. */
static void
check_long(const char *label, gboolean stem)
{
	g_autofree char *domain = g_strconcat(label, ".com", NULL);
	g_autofree char *name = g_strconcat(label, ".*", NULL);
	g_autofree char *key = family_key(domain);

	g_assert_cmpstr(key, ==, stem ? name : domain);
}

#define DATA_14 "datadatadatadatadatadatadatadatadatadatadatadatadatadata"

static void
long_labels_end(void)
{
	for (gsize len = 58; len <= 70; len++) {
		g_autofree char *name = g_strnfill(len, 'x');

		check_long(name, len <= 63);
	}
	/* 63 characters of everybody's words; one is none; too many. */
	check_long(DATA_14 "academy", FALSE);
	check_long(DATA_14 "academx", TRUE);
	check_long(DATA_14 "datadata", FALSE);
}

static const struct campaign_case campaign_cases[] = {
	{ "the vendor's look-alike domain, same buyer, another text",
	  { { .buyer = "priya",
	      .vendor = "northwind.example",
	      .campaign = ONE } },
	  { .buyer = "priya", .vendor = "GetNorth-Wind.test" },
	  ONE,
	  2 },
	{ "the vendor's look-alike domain, another buyer, another text",
	  { { .buyer = "sam",
	      .vendor = "northwind.example",
	      .campaign = ONE } },
	  { .buyer = "priya", .vendor = "northwind-team.example" },
	  "",
	  1 },
	{ "a look-alike domain refers to what a colleague got",
	  { { .buyer = "sam",
	      .vendor = "northwind.example",
	      .message_id = "<m1@northwind.example>",
	      .campaign = ONE } },
	  { .buyer = "priya",
	    .vendor = "northwindhq.example",
	    .refers_to = "<m1@northwind.example>" },
	  ONE,
	  1 },
	{ "same subject from a look-alike domain to a colleague",
	  { { .buyer = "sam",
	      .vendor = "northwind.example",
	      .subject = 77,
	      .campaign = ONE } },
	  { .buyer = "priya", .vendor = "go-northwind.test", .subject = 77 },
	  ONE,
	  1 },
	{ "a like name of another vendor: another word behind it",
	  { { .buyer = "priya",
	      .vendor = "brightline-health.example",
	      .subject = 77,
	      .message_id = "<m1@brightline-health.example>",
	      .campaign = ONE } },
	  { .buyer = "priya",
	    .vendor = "brightline-energy.example",
	    .subject = 77,
	    .refers_to = "<m1@brightline-health.example>" },
	  "",
	  1 },
	{ "a like name of another vendor: one letter more",
	  { { .buyer = "priya",
	      .vendor = "northwind.example",
	      .subject = 77,
	      .message_id = "<m1@northwind.example>",
	      .campaign = ONE } },
	  { .buyer = "priya",
	    .vendor = "northwinds.example",
	    .subject = 77,
	    .refers_to = "<m1@northwind.example>" },
	  "",
	  1 },
	{ "another vendor of everybody's words",
	  { { .buyer = "priya",
	      .vendor = "getmarketing.example",
	      .campaign = ONE } },
	  { .buyer = "priya", .vendor = "marketing.example" },
	  "",
	  1 },
	{ "the author wrote to a colleague 13 days ago",
	  { { .buyer = "sam",
	      .vendor = "acme.example",
	      .from = "Zoe@acme.example",
	      .age_days = 13,
	      .campaign = ONE } },
	  { .buyer = "priya",
	    .vendor = "acme.example",
	    .from = "zoe@ACME.example" },
	  ONE,
	  1 },
	{ "the author wrote to a colleague 15 days ago",
	  { { .buyer = "sam",
	      .vendor = "acme.example",
	      .from = "zoe@acme.example",
	      .age_days = 15,
	      .campaign = ONE } },
	  { .buyer = "priya",
	    .vendor = "acme.example",
	    .from = "zoe@acme.example" },
	  "",
	  1 },
	{ "an author of a public mail domain wrote to a colleague",
	  { { .buyer = "sam",
	      .vendor = "",
	      .from = "zoe@mail.example",
	      .campaign = ONE } },
	  { .buyer = "priya", .vendor = "", .from = "zoe@mail.example" },
	  ONE,
	  1 },
	{ "what the author's vendor wrote to the buyer goes first",
	  { { .buyer = "sam",
	      .vendor = "acme.example",
	      .from = "zoe@acme.example",
	      .campaign = ONE },
	    { .buyer = "priya",
	      .vendor = "acme.example",
	      .age_days = 30,
	      .campaign = TWO } },
	  { .buyer = "priya",
	    .vendor = "acme.example",
	    .from = "zoe@acme.example" },
	  TWO,
	  2 },
	{ "the author goes before the near text",
	  { { .buyer = "sam",
	      .vendor = "acme.example",
	      .from = "zoe@acme.example",
	      .age_days = 3,
	      .campaign = ONE },
	    { .buyer = "sam",
	      .vendor = "other.example",
	      .text = TEXT,
	      .campaign = TWO } },
	  { .buyer = "priya",
	    .vendor = "acme.example",
	    .from = "zoe@acme.example",
	    .text = TEXT },
	  ONE,
	  1 },
	{ "nobody is no author",
	  { { .buyer = "sam",
	      .vendor = "acme.example",
	      .from = "",
	      .campaign = ONE } },
	  { .buyer = "priya", .vendor = "other.example", .from = "" },
	  "",
	  1 },
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/family/domains of one vendor",
			domains_of_one_vendor);
	g_test_add_func("/store/family/domains of two vendors",
			domains_of_two_vendors);
	g_test_add_func("/store/family/keys say what is left",
			keys_say_what_is_left);
	g_test_add_func("/store/family/long labels end", long_labels_end);
	add_campaigns(campaign_cases, G_N_ELEMENTS(campaign_cases));
	return g_test_run();
}
