#include <string.h>

#include "market/vendor.h"
#include "vendor_page_private.h"

static void
count_free(gpointer data)
{
	struct vendor_count *count = data;

	g_free(count->key);
	g_free(count->label);
	g_free(count);
}

static GPtrArray *
counts_new(void)
{
	return g_ptr_array_new_with_free_func(count_free);
}

/* Counts of one kind while they are made, and where each key's is. */
struct tally {
	GPtrArray *counts; /* the facts' */
	GHashTable *by_key;
};

static struct tally
tally_new(GPtrArray **counts)
{
	*counts = counts_new();
	return (struct tally){ *counts,
			       g_hash_table_new(g_str_hash, g_str_equal) };
}

static struct vendor_count *
count_of(const struct tally *tally, const char *key)
{
	struct vendor_count *count = g_hash_table_lookup(tally->by_key, key);

	if (count)
		return count;
	count = g_new0(struct vendor_count, 1);
	count->key = g_strdup(key);
	count->label = g_strdup("");
	g_ptr_array_add(tally->counts, count);
	g_hash_table_insert(tally->by_key, count->key, count);
	return count;
}

/* The label is the newest one's. */
static void
count(const struct tally *tally, const char *key, const char *label,
      const struct store_message *row)
{
	struct vendor_count *at;

	if (!key || !*key)
		return;
	at = count_of(tally, key);
	if (row->time_us > at->last_us) {
		at->last_us = row->time_us;
		g_strlcpy(at->newest, row->id, sizeof(at->newest));
		if (label && *label) {
			g_free(at->label);
			at->label = g_strdup(label);
		}
	}
	at->first_us =
		at->n++ > 0 ? MIN(at->first_us, row->time_us) : row->time_us;
}

/* A card while it is counted, and whose mail counts (NULL: everybody's). */
struct counting {
	struct store *store;
	struct vendor_facts *facts;
	const char *const *buyers;
	struct tally to;
	struct tally senders;
	struct tally campaigns;
	struct tally priorities;
};

/* The store needs not give what one would throw away. */
static const char *
only_buyer(const struct counting *counting)
{
	const char *const *buyers = counting->buyers;

	return buyers && buyers[0] && !buyers[1] ? buyers[0] : NULL;
}

static gboolean
counts_buyer(const struct counting *counting, const char *buyer)
{
	return !counting->buyers || g_strv_contains(counting->buyers, buyer);
}

static void
meet(const struct store_message *row, gpointer data)
{
	const struct counting *counting = data;
	struct vendor_facts *facts = counting->facts;
	g_autofree char *priority = NULL;

	if (!counts_buyer(counting, row->buyer))
		return;
	facts->touches++;
	facts->held +=
		row->state == STORE_HELD || row->state == STORE_RELEASING;
	facts->last_us = MAX(facts->last_us, row->time_us);
	facts->first_us = facts->first_us > 0
				  ? MIN(facts->first_us, row->time_us)
				  : row->time_us;
	count(&counting->to, row->buyer, NULL, row);
	count(&counting->senders, row->from, row->from_name, row);
	count(&counting->campaigns, row->campaign, row->subject, row);
	if (row->priority && *row->priority) {
		priority = g_strdup_printf("%s/%s", row->buyer, row->priority);
		count(&counting->priorities, priority, NULL, row);
	}
}

static gint
by_number(gconstpointer a, gconstpointer b)
{
	const struct vendor_count *left = *(struct vendor_count *const *)a;
	const struct vendor_count *right = *(struct vendor_count *const *)b;

	if (left->n != right->n)
		return left->n < right->n ? 1 : -1;
	return strcmp(left->key, right->key);
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
	const struct store_quote *left = *(struct store_quote *const *)a;
	const struct store_quote *right = *(struct store_quote *const *)b;

	if (left->time_us != right->time_us)
		return left->time_us < right->time_us ? 1 : -1;
	return left->place < right->place ? -1 : left->place > right->place;
}

