#include "market/metric.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"

#define SHOWN_MAX 40

struct place {
	const char *name;
	guint line;
};

static gboolean
refuse(const struct place *place, const char *what, const char *text,
       GError **error)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *shown = g_utf8_substring(
		valid, 0, MIN(g_utf8_strlen(valid, -1), SHOWN_MAX));

	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "%s:%u: %s, not '%s'", place->name, place->line, what,
		    shown);
	return FALSE;
}

static gboolean
read_digits(const char *text, guint n, int *number)
{
	*number = 0;
	for (guint i = 0; i < n; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		*number = *number * 10 + (text[i] - '0');
	}
	return TRUE;
}

static gboolean
read_day(const char *text, gint64 *day_us)
{
	g_autoptr(GDateTime) day = NULL;
	int year;
	int month;
	int of_month;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
	    !read_digits(text, 4, &year) || !read_digits(text + 5, 2, &month) ||
	    !read_digits(text + 8, 2, &of_month) || year < 1900)
		return FALSE;
	day = g_date_time_new_utc(year, month, of_month, 0, 0, 0);
	if (!day)
		return FALSE;
	*day_us = g_date_time_to_unix(day) * CLOCK_SECOND_US;
	return TRUE;
}

static gboolean
read_value(const char *text, double *value)
{
	static const char letters[] = "0123456789.+-eE";
	char *end;

	if (!*text || text[strspn(text, letters)] != '\0')
		return FALSE;
	*value = g_ascii_strtod(text, &end);
	return *end == '\0' && isfinite(*value);
}

/* Without spaces and quotes around it. */
static char *
field_trim(char *text)
{
	gsize len;

	g_strstrip(text);
	len = strlen(text);
	if (len < 2 || text[0] != '"' || text[len - 1] != '"')
		return text;
	text[len - 1] = '\0';
	return g_strstrip(text + 1);
}

static gboolean
read_point(const struct place *place, char *line, struct store_point *point,
	   GError **error)
{
	g_auto(GStrv) fields = g_strsplit(line, ",", 3);

	if (g_strv_length(fields) != 2)
		return refuse(place, "a line must be date,value", line, error);
	if (!read_day(field_trim(fields[0]), &point->day_us))
		return refuse(place, "the date must be YYYY-MM-DD", fields[0],
			      error);
	if (!read_value(field_trim(fields[1]), &point->value))
		return refuse(place,
			      "the value must be a number with a decimal point",
			      fields[1], error);
	return TRUE;
}

static gboolean
is_heading(const struct place *place, const char *line)
{
	return place->line == 1 && (g_ascii_isalpha(*line) || *line == '"') &&
	       !strpbrk(line, "0123456789");
}

static gint
compare_days(gconstpointer a, gconstpointer b)
{
	const struct store_point *x = a;
	const struct store_point *y = b;

	return x->day_us < y->day_us ? -1 : x->day_us > y->day_us;
}

static gboolean
add_point(const struct place *place, char *line, GArray *points,
	  GHashTable *days, GError **error)
{
	struct store_point point;

	if (!read_point(place, line, &point, error))
		return FALSE;
	if (points->len >= STORE_POINTS_MAX) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_LIMIT,
			    "%s:%u: more than %d days", place->name,
			    place->line, STORE_POINTS_MAX);
		return FALSE;
	}
	if (!g_hash_table_add(days,
			      g_memdup2(&point.day_us, sizeof(point.day_us))))
		return refuse(place, "each day may stand there once", line,
			      error);
	g_array_append_val(points, point);
	return TRUE;
}

GArray *
metric_parse(const char *name, const char *text, gsize len, GError **error)
{
	g_autofree char *copy = g_strndup(text, len);
	g_auto(GStrv) lines = g_strsplit(
		g_str_has_prefix(copy, "\xEF\xBB\xBF") ? copy + 3 : copy, "\n",
		-1);
	g_autoptr(GArray) points =
		g_array_new(FALSE, FALSE, sizeof(struct store_point));
	g_autoptr(GHashTable) days = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, NULL);
	struct place place = { name, 0 };

	for (char **line = lines; *line; line++) {
		place.line++;
		g_strstrip(*line);
		if (**line == '\0' || **line == '#' ||
		    is_heading(&place, *line))
			continue;
		if (!add_point(&place, *line, points, days, error))
			return NULL;
	}
	g_array_sort(points, compare_days);
	return g_steal_pointer(&points);
}

GArray *
metric_read(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, METRIC_FILE_MAX, error);
	const char *text;
	gsize len;

	if (!bytes)
		return NULL;
	text = g_bytes_get_data(bytes, &len);
	return metric_parse(path, text ? text : "", len, error);
}

double
metric_pressure(const struct store_point *points, guint n, double target)
{
	const double now = n > 0 ? points[n - 1].value : target;
	const double begin = n > 0 ? points[0].value : target;
	const double larger = fmax(fabs(now), fabs(target));

	if (larger <= 0 || (begin > target && now < target) ||
	    (begin < target && now > target))
		return 0;
	return fmin(fabs(now - target) / larger, 1);
}
