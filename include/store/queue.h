/*
 * Held mail as a person reviews it: one row a campaign, and the flow of a
 * buyer's mail by day. Made for pages: the cost of a page depends little on how
 * much is held (under 50 ms at 100,000 messages).
 */
#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include <glib.h>

#include "store/store.h"

enum store_order {
	STORE_ORDER_REGRET, /* what is unsure or probably wrong comes first */
	STORE_ORDER_NEWEST,
	STORE_ORDER_VENDOR
};

/* Of a fold is decided what all its messages were called irrelevant: the buyer
 * has agreed to their being held. */
enum store_decided {
	STORE_DECIDED_TOO,
	STORE_DECIDED_NOT, /* what is left to be looked at */
	STORE_DECIDED_ONLY
};

struct store_fold_query {
	const char *buyer; /* never NULL */
	double tag; /* the profile's threshold, for the regret and for what
		       counts for a priority */
	enum store_order order;
	const char *text;   /* in subject, from, from_name, vendor; or NULL */
	const char *vendor; /* exactly; or NULL */
	const char
		*priority; /* what counts for it (store_priority()); or NULL */
	gint64 now_us; /* what is snoozed then is left out; 0: all is shown */
	guint offset;
	guint limit; /* 0: 50 */
	enum store_decided decided;
};

/* How much there is, without offset and limit. */
struct store_fold_total {
	guint folds;
	guint messages;
};

/*
 * The held messages of one campaign to the buyer; a message of none is a row of
 * its own. Of a campaign only the messages count that the query asks for and
 * that are not put off; one that is being released is not held. `regret` is
 * that of the message whose deciding would be regretted most, which is `top`
 * (of several the newest): 1 - P(outreach) (1 - relevance) - tag, with what is
 * unknown as 0.5, or -1 when the message was never judged; less 2 when it has
 * been labelled as irrelevant, which agrees with holding it. What was labelled
 * otherwise and is held all the same has 4 more, and so comes first of all.
 */
struct store_fold {
	struct store_message *top;
	guint n;	  /* messages held */
	guint colleagues; /* other buyers who got mail of the campaign */
	gint64 first_us;
	gint64 last_us;
	double regret;
};

void store_fold_free(struct store_fold *fold);

/* Whether a person said that `top`, which is held, should not be. */
gboolean store_fold_wanted(const struct store_fold *fold);

/*
 * An array of struct store_fold that frees its elements, the newest first where
 * the order is the same; by vendor, those of public mail domains come last.
 * `total` may be NULL. Search in texts reads every held message: one or two
 * microseconds each.
 */
GPtrArray *store_fold_list(struct store *store,
			   const struct store_fold_query *query,
			   struct store_fold_total *total, GError **error);

/* Messages received on one day (UTC, from 0:00) and what became of them. */
struct store_flow {
	gint64 day_us;
	char *priority; /* the best one, however near; "" when there is none */
	guint delivered;
	guint tagged;
	guint held; /* whatever became of them: still held, released, expired */
	guint released; /* of those held */
	guint relevant; /* delivered by verdict, P(outreach) 0.5 or more */
};

void store_flow_free(struct store_flow *flow);

/* By day, then priority, from the day of `since_us` on; days without mail are
 * left out. An array of struct store_flow that frees its elements. Of all
 * buyers: NULL. */
GPtrArray *store_flow_list(struct store *store, const char *buyer,
			   gint64 since_us, GError **error);

/*
 * The same of one buyer's mail that counts for a priority (store_priority()),
 * by messages received since then: made from them, two or three microseconds
 * for each that came since.
 */
GPtrArray *store_flow_near(struct store *store, const char *buyer, double tag,
			   gint64 since_us, GError **error);

#endif
