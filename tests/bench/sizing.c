/*
 * sizing plant URL N BUYERS    N messages as an office has them, by the calls
 *                              that the filter makes
 * sizing ask URL BUYERS TIMES  what each of those calls takes, and of the pages
 *
 * Of 20 messages one is held, with a body of 5 kB that does not compress; five
 * are pitches that pass, with features and a place in a campaign; the rest is
 * other mail. sizing.sql plants the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/queue.h"
#include "store/store.h"

#define VENDORS	   20000
#define BODY_BYTES 5000
#define SIZE_BYTES 9000
#define FEATURES   510
#define REASONS	   1500
#define CONTACTS   10
#define SPAN_DAYS  365

struct plan {
	struct store *store;
	guint buyers;
	guint n;
};

static gint64
soon(void)
{
	return clock_monotonic_us() + 60 * CLOCK_SECOND_US;
}

static void
need(gboolean ok, const GError *error)
{
	if (ok && !error)
		return;
	fprintf(stderr, "sizing: %s\n", error ? error->message : "failed");
	exit(EXIT_FAILURE);
}

/* Bytes of every value, which a compressor can make nothing of. */
static GBytes *
noise(gsize size, guint64 seed)
{
	guint8 *bytes = g_malloc(size);

	for (gsize i = 0; i < size; i++) {
		seed = seed * G_GUINT64_CONSTANT(6364136223846793005) + 1;
		bytes[i] = (guint8)(seed >> 56);
	}
	return g_bytes_new_take(bytes, size);
}

/* Of fifty pitches one is of the same, busiest vendor. */
static guint
vendor_of(guint n)
{
	return n % 50 == 0 ? 0 : n * 7919U % VENDORS;
}

static guint
buyer_of(guint n, guint buyers)
{
	return (guint)((guint64)n * 104729U % buyers);
}

static char *
text(gsize size, char fill)
{
	char *it = g_strnfill(size, fill);

	if (size > 2) {
		it[0] = '[';
		it[size - 1] = ']';
	}
	return it;
}

static void
pitch(struct store_message *message, guint n)
{
	guint campaign = vendor_of(n) * 4 + n % 4;

	message->vendor = g_strdup_printf("vendor%u.example", vendor_of(n));
	message->outreach = 0.5 + n % 5000 / 10000.0;
	message->relevance = n % 9973 / 9973.0;
	message->priority = g_strdup(n % 3 ? "edr" : "tprm");
	message->subject_key = (guint64)campaign * 1000003U + 1;
	g_snprintf(message->campaign = g_malloc(ID_LEN + 1), ID_LEN + 1,
		   "CAMP%022u", campaign);
	message->features = noise(FEATURES, n);
}

static struct store_message *
message_new(guint n, guint buyers)
{
	struct store_message *message = g_new0(struct store_message, 1);
	const gboolean held = n % 20 == 0, judged = n % 10 < 3;

	id_new(message->id);
	message->buyer = g_strdup_printf("buyer%u", buyer_of(n, buyers));
	message->time_us = clock_now_us();
	message->state = held ? STORE_HELD : STORE_DELIVERED;
	message->verdict = g_strdup(held ? "quarantine" : "deliver");
	message->digest = g_strdup_printf("%0*x", held ? 64 : 16, n);
	message->sender = g_strdup_printf("bounce%u@vendor%u.example", n % 97,
					  vendor_of(n));
	message->rcpt = g_strdup_printf("<%s@buyer.example>", message->buyer);
	message->from =
		g_strdup_printf("rep%u@vendor%u.example", n % 7, vendor_of(n));
	message->from_name = g_strdup("Jordan Seller");
	message->subject =
		g_strdup_printf("A quick idea for your team, %013u", n);
	message->message_id = g_strdup_printf("<%036u@v.example>", n);
	message->queue_id = g_strdup_printf("4Q%09u", n % 1000000000);
	message->node = g_strdup("mx1.buyer.example");
	message->model = text(52, 'm');
	message->gate = g_strdup(judged ? "" : "reply");
	message->reasons = held ? text(REASONS, 'r') : g_strdup("[]");
	message->note = g_strdup("by verdict");
	message->fingerprint = n * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	message->size = SIZE_BYTES;
	message->outreach = message->relevance = -1;
	if (judged)
		pitch(message, n);
	return message;
}

static void
write_one(const struct plan *plan, guint n)
{
	struct store_message *message = message_new(n, plan->buyers);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) body = NULL;

	if (message->state != STORE_HELD) {
		store_note(plan->store, message);
	} else {
		body = noise(BODY_BYTES, n);
		need(store_hold(plan->store, &message, 1, body, soon(), NULL,
				&error),
		     error);
	}
	store_message_free(message);
}

static void
contacts_of(const struct plan *plan, guint n)
{
	g_autofree char *buyer = g_strdup_printf("buyer%u", n);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < CONTACTS; i++) {
		g_autofree char *contact =
			g_strdup_printf("%032x", n * CONTACTS + i);

		store_contact(plan->store, buyer, contact, clock_now_us());
	}
	if (n % 20 == 0)
		need(store_flush(plan->store, soon(), &error), error);
}

static void
plant(const struct plan *plan)
{
	g_autoptr(GError) error = NULL;

	for (guint n = 1; n <= plan->n; n++)
		write_one(plan, n);
	for (guint n = 0; n < MIN(plan->buyers, plan->n); n++)
		contacts_of(plan, n);
	need(store_flush(plan->store, soon(), &error), error);
}

