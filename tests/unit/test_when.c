/* When a digest is due: hours, zones, days, changes of the clock. */
#include <glib.h>

#include "base/clock.h"
#include "review/when.h"

#define EVERY_DAY 0x7f
#define WEEKDAYS  0x1f

static gint64
at(const char *utc)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(utc, NULL);

	g_assert_nonnull(time);
	return g_date_time_to_unix(time) * 1000000;
}

struct due_case {
	const char *what;
	const char *hour;
	const char *zone;
	guint days;
	const char *now;
	const char *date; /* NULL: not due */
};

static const struct due_case cases[] = {
	{ "a minute before", "07:30", "UTC", EVERY_DAY, "2026-11-20T07:29:59Z",
	  NULL },
	{ "the minute", "07:30", "UTC", EVERY_DAY, "2026-11-20T07:30:00Z",
	  "2026-11-20" },
	{ "late the same day", "07:30", "UTC", EVERY_DAY,
	  "2026-11-20T23:59:00Z", "2026-11-20" },
	{ "the day after, before the hour", "07:30", "UTC", EVERY_DAY,
	  "2026-11-21T00:30:00Z", NULL },
	{ "New York in the morning", "07:30", "America/New_York", EVERY_DAY,
	  "2026-11-20T12:30:00Z", "2026-11-20" },
	{ "New York before it", "07:30", "America/New_York", EVERY_DAY,
	  "2026-11-20T12:29:00Z", NULL },
	{ "New York's evening is tomorrow in UTC", "19:30", "America/New_York",
	  EVERY_DAY, "2026-11-21T00:31:00Z", "2026-11-20" },
	{ "Kathmandu, 5:45 ahead", "07:30", "Asia/Kathmandu", EVERY_DAY,
	  "2026-11-20T01:45:00Z", "2026-11-20" },
	{ "Auckland's morning is yesterday in UTC", "07:30", "Pacific/Auckland",
	  EVERY_DAY, "2026-11-19T18:30:00Z", "2026-11-20" },
	{ "no Saturday", "07:30", "UTC", WEEKDAYS, "2026-11-21T08:00:00Z",
	  NULL },
	{ "a Saturday in UTC is Friday in Honolulu", "07:30",
	  "Pacific/Honolulu", WEEKDAYS, "2026-11-21T02:00:00Z", "2026-11-20" },
	{ "Sunday in Auckland", "07:30", "Pacific/Auckland", WEEKDAYS,
	  "2026-11-21T20:00:00Z", NULL },
	{ "no day at all", "07:30", "UTC", 0, "2026-11-20T08:00:00Z", NULL },
	{ "spring: 02:30 is skipped, due at 03:00", "02:30", "America/New_York",
	  EVERY_DAY, "2026-03-08T07:00:00Z", "2026-03-08" },
	{ "spring: not before", "02:30", "America/New_York", EVERY_DAY,
	  "2026-03-08T06:59:00Z", NULL },
	{ "autumn: 01:30 the first time", "01:30", "America/New_York",
	  EVERY_DAY, "2026-11-01T05:30:00Z", "2026-11-01" },
	{ "autumn: the second is of the same day", "01:30", "America/New_York",
	  EVERY_DAY, "2026-11-01T06:30:00Z", "2026-11-01" },
	{ "autumn: back before the hour", "01:30", "America/New_York",
	  EVERY_DAY, "2026-11-01T06:10:00Z", NULL },
	{ "a minute to midnight", "23:59", "UTC", EVERY_DAY,
	  "2026-11-20T23:59:30Z", "2026-11-20" },
	{ "missed by a minute", "23:59", "UTC", EVERY_DAY,
	  "2026-11-21T00:01:00Z", "2026-11-20" },
	{ "missed by too much", "23:59", "UTC", EVERY_DAY,
	  "2026-11-21T01:59:00Z", NULL },
	{ "missed on a Friday", "23:59", "UTC", WEEKDAYS,
	  "2026-11-21T00:10:00Z", "2026-11-20" },
	{ "missed on a Sunday", "23:59", "UTC", WEEKDAYS,
	  "2026-11-23T00:10:00Z", NULL },
	{ "midnight", "00:00", "UTC", EVERY_DAY, "2026-11-20T00:00:00Z",
	  "2026-11-20" },
	{ "the first of the year", "23:30", "UTC", EVERY_DAY,
	  "2027-01-01T00:15:00Z", "2026-12-31" },
};

