/*
 * A document to the items of a feed: what comes out is valid UTF-8 and within
 * the caps, and guids differ.
 */
#include <stdint.h>
#include <string.h>

#include "market/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_text(const char *text, gsize max)
{
	g_assert(text && strlen(text) <= max);
	g_assert(g_utf8_validate(text, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "", "text/xml; charset=utf-8",
					     "text/xml; charset=\"koi8-r\"",
					     "charset=" };
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(Feed) feed =
		feed_parse(bytes, types[size > 0 ? data[size - 1] & 3 : 0],
			   "https://news.example/feed", NULL);
	g_autoptr(GHashTable) guids = g_hash_table_new(g_str_hash, g_str_equal);

	if (!feed)
		return 0;
	g_assert(feed->items->len <= FEED_ITEMS_MAX);
	must_be_text(feed->title, G_MAXSIZE);
	for (guint i = 0; i < feed->items->len; i++) {
		const struct feed_item *item = feed->items->pdata[i];

		must_be_text(item->guid, FEED_GUID_MAX);
		must_be_text(item->title, FEED_TITLE_MAX);
		must_be_text(item->link, FEED_LINK_MAX);
		must_be_text(item->summary, FEED_SUMMARY_MAX);
		g_assert(g_hash_table_add(guids, item->guid));
	}
	return 0;
}
