/* What HTML elements mean for their text. Data. */
#ifndef MAIL_TAG_PRIVATE_H
#define MAIL_TAG_PRIVATE_H

#include <glib.h>

enum tag_kind {
	TAG_PLAIN,
	TAG_LINK,
	TAG_BLOCKQUOTE,
	TAG_BREAK,
	TAG_CELL,
	TAG_FONT,
	TAG_IMAGE,
	TAG_ITEM,
	TAG_PRE,
	TAG_TITLE,
	TAG_CODE /* its content is for machines */
};

struct tag {
	char name[12];
	guint8 kind;  /* enum tag_kind */
	guint8 lines; /* line ends before and behind it */
};

/* Never NULL: what is not known is plain. Names in lower case. */
const struct tag *tag_find(const char *name);

#endif
