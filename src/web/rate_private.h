/*
 * How often something may be done: so many times for each key in a window that
 * begins with the first. Only so many keys are remembered; a new one then
 * drives out the oldest. Thread-safe.
 */
#ifndef WEB_RATE_PRIVATE_H
#define WEB_RATE_PRIVATE_H

#include <glib.h>

struct rate;

struct rate *rate_new(guint max, gint64 window_us, guint keys_max);
void rate_free(struct rate *rate);

/* One more of this key (monotonic time); FALSE: that would be too many. */
gboolean rate_take(struct rate *rate, const char *key, gint64 now_us);

#endif
