/* Cards over the store: sums, facts of some buyers' mail, joining and parting,
 * and whose front pages may be read. */
#include <string.h>
#include <time.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "market/front.h"
#include "market/vendor.h"

static void
holds(struct store *store, const char *buyer, const char *vendor, guint n)
{
	g_autoptr(StoreMessage) message = kit_message(buyer, n);
	struct store_message *messages[] = { message };
	g_autoptr(GBytes) bytes = kit_bytes(100, n);

	kit_set(&message->vendor, vendor);
	kit_set(&message->priority, n % 2 ? "edr" : "");
	message->time_us = (gint64)n * CLOCK_DAY_US;
	message->relevance = n / 10.0;
	KIT_DO(store_hold(store, messages, 1, bytes, kit_soon(), NULL, &error));
}

static void
notes(struct store *store, const char *vendor, guint n, guint touch)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);

	kit_set(&message->vendor, vendor);
	kit_set(&message->verdict, "deliver");
	message->touch = touch;
	message->time_us = (gint64)n * CLOCK_DAY_US;
	store_note(store, message);
	g_assert_true(store_flush(store, kit_soon(), NULL));
}

static const struct store_vendor_sum *
sum_of(const GPtrArray *sums, const char *buyer, const char *vendor,
       const char *priority)
{
	for (guint i = 0; i < sums->len; i++) {
		const struct store_vendor_sum *sum = sums->pdata[i];

		if (strcmp(sum->buyer, buyer) == 0 &&
		    strcmp(sum->vendor, vendor) == 0 &&
		    strcmp(sum->priority, priority) == 0)
			return sum;
	}
	return NULL;
}

static void
world(struct store *store)
{
	holds(store, "priya", "acme.example", 1);
	holds(store, "priya", "acme.example", 2);
	holds(store, "priya", "acme.example", 3);
	holds(store, "priya", "tryacme.example", 5);
	holds(store, "dana", "acme.example", 7);
	holds(store, "dana", "", 9);
}

static void
offers_are_summed_up(struct store *store)
{
	const char *const dana[] = { "dana", NULL };
	const char *const both[] = { "priya", "dana", NULL };
	const char *const nobody[] = { NULL };
	const double tags[] = { 0.3, 0.71 };
	g_autoptr(GPtrArray) near = NULL;
	g_autoptr(GPtrArray) all = NULL;
	g_autoptr(GPtrArray) some = NULL;
	g_autoptr(GPtrArray) none = NULL;
	const struct store_vendor_sum *sum;

	world(store);
	KIT_DO((all = store_vendor_sums(store, NULL, NULL, &error)));
	sum = sum_of(all, "priya", "acme.example", "edr");
	g_assert_cmpuint(sum->touches, ==, 2);
	g_assert_cmpuint(sum->held, ==, 2);
	g_assert_cmpint(sum->first_us, ==, 1 * CLOCK_DAY_US);
	g_assert_cmpint(sum->last_us, ==, 3 * CLOCK_DAY_US);
	g_assert_cmpuint(sum_of(all, "priya", "acme.example", "")->touches, ==,
			 1);
	g_assert_null(sum_of(all, "dana", "", "edr"));
	KIT_DO((some = store_vendor_sums(store, dana, tags, &error)));
	g_assert_cmpuint(some->len, ==, 1);
	g_assert_cmpuint(sum_of(some, "dana", "acme.example", "edr")->near, ==,
			 1);
	/* Of what came near, only what is near enough to each one. */
	KIT_DO((near = store_vendor_sums(store, both, tags, &error)));
	sum = sum_of(near, "priya", "acme.example", "edr");
	g_assert_cmpuint(sum->touches, ==, 2);
	g_assert_cmpuint(sum->near, ==, 1);
	g_assert_cmpuint(sum_of(near, "priya", "acme.example", "")->near, ==,
			 0);
	g_assert_cmpuint(sum_of(near, "dana", "acme.example", "edr")->near, ==,
			 0);
	KIT_DO((none = store_vendor_sums(store, nobody, tags, &error)));
	g_assert_cmpuint(none->len, ==, 0);
}

