/*
 * The fingerprints of the last messages, in memory, so that looking for near
 * ones costs no database: SimHash has no index that a B-tree could be.
 * Thread-safe.
 */
#ifndef STORE_RECENT_PRIVATE_H
#define STORE_RECENT_PRIVATE_H

#include "store_private.h"

/* What history counts, and what campaigns are looked for among. */
#define RECENT_MAX	    2000
#define RECENT_CAMPAIGN_MAX 8000

struct recent;

struct recent_row {
	guint64 seq; /* the driver's order of arrival */
	gint64 time_us;
	guint64 fingerprint;
	guint64 buyer; /* recent_buyer() */
};

/* Of the last `max`. */
struct recent *recent_new(guint max);
void recent_free(struct recent *recent);

/* What stands for a buyer's id. */
guint64 recent_buyer(const char *buyer);

guint recent_max(const struct recent *recent);

/* Up to where rows have been added: what is newer must be read. */
guint64 recent_seq(struct recent *recent);

/* In rising order of `seq`; those already there are left out. */
void recent_add(struct recent *recent, const struct recent_row *rows, guint n);

/*
 * Counts near fingerprints (up to 3 bits of 64 differ) received since
 * `since_us`; buyer NULL: of all. A fingerprint of 0 is near to none. At most
 * RECENT_MAX buyers are told apart.
 */
void recent_count(struct recent *recent, const struct store_likeness *likeness,
		  gint64 since_us, struct store_history *history);

/* The newest of those; FALSE when there is none. */
gboolean recent_nearest(struct recent *recent, guint64 fingerprint,
			gint64 since_us, guint64 *seq);

#endif
