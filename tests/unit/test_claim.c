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
	{ "five nines", "We deliver 99.999% uptime.", STORE_QUOTE_CLAIM,
	  "99.999%", 99.999, 99.999, "%", "", "" },
	{ "five nines with a comma", "Our platform delivers 99,999 % uptime.",
	  STORE_QUOTE_CLAIM, "99,999 %", 99.999, 99.999, "%", "", "" },
	{ "nines that rose", "Uptime went from 99.950 to 99.995 %.",
	  STORE_QUOTE_CLAIM, "99.950 to 99.995 %", 99.95, 99.995, "%", "", "" },
	{ "thousands of per cent", "We raise conversion by 1,200 %.",
	  STORE_QUOTE_CLAIM, "1,200 %", 1200, 1200, "%", "", "" },
	{ "a factor to a thousandth", "Queries are 1.375x faster.",
	  STORE_QUOTE_CLAIM, "1.375x", 1.375, 1.375, "x", "", "" },
	{ "a dollar and tenths of a cent", "It costs $2.125 per call.",
	  STORE_QUOTE_PRICE, "$2.125", 2.125, 2.125, "call", "$", "" },
	{ "dollars behind a number that is grouped", "The kit costs 1.390 USD.",
	  STORE_QUOTE_PRICE, "1.390 USD", 1390, 1390, "", "USD", "" },
	{ "hours with a dot that groups",
	  "We save 12.500 hours a year for a team.", STORE_QUOTE_CLAIM,
	  "12.500 hours", 12500, 12500, "hours", "", "" },
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

	{ "per cent in words", "We cut fuel by forty per cent.",
	  STORE_QUOTE_CLAIM, "forty per cent", 40, 40, "%", "", "" },
	{ "two words of a number", "Waste fell by twenty-five percent.",
	  STORE_QUOTE_CLAIM, "twenty-five percent", 25, 25, "%", "", "" },
	{ "half", "Overtime fell by half.", STORE_QUOTE_CLAIM, "by half", 50,
	  50, "%", "", "" },
	{ "halved", "We halved the paperwork.", STORE_QUOTE_CLAIM, "halved", 50,
	  50, "%", "", "" },
	{ "a third less", "It takes a third less time.", STORE_QUOTE_CLAIM,
	  "a third", 100.0 / 3, 100.0 / 3, "%", "", "" },
	{ "doubled", "Their sign-ups doubled.", STORE_QUOTE_CLAIM, "doubled", 2,
	  2, "x", "", "" },
	{ "twice as fast", "Onboarding is twice as fast.", STORE_QUOTE_CLAIM,
	  "twice as", 2, 2, "x", "", "" },
	{ "so many times in words", "Replies are three times higher.",
	  STORE_QUOTE_CLAIM, "three times", 3, 3, "x", "", "" },
	{ "-fold", "It is 10-fold more sensitive.", STORE_QUOTE_CLAIM,
	  "10-fold", 10, 10, "x", "", "" },
	{ "a change in words and of another unit",
	  "They went from five weeks to nine days.", STORE_QUOTE_CLAIM,
	  "five weeks to nine days", 35, 9, "days", "", "" },
	{ "a change of what is counted",
	  "They went from 212,000 accounts to 131,000.", STORE_QUOTE_CLAIM,
	  "212,000 accounts to 131,000", 212000, 131000, "", "", "" },
	{ "German halves", "Wir haben die Kosten halbiert.", STORE_QUOTE_CLAIM,
	  "halbiert", 50, 50, "%", "", "" },
	{ "what was done", "We have processed 4.7 million invoices.",
	  STORE_QUOTE_CLAIM, "4.7 million", 4.7e6, 4.7e6, "", "", "" },
	{ "dollars in words", "It costs nineteen dollars a month.",
	  STORE_QUOTE_PRICE, "nineteen dollars", 19, 19, "", "$", "month" },
	{ "a price for a thing that has no name here",
	  "It is $28 per hand-over.", STORE_QUOTE_PRICE, "$28", 28, 28,
	  "hand-over", "$", "" },
	{ "a thing that is told before its price",
	  "You pay per resolved contact, from $0.94.", STORE_QUOTE_PRICE,
	  "$0.94", 0.94, 0.94, "resolved contact", "$", "" },
	{ "a period that is told before its price",
	  "Servicio mensual desde $2,800.", STORE_QUOTE_PRICE, "$2,800", 2800,
	  2800, "", "$", "month" },
	{ "an hour, which is no French year",
	  "From \xc2\xa3"
	  "17.50 an hour.",
	  STORE_QUOTE_PRICE,
	  "\xc2\xa3"
	  "17.50",
	  17.5, 17.5, "", "GBP", "hour" },
	{ "a period of something else",
	  "Price USD 2,310 for 5 containers per month.", STORE_QUOTE_PRICE,
	  "USD 2,310", 2310, 2310, "", "USD", "" },
	{ "which dollars", "The fee is $18,000 MXN.", STORE_QUOTE_PRICE,
	  "$18,000 MXN", 18000, 18000, "", "MXN", "" },
	{ "the new price", "Cost: $1,499 today $899", STORE_QUOTE_PRICE, "$899",
	  899, 899, "", "$", "" },
	{ "a range that is asked", "Licences run from $30,000 to $55,000.",
	  STORE_QUOTE_PRICE, "$30,000 to $55,000", 30000, 55000, "", "$", "" },
	{ "a fee in a sentence of savings",
	  "Our fee is 25% of recovered money.", STORE_QUOTE_PRICE, "25%", 25,
	  25, "%", "", "" },
	{ "any norm that is held", "The module is certified to ISO 55001.",
	  STORE_QUOTE_PROOF, "ISO 55001", 0, 0, "", "", "" },

	{ "half an hour", "We cut to the point in half an hour.", NONE, NULL, 0,
	  0, NULL, NULL, NULL },
	{ "what has doubled for everybody", "Your spend has doubled.", NONE,
	  NULL, 0, 0, NULL, NULL, NULL },
	{ "costs that doubled", "Freight costs doubled.", NONE, NULL, 0, 0,
	  NULL, NULL, NULL },
	{ "a quarter of a year", "Prices come out once a quarter.", NONE, NULL,
	  0, 0, NULL, NULL, NULL },
	{ "a league of firms", "We help Fortune 1000 companies use mail.", NONE,
	  NULL, 0, 0, NULL, NULL, NULL },
	{ "what most are told", "Most groups see a rise up 14%.", NONE, NULL, 0,
	  0, NULL, NULL, NULL },
	{ "a stock market's letter",
	  "Nasdaq and Dow futures fell. Shares of Acme: up 8%.\n\nThe index "
	  "was down 3%. Stocks with EPS of $2 cost $40.",
	  NONE, NULL, 0, 0, NULL, NULL, NULL },

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

