#include "css_private.h"

#include <string.h>

#include "css_value_private.h"

#define FAR_PX (-500)

static void
bit_set(struct css *css, guint bit, gboolean on)
{
	css->said |= bit;
	css->bits = on ? css->bits | bit : css->bits & ~bit;
}

static void
say_display(struct css *css, struct value value)
{
	bit_set(css, CSS_NONE, value_is(value, "none"));
}

static void
say_visibility(struct css *css, struct value value)
{
	const gboolean hidden =
		value_is(value, "hidden") || value_is(value, "collapse");

	bit_set(css, CSS_HIDDEN, hidden);
	bit_set(css, CSS_VISIBLE, value_is(value, "visible"));
}

static void
say_opacity(struct css *css, struct value value)
{
	struct length length;

	if (!length_parse(value, &length))
		return;
	if (length.unit == UNIT_PERCENT)
		length.hundredths /= 100;
	bit_set(css, CSS_TRANSPARENT, length.hundredths <= CSS_OPACITY_SEEN);
}

static void
say_overflow(struct css *css, struct value value)
{
	bit_set(css, CSS_OVERFLOW,
		value_is(value, "hidden") || value_is(value, "clip"));
}

static void
say_height(struct css *css, struct value value)
{
	struct length length;

	if (!length_parse(value, &length) || length.unit == UNIT_PERCENT)
		return;
	css->height = length.hundredths / 100;
	if (length.hundredths <= 100)
		bit_set(css, CSS_THIN, TRUE);
}

static void
say_width(struct css *css, struct value value)
{
	struct length length;

	if (!length_parse(value, &length) || length.unit == UNIT_PERCENT)
		return;
	css->width = length.hundredths / 100;
	if (length.hundredths <= 100)
		bit_set(css, CSS_THIN, TRUE);
}

static void
say_position(struct css *css, struct value value)
{
	bit_set(css, CSS_POSITIONED,
		value_is(value, "absolute") || value_is(value, "fixed") ||
			value_is(value, "relative"));
}

static gboolean
is_far(struct value value)
{
	struct length length;

	return length_parse(value, &length) &&
	       length.hundredths <=
		       (length.unit == UNIT_PERCENT ? -10000 : FAR_PX * 100);
}

static void
say_place(struct css *css, struct value value)
{
	if (is_far(value))
		bit_set(css, CSS_FAR, TRUE);
}

static void
say_margin(struct css *css, struct value value)
{
	if (is_far(value))
		bit_set(css, CSS_MARGIN_FAR, TRUE);
}

static void
say_indent(struct css *css, struct value value)
{
	bit_set(css, CSS_INDENT, TRUE);
	bit_set(css, CSS_INDENT_FAR, is_far(value));
}

static void
say_clip(struct css *css, struct value value)
{
	static const char *const nothing[] = { "rect(0", "rect(1px",
					       "inset(50%", "inset(100%",
					       "circle(0" };
	gboolean clipped = FALSE;

	for (guint i = 0; i < G_N_ELEMENTS(nothing); i++)
		clipped = clipped || value_has(value, nothing[i]);
	bit_set(css, CSS_CLIPPED, clipped);
}

static void
say_transform(struct css *css, struct value value)
{
	bit_set(css, CSS_CLIPPED,
		value_has(value, "scale(0)") || value_has(value, "scale(0,"));
}

static void
say_outlook(struct css *css, struct value value)
{
	bit_set(css, CSS_OUTLOOK, value_is(value, "all"));
}

static void
say_border_left(struct css *css, struct value value)
{
	bit_set(css, CSS_BORDER_LEFT,
		!value_is(value, "none") && value.text[0] != '0');
}

static void
say_colour(struct css *css, struct value value)
{
	if (value_is(value, "inherit"))
		return;
	css->colour = css_colour(value.text, value.len);
	bit_set(css, CSS_COLOUR, TRUE);
}

