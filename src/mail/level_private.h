/*
 * One open HTML element: what it inherits, what its attributes and style say,
 * and whether a person sees text that stands in it.
 */
#ifndef MAIL_LEVEL_PRIVATE_H
#define MAIL_LEVEL_PRIVATE_H

#include <glib.h>

#include "css_private.h"
#include "sheet_private.h"
#include "sieve_private.h"
#include "tag_private.h"

enum level_flag {
	LEVEL_GONE = 1 << 0,   /* nothing inside is shown */
	LEVEL_UNSEEN = 1 << 1, /* visibility; an inner element may be seen */
	LEVEL_FAR = 1 << 2,    /* indented off the page, an inner may not be */
	LEVEL_CODE = 1 << 3,   /* the text is no text at all */
	LEVEL_PRE = 1 << 4,
	LEVEL_QUOTED = 1 << 5,
	LEVEL_SIGNATURE = 1 << 6,
	LEVEL_COLOURED = 1 << 7, /* colour was said, not only assumed */
	LEVEL_BACKED = 1 << 8,	 /* background was */
	LEVEL_SHOWN = 1 << 9	 /* the sum: text here is seen */
};

struct level {
	const char *name;
	const struct tag *tag;
	guint flags;
	guint32 colour;
	guint32 background;
	guint font; /* hundredths of a pixel */
	struct sheet_path path;
};

/* The attributes that matter, NULL where missing. */
struct attributes {
	const struct css *styled; /* what style says, already read */
	const char *page; /* "html" or "body" for what the sieve made of it */
	const char *alt, *background, *bgcolor, *cite, *class, *color, *height,
		*hidden, *href, *id, *size, *src, *style, *text, *type, *width;
};

#define ATTRIBUTE_STYLE 0
#define ATTRIBUTES	16
/* Only in the stash, without a value. */
#define ATTRIBUTE_HTML ATTRIBUTES
#define ATTRIBUTE_BODY (ATTRIBUTES + 1)

/* The attribute of that name in any case, or ATTRIBUTES. */
guint attribute_find(const char *name, gsize len);
const char *attribute_name(guint attribute);

/* From libxml2's list of names and values, and what the sieve stashed. */
void attributes_read(struct attributes *attributes, const guchar *const *list,
		     const struct sieved *sieved);

/* The page itself: black on white, 16 pixels. */
void level_root(struct level *level);

/* An element inside `parent`; `css` receives what is said of its style. */
void level_enter(struct level *level, const struct level *parent,
		 const struct attributes *attributes, const struct sheet *sheet,
		 struct css *css);

#endif