/* One of the calls that are timed; `n` is another each time. */
typedef void (*call)(const struct plan *plan, guint n);

static void
ask_known(const struct plan *plan, guint n)
{
	g_autofree char *buyer =
		g_strdup_printf("buyer%u", buyer_of(n, plan->buyers));
	g_autofree char *contact = g_strdup_printf("%032x", n);
	const char *contacts[] = { contact, "b", "c", NULL };
	g_autoptr(GError) error = NULL;
	gboolean known;

	need(store_known(plan->store, buyer, contacts, soon(), &known, &error),
	     error);
}

/* Half from who wrote before, half from nobody. */
static void
ask_history(const struct plan *plan, guint n)
{
	g_autofree char *buyer =
		g_strdup_printf("buyer%u", buyer_of(n, plan->buyers));
	g_autofree char *vendor = g_strdup_printf(
		"%s%u.example", n % 2 ? "vendor" : "nobody", vendor_of(n));
	g_autofree char *sender = g_strdup_printf("rep@%s", vendor);
	const char *references[] = { "<a@b.example>", NULL };
	const struct store_likeness likeness = {
		buyer,	   vendor,
		sender,	   n * G_GUINT64_CONSTANT(0x9e3779b97f4a),
		n + 1U,	   "<m@c.example>",
		references
	};
	struct store_history history;
	g_autoptr(GError) error = NULL;

	need(store_history(plan->store, &likeness, soon(), &history, &error),
	     error);
}

static void
ask_hold(const struct plan *plan, guint n)
{
	write_one(plan, 20 * n);
}

static void
ask_note(const struct plan *plan, guint n)
{
	g_autoptr(GError) error = NULL;

	/* Twenty share a transaction, as under load. */
	for (guint i = 0; i < 20; i++)
		write_one(plan, 1000 * n + 20 * i + 1);
	need(store_flush(plan->store, soon(), &error), error);
}

static void
folds(const struct plan *plan, const char *buyer, const char *needle)
{
	const struct store_fold_query query = {
		.buyer = buyer, .tag = 0.5, .text = needle, .limit = 50
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) page = NULL;
	struct store_fold_total total;

	page = store_fold_list(plan->store, &query, &total, &error);
	need(page != NULL, error);
}

static void
ask_queue(const struct plan *plan, guint n)
{
	g_autofree char *buyer = g_strdup_printf("buyer%u", n % plan->buyers);

	folds(plan, buyer, NULL);
}

static void
ask_desk(const struct plan *plan, guint n)
{
	(void)n;
	folds(plan, "desk", NULL);
}

static void
ask_desk_text(const struct plan *plan, guint n)
{
	(void)n;
	folds(plan, "desk", "idea 77");
}

static int
compare(const void *a, const void *b)
{
	const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return (x > y) - (x < y);
}

static gint64
timed(const struct plan *plan, call run, guint n)
{
	const gint64 from_us = clock_monotonic_us();

	run(plan, n);
	return clock_monotonic_us() - from_us;
}

static void
ask_often(const struct plan *plan, const char *name, call run, guint times)
{
	/* What an earlier run wrote is not repeated. */
	const guint base = (guint)(clock_now_us() / CLOCK_SECOND_US * 1009);
	const gint64 first = timed(plan, run, base);
	gint64 *took = g_new(gint64, times);

	for (guint i = 0; i < times; i++)
		took[i] = timed(plan, run, base + 1 + i * 37);
	qsort(took, times, sizeof(*took), compare);
	printf("%-18s %8d %8d %8d %8d\n", name, (int)first, (int)took[0],
	       (int)took[times / 2], (int)took[times * 95 / 100]);
	fflush(stdout);
	g_free(took);
}

static void
ask_all(const struct plan *plan)
{
	static const struct {
		const char *name;
		call run;
		guint share; /* of the times */
	} calls[] = {
		{ "known", ask_known, 1 },
		{ "history", ask_history, 1 },
		{ "hold", ask_hold, 1 },
		{ "note x 20", ask_note, 4 },
		{ "queue", ask_queue, 2 },
		{ "queue of 100,000", ask_desk, 20 },
		{ "text of 100,000", ask_desk_text, 20 },
	};

	printf("%-18s %8s %8s %8s %8s\n", "microseconds", "first", "least",
	       "median", "p95");
	for (guint i = 0; i < G_N_ELEMENTS(calls); i++)
		ask_often(plan, calls[i].name, calls[i].run,
			  MAX(plan->n / calls[i].share, 5));
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = argc == 5 ? store_open(argv[2], &error) : NULL;
	struct plan plan = { .store = store };

	if (!store) {
		fprintf(stderr, "sizing: %s\n",
			error ? error->message
			      : "plant URL N BUYERS, ask URL BUYERS TIMES");
		return EXIT_FAILURE;
	}
	if (strcmp(argv[1], "plant") == 0) {
		plan.n = (guint)g_ascii_strtoull(argv[3], NULL, 10);
		plan.buyers = (guint)g_ascii_strtoull(argv[4], NULL, 10);
		plant(&plan);
		return EXIT_SUCCESS;
	}
	plan.buyers = (guint)g_ascii_strtoull(argv[3], NULL, 10);
	plan.n = (guint)g_ascii_strtoull(argv[4], NULL, 10);
	ask_all(&plan);
	return EXIT_SUCCESS;
}
