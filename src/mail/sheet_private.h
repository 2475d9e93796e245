/*
 * The rules of <style> blocks that hide or colour: selectors of tags, classes
 * and ids, one inside another. Where it takes more of CSS to know whether a
 * rule holds, what it colours has an unknown colour, and it hides nothing.
 */
#ifndef MAIL_SHEET_PRIVATE_H
#define MAIL_SHEET_PRIVATE_H

#include <glib.h>

#include "css_private.h"
#include "selector_private.h"

struct sheet;

/*
 * How far the selectors of rules are met by the elements that are open, a bit
 * for each beginning of one. Zero for the page.
 */
struct sheet_path {
	guint64 inside; /* by any of them */
	guint64 here;	/* by the innermost */
};

struct sheet *sheet_new(void);
void sheet_free(struct sheet *sheet);

/* Reads a <style> block; the text is copied. */
void sheet_read(struct sheet *sheet, const char *text, gsize len);

/* Whether rules for media like these ("screen and (min-width: 9px)") hold for
 * a person before a screen of common width. */
gboolean sheet_media_holds(const char *query, gsize len);

/* Adds what the rules say of an element inside `parent` to `css`; `path` is
 * that of what it contains. */
void sheet_apply(const struct sheet *sheet, const struct element *element,
		 const struct sheet_path *parent, struct sheet_path *path,
		 struct css *css);
gboolean sheet_is_empty(const struct sheet *sheet);

/* Whether a rule that was not followed gives text or background a colour. */
gboolean sheet_colours_text(const struct sheet *sheet);
gboolean sheet_colours_background(const struct sheet *sheet);

#endif
