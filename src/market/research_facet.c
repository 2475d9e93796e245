/* How many hits there are of each kind, priority, vendor and month. */
#include <string.h>

#include "base/clock.h"
#include "research_private.h"

#define MONTH_LEN 7

static void
facet_free(gpointer data)
{
	struct research_facet *facet = data;

	g_free(facet->key);
	g_free(facet->label);
	g_free(facet);
}

static void
count(GPtrArray *facets, const char *key, const char *label)
{
	struct research_facet *facet;

	if (!*key)
		return;
	for (guint i = 0; i < facets->len; i++) {
		facet = facets->pdata[i];
		if (strcmp(facet->key, key) == 0) {
			facet->n++;
			return;
		}
	}
	facet = g_new0(struct research_facet, 1);
	facet->key = g_strdup(key);
	facet->label = g_strdup(label);
	facet->n = 1;
	g_ptr_array_add(facets, facet);
}

static gint
most_first(gconstpointer a, gconstpointer b)
{
	const struct research_facet *left = *(struct research_facet *const *)a;
	const struct research_facet *right = *(struct research_facet *const *)b;

	if (left->n != right->n)
		return left->n < right->n ? 1 : -1;
	return strcmp(left->key, right->key);
}

static gint
newest_first(gconstpointer a, gconstpointer b)
{
	const struct research_facet *left = *(struct research_facet *const *)a;
	const struct research_facet *right = *(struct research_facet *const *)b;

	return strcmp(right->key, left->key);
}

static void
count_hit(struct research *research, const struct store_document *document,
	  const struct vendor_book *book)
{
	const char *card = vendor_book_card(book, document->vendor);
	const struct store_vendor *row = vendor_book_row(book, card);
	const char *kind = store_document_kind_name(document->kind);
	g_autofree char *month = clock_format(document->time_us);

	month[MONTH_LEN] = '\0';
	count(research->kinds, kind, kind);
	count(research->priorities, document->priority, document->priority);
	count(research->facet_vendors, card,
	      row && *row->name ? row->name : card);
	count(research->months, month, month);
}

void
research_facets(struct research *research, const struct vendor_book *book)
{
	research->kinds = g_ptr_array_new_with_free_func(facet_free);
	research->priorities = g_ptr_array_new_with_free_func(facet_free);
	research->facet_vendors = g_ptr_array_new_with_free_func(facet_free);
	research->months = g_ptr_array_new_with_free_func(facet_free);
	for (guint i = 0; i < research->hits->len; i++) {
		const struct research_hit *hit = research->hits->pdata[i];

		count_hit(research, hit->document, book);
	}
	g_ptr_array_sort(research->kinds, most_first);
	g_ptr_array_sort(research->priorities, most_first);
	g_ptr_array_sort(research->facet_vendors, most_first);
	g_ptr_array_sort(research->months, newest_first);
}
