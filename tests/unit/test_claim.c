/* What is a claim, a price or proof, and what only looks like one. */
#include <string.h>

#include "market/claim.h"

#define NONE (-1)

struct claim_case {
	const char *what;
	const char *text;
	int kind;	   /* of the first quotation; NONE: there is none */
	const char *found; /* as it is written */
	double value;
	double value_max;
	const char *unit;
	const char *currency;
	const char *period;
};

static const struct claim_case cases[] = {
	{ "a cut in per cent", "We cut alert volume by 40 % for banks.",
	  STORE_QUOTE_CLAIM, "40 %", 40, 40, "%", "", "" },
	{ "so many times faster", "Our index is 3x faster than the old one.",
	  STORE_QUOTE_CLAIM, "3x", 3, 3, "x", "", "" },
	{ "hours saved", "It saves 12 hours a week.", STORE_QUOTE_CLAIM,
	  "12 hours", 12, 12, "hours", "", "" },
	{ "a change of shares", "Match rate went from 52% to 81%.",
	  STORE_QUOTE_CLAIM, "52% to 81%", 52, 81, "%", "", "" },
	{ "an arrow", "Fehlerquote 0,84 % -> 0,09 %", STORE_QUOTE_CLAIM,
	  "0,84 % -> 0,09 %", 0.84, 0.09, "%", "", "" },
	{ "German", "Unsere Kunden senken die Kosten um 31 %.",
	  STORE_QUOTE_CLAIM, "31 %", 31, 31, "%", "", "" },
	{ "French",
	  "On a r\xc3\xa9"
	  "duit les retours de 58 %.",
	  STORE_QUOTE_CLAIM, "58 %", 58, 58, "%", "", "" },
	{ "Italian", "Il tasso \xc3\xa8 sceso dal 48 al 36%.",
	  STORE_QUOTE_CLAIM, "48 al 36%", 48, 36, "%", "", "" },
	{ "Spanish", "Nuestros clientes ahorran 22% al renovar.",
	  STORE_QUOTE_CLAIM, "22%", 22, 22, "%", "", "" },
	{ "who uses it", "More than 300 hospitals use us today.",
	  STORE_QUOTE_CLAIM, "300", 300, 300, "", "", "" },
	{ "a price for each user and month", "$4 per user per month.",
	  STORE_QUOTE_PRICE, "$4", 4, 4, "user", "$", "month" },
	{ "the least price", "Packages from EUR 900.", STORE_QUOTE_PRICE,
	  "EUR 900", 900, 900, "", "EUR", "" },
	{ "a dot that groups", "Das Paket kostet 1.200 \xe2\x82\xac im Monat.",
	  STORE_QUOTE_PRICE, "1.200 \xe2\x82\xac", 1200, 1200, "", "EUR",
	  "month" },
	{ "a space that groups",
	  "Prix : 3\xc2\xa0"
	  "200 \xe2\x82\xac par mois.",
	  STORE_QUOTE_PRICE, "3 200 \xe2\x82\xac", 3200, 3200, "", "EUR",
	  "month" },
	{ "zloty",
	  "Koszt 89 z\xc5\x82 za pojazd miesi\xc4\x99"
	  "cznie.",
	  STORE_QUOTE_PRICE, "89 z\xc5\x82", 89, 89, "vehicle", "PLN",
	  "month" },
	{ "a range", "The fee is $2,000 to $4,000.", STORE_QUOTE_PRICE,
	  "$2,000 to $4,000", 2000, 4000, "", "$", "" },
	{ "thousands",
	  "The licence costs \xc2\xa3"
	  "46k a year.",
	  STORE_QUOTE_PRICE,
	  "\xc2\xa3"
	  "46k",
	  46000, 46000, "", "GBP", "year" },
	{ "a discount", "You get a 15% discount this week.", STORE_QUOTE_PRICE,
	  "15%", 15, 15, "%", "", "" },
	{ "a certificate", "We are SOC 2 Type II audited.", STORE_QUOTE_PROOF,
	  "SOC 2 Type II", 0, 0, "", "", "" },
	{ "customers by name", "Customers like Acme and Globex trust it.",
	  STORE_QUOTE_PROOF, "Acme and Globex", 0, 0, "", "", "" },
	{ "a wrapped line is one sentence",
	  "With our new sensor each of the many plants can\ncut water by 40%.",
	  STORE_QUOTE_CLAIM, "40%", 40, 40, "%", "", "" },

	{ "a question", "Want to cut costs by 40%?", NONE, NULL, 0, 0, NULL,
	  NULL, NULL },
	{ "a date", "We meet on 12.03.2026 or 2026-04-01.", NONE, NULL, 0, 0,
	  NULL, NULL, NULL },
	{ "a year", "Since 1998 we reduced nothing.", NONE, NULL, 0, 0, NULL,
	  NULL, NULL },
	{ "a telephone number", "Call +49 561 555 0144 to save time.", NONE,
	  NULL, 0, 0, NULL, NULL, NULL },
	{ "an address", "300 Granite Ave, Nashua NH 03060", NONE, NULL, 0, 0,
	  NULL, NULL, NULL },
	{ "a version", "9.4.2 is faster and fixes more.", NONE, NULL, 0, 0,
	  NULL, NULL, NULL },
	{ "around the clock", "Our 24x7 team saves the day.", NONE, NULL, 0, 0,
	  NULL, NULL, NULL },
	{ "an order number", "Order #40218 is lower in the list.", NONE, NULL,
	  0, 0, NULL, NULL, NULL },
	{ "a meeting", "Could we talk for 15 minutes this week.", NONE, NULL, 0,
	  0, NULL, NULL, NULL },
	{ "a time of day", "The demo is at 10:30, faster than last year.", NONE,
	  NULL, 0, 0, NULL, NULL, NULL },
	{ "what everybody does", "Gartner says 68% of firms save more.", NONE,
	  NULL, 0, 0, NULL, NULL, NULL },
	{ "money that was raised", "We raised $40M from three funds.", NONE,
	  NULL, 0, 0, NULL, NULL, NULL },
	{ "a present", "You get a $50 gift card for a call.", NONE, NULL, 0, 0,
	  NULL, NULL, NULL },
	{ "a standard to be met", "We help you become ISO 27001 ready.", NONE,
	  NULL, 0, 0, NULL, NULL, NULL },
	{ "nothing", "", NONE, NULL, 0, 0, NULL, NULL, NULL },
};

