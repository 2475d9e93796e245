/*
 * Reasons as text: as jansson writes them, to the byte, at a tenth of what a
 * tree of objects costs that lives for one dump. Held mail has two dozen.
 */
#include <math.h>
#include <string.h>

#include "reason_private.h"

/* Enough to see a difference, short enough for a row a message. */
#define DIGITS	   7
#define DIGITS_MAX 10000000 /* one followed by so many zeros */
#define DIGITS_MIN 1000000

/* Room for a number of that many digits. */
#define NUMBER_BYTES 32

/* Printed without an exponent from 10 to the power of this on. */
#define PLAIN_MIN (-4)

/* How near to a half is too near to be rounded here. */
#define DOUBT 1e-6

/* What jansson makes of the exponent: no plus, no zeros before it. */
static void
trim_exponent(char *text)
{
	char *e = strchr(text, 'e');
	char *digits;

	if (!e)
		return;
	digits = e + 1;
	if (*digits == '-' || *digits == '+')
		digits++;
	while (*digits == '0' && digits[1])
		digits++;
	e += e[1] == '-' ? 2 : 1;
	memmove(e, digits, strlen(digits) + 1);
}

static void
append_slowly(GString *json, double value)
{
	char text[NUMBER_BYTES];

	g_ascii_formatd(text, sizeof(text), "%.7g", value);
	trim_exponent(text);
	g_string_append(json, text);
	if (!strpbrk(text, ".e"))
		g_string_append(json, ".0");
}

/*
 * The digits of a number whose first stands for 10 to the power of `power`,
 * without the zeros at its end behind the point.
 */
static void
append_digits(GString *json, guint digits, int power)
{
	char text[DIGITS];
	int n = DIGITS;

	for (int i = DIGITS - 1; i >= 0; i--, digits /= 10)
		text[i] = (char)('0' + digits % 10);
	while (n > MAX(power + 1, 1) && text[n - 1] == '0')
		n--;
	if (power < 0) {
		g_string_append_len(json, "0.000", 1 - power);
		g_string_append_len(json, text, n);
		return;
	}
	g_string_append_len(json, text, power + 1);
	g_string_append_c(json, '.');
	if (n > power + 1)
		g_string_append_len(json, text + power + 1, n - power - 1);
	else
		g_string_append_c(json, '0');
}

/*
 * As "%.7g" has it. A product of a double and an exact power of ten is off by
 * less than a billionth here: far from a half it is rounded as the number
 * itself would be. FALSE: it is not for this way.
 */
static gboolean
append_quickly(GString *json, double value)
{
	static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5,
					 1e6, 1e7, 1e8, 1e9, 1e10 };
	const double size = fabs(value);
	int power = DIGITS - 1;
	double scaled, rest;
	guint digits;

	if (!(size >= 0.0001 && size < DIGITS_MAX - 1))
		return FALSE;
	while (power > PLAIN_MIN &&
	       size * powers[DIGITS - 1 - power] < DIGITS_MIN)
		power--;
	scaled = size * powers[DIGITS - 1 - power];
	digits = (guint)scaled;
	rest = scaled - digits;
	if (digits < DIGITS_MIN || digits >= DIGITS_MAX - 1 ||
	    fabs(rest - 0.5) < DOUBT)
		return FALSE;
	if (value < 0)
		g_string_append_c(json, '-');
	append_digits(json, digits + (rest > 0.5), power);
	return TRUE;
}

static void
append_number(GString *json, double value)
{
	if (!isfinite(value))
		value = 0;
	if (!append_quickly(json, value))
		append_slowly(json, value);
}

static void
append_escaped(GString *json, char c)
{
	static const char plain[] = "\"\\bfnrt";
	static const char meant[] = "\"\\\b\f\n\r\t";
	const char *place = strchr(meant, c);

	if (!place) {
		g_string_append_printf(json, "\\u%04X", (guint)c);
		return;
	}
	g_string_append_c(json, '\\');
	g_string_append_c(json, plain[place - meant]);
}

static void
append_string(GString *json, const char *text)
{
	const char *begin = text;

	g_string_append_c(json, '"');
	for (; *text; text++) {
		if ((guchar)*text >= ' ' && *text != '"' && *text != '\\')
			continue;
		g_string_append_len(json, begin, text - begin);
		append_escaped(json, *text);
		begin = text + 1;
	}
	g_string_append_len(json, begin, text - begin);
	g_string_append_c(json, '"');
}

static void
append_name(GString *json, const char *name)
{
	g_autofree char *valid = NULL;

	if (!g_utf8_validate(name, -1, NULL))
		valid = g_utf8_make_valid(name, -1);
	append_string(json, valid ? valid : name);
}

char *
reasons_format(const GPtrArray *reasons)
{
	GString *json = g_string_sized_new(2048);

	g_string_append_c(json, '[');
	for (guint i = 0; reasons && i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];

		g_string_append(json, i == 0 ? "{\"name\":" : ",{\"name\":");
		append_name(json, reason->name);
		g_string_append(json, ",\"value\":");
		append_number(json, reason->value);
		g_string_append(json, ",\"weight\":");
		append_number(json, reason->weight);
		g_string_append_c(json, '}');
	}
	g_string_append_c(json, ']');
	return g_string_free(json, FALSE);
}