/* The same words in a follow-up, or to a colleague, are one claim. */
static void
quotes_once(GPtrArray *quotes)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint i = 0;

	while (i < quotes->len) {
		const struct store_quote *quote = quotes->pdata[i];
		char *key =
			g_strdup_printf("%d %s", (int)quote->kind, quote->text);

		if (g_hash_table_add(seen, key))
			i++;
		else
			g_ptr_array_remove_index(quotes, i);
	}
}

static gboolean
add_quotes(const struct counting *counting, const char *domain, GError **error)
{
	const struct store_quote_query query = {
		.vendor = domain,
		.buyer = only_buyer(counting),
	};
	g_autoptr(GPtrArray) some =
		store_quotes_list(counting->store, &query, error);

	for (guint i = some ? some->len : 0; i > 0; i--) {
		const struct store_quote *quote = some->pdata[i - 1];

		if (!counts_buyer(counting, quote->buyer))
			g_ptr_array_remove_index_fast(some, i - 1);
	}
	if (!some)
		return FALSE;
	g_ptr_array_extend_and_steal(counting->facts->quotes,
				     g_steal_pointer(&some));
	return TRUE;
}

static gboolean
count_all(struct counting *counting, GError **error)
{
	const GPtrArray *domains = counting->facts->domains;

	for (guint i = 0; i < domains->len; i++) {
		if (!vendor_page_of(counting->store, domains->pdata[i],
				    only_buyer(counting), meet, counting,
				    error) ||
		    !add_quotes(counting, domains->pdata[i], error))
			return FALSE;
	}
	return TRUE;
}

struct vendor_facts *
vendor_facts_of(struct store *store, const struct vendor_book *book,
		const char *card, const char *const *buyers, GError **error)
{
	g_autoptr(VendorFacts) facts = g_new0(struct vendor_facts, 1);
	struct counting counting = { .store = store,
				     .facts = facts,
				     .buyers = buyers,
				     .to = tally_new(&facts->buyers),
				     .senders = tally_new(&facts->senders),
				     .campaigns = tally_new(&facts->campaigns),
				     .priorities =
					     tally_new(&facts->priorities) };
	gboolean ok;

	facts->card = g_strdup(card);
	facts->domains = vendor_book_domains(book, card);
	facts->quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);
	ok = count_all(&counting, error);
	g_hash_table_unref(counting.to.by_key);
	g_hash_table_unref(counting.senders.by_key);
	g_hash_table_unref(counting.campaigns.by_key);
	g_hash_table_unref(counting.priorities.by_key);
	if (!ok)
		return NULL;
	g_ptr_array_sort(facts->quotes, by_time);
	quotes_once(facts->quotes);
	g_ptr_array_sort(facts->buyers, by_number);
	g_ptr_array_sort(facts->senders, by_number);
	g_ptr_array_sort(facts->campaigns, by_number);
	g_ptr_array_sort(facts->priorities, by_number);
	return g_steal_pointer(&facts);
}

struct vendor_facts *
vendor_facts_load(struct store *store, const struct vendor_book *book,
		  const char *card, const char *buyer, GError **error)
{
	const char *const buyers[] = { buyer, NULL };

	return vendor_facts_of(store, book, card, buyer ? buyers : NULL, error);
}

void
vendor_facts_free(struct vendor_facts *facts)
{
	if (!facts)
		return;
	g_free(facts->card);
	g_ptr_array_unref(facts->domains);
	g_ptr_array_unref(facts->buyers);
	g_ptr_array_unref(facts->senders);
	g_ptr_array_unref(facts->campaigns);
	g_ptr_array_unref(facts->priorities);
	g_ptr_array_unref(facts->quotes);
	g_free(facts);
}

const struct store_quote *
vendor_facts_proof(const struct vendor_facts *facts, const char *must_have)
{
	g_autofree char *wanted = g_utf8_casefold(must_have, -1);

	for (guint i = 0; i < facts->quotes->len; i++) {
		const struct store_quote *quote = facts->quotes->pdata[i];
		g_autofree char *text = g_utf8_casefold(quote->text, -1);

		if (quote->kind == STORE_QUOTE_PROOF && strstr(text, wanted))
			return quote;
	}
	return NULL;
}