/* A picture behind the text could have any colour. */
static void
say_background(struct css *css, struct value value)
{
	struct value word;
	guint32 colour = COLOUR_TRANSPARENT;

	if (value_has(value, "url(") || value_has(value, "gradient")) {
		colour = COLOUR_UNKNOWN;
	} else if (value_has(value, "rgb") || value_has(value, "hsl")) {
		colour = css_colour(value.text, value.len);
	} else {
		while (value_word(&value, &word)) {
			const guint32 c = css_colour(word.text, word.len);
			if (c != COLOUR_UNKNOWN)
				colour = c;
		}
	}
	if (colour == COLOUR_TRANSPARENT)
		return;
	css->background = colour;
	bit_set(css, CSS_BACKGROUND, TRUE);
}

static void
say_font_size(struct css *css, struct value value)
{
	struct length length = { 1300, UNIT_PX };

	if (!length_parse(value, &length) && value_is(value, "inherit"))
		return;
	css->font = (guint)MAX(length.hundredths, 0);
	bit_set(css, CSS_FONT, TRUE);
	bit_set(css, CSS_FONT_RELATIVE, FALSE);
	if (length.unit == UNIT_PERCENT) {
		css->font /= 100;
		bit_set(css, CSS_FONT, FALSE);
		bit_set(css, CSS_FONT_RELATIVE, TRUE);
	}
}

/* "font: bold 14px/20px Arial": the size is the first length with a unit, as
 * a weight has none. */
static void
say_font(struct css *css, struct value value)
{
	struct value word;

	while (value_word(&value, &word)) {
		struct length length;
		const char *slash = memchr(word.text, '/', word.len);
		if (slash != NULL)
			word.len = (gsize)(slash - word.text);
		if (length_parse(word, &length) &&
		    (length.unit != UNIT_NONE || length.hundredths == 0)) {
			say_font_size(css, word);
			return;
		}
	}
}

struct property {
	const char *name;
	void (*say)(struct css *css, struct value value);
};

static const struct property properties[] = {
	{ "color", say_colour },
	{ "font-size", say_font_size },
	{ "background-color", say_background },
	{ "background", say_background },
	{ "background-image", say_background },
	{ "font", say_font },
	{ "display", say_display },
	{ "width", say_width },
	{ "height", say_height },
	{ "max-height", say_height },
	{ "max-width", say_width },
	{ "visibility", say_visibility },
	{ "opacity", say_opacity },
	{ "overflow", say_overflow },
	{ "overflow-y", say_overflow },
	{ "position", say_position },
	{ "left", say_place },
	{ "top", say_place },
	{ "margin-left", say_margin },
	{ "margin-top", say_margin },
	{ "text-indent", say_indent },
	{ "clip", say_clip },
	{ "clip-path", say_clip },
	{ "transform", say_transform },
	{ "border-left", say_border_left },
	{ "mso-hide", say_outlook },
	{ "right", say_place },
	{ "bottom", say_place },
};

static const struct property *
property_find(struct value name)
{
	const char first = g_ascii_tolower(name.text[0]);

	for (guint i = 0; i < G_N_ELEMENTS(properties); i++) {
		const struct property *property = &properties[i];
		if (property->name[0] == first &&
		    strlen(property->name) == name.len &&
		    g_ascii_strncasecmp(property->name, name.text, name.len) ==
			    0)
			return property;
	}
	return NULL;
}

static void
property_say(struct css *css, struct value name, struct value value)
{
	if (name.len == 0 || value.len == 0)
		return;
	const struct property *property = property_find(name);
	if (property == NULL)
		return;
	const gboolean important = memchr(value.text, '!', value.len) != NULL;
	if (!important && css->important == 0) {
		property->say(css, value);
		return;
	}
	struct css said = CSS_INIT;
	property->say(&said, value);
	said.important = important ? said.said : 0;
	css_merge(css, &said);
}

/* The closing quote, or the end. */
static const char *
quote_end(const char *p, const char *end)
{
	const char *quote = memchr(p + 1, *p, (gsize)(end - p - 1));

	return quote == NULL ? end : quote + 1;
}

