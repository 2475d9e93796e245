#include "level_private.h"

#include <stddef.h>
#include <string.h>

#define FONT_DEFAULT 1600
#define FONT_SEEN    134 /* a point or less is not read */
#define FONT_MAX     100000
#define BLACK	     0x000000
#define WHITE	     0xffffff

static const struct {
	const char *name;
	gsize offset;
} known[] = {
	{ "style", offsetof(struct attributes, style) },
	{ "class", offsetof(struct attributes, class) },
	{ "id", offsetof(struct attributes, id) },
	{ "href", offsetof(struct attributes, href) },
	{ "src", offsetof(struct attributes, src) },
	{ "alt", offsetof(struct attributes, alt) },
	{ "width", offsetof(struct attributes, width) },
	{ "height", offsetof(struct attributes, height) },
	{ "bgcolor", offsetof(struct attributes, bgcolor) },
	{ "background", offsetof(struct attributes, background) },
	{ "color", offsetof(struct attributes, color) },
	{ "text", offsetof(struct attributes, text) },
	{ "size", offsetof(struct attributes, size) },
	{ "type", offsetof(struct attributes, type) },
	{ "cite", offsetof(struct attributes, cite) },
	{ "hidden", offsetof(struct attributes, hidden) },
};

G_STATIC_ASSERT(G_N_ELEMENTS(known) == ATTRIBUTES);

guint
attribute_find(const char *name, gsize len)
{
	const char first = g_ascii_tolower(name[0]);
	guint i = 0;

	while (i < ATTRIBUTES &&
	       (known[i].name[0] != first || strlen(known[i].name) != len ||
		g_ascii_strncasecmp(known[i].name, name, len) != 0))
		i++;
	return i;
}

const char *
attribute_name(guint attribute)
{
	return known[attribute].name;
}

static void
attribute_set(struct attributes *attributes, guint attribute, const char *value)
{
	if (attribute < ATTRIBUTES)
		*(const char **)(void *)((char *)attributes +
					 known[attribute].offset) = value;
}

static const struct css *
style_find(const GArray *styles, const char *number)
{
	const guint64 place = g_ascii_strtoull(number, NULL, 10);

	g_assert(place < styles->len);
	return &g_array_index(styles, struct css, place);
}

/* Each with its number in front. */
static void
stashed_read(struct attributes *attributes, const char *stash,
	     const GArray *styles)
{
	for (; *stash != '\0'; stash += strlen(stash) + 1) {
		const guint attribute = (guint)*stash++ - 1;

		if (attribute == ATTRIBUTE_STYLE)
			attributes->styled = style_find(styles, stash);
		else if (attribute >= ATTRIBUTES)
			attributes->page =
				attribute == ATTRIBUTE_HTML ? "html" : "body";
		else
			attribute_set(attributes, attribute, stash);
	}
}

void
attributes_read(struct attributes *attributes, const guchar *const *list,
		const struct sieved *sieved)
{
	for (; list != NULL && list[0] != NULL; list += 2) {
		const char *name = (const char *)list[0];
		const char *value =
			list[1] == NULL ? "" : (const char *)list[1];
		const char *stash = strcmp(name, SIEVE_ATTRIBUTE) == 0
					    ? sieved_find(sieved, value)
					    : NULL;

		if (stash != NULL)
			stashed_read(attributes, stash, sieved->styles);
		else
			attribute_set(attributes,
				      attribute_find(name, strlen(name)),
				      value);
	}
}

void
level_root(struct level *level)
{
	*level = (struct level){ .name = "",
				 .tag = tag_find(""),
				 .flags = LEVEL_SHOWN,
				 .colour = BLACK,
				 .background = WHITE,
				 .font = FONT_DEFAULT };
}

static void
flag_set(struct level *level, guint flag, gboolean on)
{
	level->flags = on ? level->flags | flag : level->flags & ~flag;
}

/* A link has the reader's own colour until something else is said. */
static void
colours_enter(struct level *level, const struct css *css)
{
	if (level->tag->kind == TAG_LINK) {
		level->colour = COLOUR_UNKNOWN;
		level->flags |= LEVEL_COLOURED;
	}
	if ((css->bits & CSS_COLOUR) != 0) {
		level->colour = css->colour;
		level->flags |= LEVEL_COLOURED;
	}
	if ((css->bits & CSS_BACKGROUND) != 0) {
		level->background = css->background;
		level->flags |= LEVEL_BACKED;
	}
}

