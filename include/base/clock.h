/* Times are microseconds since 1970 UTC in gint64, named `_us`. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <glib.h>

#define CLOCK_SECOND_US G_GINT64_CONSTANT(1000000)
#define CLOCK_DAY_US	(86400 * CLOCK_SECOND_US)

/* Wall clock; it may jump. */
gint64 clock_now_us(void);

/* Monotonic clock, for deadlines and durations only. */
gint64 clock_monotonic_us(void);

/* RFC 3339 in UTC to the second, "2026-11-22T01:17:47Z"; the caller's. */
char *clock_format(gint64 time_us);

/*
 * A length of time: digits and one of ms, s, m, h, d, w ("8s", "30d").
 * Errors: BASE_ERROR_INVALID, the text says what is allowed.
 */
gboolean duration_parse(const char *text, gint64 *duration_us, GError **error);

/*
 * A size: digits and optionally one of k, kB, M, MB, G, GB (powers of 1024),
 * or B. Errors: BASE_ERROR_INVALID.
 */
gboolean size_parse(const char *text, guint64 *size, GError **error);

#endif
