/* Colours of CSS, and of HTML's attributes. */
#include "css_private.h"

#include <stdlib.h>
#include <string.h>

#include "css_value_private.h"

#define ALIKE		36    /* of 765 */
#define FULL		10000 /* a hundred per cent, in hundredths */
#define OPAQUE		FULL
#define COLOUR_NAME_MAX 24

/* "fff", "ffff", "ffffff", "ffffff80": the last digits are how opaque it is. */
static guint32
colour_of_hex(struct value hex)
{
	const gsize digits = hex.len <= 4 ? 1 : 2;
	guint32 parts[4] = { 0, 0, 0, 0xff };

	if (hex.len != 3 && hex.len != 4 && hex.len != 6 && hex.len != 8)
		return COLOUR_UNKNOWN;
	for (gsize i = 0; i < hex.len; i++) {
		const gint digit = g_ascii_xdigit_value(hex.text[i]);
		guint32 *part = &parts[i / digits];

		if (digit < 0)
			return COLOUR_UNKNOWN;
		*part = digits == 1	 ? (guint32)digit * 17
			: i % digits > 0 ? *part * 16 + (guint32)digit
					 : (guint32)digit;
	}
	if (parts[3] * 100 <= CSS_OPACITY_SEEN * 0xff)
		return COLOUR_TRANSPARENT;
	return parts[0] << 16 | parts[1] << 8 | parts[2];
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

/* The parts in hundredths, the fourth of which is how opaque it is. */
static gboolean
parts_read(struct value value, gint parts[4])
{
	const char *open = memchr(value.text, '(', value.len);
	gsize i = open == NULL ? value.len : (gsize)(open + 1 - value.text);
	guint n = 0;

	parts[3] = OPAQUE;
	while (n < 4 && part_next(value, &i, &parts[n]))
		n++;
	return n >= 3;
}

/* "rgb(1, 2, 3)", "rgba(1 2 3 / 50%)". */
static guint32
colour_of_rgb(struct value value)
{
	gint parts[4];
	guint32 rgb = 0;

	if (!parts_read(value, parts))
		return COLOUR_UNKNOWN;
	if (parts[3] <= CSS_OPACITY_SEEN)
		return COLOUR_TRANSPARENT;
	for (guint n = 0; n < 3; n++)
		rgb = rgb << 8 | (guint32)CLAMP(parts[n] / 100, 0, 255);
	return rgb;
}

/* How much of the colour at `hue` degrees a hue has, 0..100. */
static gint
hue_part(gint hue)
{
	hue = (hue % 360 + 360) % 360;
	if (hue < 60)
		return hue * 100 / 60;
	if (hue < 180)
		return 100;
	return hue < 240 ? (240 - hue) * 100 / 60 : 0;
}

/* "hsl(120, 50%, 100%)", "hsla(120deg 50% 100% / 0)". */
static guint32
colour_of_hsl(struct value value)
{
	gint parts[4];
	guint32 rgb = 0;

	if (!parts_read(value, parts))
		return COLOUR_UNKNOWN;
	if (parts[3] <= CSS_OPACITY_SEEN)
		return COLOUR_TRANSPARENT;
	const gint light = CLAMP(parts[2], 0, FULL);
	const gint spread =
		CLAMP(parts[1], 0, FULL) / 100 * MIN(light, FULL - light) / 100;
	for (gint turn = 120; turn >= -120; turn -= 120) {
		const gint part = hue_part(parts[0] / 100 + turn);
		const gint level = light - spread + 2 * spread * part / 100;
		rgb = rgb << 8 | (guint32)(level * 255 / FULL);
	}
	return rgb;
}

/* In the order of strcmp(): CSS Color Module Level 4, sections 6.1 to 6.3, and
 * what older ones called the page and its text. */
static const struct colour_name {
	const char *name;
	guint32 rgb;
} colour_names[] = {
	{ "aliceblue", 0xf0f8ff },
	{ "antiquewhite", 0xfaebd7 },
	{ "aqua", 0x00ffff },
	{ "aquamarine", 0x7fffd4 },
	{ "azure", 0xf0ffff },
	{ "beige", 0xf5f5dc },
	{ "bisque", 0xffe4c4 },
	{ "black", 0x000000 },
	{ "blanchedalmond", 0xffebcd },
	{ "blue", 0x0000ff },
	{ "blueviolet", 0x8a2be2 },
	{ "brown", 0xa52a2a },
	{ "burlywood", 0xdeb887 },
	{ "cadetblue", 0x5f9ea0 },
	{ "canvas", 0xffffff },
	{ "canvastext", 0x000000 },
	{ "chartreuse", 0x7fff00 },
	{ "chocolate", 0xd2691e },
	{ "coral", 0xff7f50 },
	{ "cornflowerblue", 0x6495ed },
	{ "cornsilk", 0xfff8dc },
	{ "crimson", 0xdc143c },
	{ "cyan", 0x00ffff },
	{ "darkblue", 0x00008b },
	{ "darkcyan", 0x008b8b },
	{ "darkgoldenrod", 0xb8860b },
	{ "darkgray", 0xa9a9a9 },
	{ "darkgreen", 0x006400 },
	{ "darkgrey", 0xa9a9a9 },
	{ "darkkhaki", 0xbdb76b },
	{ "darkmagenta", 0x8b008b },
	{ "darkolivegreen", 0x556b2f },
	{ "darkorange", 0xff8c00 },
	{ "darkorchid", 0x9932cc },
	{ "darkred", 0x8b0000 },
	{ "darksalmon", 0xe9967a },
	{ "darkseagreen", 0x8fbc8f },
	{ "darkslateblue", 0x483d8b },
	{ "darkslategray", 0x2f4f4f },
	{ "darkslategrey", 0x2f4f4f },
	{ "darkturquoise", 0x00ced1 },
	{ "darkviolet", 0x9400d3 },
	{ "deeppink", 0xff1493 },
	{ "deepskyblue", 0x00bfff },
	{ "dimgray", 0x696969 },
	{ "dimgrey", 0x696969 },
	{ "dodgerblue", 0x1e90ff },
	{ "firebrick", 0xb22222 },
	{ "floralwhite", 0xfffaf0 },
	{ "forestgreen", 0x228b22 },
	{ "fuchsia", 0xff00ff },
	{ "gainsboro", 0xdcdcdc },
	{ "ghostwhite", 0xf8f8ff },
	{ "gold", 0xffd700 },
	{ "goldenrod", 0xdaa520 },
	{ "gray", 0x808080 },
	{ "green", 0x008000 },
	{ "greenyellow", 0xadff2f },
	{ "grey", 0x808080 },
	{ "honeydew", 0xf0fff0 },
	{ "hotpink", 0xff69b4 },
	{ "indianred", 0xcd5c5c },
	{ "indigo", 0x4b0082 },
	{ "ivory", 0xfffff0 },
	{ "khaki", 0xf0e68c },
	{ "lavender", 0xe6e6fa },
	{ "lavenderblush", 0xfff0f5 },
	{ "lawngreen", 0x7cfc00 },
	{ "lemonchiffon", 0xfffacd },
	{ "lightblue", 0xadd8e6 },
	{ "lightcoral", 0xf08080 },
	{ "lightcyan", 0xe0ffff },
	{ "lightgoldenrodyellow", 0xfafad2 },
	{ "lightgray", 0xd3d3d3 },
	{ "lightgreen", 0x90ee90 },
	{ "lightgrey", 0xd3d3d3 },
	{ "lightpink", 0xffb6c1 },
	{ "lightsalmon", 0xffa07a },
	{ "lightseagreen", 0x20b2aa },
	{ "lightskyblue", 0x87cefa },
	{ "lightslategray", 0x778899 },
	{ "lightslategrey", 0x778899 },
	{ "lightsteelblue", 0xb0c4de },
	{ "lightyellow", 0xffffe0 },
	{ "lime", 0x00ff00 },
	{ "limegreen", 0x32cd32 },
	{ "linen", 0xfaf0e6 },
	{ "magenta", 0xff00ff },
	{ "maroon", 0x800000 },
	{ "mediumaquamarine", 0x66cdaa },
	{ "mediumblue", 0x0000cd },
	{ "mediumorchid", 0xba55d3 },
	{ "mediumpurple", 0x9370db },
	{ "mediumseagreen", 0x3cb371 },
	{ "mediumslateblue", 0x7b68ee },
	{ "mediumspringgreen", 0x00fa9a },
	{ "mediumturquoise", 0x48d1cc },
	{ "mediumvioletred", 0xc71585 },
	{ "midnightblue", 0x191970 },
	{ "mintcream", 0xf5fffa },
	{ "mistyrose", 0xffe4e1 },
	{ "moccasin", 0xffe4b5 },
	{ "navajowhite", 0xffdead },
	{ "navy", 0x000080 },
	{ "oldlace", 0xfdf5e6 },
	{ "olive", 0x808000 },
	{ "olivedrab", 0x6b8e23 },
	{ "orange", 0xffa500 },
	{ "orangered", 0xff4500 },
	{ "orchid", 0xda70d6 },
	{ "palegoldenrod", 0xeee8aa },
	{ "palegreen", 0x98fb98 },
	{ "paleturquoise", 0xafeeee },
	{ "palevioletred", 0xdb7093 },
	{ "papayawhip", 0xffefd5 },
	{ "peachpuff", 0xffdab9 },
	{ "peru", 0xcd853f },
	{ "pink", 0xffc0cb },
	{ "plum", 0xdda0dd },
	{ "powderblue", 0xb0e0e6 },
	{ "purple", 0x800080 },
	{ "rebeccapurple", 0x663399 },
	{ "red", 0xff0000 },
	{ "rosybrown", 0xbc8f8f },
	{ "royalblue", 0x4169e1 },
	{ "saddlebrown", 0x8b4513 },
	{ "salmon", 0xfa8072 },
	{ "sandybrown", 0xf4a460 },
	{ "seagreen", 0x2e8b57 },
	{ "seashell", 0xfff5ee },
	{ "sienna", 0xa0522d },
	{ "silver", 0xc0c0c0 },
	{ "skyblue", 0x87ceeb },
	{ "slateblue", 0x6a5acd },
	{ "slategray", 0x708090 },
	{ "slategrey", 0x708090 },
	{ "snow", 0xfffafa },
	{ "springgreen", 0x00ff7f },
	{ "steelblue", 0x4682b4 },
	{ "tan", 0xd2b48c },
	{ "teal", 0x008080 },
	{ "thistle", 0xd8bfd8 },
	{ "tomato", 0xff6347 },
	{ "transparent", COLOUR_TRANSPARENT },
	{ "turquoise", 0x40e0d0 },
	{ "violet", 0xee82ee },
	{ "wheat", 0xf5deb3 },
	{ "white", 0xffffff },
	{ "whitesmoke", 0xf5f5f5 },
	{ "window", 0xffffff },
	{ "windowtext", 0x000000 },
	{ "yellow", 0xffff00 },
	{ "yellowgreen", 0x9acd32 },
};

static int
colour_compare(const void *key, const void *entry)
{
	return strcmp(key, ((const struct colour_name *)entry)->name);
}

static guint32
colour_of_name(struct value value)
{
	const struct colour_name *found;
	char name[COLOUR_NAME_MAX];
	gsize len = 0;

	while (len < value.len && len < sizeof name - 1 &&
	       g_ascii_isalpha(value.text[len])) {
		name[len] = g_ascii_tolower(value.text[len]);
		len++;
	}
	name[len] = '\0';
	found = bsearch(name, colour_names, G_N_ELEMENTS(colour_names),
			sizeof colour_names[0], colour_compare);
	return found == NULL ? COLOUR_UNKNOWN : found->rgb;
}

guint32
css_colour(const char *text, gsize len)
{
	const struct value value = value_trim((struct value){ text, len });
	guint32 colour;

	if (value.len > 0 && value.text[0] == '#')
		return colour_of_hex(
			(struct value){ value.text + 1, value.len - 1 });
	if (value.len > 4 && g_ascii_strncasecmp(value.text, "rgb", 3) == 0)
		return colour_of_rgb(value);
	if (value.len > 4 && g_ascii_strncasecmp(value.text, "hsl", 3) == 0)
		return colour_of_hsl(value);
	colour = colour_of_name(value);
	if (colour != COLOUR_UNKNOWN || value.len != 6)
		return colour;
	return colour_of_hex(value);
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
