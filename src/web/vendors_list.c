/* The cards that a user may see, summed up over their domains. */
#include <string.h>

#include "base/clock.h"
#include "row_private.h"
#include "vendors_private.h"

static void
entry_free(gpointer data)
{
	struct vendors_card *card = data;

	g_free(card->id);
	g_ptr_array_unref(card->buyers);
	g_array_unref(card->near);
	g_ptr_array_unref(card->rulings);
	g_free(card);
}

static struct vendors_card *
entry_new(const struct vendors_list *list, const char *id)
{
	struct vendors_card *card = g_new0(struct vendors_card, 1);
	g_autoptr(GPtrArray) domains = vendor_book_domains(list->book, id);

	card->id = g_strdup(id);
	card->name =
		vendor_book_written(list->book, domains, STORE_VENDOR_NAME);
	card->owner =
		vendor_book_written(list->book, domains, STORE_VENDOR_OWNER);
	card->note =
		vendor_book_written(list->book, domains, STORE_VENDOR_NOTE);
	card->buyers = g_ptr_array_new();
	card->near = g_array_new(FALSE, FALSE, sizeof(struct vendors_near));
	card->rulings = g_ptr_array_new();
	return card;
}

static struct vendors_card *
card_of(struct vendors_list *list, GHashTable *by_id, const char *domain)
{
	const char *id = vendor_book_card(list->book, domain);
	struct vendors_card *card = g_hash_table_lookup(by_id, id);

	if (card)
		return card;
	card = entry_new(list, id);
	g_ptr_array_add(list->cards, card);
	g_hash_table_insert(by_id, card->id, card);
	return card;
}

static void
add_near(GArray *near, const struct store_vendor_sum *sum)
{
	const struct vendors_near one = { sum->buyer, sum->priority,
					  sum->near };

	if (sum->near == 0)
		return;
	for (guint i = 0; i < near->len; i++) {
		struct vendors_near *at =
			&g_array_index(near, struct vendors_near, i);

		if (strcmp(at->buyer, one.buyer) == 0 &&
		    strcmp(at->priority, one.priority) == 0) {
			at->n += one.n;
			return;
		}
	}
	g_array_append_val(near, one);
}

/* Sums come by buyer: the same one as last is the usual case. */
static void
add_buyer(GPtrArray *buyers, char *buyer)
{
	if ((buyers->len == 0 ||
	     strcmp(buyers->pdata[buyers->len - 1], buyer) != 0) &&
	    !g_ptr_array_find_with_equal_func(buyers, buyer, g_str_equal, NULL))
		g_ptr_array_add(buyers, buyer);
}

static void
add_sum(struct vendors_card *card, const struct store_vendor_sum *sum)
{
	card->touches += sum->touches;
	card->held += sum->held;
	card->last_us = MAX(card->last_us, sum->last_us);
	card->first_us = card->first_us > 0 ? MIN(card->first_us, sum->first_us)
					    : sum->first_us;
	add_buyer(card->buyers, sum->buyer);
	add_near(card->near, sum);
}

static gint
by_number(gconstpointer a, gconstpointer b)
{
	const struct vendors_near *left = a;
	const struct vendors_near *right = b;

	if (left->n != right->n)
		return left->n < right->n ? 1 : -1;
	return strcmp(left->priority, right->priority);
}

gboolean
vendors_ruled(const struct store_ruling *ruling, const GPtrArray *buyers,
	      gint64 now_us)
{
	return ruling->scope == STORE_RULING_VENDOR && ruling->undone_us == 0 &&
	       (ruling->until_us == 0 || ruling->until_us > now_us) &&
	       g_strv_contains((const char *const *)buyers->pdata,
			       ruling->buyer);
}

/* A vendor that was ruled on is there before it writes. */
static void
add_rulings(struct vendors_list *list, GHashTable *by_id, gint64 now_us)
{
	for (guint i = 0; i < list->rulings->len; i++) {
		struct store_ruling *ruling = list->rulings->pdata[i];

		if (vendors_ruled(ruling, list->buyers, now_us))
			g_ptr_array_add(
				card_of(list, by_id, ruling->subject)->rulings,
				ruling);
	}
}

