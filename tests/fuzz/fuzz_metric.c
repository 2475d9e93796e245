/*
 * Any bytes as a buyer's own numbers, as a feed's date and as Retry-After:
 * points in order, finite and each day once; what is written again reads back
 * the same.
 */
#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../../src/market/date_private.h"
#include "base/clock.h"
#include "market/http.h"
#include "market/metric.h"

#define DAY_US (24 * 3600 * CLOCK_SECOND_US)
/* The year 10000, with room for zones. */
#define LAST_US (G_GINT64_CONSTANT(253402400000) * 1000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
format(const GArray *points)
{
	GString *text = g_string_new("date,value\n");

	for (guint i = 0; i < points->len; i++) {
		const struct store_point *point =
			&g_array_index(points, struct store_point, i);
		g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(
			point->day_us / CLOCK_SECOND_US);
		char number[G_ASCII_DTOSTR_BUF_SIZE];

		g_string_append_printf(
			text, "%04d-%02d-%02d,%s\n", g_date_time_get_year(day),
			g_date_time_get_month(day),
			g_date_time_get_day_of_month(day),
			g_ascii_dtostr(number, sizeof number, point->value));
	}
	return g_string_free(text, FALSE);
}

static void
check_points(const GArray *points)
{
	g_autofree char *text = format(points);
	g_autoptr(GArray) again =
		metric_parse("again", text, strlen(text), NULL);
	const struct store_point *all =
		(const struct store_point *)(void *)points->data;
	double pressure = metric_pressure(all, points->len, 50);

	g_assert(points->len <= STORE_POINTS_MAX);
	g_assert(pressure >= 0 && pressure <= 1);
	g_assert(again && again->len == points->len);
	for (guint i = 0; i < points->len; i++) {
		const struct store_point *other =
			&g_array_index(again, struct store_point, i);

		g_assert(isfinite(all[i].value));
		g_assert(all[i].day_us % DAY_US == 0);
		g_assert(i == 0 || all[i].day_us > all[i - 1].day_us);
		g_assert(other->day_us == all[i].day_us);
		g_assert(!(other->value < all[i].value) &&
			 !(other->value > all[i].value));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) points =
		metric_parse("m.csv", (const char *)data, size, &error);
	const gint64 date_us = date_parse(text);
	const gint64 retry_us = http_retry_parse(text, CLOCK_SECOND_US);

	g_assert((points == NULL) == (error != NULL));
	g_assert(points || g_str_has_prefix(error->message, "m.csv:"));
	g_assert(points || g_utf8_validate(error->message, -1, NULL));
	if (points)
		check_points(points);
	g_assert(ABS(date_us) <= LAST_US);
	g_assert(retry_us >= 0 && retry_us <= HTTP_RETRY_MAX_US);
	return 0;
}
