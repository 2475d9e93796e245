/*
 * What of a buyer's attention is spent, as the store has it: the one rule of
 * which mail the budget is asked about and which of it costs a place. The
 * filter's account, the digest and the board count by it.
 */
#ifndef SCREEN_SPENT_H
#define SCREEN_SPENT_H

#include <glib.h>

#include "profile/profile.h"
#include "store/store.h"

/*
 * Whether the budget was asked about a mail: surely outreach (`hold`), near
 * enough to a priority (`tag`), with no gate and no ruling of the buyer's.
 */
gboolean spent_asked(const struct store_message *message, double hold,
		     double tag);

/* Whether it costs a place: asked about and let in, with a tag or without. */
gboolean spent_on(const struct store_message *message, double hold, double tag);

/* By which it was asked: what let it in for a group, or its own. */
double spent_relevance(const struct store_message *message);

struct spent {
	guint day;
	guint week;
};

/*
 * Of the day and of the week of `now_us`, from Monday, both in the zone of the
 * profile's digest: those of the filter. Reads the mail delivered since.
 * Errors: STORE_ERROR.
 */
gboolean spent_count(struct store *store, const struct profile *profile,
		     gint64 now_us, struct spent *spent, GError **error);

#endif
