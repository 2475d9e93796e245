/* All messages of vendors in the store, whatever became of them. */
#ifndef MARKET_VENDOR_PAGE_PRIVATE_H
#define MARKET_VENDOR_PAGE_PRIVATE_H

#include "store/store.h"

/* Calls `meet` for each that is taken for outreach, or unsure. */
typedef void (*vendor_meet)(const struct store_message *row, gpointer data);
gboolean vendor_page_all(struct store *store, const char *buyer,
			 vendor_meet meet, gpointer data, GError **error);

#endif
