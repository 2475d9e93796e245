#include "base/clock.h"

#include <string.h>

#include "base/error.h"

/* The year 9999 in seconds: the last that RFC 3339 can write. */
#define SECONDS_MAX G_GINT64_CONSTANT(253402300799)

struct unit {
	const char *name;
	guint64 factor;
};

gint64
clock_now_us(void)
{
	return g_get_real_time();
}

gint64
clock_monotonic_us(void)
{
	return g_get_monotonic_time();
}

char *
clock_format(gint64 time_us)
{
	g_autoptr(GDateTime) date = NULL;
	gint64 seconds = time_us / CLOCK_SECOND_US;

	if (time_us % CLOCK_SECOND_US < 0)
		seconds--;
	date = g_date_time_new_from_unix_utc(CLAMP(seconds, 0, SECONDS_MAX));
	return g_strdup_printf(
		"%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year(date),
		g_date_time_get_month(date), g_date_time_get_day_of_month(date),
		g_date_time_get_hour(date), g_date_time_get_minute(date),
		g_date_time_get_second(date));
}

/* Digits and one of the units (ended by a NULL name), at most `max`. */
static gboolean
scaled_parse(const char *text, const struct unit *units, guint64 max,
	     guint64 *value)
{
	const char *p = text;
	guint64 n = 0;

	for (; g_ascii_isdigit(*p); p++) {
		if (!g_uint64_checked_mul(&n, n, 10) ||
		    !g_uint64_checked_add(&n, n, (guint64)(*p - '0')))
			return FALSE;
	}
	if (p == text)
		return FALSE;
	while (units->name && strcmp(p, units->name) != 0)
		units++;
	if (!units->name || !g_uint64_checked_mul(&n, n, units->factor) ||
	    n > max)
		return FALSE;
	*value = n;
	return TRUE;
}

gboolean
duration_parse(const char *text, gint64 *duration_us, GError **error)
{
	static const struct unit units[] = {
		{ "ms", 1000 },
		{ "s", CLOCK_SECOND_US },
		{ "m", 60 * CLOCK_SECOND_US },
		{ "h", 3600 * CLOCK_SECOND_US },
		{ "d", CLOCK_DAY_US },
		{ "w", 7 * CLOCK_DAY_US },
		{ NULL, 0 },
	};
	guint64 value;

	if (!scaled_parse(text, units, G_MAXINT64, &value)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "a length of time is a whole number and one of ms, "
			    "s, m, h, d, w (\"8s\", \"30d\"), not '%s'",
			    text);
		return FALSE;
	}
	*duration_us = (gint64)value;
	return TRUE;
}

gboolean
size_parse(const char *text, guint64 *size, GError **error)
{
	static const struct unit units[] = {
		{ "", 1 },	   { "B", 1 },	      { "k", 1 << 10 },
		{ "kB", 1 << 10 }, { "M", 1 << 20 },  { "MB", 1 << 20 },
		{ "G", 1 << 30 },  { "GB", 1 << 30 }, { NULL, 0 },
	};

	if (scaled_parse(text, units, G_MAXUINT64, size))
		return TRUE;
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "a size is a whole number and optionally one of B, k, kB, "
		    "M, MB, G, GB (\"64k\", \"2MB\"), not '%s'",
		    text);
	return FALSE;
}
