/* The conformance suite: cards of vendors, and what was read of them. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/vendors.h"

static const struct store_vendor *
row_of(const GPtrArray *rows, const char *domain)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct store_vendor *row = rows->pdata[i];

		if (strcmp(row->domain, domain) == 0)
			return row;
	}
	return NULL;
}

static void
cards_are_joined_and_parted(struct store *store)
{
	const struct store_move join[] = { { "a.example", "a.example" },
					   { "b.example", "a.example" } };
	const struct store_move part[] = { { "b.example", "b.example" } };
	g_autoptr(GPtrArray) none = NULL;
	g_autoptr(GPtrArray) joined = NULL;
	g_autoptr(GPtrArray) parted = NULL;

	KIT_DO((none = store_vendor_list(store, &error)));
	g_assert_cmpuint(none->len, ==, 0);
	KIT_DO(store_vendor_move(store, join, 2, "pam", &error));
	KIT_DO((joined = store_vendor_list(store, &error)));
	g_assert_cmpuint(joined->len, ==, 2);
	g_assert_cmpstr(row_of(joined, "b.example")->card, ==, "a.example");
	g_assert_cmpstr(row_of(joined, "b.example")->by, ==, "pam");
	g_assert_cmpint(row_of(joined, "b.example")->time_us, >, 0);
	KIT_DO(store_vendor_move(store, part, 1, "sam", &error));
	KIT_DO((parted = store_vendor_list(store, &error)));
	g_assert_cmpstr(row_of(parted, "a.example")->card, ==, "a.example");
	g_assert_cmpstr(row_of(parted, "b.example")->card, ==, "b.example");
	g_assert_cmpstr(row_of(parted, "b.example")->by, ==, "sam");
}

/* What is written on a domain goes with it, from card to card. */
static void
writing_stays_with_the_domain(struct store *store)
{
	const struct store_move join[] = { { "b.example", "a.example" } };
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_vendor *row;

	KIT_DO(store_vendor_write(store, "b.example", STORE_VENDOR_OWNER, "pam",
				  "pam", &error));
	KIT_DO(store_vendor_move(store, join, 1, "pam", &error));
	KIT_DO(store_vendor_write(store, "b.example", STORE_VENDOR_NOTE,
				  "met in May", "pam", &error));
	KIT_DO(store_vendor_write(store, "b.example", STORE_VENDOR_NAME,
				  "Bee's; DROP TABLE vendor", "pam", &error));
	KIT_DO(store_vendor_write(store, "b.example", STORE_VENDOR_OWNER, "",
				  "pam", &error));
	KIT_DO((rows = store_vendor_list(store, &error)));
	g_assert_cmpuint(rows->len, ==, 1);
	row = rows->pdata[0];
	g_assert_cmpstr(row->card, ==, "a.example");
	g_assert_cmpstr(row->owner, ==, "");
	g_assert_cmpstr(row->note, ==, "met in May");
	g_assert_cmpstr(row->name, ==, "Bee's; DROP TABLE vendor");
}

static void
a_long_note_is_cut_between_letters(struct store *store)
{
	g_autofree char *a = g_strnfill(STORE_VENDOR_TEXT_MAX - 1, 'a');
	g_autofree char *note = g_strconcat(a, "\xc3\xab more", NULL);
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_vendor *row;

	KIT_DO(store_vendor_write(store, "b.example", STORE_VENDOR_NOTE, note,
				  "pam", &error));
	KIT_DO((rows = store_vendor_list(store, &error)));
	row = rows->pdata[0];
	g_assert_cmpstr(row->note, ==, a);
}

static struct store_message *
message_of(struct store *store, const char *buyer, guint n)
{
	g_autofree char *id = kit_hold(store, buyer, n);
	struct store_message *message = NULL;

	KIT_DO((message = store_find(store, buyer, id, &error)));
	return message;
}

static GPtrArray *
quotes_of(guint n, const char *text)
{
	GPtrArray *quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);

	for (guint i = 0; i < n; i++) {
		struct store_quote *quote = g_new0(struct store_quote, 1);

		quote->kind = STORE_QUOTE_PRICE;
		quote->place = 10 * i;
		quote->text = g_strdup(text);
		quote->what = g_strdup("EUR 900");
		quote->value = 900;
		quote->value_max = 1200.5;
		quote->unit = g_strdup("user");
		quote->currency = g_strdup("EUR");
		quote->period = g_strdup("year");
		g_ptr_array_add(quotes, quote);
	}
	return quotes;
}

static guint
count(struct store *store, const struct store_quote_query *query)
{
	g_autoptr(GPtrArray) rows = NULL;

	KIT_DO((rows = store_quotes_list(store, query, &error)));
	return rows->len;
}

static void
quotations_are_kept(struct store *store)
{
	g_autoptr(StoreMessage) message = message_of(store, "priya", 1);
	g_autoptr(GPtrArray) quotes = quotes_of(2, "from EUR 900");
	const struct store_quote_query query = { .vendor = message->vendor };
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_quote *row;

	KIT_DO(store_quotes_set(store, message, quotes, &error));
	KIT_DO((rows = store_quotes_list(store, &query, &error)));
	g_assert_cmpuint(rows->len, ==, 2);
	row = rows->pdata[1];
	g_assert_cmpstr(row->vendor, ==, message->vendor);
	g_assert_cmpstr(row->buyer, ==, "priya");
	g_assert_cmpstr(row->message, ==, message->id);
	g_assert_cmpint(row->time_us, ==, message->time_us);
	g_assert_cmpint(row->kind, ==, STORE_QUOTE_PRICE);
	g_assert_cmpuint(row->place, ==, 10);
	g_assert_cmpstr(row->text, ==, "from EUR 900");
	g_assert_cmpstr(row->what, ==, "EUR 900");
	g_assert_true(row->value == 900 && row->value_max == 1200.5);
	g_assert_cmpstr(row->unit, ==, "user");
	g_assert_cmpstr(row->currency, ==, "EUR");
	g_assert_cmpstr(row->period, ==, "year");
}