static void
font_enter(struct level *level, const struct css *css)
{
	if ((css->bits & CSS_FONT) != 0)
		level->font = css->font;
	else if ((css->bits & CSS_FONT_RELATIVE) != 0)
		level->font = (guint)MIN((guint64)level->font * css->font / 100,
					 FONT_MAX);
}

/* bgcolor, <font color>, the page's text: before any style, which outweighs it.
 */
static void
attributes_say(const struct attributes *a, enum tag_kind kind, struct css *css)
{
	struct css said = CSS_INIT;
	const char *colour = kind == TAG_FONT ? a->color : a->text;

	if (colour != NULL) {
		said.said |= CSS_COLOUR;
		said.colour = css_colour(colour, strlen(colour));
	}
	if (a->bgcolor != NULL) {
		said.background = css_colour(a->bgcolor, strlen(a->bgcolor));
		if (said.background != COLOUR_TRANSPARENT)
			said.said |= CSS_BACKGROUND;
	}
	if (a->background != NULL)
		said.said |= CSS_BACKGROUND;
	if (kind == TAG_FONT && a->size != NULL) {
		said.said |= CSS_FONT;
		said.font = FONT_DEFAULT;
	}
	said.bits = said.said;
	css_merge(css, &said);
}

static gboolean
colours_hide(const struct level *level, const struct sheet *sheet)
{
	guint32 colour = level->colour;
	guint32 background = level->background;

	if ((level->flags & (LEVEL_COLOURED | LEVEL_BACKED)) == 0)
		return FALSE;
	if ((level->flags & LEVEL_COLOURED) == 0 && sheet_colours_text(sheet))
		colour = COLOUR_UNKNOWN;
	if ((level->flags & LEVEL_BACKED) == 0 &&
	    sheet_colours_background(sheet))
		background = COLOUR_UNKNOWN;
	/* Over an unknown picture transparent letters can be cut-outs. */
	if (colour == COLOUR_TRANSPARENT)
		return background != COLOUR_UNKNOWN;
	return css_colours_alike(colour, background);
}

static void
shown_set(struct level *level, const struct sheet *sheet)
{
	flag_set(level, LEVEL_SHOWN,
		 (level->flags & (LEVEL_GONE | LEVEL_UNSEEN | LEVEL_FAR)) ==
				 0 &&
			 level->font >= FONT_SEEN &&
			 !colours_hide(level, sheet));
}

static void
sheet_say(struct level *level, const struct level *parent,
	  const struct attributes *a, const struct sheet *sheet,
	  struct css *css)
{
	struct element element;

	if (sheet_is_empty(sheet))
		return;
	element_init(&element, a->page != NULL ? a->page : level->name,
		     a->class, a->id);
	sheet_apply(sheet, &element, &parent->path, &level->path, css);
}

void
level_enter(struct level *level, const struct level *parent,
	    const struct attributes *attributes, const struct sheet *sheet,
	    struct css *css)
{
	const struct attributes *a = attributes;

	level->flags = parent->flags;
	level->colour = parent->colour;
	level->background = parent->background;
	level->font = parent->font;
	attributes_say(a, (enum tag_kind)level->tag->kind, css);
	sheet_say(level, parent, a, sheet, css);
	if (a->styled != NULL)
		css_merge(css, a->styled);
	else if (a->style != NULL)
		css_declare(css, a->style, strlen(a->style));
	colours_enter(level, css);
	font_enter(level, css);
	if (css_gone(css) || a->hidden != NULL || level->tag->kind == TAG_TITLE)
		level->flags |= LEVEL_GONE;
	if ((css->said & (CSS_HIDDEN | CSS_VISIBLE)) != 0)
		flag_set(level, LEVEL_UNSEEN, (css->bits & CSS_HIDDEN) != 0);
	if ((css->bits & CSS_INDENT) != 0)
		flag_set(level, LEVEL_FAR, (css->bits & CSS_INDENT_FAR) != 0);
	if (level->tag->kind == TAG_PRE)
		level->flags |= LEVEL_PRE;
	if (level->tag->kind == TAG_CODE)
		level->flags |= LEVEL_CODE;
	shown_set(level, sheet);
}
