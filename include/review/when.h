/*
 * Times as a buyer reads them, and when a buyer's digest is due: wall-clock
 * arithmetic in the buyer's zone, so that days of 23 and 25 hours are days.
 * Pure; nothing depends on the locale.
 */
#ifndef REVIEW_WHEN_H
#define REVIEW_WHEN_H

#include <glib.h>

#include "profile/profile.h"

/* "Sat 21 Nov 16:20"; of a zone this machine does not know in UTC. The
 * caller's. */
char *when_text(gint64 time_us, const char *zone);

/* "21 Nov" */
char *when_day(gint64 time_us, const char *zone);

#define WHEN_DATE_LEN 10 /* "2026-11-22" */

/* The calendar day in that zone. */
void when_date(gint64 time_us, const char *zone, char date[WHEN_DATE_LEN + 1]);

/* Where the day "2026-11-22" ends in that zone; 0: it is no day. */
gint64 when_end(const char *date, const char *zone);

/* Where the day so many days of the calendar after that of `time_us` ends in
 * that zone; 0: its own, -7: the same day of the week before. */
gint64 when_day_end(gint64 time_us, const char *zone, int more_days);

/*
 * Whether a digest is due at `now_us`, and the day it is of: from its hour on
 * until the day ends, but at least for two hours, so that one asked for at
 * 23:59 is not missed. An hour that a clock change skips is due when the clock
 * has passed it; one that comes twice, the first time.
 */
gboolean when_due(const struct profile_digest *digest, gint64 now_us,
		  char date[WHEN_DATE_LEN + 1]);

#endif
