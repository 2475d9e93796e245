#include "css_value_private.h"

#include <string.h>

#include "css_private.h"

#define ALIKE	   36 /* of 765 */
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

static guint32
colour_of_hex(struct value hex)
{
	guint32 rgb = 0;

	for (gsize i = 0; i < hex.len; i++)
		if (!g_ascii_isxdigit(hex.text[i]))
			return COLOUR_UNKNOWN;
	if (hex.len == 3 || hex.len == 4) {
		for (gsize i = 0; i < 3; i++)
			rgb = rgb << 8 |
			      (guint32)g_ascii_xdigit_value(hex.text[i]) * 17;
		return rgb;
	}
	if (hex.len != 6 && hex.len != 8)
		return COLOUR_UNKNOWN;
	for (gsize i = 0; i < 6; i++)
		rgb = rgb << 4 | (guint32)g_ascii_xdigit_value(hex.text[i]);
	return rgb;
}

/* The next number of "1, 2, 3 / 50%" from `i` on, in hundredths. */
static gboolean
part_next(struct value value, gsize *i, gint *hundredths)
{
	while (*i < value.len) {
		struct length part = { 0, UNIT_NONE };
		struct value text = { value.text + *i, 0 };
		while (*i + text.len < value.len &&
		       strchr(",/ )", text.text[text.len]) == NULL)
			text.len++;
		*i += text.len + 1;
		if (length_parse(text, &part)) {
			*hundredths = part.hundredths;
			return TRUE;
		}
	}
	return FALSE;
}

/* "rgb(1, 2, 3)", "rgba(1 2 3 / 50%)". */
static guint32
colour_of_rgb(struct value value)
{
	const char *open = memchr(value.text, '(', value.len);
	gsize i = open == NULL ? value.len : (gsize)(open + 1 - value.text);
	guint32 rgb = 0;
	gint part = 0;

	for (guint n = 0; n < 3; n++) {
		if (!part_next(value, &i, &part))
			return COLOUR_UNKNOWN;
		rgb = rgb << 8 | (guint32)CLAMP(part / 100, 0, 255);
	}
	if (part_next(value, &i, &part) && part <= CSS_OPACITY_SEEN)
		return COLOUR_TRANSPARENT;
	return rgb;
}

guint32
css_colour(const char *text, gsize len)
{
	static const struct {
		const char *name;
		guint32 rgb;
	} names[] = {
		{ "white", 0xffffff },
		{ "black", 0x000000 },
		{ "transparent", COLOUR_TRANSPARENT },
		{ "red", 0xff0000 },
		{ "blue", 0x0000ff },
		{ "green", 0x008000 },
		{ "gray", 0x808080 },
		{ "grey", 0x808080 },
		{ "silver", 0xc0c0c0 },
		{ "navy", 0x000080 },
		{ "yellow", 0xffff00 },
		{ "orange", 0xffa500 },
		{ "purple", 0x800080 },
		{ "maroon", 0x800000 },
		{ "teal", 0x008080 },
		{ "whitesmoke", 0xf5f5f5 },
		{ "snow", 0xfffafa },
		{ "ivory", 0xfffff0 },
		{ "ghostwhite", 0xf8f8ff },
		{ "floralwhite", 0xfffaf0 },
		{ "lightgray", 0xd3d3d3 },
		{ "lightgrey", 0xd3d3d3 },
		{ "windowtext", 0x000000 },
		{ "window", 0xffffff },
	};
	const struct value value = value_trim((struct value){ text, len });

	if (value.len > 0 && value.text[0] == '#')
		return colour_of_hex(
			(struct value){ value.text + 1, value.len - 1 });
	if (value.len > 4 && g_ascii_strncasecmp(value.text, "rgb", 3) == 0)
		return colour_of_rgb(value);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (value_is(value, names[i].name))
			return names[i].rgb;
	return value.len == 6 ? colour_of_hex(value) : COLOUR_UNKNOWN;
}

gboolean
css_colours_alike(guint32 a, guint32 b)
{
	gint apart = 0;

	if (a == COLOUR_UNKNOWN || b == COLOUR_UNKNOWN)
		return FALSE;
	for (guint shift = 0; shift < 24; shift += 8)
		apart += ABS((gint)(a >> shift & 0xff) -
			     (gint)(b >> shift & 0xff));
	return apart <= ALIKE;
}