static void
quotations_are_found(struct store *store)
{
	g_autoptr(StoreMessage) priya = message_of(store, "priya", 1);
	g_autoptr(StoreMessage) tom = message_of(store, "tom", 2);
	g_autoptr(GPtrArray) two = quotes_of(2, "two");
	g_autoptr(GPtrArray) one = quotes_of(1, "one");
	const gint64 later = MAX(priya->time_us, tom->time_us) + 1;

	KIT_DO(store_quotes_set(store, priya, two, &error));
	KIT_DO(store_quotes_set(store, tom, one, &error));
	g_assert_cmpuint(count(store, &(struct store_quote_query){ 0 }), ==, 3);
	g_assert_cmpuint(
		count(store, &(struct store_quote_query){ .buyer = "tom" }), ==,
		1);
	g_assert_cmpuint(
		count(store, &(struct store_quote_query){ .limit = 2 }), ==, 2);
	g_assert_cmpuint(
		count(store, &(struct store_quote_query){ .since_us = later }),
		==, 0);
	g_assert_cmpuint(count(store,
			       &(struct store_quote_query){
				       .vendor = "nobody.example" }),
			 ==, 0);
}

/* Read again, better: nothing is left of the first reading. */
static void
a_second_reading_replaces_the_first(struct store *store)
{
	g_autoptr(StoreMessage) message = message_of(store, "priya", 1);
	g_autoptr(GPtrArray) first = quotes_of(3, "first");
	g_autoptr(GPtrArray) second = quotes_of(1, "second");
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_quote_query all = { 0 };
	const struct store_quote *row;

	KIT_DO(store_quotes_set(store, message, first, &error));
	KIT_DO(store_quotes_set(store, message, second, &error));
	KIT_DO(store_quotes_set(store, message, second, &error));
	KIT_DO((rows = store_quotes_list(store, &all, &error)));
	g_assert_cmpuint(rows->len, ==, 1);
	row = rows->pdata[0];
	g_assert_cmpstr(row->text, ==, "second");
}

static guint
due(struct store *store, const char *after, char first[ID_LEN + 1])
{
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_message *row;

	KIT_DO((rows = store_quotes_due(store, after, 0, &error)));
	row = rows->len > 0 ? rows->pdata[0] : NULL;
	g_strlcpy(first, row ? row->id : "", ID_LEN + 1);
	return rows->len;
}

/* Ids that were made within a millisecond are in any order. */
static void
what_was_read_is_not_due(struct store *store)
{
	g_autoptr(StoreMessage) one = message_of(store, "priya", 1);
	g_autoptr(StoreMessage) two = message_of(store, "priya", 2);
	const gboolean ordered = strcmp(one->id, two->id) < 0;
	const struct store_message *first = ordered ? one : two;
	const struct store_message *last = ordered ? two : one;
	g_autoptr(GPtrArray) none = quotes_of(0, "");
	char id[ID_LEN + 1];

	g_assert_cmpuint(due(store, NULL, id), ==, 2);
	g_assert_cmpstr(id, ==, first->id);
	g_assert_cmpuint(due(store, first->id, id), ==, 1);
	g_assert_cmpstr(id, ==, last->id);
	KIT_DO(store_quotes_set(store, first, none, &error));
	g_assert_cmpuint(due(store, NULL, id), ==, 1);
	g_assert_cmpstr(id, ==, last->id);
	KIT_DO(store_delete(store, "priya", last->id, "gone", &error));
	g_assert_cmpuint(due(store, NULL, id), ==, 0);
}

static void
a_message_that_is_not_there_is_refused(struct store *store)
{
	g_autoptr(StoreMessage) message = message_of(store, "priya", 1);
	g_autoptr(GPtrArray) one = quotes_of(1, "one");

	kit_set(&message->buyer, "tom");
	KIT_REFUSE(store_quotes_set(store, message, one, &error),
		   STORE_ERROR_NOT_FOUND);
	g_assert_cmpuint(count(store, &(struct store_quote_query){ 0 }), ==, 0);
}

static void
kinds_have_words(void)
{
	for (int kind = STORE_QUOTE_CLAIM; kind <= STORE_QUOTE_PROOF; kind++)
		g_assert_cmpint(store_quote_kind_parse(store_quote_kind_name(
					(enum store_quote_kind)kind)),
				==, kind);
	g_assert_cmpint(store_quote_kind_parse("rumour"), ==, -1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("cards are joined and parted",
		     cards_are_joined_and_parted);
	kit_scenario("writing stays with the domain",
		     writing_stays_with_the_domain);
	kit_scenario("a long note is cut between letters",
		     a_long_note_is_cut_between_letters);
	kit_scenario("quotations are kept", quotations_are_kept);
	kit_scenario("quotations are found", quotations_are_found);
	kit_scenario("a second reading replaces the first",
		     a_second_reading_replaces_the_first);
	kit_scenario("what was read is not due", what_was_read_is_not_due);
	kit_scenario("a message that is not there is refused",
		     a_message_that_is_not_there_is_refused);
	g_test_add_func("/store/kinds have words", kinds_have_words);
	return g_test_run();
}
