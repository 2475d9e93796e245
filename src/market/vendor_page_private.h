/* All messages of vendors in the store, whatever became of them. */
#ifndef MARKET_VENDOR_PAGE_PRIVATE_H
#define MARKET_VENDOR_PAGE_PRIVATE_H

#include "store/store.h"

/* Whether it is a vendor's, and was taken for outreach, or unsure. */
gboolean vendor_page_is_touch(const struct store_message *row);

/* Calls `meet` for each of those. */
typedef void (*vendor_meet)(const struct store_message *row, gpointer data);
gboolean vendor_page_all(struct store *store, const char *buyer,
			 vendor_meet meet, gpointer data, GError **error);

/* The same, of one domain only. */
gboolean vendor_page_of(struct store *store, const char *vendor,
			const char *buyer, vendor_meet meet, gpointer data,
			GError **error);

#endif
