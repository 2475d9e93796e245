/* What the store knows of a buyer's arrivals. */
#ifndef SCREEN_ACCOUNT_ROWS_PRIVATE_H
#define SCREEN_ACCOUNT_ROWS_PRIVATE_H

#include <stdatomic.h>

#include "account_private.h"
#include "store/store.h"

/*
 * The last ATTENTION_HISTORY of ATTENTION_DAYS days before `now_us`, in order
 * of time: an array of struct account_row. Looks at `stop` between two calls
 * of the store and is then without a result, as on failure.
 */
GArray *account_rows_read(struct store *store, const struct account_need *need,
			  gint64 now_us, const atomic_bool *stop);

#endif
