/*
 * As much of CSS as it takes to know whether a person sees a text: inline
 * declarations and the values of their HTML forefathers (bgcolor, size).
 */
#ifndef MAIL_CSS_PRIVATE_H
#define MAIL_CSS_PRIVATE_H

#include <glib.h>

#define COLOUR_UNKNOWN	   G_MAXUINT32
#define COLOUR_TRANSPARENT (G_MAXUINT32 - 1)

/* What declarations said. */
enum css_bit {
	CSS_NONE = 1 << 0,	  /* display: none */
	CSS_TRANSPARENT = 1 << 1, /* opacity next to 0 */
	CSS_CLIPPED = 1 << 2,	  /* clip, clip-path or scale to nothing */
	CSS_OVERFLOW = 1 << 3,	  /* overflow: hidden */
	CSS_THIN = 1 << 4,	  /* at most a pixel high or wide */
	CSS_POSITIONED = 1 << 5,  /* position: absolute or fixed */
	CSS_FAR = 1 << 6,	  /* left, top, ... far off the page */
	CSS_MARGIN_FAR = 1 << 7,
	CSS_HIDDEN = 1 << 8, /* visibility */
	CSS_VISIBLE = 1 << 9,
	CSS_INDENT = 1 << 10, /* text-indent, near or far */
	CSS_INDENT_FAR = 1 << 11,
	CSS_COLOUR = 1 << 12,
	CSS_BACKGROUND = 1 << 13,
	CSS_FONT = 1 << 14,	     /* font: hundredths of a pixel */
	CSS_FONT_RELATIVE = 1 << 15, /* font: per cent of the parent's */
	CSS_BORDER_LEFT = 1 << 16,
	CSS_OUTLOOK = 1 << 17 /* mso-hide: Outlook does not show it */
};

struct css {
	guint said;	 /* bits that anything was said about ... */
	guint bits;	 /* ... and those of them that hold */
	guint important; /* ... and that only "!important" outweighs */
	guint32 colour;
	guint32 background;
	guint font;
	gint width; /* pixels, -1: not said */
	gint height;
};

#define CSS_INIT                                                               \
	{                                                                      \
		0, 0, 0, COLOUR_UNKNOWN, COLOUR_UNKNOWN, 0, -1, -1             \
	}

/* Adds "name: value; ..." to what was said before; the last word counts. */
void css_declare(struct css *css, const char *text, gsize len);

/* Adds what `more` says in the same way. */
void css_merge(struct css *css, const struct css *more);

/*
 * The text with its comments as spaces and its escapes as the letters they
 * mean, but for those that are there to mean nothing; NULL when it has neither.
 */
GString *css_plain(const char *text, gsize len);

/* Whether an element of that style is not shown, nor anything inside it. */
gboolean css_gone(const struct css *css);

/* "#fff", "white", "rgb(...)", and "ffffff" as in attributes. */
guint32 css_colour(const char *text, gsize len);

/* Whether a person could not tell the two apart. */
gboolean css_colours_alike(guint32 a, guint32 b);

/* The whole number of pixels "12" or "12px" begins with, -1 for none. */
gint css_pixels(const char *text);

#endif
