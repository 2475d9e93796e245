/*
 * One selector of a style sheet without its combinators ("td.name#id"), and
 * the element it is held against.
 */
#ifndef MAIL_SELECTOR_PRIVATE_H
#define MAIL_SELECTOR_PRIVATE_H

#include <glib.h>

/* What a selector asks of an element beside what is read of it. */
enum selector_doubt {
	SELECTOR_SURE,
	SELECTOR_MAYBE, /* an attribute, a place among its like */
	SELECTOR_NEVER	/* a state that text on a page is not in */
};

#define SELECTOR_PARTS_MAX  16
#define ELEMENT_CLASSES_MAX 16

/* A class or an id. The hash comes first in the order of a list, so that two
 * lists are compared in one pass. */
struct name {
	const char *at;
	guint32 len;
	guint32 hash; /* of the sign as well */
	char sign;    /* '.' or '#' */
};

struct selector {
	guint64 need;	    /* bits that an element's mask must have */
	char *tag;	    /* lower case, "" for any */
	struct name *names; /* in order, each once */
	char *text;	    /* what they are in */
	guint n_names;
	guint weight; /* how specific it is */
	enum selector_doubt doubt;
};

struct element {
	const char *tag;
	guint64 mask; /* a bit for the tag and for each name, by hash */
	guint n_names;
	struct name names[ELEMENT_CLASSES_MAX + 1]; /* as a selector's */
};

/* The strings are borrowed; `classes` and `id` may be NULL. */
void element_init(struct element *element, const char *tag, const char *classes,
		  const char *id);

/*
 * Reads a selector at `p` and gives the place behind it; NULL when there is
 * none, nothing that is known, or more than SELECTOR_PARTS_MAX parts.
 * selector_clear() it.
 */
const char *selector_parse(const char *p, const char *end,
			   struct selector *selector);
void selector_clear(struct selector *selector);

gboolean selector_equal(const struct selector *a, const struct selector *b);

/* As far as it is not in doubt. */
gboolean selector_fits(const struct selector *selector,
		       const struct element *element);

#endif