/* Lines that a program wrapped go on; lines of a list do not. */
static void
lines_of_a_list_are_their_own(void)
{
	static const char text[] =
		"Cloud voice for each of the many named agents of yours: $41\n"
		"Set-up of all the lines with your own numbers kept: $14,000\n"
		"\n"
		"We have taken this long line as an example of an unwrapped "
		"mail "
		"since it goes on to well above one hundred characters.\n";
	g_autoptr(GPtrArray) quotes = claims_read(text);
	const struct store_quote *second;

	g_assert_cmpuint(quotes->len, ==, 2);
	second = quotes->pdata[1];
	g_assert_true(g_str_has_prefix(second->text, "Set-up"));
	g_assert_cmpstr(second->what, ==, "$14,000");
}

static void
ends_of_sentences_are_told(void)
{
	static const char text[] =
		"A bottler went from 535 to 405 g. It had to change wheels.\n\n"
		"Vorderkante Kat. 3 ausbessern: 3.450 Euro je Blatt\n\n"
		"Register at $349 (reg. $499)\n\n"
		"Bis 31. Januar gilt der Preis von 90 Euro.\n";
	static const char *const wanted[] = {
		"A bottler went from 535 to 405 g.",
		"Vorderkante Kat. 3 ausbessern: 3.450 Euro je Blatt",
		"Register at $349 (reg. $499)",
		"Bis 31. Januar gilt der Preis von 90 Euro.",
	};
	g_autoptr(GPtrArray) quotes = claims_read(text);

	g_assert_cmpuint(quotes->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < quotes->len; i++) {
		const struct store_quote *quote = quotes->pdata[i];

		g_assert_cmpstr(quote->text, ==, wanted[i]);
	}
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
	g_test_add_func("/claims/lines of a list",
			lines_of_a_list_are_their_own);
	g_test_add_func("/claims/ends of sentences",
			ends_of_sentences_are_told);
	g_test_add_func("/claims/long texts are bounded",
			long_texts_are_bounded);
	return g_test_run();
}
