/* What the brief is made of, read out of the store once. */
#include <string.h>

#include "base/clock.h"
#include "insight_private.h"
#include "market/glean.h"
#include "vendor_page_private.h"

#define PAGE	      500
#define TOUCHES_MAX   50000 /* the newest */
#define DOCUMENTS_MAX 2000
#define ITEMS_MAX     1000

static void
touch_free(gpointer data)
{
	struct insight_touch *touch = data;

	g_free(touch->vendor);
	g_free(touch->priority);
	g_free(touch->subject);
	g_free(touch);
}

static void
take(struct insight_world *world, const struct store_message *row)
{
	struct insight_touch *touch;

	if (!vendor_page_is_touch(row) || row->time_us < world->from_us)
		return;
	touch = g_new0(struct insight_touch, 1);
	memcpy(touch->id, row->id, sizeof(touch->id));
	touch->vendor = g_strdup(row->vendor);
	touch->card = vendor_book_card(world->request->book, touch->vendor);
	touch->priority = g_strdup(store_priority(
		row->priority, row->relevance, world->request->profile->tag));
	touch->subject = g_strdup(row->subject ? row->subject : "");
	touch->time_us = row->time_us;
	g_ptr_array_add(world->touches, touch);
	g_hash_table_insert(world->by_id, touch->id, touch);
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
	const struct insight_touch *one = *(struct insight_touch *const *)a;
	const struct insight_touch *two = *(struct insight_touch *const *)b;

	if (one->time_us != two->time_us)
		return one->time_us < two->time_us ? -1 : 1;
	return strcmp(one->id, two->id);
}

static gboolean
load_touches(struct insight_world *world, gint64 until_us, GError **error)
{
	struct store_query query = {
		.buyer = world->buyer,
		.state = STORE_ANY,
		.since_us = world->from_us,
		.until_us = until_us,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];
	guint len;

	do {
		g_autoptr(GPtrArray) page =
			store_list(world->request->store, &query, error);

		if (!page)
			return FALSE;
		len = page->len;
		for (guint i = 0; i < len; i++)
			take(world, page->pdata[i]);
		if (len > 0)
			memcpy(last,
			       ((struct store_message *)page->pdata[len - 1])
				       ->id,
			       sizeof(last));
		query.after_id = last;
	} while (len == PAGE && world->touches->len < TOUCHES_MAX);
	g_ptr_array_sort(world->touches, by_time);
	return TRUE;
}

static gboolean
load_quotes(struct insight_world *world, gint64 since_us, GError **error)
{
	const struct store_quote_query query = {
		.buyer = world->buyer,
		.since_us = since_us - INSIGHT_POOL_US,
	};

	world->quotes = store_quotes_list(world->request->store, &query, error);
	return world->quotes != NULL;
}

static gboolean
load_documents(struct insight_world *world, gint64 since_us, gint64 until_us,
	       GError **error)
{
	const char *const buyers[] = { world->buyer, NULL };
	const struct store_search search = {
		.buyers = buyers,
		.kinds = 1U << STORE_DOCUMENT_MAIL,
		.since_us = since_us,
		.until_us = until_us,
		.limit = DOCUMENTS_MAX,
	};
	const struct store_item_query items = {
		.since_us = since_us,
		.until_us = until_us,
		.limit = ITEMS_MAX,
	};

	world->documents = store_search(world->request->store, &search, error);
	world->items = world->documents ? store_item_list(world->request->store,
							  &items, error)
					: NULL;
	return world->items != NULL;
}

const char *
insight_document_priority(const struct insight_world *world,
			  const struct store_document *document)
{
	return store_priority(document->priority, document->relevance,
			      world->request->profile->tag);
}

static void
read_items(struct insight_world *world)
{
	world->item_terms = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < world->items->len; i++) {
		const struct store_item *item = world->items->pdata[i];
		g_autofree char *both = g_strdup_printf(
			"%s %s", item->title, item->text ? item->text : "");
		g_autofree char *terms = glean_terms(both);

		g_ptr_array_add(world->item_terms,
				g_strdup_printf(" %s ", terms));
	}
}

/* `from_us` is where the past begins; documents are wanted of this brief's time
 * and the one before only. */
struct insight_world *
insight_world_new(const struct insight_request *request, const char *buyer,
		  gint64 from_us, gint64 until_us, GError **error)
{
	g_autoptr(InsightWorld) world = g_new0(struct insight_world, 1);
	const gint64 length_us = request->until_us - request->since_us;
	const gint64 since_us = request->since_us - length_us;

	world->request = request;
	world->buyer = buyer;
	world->from_us = from_us;
	world->touches = g_ptr_array_new_with_free_func(touch_free);
	world->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	if (!load_touches(world, until_us, error) ||
	    !load_quotes(world, since_us, error) ||
	    !load_documents(world, since_us, until_us, error))
		return NULL;
	read_items(world);
	return g_steal_pointer(&world);
}

void
insight_world_free(struct insight_world *world)
{
	if (!world)
		return;
	g_ptr_array_unref(world->touches);
	g_hash_table_unref(world->by_id);
	if (world->quotes)
		g_ptr_array_unref(world->quotes);
	if (world->documents)
		g_ptr_array_unref(world->documents);
	if (world->items)
		g_ptr_array_unref(world->items);
	if (world->item_terms)
		g_ptr_array_unref(world->item_terms);
	g_free(world);
}

/* Any of a card's domains may carry the name. */
const char *
insight_name(const struct insight_world *world, const char *card)
{
	const struct vendor_book *book = world->request->book;
	g_autoptr(GPtrArray) domains = vendor_book_domains(book, card);

	for (guint i = 0; i < domains->len; i++) {
		const struct store_vendor *row =
			vendor_book_row(book, domains->pdata[i]);

		if (row && row->name && *row->name)
			return row->name;
	}
	return card;
}

char *
insight_vendor(const struct insight_world *world, const char *card)
{
	const char *name = insight_name(world, card);

	if (strcmp(name, card) == 0)
		return g_strdup(card);
	return g_strdup_printf("%s (%s)", name, card);
}
