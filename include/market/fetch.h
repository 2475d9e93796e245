/*
 * Reading from outside into the store: a configured feed, or the file of a
 * priority's metric. A run asks what is due, each source once however many
 * runs there are at the same time.
 */
#ifndef MARKET_FETCH_H
#define MARKET_FETCH_H

#include <glib.h>

#include "market/http.h"
#include "profile/config.h"
#include "profile/profile.h"
#include "store/store.h"

#define FETCH_ERROR (fetch_error_quark())

enum fetch_error {
	FETCH_ERROR_STATUS /* the server answered, but not with a feed */
};

GQuark fetch_error_quark(void);

/* A source that failed is asked again after its own interval, doubled for each
 * failure in a row, up to this (or its interval, when that is longer). */
#define FETCH_BACKOFF_MAX_US (G_GINT64_CONSTANT(24) * 3600 * 1000000)

struct fetch {
	const struct config *config;
	struct store *store; /* NULL: only with dry */
	struct http *http;
	gint64 now_us;
	gboolean force; /* whether it is due or not */
	gboolean dry;	/* read all of it, change nothing */
};

enum fetch_outcome {
	FETCH_READ,
	FETCH_UNCHANGED, /* the server (304) or the file says so */
	FETCH_NOT_DUE,
	FETCH_BUSY /* another run is at it */
};

struct fetch_report {
	enum fetch_outcome outcome;
	guint fresh;   /* items, or days of a metric, that were not known */
	guint known;   /* that were */
	guint dropped; /* beyond the caps, twice there, empty, too old */
	char *fault;   /* where a broken feed broke off; or NULL */
};

void fetch_report_clear(struct fetch_report *report);

/* The rules of the configuration for http_new(); they borrow from it. */
struct http_rules fetch_rules(const struct config *config);

/*
 * Asks the feed if it is due, and stores what is new. A failure is recorded
 * with the source, and makes it due later. Errors: HTTP_ERROR, FETCH_ERROR,
 * FEED_ERROR, STORE_ERROR.
 */
gboolean fetch_feed(const struct fetch *fetch, const struct config_feed *feed,
		    struct fetch_report *report, GError **error);

/* Reads a priority's metric file. Errors: BASE_ERROR, STORE_ERROR. */
gboolean fetch_metric(const struct fetch *fetch, const char *buyer,
		      const struct profile_priority *priority,
		      struct fetch_report *report, GError **error);

/* Forgets what is older than the configuration keeps. */
gboolean fetch_expire(const struct fetch *fetch, guint *n, GError **error);

#endif
