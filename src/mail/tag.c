#include "tag_private.h"

#include <stdlib.h>
#include <string.h>

/* In the order of strcmp(). */
static const struct tag tags[] = {
	{ "a", TAG_LINK, 0 },	      { "address", TAG_PLAIN, 1 },
	{ "article", TAG_PLAIN, 1 },  { "aside", TAG_PLAIN, 1 },
	{ "audio", TAG_CODE, 0 },     { "blockquote", TAG_BLOCKQUOTE, 2 },
	{ "br", TAG_BREAK, 0 },	      { "canvas", TAG_CODE, 0 },
	{ "caption", TAG_PLAIN, 1 },  { "center", TAG_PLAIN, 1 },
	{ "datalist", TAG_CODE, 0 },  { "dd", TAG_PLAIN, 1 },
	{ "dir", TAG_PLAIN, 1 },      { "div", TAG_PLAIN, 1 },
	{ "dl", TAG_PLAIN, 2 },	      { "dt", TAG_PLAIN, 1 },
	{ "fieldset", TAG_PLAIN, 1 }, { "figcaption", TAG_PLAIN, 1 },
	{ "figure", TAG_PLAIN, 1 },   { "font", TAG_FONT, 0 },
	{ "footer", TAG_PLAIN, 1 },   { "form", TAG_PLAIN, 1 },
	{ "h1", TAG_PLAIN, 2 },	      { "h2", TAG_PLAIN, 2 },
	{ "h3", TAG_PLAIN, 2 },	      { "h4", TAG_PLAIN, 2 },
	{ "h5", TAG_PLAIN, 2 },	      { "h6", TAG_PLAIN, 2 },
	{ "header", TAG_PLAIN, 1 },   { "hr", TAG_PLAIN, 1 },
	{ "img", TAG_IMAGE, 0 },      { "legend", TAG_PLAIN, 1 },
	{ "li", TAG_ITEM, 1 },	      { "main", TAG_PLAIN, 1 },
	{ "nav", TAG_PLAIN, 1 },      { "object", TAG_CODE, 0 },
	{ "ol", TAG_PLAIN, 2 },	      { "option", TAG_PLAIN, 1 },
	{ "p", TAG_PLAIN, 2 },	      { "pre", TAG_PRE, 2 },
	{ "section", TAG_PLAIN, 1 },  { "select", TAG_PLAIN, 1 },
	{ "svg", TAG_CODE, 0 },	      { "table", TAG_PLAIN, 1 },
	{ "tbody", TAG_PLAIN, 1 },    { "td", TAG_CELL, 0 },
	{ "template", TAG_CODE, 0 },  { "tfoot", TAG_PLAIN, 1 },
	{ "th", TAG_CELL, 0 },	      { "thead", TAG_PLAIN, 1 },
	{ "title", TAG_TITLE, 0 },    { "tr", TAG_PLAIN, 1 },
	{ "ul", TAG_PLAIN, 2 },	      { "video", TAG_CODE, 0 },
	{ "xml", TAG_CODE, 0 },
};

static int
compare(const void *name, const void *tag)
{
	return strcmp(name, ((const struct tag *)tag)->name);
}

const struct tag *
tag_find(const char *name)
{
	static const struct tag plain = { "", TAG_PLAIN, 0 };
	const struct tag *tag = bsearch(name, tags, G_N_ELEMENTS(tags),
					sizeof tags[0], compare);

	return tag == NULL ? &plain : tag;
}
