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

struct selector {
	char *tag;    /* lower case, "" for any */
	char *names;  /* ".class" and "#id", a NUL behind each, "" last */
	guint64 need; /* bits that an element's mask must have */
	guint weight; /* how specific it is */
	enum selector_doubt doubt;
};

struct element {
	const char *tag;
	const char *classes; /* may be NULL */
	const char *id;	     /* may be NULL */
	guint64 mask;	     /* a bit for each of them, by hash */
};

/* The strings are borrowed. */
void element_init(struct element *element, const char *tag, const char *classes,
		  const char *id);

/*
 * Reads a selector at `p` and gives the place behind it; NULL when there is
 * none, or nothing that is known. selector_clear() it.
 */
const char *selector_parse(const char *p, const char *end,
			   struct selector *selector);
void selector_clear(struct selector *selector);

gboolean selector_equal(const struct selector *a, const struct selector *b);

/* As far as it is not in doubt. */
gboolean selector_fits(const struct selector *selector,
		       const struct element *element);

#endif
