/*
 * A buyer's own numbers, by day: CSV files of date,value that the site's other
 * systems write, and what they say about how much a priority presses.
 */
#ifndef MARKET_METRIC_H
#define MARKET_METRIC_H

#include <glib.h>

#include "store/signals.h"

#define METRIC_FILE_MAX (1 << 20)

/*
 * Lines "2026-11-22,48.5": a date and a number with a decimal point; a first
 * line with names, blank lines and lines that begin with '#' are stepped over.
 * Days may stand in any order, none twice, at most STORE_POINTS_MAX. An array
 * of struct store_point, by day; BASE_ERROR_INVALID or _LIMIT as
 * "file:line: what is wrong", or what file_read() says.
 */
GArray *metric_read(const char *path, GError **error);

/* The same from memory; `name` stands in the errors. */
GArray *metric_parse(const char *name, const char *text, gsize len,
		     GError **error);

/*
 * How far the newest number is from the target, 0 (there) to 1: the gap over
 * the larger of both. Past the target, seen from where the numbers began, is
 * there. Of one number any difference is a gap. 0 without numbers.
 */
double metric_pressure(const struct store_point *points, guint n,
		       double target);

#endif