static void
test_let_in(void)
{
	g_autofree char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) all = NULL;
	g_autoptr(VendorBook) book = NULL;
	g_autoptr(VendorFacts) facts = NULL;
	guint touches = 0;
	guint held = 0;

	world(store);
	notes(store, "acme.example", 11, 0); /* business */
	notes(store, "acme.example", 13, 2);
	all = store_vendor_sums(store, NULL, NULL, NULL);
	for (guint i = 0; i < all->len; i++) {
		const struct store_vendor_sum *sum = all->pdata[i];

		if (strcmp(sum->vendor, "acme.example") == 0) {
			touches += sum->touches;
			held += sum->held;
		}
	}
	g_assert_cmpuint(touches, ==, 5);
	g_assert_cmpuint(held, ==, 4);
	book = vendor_book_load(store, NULL);
	facts = vendor_facts_load(store, book, "acme.example", NULL, NULL);
	g_assert_cmpuint(facts->touches, ==, 5);
	g_assert_cmpint(facts->last_us, ==, 13 * CLOCK_DAY_US);
	store_close(store);
	kit_remove(g_steal_pointer(&folder));
}

static struct vendor_book *
book_of(struct store *store)
{
	struct vendor_book *book = NULL;

	KIT_DO((book = vendor_book_load(store, &error)));
	return book;
}

static void
facts_are_of_some_buyers_mail(struct store *store)
{
	const char *const both[] = { "priya", "dana", NULL };
	const char *const dana[] = { "dana", NULL };
	g_autoptr(VendorBook) book = NULL;
	g_autoptr(VendorFacts) all = NULL;
	g_autoptr(VendorFacts) some = NULL;
	const struct vendor_count *count;

	world(store);
	book = book_of(store);
	KIT_DO((all = vendor_facts_of(store, book, "acme.example", both,
				      &error)));
	g_assert_cmpuint(all->touches, ==, 4);
	g_assert_cmpint(all->last_us, ==, 7 * CLOCK_DAY_US);
	count = all->buyers->pdata[0];
	g_assert_cmpstr(count->key, ==, "priya");
	g_assert_cmpuint(count->n, ==, 3);
	g_assert_true(id_valid(count->newest));
	KIT_DO((some = vendor_facts_of(store, book, "acme.example", dana,
				       &error)));
	g_assert_cmpuint(some->touches, ==, 1);
	g_assert_cmpuint(some->buyers->len, ==, 1);
}

/* The card's own domain may leave, too. */
static void
a_card_is_joined_and_parted(struct store *store)
{
	const struct store_move join = { "tryacme.example", "acme.example" };
	g_autoptr(GPtrArray) leaves = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) gone = NULL;
	g_autoptr(GPtrArray) domains = NULL;
	g_autoptr(VendorBook) before = book_of(store);
	g_autoptr(VendorBook) joined = NULL;
	g_autoptr(VendorBook) parted = NULL;
	g_autofree char *rest = NULL;

	KIT_DO((gone = vendor_merge(store, before, &join, "pam", &error)));
	g_assert_cmpuint(gone->len, ==, 1);
	joined = book_of(store);
	domains = vendor_book_domains(joined, "acme.example");
	g_assert_cmpuint(domains->len, ==, 2);
	g_assert_cmpstr(vendor_book_card(joined, "tryacme.example"), ==,
			"acme.example");
	g_ptr_array_add(leaves, g_strdup("acme.example"));
	KIT_DO(vendor_split(store, joined, leaves, "pam", &rest, &error));
	g_assert_cmpstr(rest, ==, "tryacme.example");
	parted = book_of(store);
	g_assert_cmpstr(vendor_book_card(parted, "tryacme.example"), ==,
			"tryacme.example");
	g_assert_cmpstr(vendor_book_card(parted, "acme.example"), ==,
			"acme.example");
}

static void
test_nothing_would_be_left(void)
{
	g_autofree char *folder = kit_quick_folder();
	g_autoptr(Store) store = kit_open(folder);
	g_autoptr(VendorBook) book = vendor_book_load(store, NULL);
	g_autoptr(GPtrArray) leaves = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) alone = NULL;
	g_autoptr(GError) strangers = NULL;
	g_autofree char *rest = NULL;

	g_ptr_array_add(leaves, g_strdup("acme.example"));
	g_assert_false(vendor_split(store, book, leaves, "pam", &rest, &alone));
	g_assert_error(alone, VENDOR_ERROR, VENDOR_ERROR_CARDS);
	g_ptr_array_add(leaves, g_strdup("other.example"));
	g_assert_false(
		vendor_split(store, book, leaves, "pam", &rest, &strangers));
	g_assert_error(strangers, VENDOR_ERROR, VENDOR_ERROR_CARDS);
	g_assert_null(rest);
	g_clear_pointer(&store, store_close);
	kit_remove(g_steal_pointer(&folder));
}

