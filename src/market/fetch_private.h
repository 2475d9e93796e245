/* Asking a source at its own times, whatever comes of it. */
#ifndef MARKET_FETCH_PRIVATE_H
#define MARKET_FETCH_PRIVATE_H

#include "market/fetch.h"
#include "store/signals.h"

struct fetch_task {
	const char *name; /* of the source in the store */
	const char *url;
	gint64 every_us;
	guint requests; /* it may make */
	gconstpointer data;
	/* Asks, and takes what comes: validators go to the source, how long a
	 * server asks to wait to `retry_us`. */
	gboolean (*ask)(const struct fetch *fetch,
			const struct fetch_task *task,
			struct store_source *source,
			struct fetch_report *report, gint64 *retry_us,
			GError **error);
};

/* If it is due, and nobody else is at it. How it went is recorded with the
 * source, which is asked again accordingly. */
gboolean fetch_task_run(const struct fetch *fetch,
			const struct fetch_task *task,
			struct fetch_report *report, GError **error);

#endif
