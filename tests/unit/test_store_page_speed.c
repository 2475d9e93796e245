/*
 * How long the pages of the queue take, and what keeping it adds to a hold.
 * Without -m perf a short run that only shows that nothing hangs; with it, the
 * figures at 100,000 held messages.
 */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/pending.h"
#include "store/queue.h"

#define BATCH 250

/* Of a buyer whose mail was mostly delivered. */
#define HELD   58
#define WANTED 40

struct sizes {
	guint messages;
	guint campaigns;
	guint buyers;
};

static char *
buyer_of(guint n)
{
	return g_strdup_printf("buyer%u", n);
}

static void
fill_message(struct store_message *message, const struct sizes *sizes, guint n,
	     char (*campaigns)[ID_LEN + 1])
{
	guint campaign = n % sizes->campaigns;
	g_autofree char *buyer = buyer_of(n % sizes->buyers);
	g_autofree char *vendor =
		g_strdup_printf("v%u.example", campaign % 997);

	if (campaigns[campaign][0] == '\0')
		memcpy(campaigns[campaign], message->id, ID_LEN + 1);
	kit_set(&message->buyer, buyer);
	kit_set(&message->vendor, vendor);
	kit_set(&message->campaign, campaigns[campaign]);
	kit_set(&message->priority, n % 3 ? "edr" : "siem");
	message->outreach = 0.4 + (n * 7919 % 10007) / 20014.0;
	message->relevance = (n * 104729 % 10007) / 10007.0;
	message->time_us -= (gint64)n * (30 * CLOCK_DAY_US / sizes->messages);
}

static void
hold_batch(struct store *store, const struct sizes *sizes, guint first, guint n,
	   char (*campaigns)[ID_LEN + 1])
{
	struct store_message *messages[BATCH];
	g_autoptr(GBytes) bytes = kit_bytes(100, first);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < n; i++) {
		messages[i] = kit_message("x", first + i);
		fill_message(messages[i], sizes, first + i, campaigns);
	}
	store_hold(store, messages, n, bytes,
		   clock_monotonic_us() + 60 * CLOCK_SECOND_US, NULL, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < n; i++)
		store_message_free(messages[i]);
}

static void
populate(struct store *store, const struct sizes *sizes)
{
	char(*campaigns)[ID_LEN + 1] =
		g_malloc0((gsize)sizes->campaigns * (ID_LEN + 1));
	gint64 began_us = clock_monotonic_us();

	for (guint n = 0; n < sizes->messages; n += BATCH)
		hold_batch(store, sizes, n, MIN(BATCH, sizes->messages - n),
			   campaigns);
	g_free(campaigns);
	g_test_message("%u held for %u buyers in %u campaigns: %.1f us each",
		       sizes->messages, sizes->buyers, sizes->campaigns,
		       (double)(clock_monotonic_us() - began_us) /
			       sizes->messages);
}

static gint64
time_folds(struct store *store, const struct store_fold_query *query,
	   const char *what)
{
	gint64 began_us = clock_monotonic_us(), took_us;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	struct store_fold_total total = { 0 };

	rows = store_fold_list(store, query, &total, &error);
	took_us = clock_monotonic_us() - began_us;
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, >, 0);
	g_test_message("  %s: %u of %u, %.2f ms", what, rows->len, total.folds,
		       (double)took_us / 1000);
	return took_us;
}

static gint64
time_flow(struct store *store, const char *buyer)
{
	gint64 began_us = clock_monotonic_us(), took_us;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = store_flow_list(store, buyer, 0, &error);

	took_us = clock_monotonic_us() - began_us;
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, >, 0);
	g_test_message("  flow of %s: %u rows, %.2f ms", buyer ? buyer : "all",
		       rows->len, (double)took_us / 1000);
	return took_us;
}

static void
snooze(struct store *store, const char *buyer, guint n)
{
	const struct store_query query = { .buyer = buyer,
					   .state = STORE_HELD,
					   .limit = n };
	g_autoptr(GPtrArray) list = store_list(store, &query, NULL);

	for (guint i = 0; i < list->len; i++) {
		struct store_message *message = list->pdata[i];
		struct store_pending pending = { .kind = STORE_SNOOZE,
						 .buyer = message->buyer,
						 .message = message->id };

		id_new(pending.id);
		g_assert_true(store_pending_add(store, &pending, NULL));
	}
}