/* The end of a declaration: ";" outside brackets and quotes. */
static const char *
declaration_end(const char *p, const char *end)
{
	guint depth = 0;

	while (p < end) {
		const char c = *p;
		if (c == '"' || c == '\'') {
			p = quote_end(p, end);
			continue;
		}
		if (c == ';' && depth == 0)
			break;
		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		p++;
	}
	return p;
}

/* At a backslash: the letter it means or 0, and how long it is written. */
static char
escape_read(const char *p, const char *end, gsize *len)
{
	guint c = 0;
	gsize at = 1;

	while (at < 7 && p + at < end && g_ascii_isxdigit(p[at]))
		c = c * 16 + (guint)g_ascii_xdigit_value(p[at++]);
	if (at == 1 && p + 1 < end)
		c = (guchar)p[at++];
	else if (at > 1 && p + at < end && g_ascii_isspace(p[at]))
		at++;
	*len = at;
	if (c >= 0x80 || (!g_ascii_isalnum((char)c) && c != '-'))
		return '\0';
	return (char)c;
}

/* At what is written otherwise than it is meant, appends the meaning; the
 * place behind it. */
static const char *
plain_append(GString *plain, const char *p, const char *end)
{
	gsize len = 1;

	if (*p == '\\') {
		const char c = escape_read(p, end, &len);

		if (c != 0)
			g_string_append_c(plain, c);
		else
			g_string_append_len(plain, p, (gssize)len);
		return p + len;
	}
	if (p + 1 == end || p[1] != '*') {
		g_string_append_c(plain, '/');
		return p + 1;
	}
	g_string_append_c(plain, ' ');
	p = memmem(p + 2, (gsize)(end - p - 2), "*/", 2);
	return p == NULL ? end : p + 2;
}

GString *
css_plain(const char *text, gsize len)
{
	const char *end = text + len;

	if (memchr(text, '\\', len) == NULL && memchr(text, '*', len) == NULL)
		return NULL;
	GString *plain = g_string_sized_new(len + 1);
	while (text < end) {
		const char *p = text;

		while (p < end && *p != '\\' && *p != '/')
			p++;
		g_string_append_len(plain, text, p - text);
		text = p < end ? plain_append(plain, p, end) : end;
	}
	return plain;
}

static void
declarations_say(struct css *css, const char *text, gsize len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = declaration_end(text, end);
		const char *colon = memchr(text, ':', (gsize)(stop - text));
		if (colon != NULL)
			property_say(css,
				     value_trim((struct value){
					     text, (gsize)(colon - text) }),
				     value_trim((struct value){
					     colon + 1,
					     (gsize)(stop - colon - 1) }));
		text = stop < end ? stop + 1 : end;
	}
}

void
css_declare(struct css *css, const char *text, gsize len)
{
	GString *plain = css_plain(text, len);

	if (plain == NULL) {
		declarations_say(css, text, len);
		return;
	}
	declarations_say(css, plain->str, plain->len);
	g_string_free(plain, TRUE);
}

void
css_merge(struct css *css, const struct css *more)
{
	const guint said = more->said & ~(css->important & ~more->important);

	css->said |= said;
	css->important |= more->important;
	css->bits = (css->bits & ~said) | (more->bits & said);
	if ((said & CSS_COLOUR) != 0)
		css->colour = more->colour;
	if ((said & CSS_BACKGROUND) != 0)
		css->background = more->background;
	if ((said & (CSS_FONT | CSS_FONT_RELATIVE)) != 0)
		css->font = more->font;
	css->width = more->width >= 0 ? more->width : css->width;
	css->height = more->height >= 0 ? more->height : css->height;
}

gboolean
css_gone(const struct css *css)
{
	static const guint pairs[] = { CSS_OVERFLOW | CSS_THIN,
				       CSS_POSITIONED | CSS_FAR };

	if ((css->bits & (CSS_NONE | CSS_TRANSPARENT | CSS_CLIPPED |
			  CSS_MARGIN_FAR | CSS_OUTLOOK)) != 0)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
		if ((css->bits & pairs[i]) == pairs[i])
			return TRUE;
	return FALSE;
}