static void
same(const char *what, const char *got, const char *wanted)
{
	if (strcmp(got, wanted) != 0)
		g_error("%s is '%s', not '%s'", what, got, wanted);
}

static void
check(const struct claim_case *c)
{
	g_autoptr(GPtrArray) quotes = claims_read(c->text);
	const struct store_quote *quote;

	g_test_message("%s", c->what);
	if (c->kind == NONE) {
		g_assert_cmpuint(quotes->len, ==, 0);
		return;
	}
	g_assert_cmpuint(quotes->len, >, 0);
	quote = quotes->pdata[0];
	g_assert_cmpint(quote->kind, ==, c->kind);
	same("what was found", quote->what, c->found);
	g_assert_cmpfloat_with_epsilon(quote->value, c->value, 1e-9);
	g_assert_cmpfloat_with_epsilon(quote->value_max, c->value_max, 1e-9);
	same("the unit", quote->unit, c->unit);
	same("the currency", quote->currency, c->currency);
	same("the period", quote->period, c->period);
}

static void
claims_are_told_apart(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		check(&cases[i]);
}

/* The place is that of the number in the text that was given. */
static void
quotations_are_cut_at_sentences(void)
{
	static const char text[] = "Hello Priya.\n\nWe cut  waste by 40%. It "
				   "costs $90 a month. Bye!";
	g_autoptr(GPtrArray) quotes = claims_read(text);
	const struct store_quote *claim;
	const struct store_quote *price;

	g_assert_cmpuint(quotes->len, ==, 2);
	claim = quotes->pdata[0];
	price = quotes->pdata[1];
	g_assert_cmpstr(claim->text, ==, "We cut waste by 40%.");
	g_assert_true(g_str_has_prefix(text + claim->place, "40%"));
	g_assert_cmpstr(price->text, ==, "It costs $90 a month.");
	g_assert_true(g_str_has_prefix(text + price->place, "$90"));
}

static void
long_texts_are_bounded(void)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GPtrArray) quotes = NULL;

	for (guint i = 0; i < 20000; i++)
		g_string_append(text, "We cut it by 40%. ");
	quotes = claims_read(text->str);
	g_assert_cmpuint(quotes->len, <=, CLAIM_MAX);
	g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/claims/are told apart", claims_are_told_apart);
	g_test_add_func("/claims/are cut at sentences",
			quotations_are_cut_at_sentences);
	g_test_add_func("/claims/long texts are bounded",
			long_texts_are_bounded);
	return g_test_run();
}