static void
test_due(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *hour = g_strdup(cases[i].hour);
		g_autofree char *zone = g_strdup(cases[i].zone);
		const struct profile_digest digest = { hour, zone,
						       cases[i].days };
		char date[WHEN_DATE_LEN + 1] = "";
		const gboolean due = when_due(&digest, at(cases[i].now), date);

		if (due != (cases[i].date != NULL) ||
		    (due && !g_str_equal(date, cases[i].date)))
			g_error("%s: due %d, %s", cases[i].what, due, date);
	}
}

static void
test_words(void)
{
	g_autofree char *text =
		when_text(at("2026-11-21T21:20:00Z"), "America/New_York");
	g_autofree char *day =
		when_day(at("2026-11-21T03:20:00Z"), "America/New_York");
	g_autofree char *unknown =
		when_text(at("2026-11-21T21:20:00Z"), "Nowhere/Town");

	g_assert_cmpstr(text, ==, "Sat 21 Nov 16:20");
	g_assert_cmpstr(day, ==, "20 Nov");
	g_assert_cmpstr(unknown, ==, "Sat 21 Nov 21:20");
}

/* 23 hours when the clock goes forward, and no day is none. */
static void
test_end(void)
{
	static const struct {
		const char *date;
		const char *zone;
		const char *expected;
	} ends[] = {
		{ "2026-11-22", "UTC", "2026-11-23T00:00:00Z" },
		{ "2026-01-31", "Europe/Berlin", "2026-01-31T23:00:00Z" },
		{ "2026-03-29", "Europe/Berlin", "2026-03-29T22:00:00Z" },
		{ "2026-01-31", "Nowhere/At_All", "2026-02-01T00:00:00Z" },
		/* Its first hour is skipped. */
		{ "2026-09-06", "America/Santiago", "2026-09-07T03:00:00Z" },
		{ "2026-09-05", "America/Santiago", "2026-09-06T04:00:00Z" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *found =
			clock_format(when_end(ends[i].date, ends[i].zone));

		g_assert_cmpstr(found, ==, ends[i].expected);
	}
	g_assert_cmpint(when_end("2026-02-30", "UTC"), ==, 0);
	g_assert_cmpint(when_end("today", "UTC"), ==, 0);
	g_assert_cmpint(when_end("", "UTC"), ==, 0);
}

/* Weeks of whole days: each begins where the one before it ends. */
static void
test_day_end(void)
{
	static const struct {
		const char *now;
		const char *zone;
		int days;
		const char *expected;
	} ends[] = {
		{ "2026-11-22T20:53:55Z", "America/New_York", 0,
		  "2026-11-23T05:00:00Z" },
		{ "2026-11-22T20:53:55Z", "America/New_York", -7,
		  "2026-11-16T05:00:00Z" },
		/* The clock was put back on 1 November. */
		{ "2026-11-05T20:00:00Z", "America/New_York", -7,
		  "2026-10-30T04:00:00Z" },
		{ "2026-10-29T20:00:00Z", "America/New_York", 7,
		  "2026-11-06T05:00:00Z" },
		{ "2026-09-13T12:00:00Z", "America/Santiago", -7,
		  "2026-09-07T03:00:00Z" },
		{ "2026-09-12T12:00:00Z", "America/Santiago", -7,
		  "2026-09-06T04:00:00Z" },
		{ "2026-01-03T12:00:00Z", "UTC", -7, "2025-12-28T00:00:00Z" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *found = clock_format(when_day_end(
			at(ends[i].now), ends[i].zone, ends[i].days));

		g_assert_cmpstr(found, ==, ends[i].expected);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/when/due", test_due);
	g_test_add_func("/when/words", test_words);
	g_test_add_func("/when/end of a day", test_end);
	g_test_add_func("/when/end of a day of another week", test_day_end);
	return g_test_run();
}