static void
time_pages(struct store *store)
{
	struct store_fold_query query = { .buyer = "buyer0", .tag = 0.35 };
	gint64 page_us;

	query.now_us = clock_now_us();
	time_folds(store, &query, "first page, cold");
	page_us = time_folds(store, &query, "first page") +
		  time_flow(store, "buyer0");
	g_assert_cmpint(page_us, <, CLOCK_SECOND_US);
	time_flow(store, NULL);
	query.order = STORE_ORDER_NEWEST;
	time_folds(store, &query, "newest");
	query.order = STORE_ORDER_VENDOR;
	time_folds(store, &query, "by vendor");
	query.order = STORE_ORDER_REGRET;
	query.vendor = "v0.example";
	time_folds(store, &query, "a vendor");
	query.vendor = NULL;
	query.priority = "siem";
	time_folds(store, &query, "a priority");
	query.priority = NULL;
	query.text = "number";
	time_folds(store, &query, "a text that all have");
	query.text = "seller9";
	time_folds(store, &query, "a text");
	query.text = NULL;
	snooze(store, "buyer0", 20);
	time_folds(store, &query, "20 snoozed");
	query.offset = 20;
	time_folds(store, &query, "the page after some");
}

static void
pages_take(const struct sizes *sizes)
{
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);

	populate(store, sizes);
	time_pages(store);
	store_close(store);
	kit_remove(folder);
}

static void
pages_of_one_take(void)
{
	guint n = g_test_perf() ? 100000 : 500;
	const struct sizes sizes = { n, n * 3 / 10, 1 };

	pages_take(&sizes);
}

static void
pages_of_many_take(void)
{
	guint n = g_test_perf() ? 100000 : 5000;
	const struct sizes sizes = { n, n * 3 / 10, n / 100 };

	pages_take(&sizes);
}

static void
note_all(struct store *store, guint n)
{
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < n; i++) {
		g_autoptr(StoreMessage) message = kit_message("buyer0", i);

		kit_set(&message->campaign, message->id);
		message->time_us -= 90 * CLOCK_DAY_US;
		id_floor(message->time_us, message->id);
		g_snprintf(message->id + 10, ID_LEN - 9, "%016u", i);
		store_note(store, message);
		if (i % BATCH == 0)
			store_flush(store, clock_monotonic_us() + 1000000,
				    NULL);
	}
	store_flush(store, clock_monotonic_us() + 10000000, &error);
	g_assert_no_error(error);
}

static void
say(struct store *store, const struct store_query *query,
    enum store_label label)
{
	g_autoptr(GPtrArray) list = store_list(store, query, NULL);

	g_assert_cmpuint(list->len, ==, query->limit);
	for (guint i = 0; i < list->len; i++) {
		struct store_message *message = list->pdata[i];
		struct store_feedback said = { .buyer = message->buyer,
					       .message = message->id,
					       .label = label };

		id_new(said.id);
		g_assert_true(store_feedback_add(store, &said, NULL));
	}
}

static gint64
time_near(struct store *store)
{
	gint64 began_us = clock_monotonic_us(), took_us;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = store_flow_near(
		store, "buyer0", 0.35, clock_now_us() - CLOCK_DAY_US, &error);

	took_us = clock_monotonic_us() - began_us;
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, >, 0);
	g_test_message("  flow near a priority: %u rows, %.2f ms", rows->len,
		       (double)took_us / 1000);
	return took_us;
}

/* What was delivered, and labelled, is not looked at. */
static void
pages_beside_much_mail_take(void)
{
	const guint n = g_test_perf() ? 100000 : 1000;
	const struct store_query delivered = { .buyer = "buyer0",
					       .state = STORE_DELIVERED,
					       .limit = n / 20 };
	const struct store_query wanted = { .buyer = "buyer0",
					    .state = STORE_HELD,
					    .limit = WANTED };
	struct store_fold_query query = { .buyer = "buyer0",
					  .tag = 0.35,
					  .decided = STORE_DECIDED_NOT,
					  .now_us = clock_now_us() };
	const struct sizes sizes = { HELD, HELD, 1 };
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	gint64 took_us;

	note_all(store, n);
	populate(store, &sizes);
	time_folds(store, &query, "beside delivered mail, cold");
	took_us = time_folds(store, &query, "beside delivered mail");
	say(store, &delivered, STORE_RELEVANT);
	took_us += time_folds(store, &query, "beside labels");
	say(store, &wanted, STORE_RELEVANT);
	took_us += time_folds(store, &query, "of which 40 are wanted") +
		   time_near(store);
	if (g_test_perf())
		g_assert_cmpint(took_us, <, CLOCK_SECOND_US / 5);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/pages of one take", pages_of_one_take);
	g_test_add_func("/store/pages of many take", pages_of_many_take);
	g_test_add_func("/store/pages beside much mail take",
			pages_beside_much_mail_take);
	return g_test_run();
}
