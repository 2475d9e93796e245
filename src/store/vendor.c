#include <string.h>

#include "store_private.h"

#define QUOTES_LIMIT 10000
#define DUE_LIMIT    500

static const char *const kinds[] = { "claim", "price", "proof" };

const char *
store_quote_kind_name(enum store_quote_kind kind)
{
	return kinds[kind];
}

int
store_quote_kind_parse(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i], word) == 0)
			return (int)i;
	}
	return -1;
}

void
store_vendor_free(struct store_vendor *vendor)
{
	if (!vendor)
		return;
	g_free(vendor->domain);
	g_free(vendor->card);
	g_free(vendor->name);
	g_free(vendor->owner);
	g_free(vendor->note);
	g_free(vendor->by);
	g_free(vendor);
}

void
store_quote_free(struct store_quote *quote)
{
	if (!quote)
		return;
	g_free(quote->vendor);
	g_free(quote->buyer);
	g_free(quote->text);
	g_free(quote->what);
	g_free(quote->unit);
	g_free(quote->currency);
	g_free(quote->period);
	g_free(quote);
}

struct store_quote *
store_quote_copy(const struct store_quote *quote)
{
	struct store_quote *copy = g_memdup2(quote, sizeof(*quote));

	copy->vendor = g_strdup(quote->vendor);
	copy->buyer = g_strdup(quote->buyer);
	copy->text = g_strdup(quote->text);
	copy->what = g_strdup(quote->what);
	copy->unit = g_strdup(quote->unit);
	copy->currency = g_strdup(quote->currency);
	copy->period = g_strdup(quote->period);
	return copy;
}

void
store_vendor_sum_free(struct store_vendor_sum *sum)
{
	if (!sum)
		return;
	g_free(sum->vendor);
	g_free(sum->buyer);
	g_free(sum->priority);
	g_free(sum);
}

GPtrArray *
store_vendor_sums(struct store *store, const char *const *buyers,
		  const double *tags, GError **error)
{
	g_assert(!buyers == !tags);
	return store->driver->vendors->sums(store, buyers, tags, error);
}

GPtrArray *
store_vendor_list(struct store *store, GError **error)
{
	return store->driver->vendors->list(store, error);
}

gboolean
store_vendor_move(struct store *store, const struct store_move *moves, guint n,
		  const char *by, GError **error)
{
	for (guint i = 0; i < n; i++)
		g_assert(moves[i].domain && *moves[i].domain && moves[i].card &&
			 *moves[i].card);
	return n == 0 ||
	       store->driver->vendors->move(store, moves, n, by, error);
}

gboolean
store_vendor_write(struct store *store, const char *domain,
		   enum store_vendor_field field, const char *text,
		   const char *by, GError **error)
{
	g_autofree char *cut = NULL;
	gsize len = strlen(text);

	g_assert(*domain);
	if (len > STORE_VENDOR_TEXT_MAX) {
		len = STORE_VENDOR_TEXT_MAX;
		while (len > 0 && ((guchar)text[len] & 0xc0) == 0x80)
			len--;
	}
	cut = g_strndup(text, len);
	return store->driver->vendors->write(store, domain, field, cut, by,
					     error);
}

gboolean
store_quotes_set(struct store *store, const struct store_message *message,
		 const GPtrArray *quotes, GError **error)
{
	g_assert(message->vendor && message->buyer && *message->buyer &&
		 id_valid(message->id));
	return store->driver->vendors->quotes_set(store, message, quotes,
						  error);
}

GPtrArray *
store_quotes_list(struct store *store, const struct store_quote_query *query,
		  GError **error)
{
	struct store_quote_query given = *query;

	if (given.limit == 0)
		given.limit = QUOTES_LIMIT;
	return store->driver->vendors->quotes_list(store, &given, error);
}

GPtrArray *
store_quotes_due(struct store *store, const char *after, guint limit,
		 GError **error)
{
	return store->driver->vendors->quotes_due(
		store, after ? after : "", limit ? limit : DUE_LIMIT, error);
}