static void
sum_up(struct vendors_list *list, gint64 now_us)
{
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);

	list->cards = g_ptr_array_new_with_free_func(entry_free);
	for (guint i = 0; i < list->sums->len; i++) {
		const struct store_vendor_sum *sum = list->sums->pdata[i];

		add_sum(card_of(list, by_id, sum->vendor), sum);
	}
	add_rulings(list, by_id, now_us);
	for (guint i = 0; i < list->cards->len; i++) {
		struct vendors_card *card = list->cards->pdata[i];

		g_array_sort(card->near, by_number);
		/* Who was only ruled on did not write to the user. */
		if (card->touches == 0)
			card->name = card->owner = card->note = "";
	}
}

/* Each buyer's threshold, in their order. */
static GArray *
tags_of(const struct web_request *request, const GPtrArray *buyers)
{
	/* Never without data: of nobody it is none, not all. */
	GArray *tags = g_array_sized_new(FALSE, FALSE, sizeof(double),
					 buyers->len + 1);

	for (guint i = 0; i < buyers->len; i++) {
		const struct buyer *buyer =
			row_buyer(request, buyers->pdata[i]);
		const double tag = buyer ? buyer->profile->tag : 1;

		g_array_append_val(tags, tag);
	}
	return tags;
}

struct vendors_list *
vendors_list_load(const struct web_request *request)
{
	g_autoptr(VendorsList) list = g_new0(struct vendors_list, 1);
	struct store *store = request->site->store;
	g_autoptr(GArray) tags = NULL;

	list->buyers = access_buyers(request->user, request->snapshot);
	tags = tags_of(request, list->buyers);
	g_ptr_array_add(list->buyers, NULL);
	list->book = vendor_book_load(store, NULL);
	list->sums = store_vendor_sums(
		store, (const char *const *)list->buyers->pdata,
		(const double *)(gconstpointer)tags->data, NULL);
	list->rulings = store_ruling_list(store, NULL, TRUE, NULL);
	if (!list->book || !list->sums || !list->rulings)
		return NULL;
	sum_up(list, request->now_us);
	return g_steal_pointer(&list);
}

void
vendors_list_free(struct vendors_list *list)
{
	if (!list)
		return;
	g_clear_pointer(&list->cards, g_ptr_array_unref);
	g_clear_pointer(&list->rulings, g_ptr_array_unref);
	g_clear_pointer(&list->sums, g_ptr_array_unref);
	g_clear_pointer(&list->book, vendor_book_free);
	g_ptr_array_unref(list->buyers);
	g_free(list);
}

/* Of what a buyer's mail says only who may read it is told. */
static guint
count_claims(const struct web_request *request, const GPtrArray *quotes,
	     GHashTable *seen)
{
	for (guint i = 0; i < quotes->len; i++) {
		const struct store_quote *quote = quotes->pdata[i];

		if (quote->kind == STORE_QUOTE_CLAIM &&
		    request_may(request, ACCESS_READ, quote->buyer) &&
		    request_may(request, ACCESS_LIST, quote->buyer))
			g_hash_table_add(seen, g_strdup(quote->text));
	}
	return g_hash_table_size(seen);
}

static gboolean
claims_of(const struct web_request *request, const struct vendors_list *list,
	  struct vendors_card *card)
{
	g_autoptr(GPtrArray) domains =
		vendor_book_domains(list->book, card->id);
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < domains->len; i++) {
		const struct store_quote_query query = {
			.vendor = domains->pdata[i],
		};
		g_autoptr(GPtrArray) quotes =
			store_quotes_list(request->site->store, &query, NULL);

		if (!quotes)
			return FALSE;
		card->claims = count_claims(request, quotes, seen);
	}
	return TRUE;
}

gboolean
vendors_list_claims(const struct web_request *request,
		    struct vendors_list *list, guint first, guint n)
{
	for (guint i = first; i < list->cards->len && i - first < n; i++) {
		if (!claims_of(request, list, list->cards->pdata[i]))
			return FALSE;
	}
	return TRUE;
}
