#include "review/when.h"

#include <string.h>

#include "base/clock.h"

#define DAY_MINUTES 1440

/* How far into the next day a late hour's digest may still be sent. */
#define LATE_MINUTES 120

static const char *const days[] = { "Mon", "Tue", "Wed", "Thu",
				    "Fri", "Sat", "Sun" };
static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

static GDateTime *
local_time(gint64 time_us, const char *zone)
{
	g_autoptr(GTimeZone) named = g_time_zone_new_identifier(zone);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) begin =
		g_date_time_new_from_unix_utc(time_us / CLOCK_SECOND_US);

	g_assert(begin);
	return g_date_time_to_timezone(begin, named ? named : utc);
}

static const char *
month_name(GDateTime *time)
{
	return months[g_date_time_get_month(time) - 1];
}

char *
when_text(gint64 time_us, const char *zone)
{
	g_autoptr(GDateTime) time = local_time(time_us, zone);

	return g_strdup_printf("%s %d %s %02d:%02d",
			       days[g_date_time_get_day_of_week(time) - 1],
			       g_date_time_get_day_of_month(time),
			       month_name(time), g_date_time_get_hour(time),
			       g_date_time_get_minute(time));
}

char *
when_day(gint64 time_us, const char *zone)
{
	g_autoptr(GDateTime) time = local_time(time_us, zone);

	return g_strdup_printf("%d %s", g_date_time_get_day_of_month(time),
			       month_name(time));
}

static void
date_write(GDateTime *time, char date[WHEN_DATE_LEN + 1])
{
	g_snprintf(date, WHEN_DATE_LEN + 1, "%04d-%02d-%02d",
		   g_date_time_get_year(time), g_date_time_get_month(time),
		   g_date_time_get_day_of_month(time));
}

void
when_date(gint64 time_us, const char *zone, char date[WHEN_DATE_LEN + 1])
{
	g_autoptr(GDateTime) time = local_time(time_us, zone);

	date_write(time, date);
}

/* By noon, which every day has: a clock may be put forward at midnight. */
static gint64
end_after(GDateTime *noon, GTimeZone *zone, int more_days)
{
	g_autoptr(GDateTime) next = g_date_time_add_days(noon, more_days + 1);
	g_autoptr(GDateTime) end =
		next ? g_date_time_new(zone, g_date_time_get_year(next),
				       g_date_time_get_month(next),
				       g_date_time_get_day_of_month(next), 0, 0,
				       0)
		     : NULL;

	return end ? g_date_time_to_unix(end) * CLOCK_SECOND_US : 0;
}

static gint64
date_end(const char *date, const char *zone, int more_days)
{
	g_autoptr(GTimeZone) named = g_time_zone_new_identifier(zone);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autofree char *whole = g_strconcat(date, "T12:00:00", NULL);
	g_autoptr(GDateTime) noon = NULL;

	if (strlen(date) != WHEN_DATE_LEN)
		return 0;
	noon = g_date_time_new_from_iso8601(whole, named ? named : utc);
	return noon ? end_after(noon, named ? named : utc, more_days) : 0;
}

gint64
when_end(const char *date, const char *zone)
{
	return date_end(date, zone, 0);
}

gint64
when_day_end(gint64 time_us, const char *zone, int more_days)
{
	char date[WHEN_DATE_LEN + 1];

	when_date(time_us, zone, date);
	return date_end(date, zone, more_days);
}

/* Of a checked "HH:MM". */
static int
minute_of(const char *at)
{
	return ((at[0] - '0') * 10 + at[1] - '0') * 60 + (at[3] - '0') * 10 +
	       at[4] - '0';
}

gboolean
when_due(const struct profile_digest *digest, gint64 now_us,
	 char date[WHEN_DATE_LEN + 1])
{
	g_autoptr(GDateTime) now = local_time(now_us, digest->zone);
	g_autoptr(GDateTime) day = NULL;
	const int minute =
		g_date_time_get_hour(now) * 60 + g_date_time_get_minute(now);
	const int at = minute_of(digest->at);
	const gboolean today = minute >= at;

	if (!today && minute + DAY_MINUTES - at >= LATE_MINUTES)
		return FALSE;
	/* By the calendar: yesterday may have been 23 hours long. */
	day = g_date_time_add_days(now, today ? 0 : -1);
	if (!(digest->days >> (g_date_time_get_day_of_week(day) - 1) & 1))
		return FALSE;
	date_write(day, date);
	return TRUE;
}
