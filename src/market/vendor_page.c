#include "vendor_page_private.h"

#include <string.h>

#define PAGE 500

/* Who only writes business mail is no vendor here. */
gboolean
vendor_page_is_touch(const struct store_message *row)
{
	return row->vendor && *row->vendor &&
	       (row->touch > 0 || g_strcmp0(row->verdict, "deliver") != 0);
}

gboolean
vendor_page_of(struct store *store, const char *vendor, const char *buyer,
	       vendor_meet meet, gpointer data, GError **error)
{
	struct store_query query = {
		.vendor = vendor,
		.buyer = buyer,
		.state = STORE_ANY,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];

	for (;;) {
		g_autoptr(GPtrArray) page = store_list(store, &query, error);
		const struct store_message *oldest;

		if (!page)
			return FALSE;
		for (guint i = 0; i < page->len; i++) {
			if (vendor_page_is_touch(page->pdata[i]))
				meet(page->pdata[i], data);
		}
		if (page->len < PAGE)
			return TRUE;
		oldest = page->pdata[page->len - 1];
		memcpy(last, oldest->id, sizeof(last));
		query.after_id = last;
	}
}

gboolean
vendor_page_all(struct store *store, const char *buyer, vendor_meet meet,
		gpointer data, GError **error)
{
	return vendor_page_of(store, NULL, buyer, meet, data, error);
}