static void
rules(struct store *store, const char *vendor, enum store_ruling_word word,
      gint64 until_us)
{
	g_autoptr(StoreRuling) ruling = g_new0(struct store_ruling, 1);

	id_new(ruling->id);
	ruling->buyer = g_strdup("priya");
	ruling->subject = g_strdup(vendor);
	ruling->word = word;
	ruling->until_us = until_us;
	ruling->by = g_strdup("priya");
	ruling->cause = g_strdup("");
	KIT_DO(store_ruling_add(store, ruling, &error));
}

static char *
domains_now(struct store *store, gint64 now_us)
{
	g_autoptr(GPtrArray) domains = NULL;

	KIT_DO((domains = front_domains(store, now_us, &error)));
	g_ptr_array_add(domains, NULL);
	return g_strjoinv(" ", (char **)domains->pdata);
}

static void
only_wanted_pages_are_read(struct store *store)
{
	const gint64 now_us = clock_now_us();
	g_autofree char *none = domains_now(store, now_us);
	g_autofree char *some = NULL;
	g_autofree char *later = NULL;
	g_autofree char *fewer = NULL;
	gboolean wished = FALSE;

	g_assert_cmpstr(none, ==, "");
	rules(store, "wanted.example", STORE_RULING_WANTED, 0);
	rules(store, "never.example", STORE_RULING_NEVER, 0);
	rules(store, "deep.of.example", STORE_RULING_WANTED, 0);
	rules(store, "localhost", STORE_RULING_WANTED, 0);
	rules(store, "10.0.0.1", STORE_RULING_WANTED, 0);
	KIT_DO(front_wish(store, "asked.example", "pam", &error));
	KIT_DO(front_wish(store, "wanted.example", "pam", &error));
	some = domains_now(store, now_us);
	g_assert_cmpstr(some, ==, "wanted.example asked.example");
	KIT_DO(front_wished(store, "asked.example", now_us, &wished, &error));
	g_assert_true(wished);
	later = domains_now(store, now_us + 31 * CLOCK_DAY_US);
	g_assert_cmpstr(later, ==, "wanted.example");
	KIT_DO(front_unwish(store, "asked.example", "pam", &error));
	fewer = domains_now(store, now_us);
	g_assert_cmpstr(fewer, ==, "wanted.example");
}

/* Of two vendors: one has a sender, campaign and priority for each mail. */
static void
notes_many(struct store *store, guint n)
{
	for (guint i = 0; i < 2 * n; i++) {
		g_autoptr(StoreMessage) message = kit_message("priya", i);
		g_autofree char *own =
			g_strdup_printf("%0100u@x.example", i % 2 ? i : 0);

		kit_set(&message->vendor,
			i % 2 ? "unlike.example" : "like.example");
		kit_set(&message->from, own);
		kit_set(&message->campaign, own);
		kit_set(&message->priority, own);
		message->state = STORE_DELIVERED;
		store_note(store, message);
		if (i % 500 == 499)
			g_assert_true(store_flush(store, kit_soon(), NULL));
	}
}

/* Time of this thread for a card; the least of three. */
static double
card_time(struct store *store, const char *card, guint senders)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(VendorBook) book = vendor_book_load(store, &error);
	double least = G_MAXDOUBLE;

	g_assert_no_error(error);
	for (guint i = 0; i < 3; i++) {
		struct timespec from;
		struct timespec to;
		g_autoptr(VendorFacts) facts = NULL;

		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
		facts = vendor_facts_load(store, book, card, NULL, &error);
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
		g_assert_no_error(error);
		g_assert_cmpuint(facts->senders->len, ==, senders);
		g_assert_cmpuint(facts->campaigns->len, ==, senders);
		least = MIN(least,
			    (double)(to.tv_sec - from.tv_sec) +
				    (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	}
	return least;
}

/* As much mail of one sender is read about as fast. */
static void
test_many_senders(void)
{
	enum { MAILS = 6000 };
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	double unlike;
	double like;

	notes_many(store, MAILS);
	unlike = card_time(store, "unlike.example", MAILS);
	like = card_time(store, "like.example", 1);
	g_test_message("%.3f s, %.3f s", unlike, like);
	g_assert_cmpfloat(unlike, <, 2.5 * like);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("offers are summed up", offers_are_summed_up);
	kit_scenario("facts are of some buyers' mail",
		     facts_are_of_some_buyers_mail);
	kit_scenario("a card is joined and parted",
		     a_card_is_joined_and_parted);
	kit_scenario("only wanted pages are read", only_wanted_pages_are_read);
	g_test_add_func("/vendor/what was let in was sent", test_let_in);
	g_test_add_func("/vendor/many senders", test_many_senders);
	g_test_add_func("/vendor/nothing would be left",
			test_nothing_would_be_left);
	return g_test_run();
}
