#include "css_value_private.h"

#include <string.h>

#include "css_private.h"

#define NUMBER_MAX 10000000

gboolean
value_is(struct value value, const char *word)
{
	const gsize len = strlen(word);

	return value.len >= len &&
	       g_ascii_strncasecmp(value.text, word, len) == 0 &&
	       (value.len == len || !g_ascii_isalnum(value.text[len]));
}

gboolean
value_has(struct value value, const char *text)
{
	const gsize len = strlen(text);

	for (gsize i = 0; i + len <= value.len; i++)
		if (g_ascii_strncasecmp(value.text + i, text, len) == 0)
			return TRUE;
	return FALSE;
}

static inline gboolean
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct value
value_trim(struct value value)
{
	while (value.len > 0 && is_space(value.text[0])) {
		value.text++;
		value.len--;
	}
	while (value.len > 0 && is_space(value.text[value.len - 1]))
		value.len--;
	return value;
}

gboolean
value_word(struct value *rest, struct value *word)
{
	*rest = value_trim(*rest);
	*word = *rest;
	word->len = 0;
	while (word->len < rest->len && !is_space(rest->text[word->len]))
		word->len++;
	rest->text += word->len;
	rest->len -= word->len;
	return word->len > 0;
}

static enum unit
unit_of(struct value unit, gint *hundredths)
{
	static const struct {
		const char *name;
		enum unit unit;
		gint per_cent; /* of a pixel or per cent */
	} units[] = {
		{ "px", UNIT_PX, 100 },	       { "pt", UNIT_PX, 133 },
		{ "em", UNIT_PERCENT, 10000 }, { "%", UNIT_PERCENT, 100 },
		{ "rem", UNIT_PX, 1600 },      { "ex", UNIT_PERCENT, 5000 },
		{ "in", UNIT_PX, 9600 },       { "cm", UNIT_PX, 3780 },
		{ "mm", UNIT_PX, 378 },	       { "pc", UNIT_PX, 1600 },
	};

	if (unit.len == 0)
		return UNIT_NONE;
	for (guint i = 0; i < G_N_ELEMENTS(units); i++)
		if (value_is(unit, units[i].name)) {
			*hundredths = (gint)CLAMP(
				(gint64)*hundredths * units[i].per_cent / 100,
				-NUMBER_MAX, NUMBER_MAX);
			return units[i].unit;
		}
	return UNIT_OTHER;
}

gboolean
length_parse(struct value value, struct length *length)
{
	const char *p = value.text;
	const char *end = p + value.len;
	const gboolean negative = p < end && *p == '-';
	gint hundredths = 0;
	gint scale = 100;
	gboolean digits = FALSE;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end && g_ascii_isdigit(*p); p++, digits = TRUE)
		hundredths =
			MIN(NUMBER_MAX, hundredths * 10 + (*p - '0') * 100);
	if (p < end && *p == '.')
		for (p++; p < end && g_ascii_isdigit(*p); p++, digits = TRUE) {
			scale /= 10;
			hundredths += (*p - '0') * scale;
		}
	if (!digits)
		return FALSE;
	length->hundredths = negative ? -hundredths : hundredths;
	length->unit = unit_of((struct value){ p, (gsize)(end - p) },
			       &length->hundredths);
	return TRUE;
}

gint
css_pixels(const char *text)
{
	gint pixels = -1;

	while (is_space(*text))
		text++;
	for (; g_ascii_isdigit(*text); text++)
		pixels = MIN(NUMBER_MAX, MAX(pixels, 0) * 10 + (*text - '0'));
	return *text == '%' ? -1 : pixels;
}
