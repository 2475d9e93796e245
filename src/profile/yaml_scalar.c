/* How scalars are read and how their limits are written. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "yaml_private.h"

/* Dates outside these years are slips of the finger. */
#define YEAR_MIN 1990
#define YEAR_MAX 2199

/* A decimal number, whole input, finite: no hex, no "nan", no "1_000". */
gboolean
yaml_number_parse(const char *text, double *number)
{
	char *end;
	double value;

	if (text[strspn(text, "+-.0123456789eE")] != '\0' ||
	    !text[strcspn(text, "0123456789")])
		return FALSE;
	value = g_ascii_strtod(text, &end);
	if (*end != '\0' || !isfinite(value))
		return FALSE;
	*number = value;
	return TRUE;
}

/* No leading zero: YAML 1.1 calls 010 eight, and nobody means that. */
gboolean
yaml_integer_parse(const char *text, gint64 *integer)
{
	const char *digits = text + (*text == '-' ? 1 : 0);
	gint64 value;
	char *end;

	if (!g_ascii_isdigit(*digits) || (*digits == '0' && digits[1] != '\0'))
		return FALSE;
	value = g_ascii_strtoll(text, &end, 10);
	if (*end != '\0' || value == G_MAXINT64 || value == G_MININT64)
		return FALSE;
	*integer = value;
	return TRUE;
}

gboolean
yaml_date_parse(const char *text, gint64 *date_us)
{
	g_autoptr(GDateTime) date = NULL;
	guint digits[8];
	guint n = 0;

	for (guint i = 0; i < 10; i++) {
		if (i == 4 || i == 7 ? text[i] != '-'
				     : !g_ascii_isdigit(text[i]))
			return FALSE;
		if (text[i] != '-')
			digits[n++] = (guint)(text[i] - '0');
	}
	if (text[10] != '\0')
		return FALSE;
	date = g_date_time_new_utc((gint)(digits[0] * 1000 + digits[1] * 100 +
					  digits[2] * 10 + digits[3]),
				   (gint)(digits[4] * 10 + digits[5]),
				   (gint)(digits[6] * 10 + digits[7]), 0, 0, 0);
	if (!date || g_date_time_get_year(date) < YEAR_MIN ||
	    g_date_time_get_year(date) > YEAR_MAX)
		return FALSE;
	*date_us = g_date_time_to_unix(date) * CLOCK_SECOND_US;
	return TRUE;
}

/* "30d": the largest unit that says it in whole numbers. */
char *
yaml_duration_format(gint64 us)
{
	static const struct {
		const char *unit;
		gint64 factor;
	} units[] = {
		{ "d", CLOCK_DAY_US },
		{ "h", 3600 * CLOCK_SECOND_US },
		{ "m", 60 * CLOCK_SECOND_US },
		{ "s", CLOCK_SECOND_US },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
		if (us > 0 && us % units[i].factor == 0)
			return g_strdup_printf("%" G_GINT64_FORMAT "%s",
					       us / units[i].factor,
					       units[i].unit);
	return g_strdup_printf("%" G_GINT64_FORMAT "ms", us / 1000);
}

char *
yaml_size_format(guint64 size)
{
	static const char *const units[] = { "", "kB", "MB", "GB" };
	guint i = 0;

	while (i + 1 < G_N_ELEMENTS(units) && size > 0 && size % 1024 == 0) {
		size /= 1024;
		i++;
	}
	return g_strdup_printf("%" G_GUINT64_FORMAT "%s", size, units[i]);
}

char *
yaml_number_format(double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	return g_strdup(g_ascii_formatd(text, sizeof(text), "%.15g", number));
}

char *
yaml_range_text(const char *what, char *min, char *max)
{
	g_autofree char *low = min;
	g_autofree char *high = max;

	if (!*what && !(low && high))
		what = "a number ";
	if (low && high)
		return g_strdup_printf("%sbetween %s and %s", what, low, high);
	if (low)
		return g_strdup_printf("%sof at least %s", what, low);
	return g_strchomp(g_strdup(what));
}

char *
yaml_words_join(const char *const *words)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; words[i]; i++)
		g_string_append_printf(list, "%s%s", i > 0 ? ", " : "",
				       words[i]);
	return g_string_free(g_steal_pointer(&list), FALSE);
}

static void
quote_character(GString *quoted, gunichar c)
{
	if (c == '"' || c == '\\')
		g_string_append_printf(quoted, "\\%c", (char)c);
	else if (c == '\n')
		g_string_append(quoted, "\\n");
	else if (c == '\t')
		g_string_append(quoted, "\\t");
	else if (g_unichar_isprint(c))
		g_string_append_unichar(quoted, c);
	else if (g_unichar_iscntrl(c))
		g_string_append_c(quoted, ' ');
	else
		g_string_append_printf(quoted, "\\U%08X", c);
}

char *
yaml_quote(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(GString) quoted = g_string_new("\"");

	for (const char *p = valid; *p; p = g_utf8_next_char(p))
		quote_character(quoted, g_utf8_get_char(p));
	g_string_append_c(quoted, '"');
	return g_string_free(g_steal_pointer(&quoted), FALSE);
}
