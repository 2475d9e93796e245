#include "date_private.h"

#include <string.h>

#include "base/clock.h"

#define TEXT_MAX 64  /* of a date */
#define LOOK_MAX 256 /* with white space around it */
#define WORDS	 6

/* RFC 822 section 5.1, in minutes. */
static const struct zone {
	const char *name;
	int minutes;
} zones[] = {
	{ "GMT", 0 },	 { "UT", 0 },	  { "UTC", 0 },	   { "Z", 0 },
	{ "EST", -300 }, { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 },
	{ "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
	{ "BST", 60 },	 { "CET", 60 },	  { "CEST", 120 },
};

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

struct date {
	int year, month, day, hour, minute;
	double second;
	int zone; /* minutes east */
};

static gint64
date_us(const struct date *date)
{
	g_autoptr(GDateTime) time =
		g_date_time_new_utc(date->year, date->month, date->day,
				    date->hour, date->minute, date->second);

	if (!time)
		return 0;
	return (g_date_time_to_unix(time) - (gint64)date->zone * 60) *
	       CLOCK_SECOND_US;
}

static gboolean
read_number(const char *text, guint64 max, int *number)
{
	guint64 value;

	if (!g_ascii_string_to_unsigned(text, 10, 0, max, &value, NULL))
		return FALSE;
	*number = (int)value;
	return TRUE;
}

/* "Nov", "November" */
static gboolean
read_month(const char *text, int *month)
{
	g_autofree char *lower = g_ascii_strdown(text, 3);

	if (strlen(text) < 3)
		return FALSE;
	for (int i = 0; i < 12; i++) {
		if (strncmp(months + 3 * (gsize)i, lower, 3) != 0)
			continue;
		*month = i + 1;
		return TRUE;
	}
	return FALSE;
}

/* RFC 2822 section 4.3. */
static gboolean
read_year(const char *text, int *year)
{
	if (!read_number(text, 9999, year))
		return FALSE;
	if (strlen(text) == 2)
		*year += *year < 50 ? 2000 : 1900;
	else if (strlen(text) == 3)
		*year += 1900;
	return *year >= 1900;
}

static gboolean
read_clock(const char *text, struct date *date)
{
	g_auto(GStrv) parts = g_strsplit(text, ":", 4);
	const guint n = g_strv_length(parts);
	int second = 0;

	if (n < 2 || n > 3 || !read_number(parts[0], 23, &date->hour) ||
	    !read_number(parts[1], 59, &date->minute) ||
	    (n == 3 && !read_number(parts[2], 60, &second)))
		return FALSE;
	date->second = MIN(second, 59);
	return TRUE;
}

static void
read_zone(const char *text, struct date *date)
{
	int number;

	if ((*text == '+' || *text == '-') && strlen(text) == 5 &&
	    read_number(text + 1, 2359, &number)) {
		date->zone = number / 100 * 60 + number % 100;
		if (*text == '-')
			date->zone = -date->zone;
		return;
	}
	for (guint i = 0; i < G_N_ELEMENTS(zones); i++)
		if (g_ascii_strcasecmp(text, zones[i].name) == 0)
			date->zone = zones[i].minutes;
}

/* The words that are there, at most WORDS; an array that borrows them. */
static guint
split(char *text, const char *words[WORDS])
{
	guint n = 0;

	while (n < WORDS) {
		text += strspn(text, " \t\r\n,");
		if (!*text)
			break;
		words[n++] = text;
		text += strcspn(text, " \t\r\n,");
		if (*text)
			*text++ = '\0';
	}
	return n;
}

static gint64
parse_822(const char *text)
{
	g_autofree char *copy = g_strdup(text);
	const char *words[WORDS];
	guint n = split(copy, words);
	const char **word = words;
	struct date date = { 0 };

	if (n > 0 && !g_ascii_isdigit(**word)) {
		word++;
		n--;
	}
	if (n < 3 || !read_number(word[0], 31, &date.day) ||
	    !read_month(word[1], &date.month) ||
	    !read_year(word[2], &date.year))
		return 0;
	if (n > 3 && !read_clock(word[3], &date))
		return 0;
	if (n > 4)
		read_zone(word[4], &date);
	return date_us(&date);
}

/* A space for the T is common, and so is the day alone. */
static gint64
parse_3339(const char *text)
{
	g_autofree char *full = strlen(text) == 10
					? g_strconcat(text, "T00:00:00Z", NULL)
					: g_strdup(text);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = NULL;

	if (strlen(full) > 10 && full[10] == ' ')
		full[10] = 'T';
	time = g_date_time_new_from_iso8601(full, utc);
	return time ? g_date_time_to_unix(time) * CLOCK_SECOND_US : 0;
}

gint64
date_parse(const char *text)
{
	g_autofree char *trimmed = NULL;

	if (strnlen(text, LOOK_MAX) >= LOOK_MAX)
		return 0;
	trimmed = g_strstrip(g_strdup(text));
	if (strlen(trimmed) > TEXT_MAX)
		return 0;
	if (strlen(trimmed) >= 10 && trimmed[4] == '-' && trimmed[7] == '-')
		return parse_3339(trimmed);
	return parse_822(trimmed);
}
