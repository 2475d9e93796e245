/* The hits by vendor, each with what was quoted of it. */
#include <string.h>

#include "research_private.h"

/* Vendors past this have no quotations of their own: a page has no room. */
#define QUOTED_VENDORS 20
#define QUOTES_MAX     12

/* Quotations of a domain that are looked at, the newest. */
#define QUOTES_READ 200
#define BUYERS_MAX  16

static void
vendor_free(gpointer data)
{
	struct research_vendor *vendor = data;

	g_free(vendor->card);
	g_free(vendor->name);
	g_ptr_array_unref(vendor->hits);
	g_ptr_array_unref(vendor->quotes);
	g_free(vendor);
}

static struct research_vendor *
vendor_of(GPtrArray *vendors, const struct vendor_book *book, const char *card)
{
	const struct store_vendor *row = vendor_book_row(book, card);
	struct research_vendor *vendor;

	for (guint i = 0; i < vendors->len; i++) {
		vendor = vendors->pdata[i];
		if (strcmp(vendor->card, card) == 0)
			return vendor;
	}
	vendor = g_new0(struct research_vendor, 1);
	vendor->card = g_strdup(card);
	vendor->name = g_strdup(row && *row->name ? row->name : card);
	vendor->hits = g_ptr_array_new();
	vendor->quotes = g_ptr_array_new();
	g_ptr_array_add(vendors, vendor);
	return vendor;
}

/* Hits are the best first, and so are the vendors. */
static void
group(struct research *research, const struct vendor_book *book)
{
	for (guint i = 0; i < research->hits->len; i++) {
		struct research_hit *hit = research->hits->pdata[i];
		struct research_vendor *vendor = vendor_of(
			research->vendors, book,
			vendor_book_card(book, hit->document->vendor));

		g_ptr_array_add(vendor->hits, hit);
		vendor->last_us = MAX(vendor->last_us, hit->document->time_us);
	}
}

static gboolean
may_see(const struct research_query *query, const struct store_quote *quote)
{
	return !query->buyers || g_strv_contains(query->buyers, quote->buyer);
}

static gboolean
is_of(const struct research_hit *hit, const char *message)
{
	if (strcmp(hit->document->id, message) == 0)
		return TRUE;
	for (guint i = 0; i < hit->copies->len; i++) {
		const struct store_document *copy = hit->copies->pdata[i];

		if (strcmp(copy->id, message) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_of_hits(const struct research_vendor *vendor,
	   const struct store_quote *quote)
{
	for (guint i = 0; i < vendor->hits->len; i++) {
		if (is_of(vendor->hits->pdata[i], quote->message))
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_quote(const struct research_vendor *vendor, const struct store_quote *quote)
{
	for (guint i = 0; i < vendor->quotes->len; i++) {
		const struct store_quote *other = vendor->quotes->pdata[i];

		if (other->kind == quote->kind &&
		    strcmp(other->text, quote->text) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
take_quotes(struct research_vendor *vendor, const struct research_query *query,
	    const GPtrArray *quotes, gboolean of_hits)
{
	for (guint i = 0; i < quotes->len && vendor->quotes->len < QUOTES_MAX;
	     i++) {
		struct store_quote *quote = quotes->pdata[i];

		if (may_see(query, quote) &&
		    is_of_hits(vendor, quote) == of_hits &&
		    !has_quote(vendor, quote))
			g_ptr_array_add(vendor->quotes, quote);
	}
}

static gint
newest_first(gconstpointer a, gconstpointer b)
{
	const struct store_quote *left = *(struct store_quote *const *)a;
	const struct store_quote *right = *(struct store_quote *const *)b;

	if (left->time_us != right->time_us)
		return left->time_us < right->time_us ? 1 : -1;
	return left->place < right->place ? -1 : left->place > right->place;
}

static gboolean
quote_domain(struct store *store, const char *domain, const char *buyer,
	     GPtrArray *all, GPtrArray *owner, GError **error)
{
	const struct store_quote_query what = {
		.vendor = domain,
		.buyer = buyer,
		.limit = QUOTES_READ,
	};
	GPtrArray *some = store_quotes_list(store, &what, error);

	if (!some)
		return FALSE;
	for (guint i = 0; i < some->len; i++)
		g_ptr_array_add(all, some->pdata[i]);
	g_ptr_array_extend_and_steal(owner, some);
	return TRUE;
}

/* Of a few buyers each is asked for by themselves: what was written to others
 * would stand before theirs, and not be shown. */
static gboolean
quote_all(struct store *store, const struct research_query *query,
	  const char *domain, GPtrArray *all, GPtrArray *owner, GError **error)
{
	const char *const *buyers = query->buyers;
	guint n = 0;

	while (buyers && buyers[n])
		n++;
	if (!buyers || n > BUYERS_MAX)
		return quote_domain(store, domain, NULL, all, owner, error);
	for (; *buyers; buyers++)
		if (!quote_domain(store, domain, *buyers, all, owner, error))
			return FALSE;
	return TRUE;
}

static gboolean
quote(struct store *store, const struct vendor_book *book,
      const struct research_query *query, struct research_vendor *vendor,
      GPtrArray *owner, GError **error)
{
	g_autoptr(GPtrArray) domains = vendor_book_domains(book, vendor->card);
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	for (guint i = 0; *vendor->card && i < domains->len; i++)
		if (!quote_all(store, query, domains->pdata[i], all, owner,
			       error))
			return FALSE;
	g_ptr_array_sort(all, newest_first);
	take_quotes(vendor, query, all, TRUE);
	take_quotes(vendor, query, all, FALSE);
	return TRUE;
}

gboolean
research_vendors(struct store *store, const struct vendor_book *book,
		 const struct research_query *query, struct research *research,
		 GError **error)
{
	research->vendors = g_ptr_array_new_with_free_func(vendor_free);
	research->quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);
	group(research, book);
	for (guint i = 0; i < research->vendors->len && i < QUOTED_VENDORS;
	     i++) {
		if (!quote(store, book, query, research->vendors->pdata[i],
			   research->quotes, error))
			return FALSE;
	}
	return TRUE;
}
