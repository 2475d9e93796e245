/*
 * The simplest rules of a <style> block: ".name", "#name" and "tag.name" with
 * what hides or colours. Anything that needs more of CSS is not followed, but
 * the sheet remembers that something unknown gives colours.
 */
#ifndef MAIL_SHEET_PRIVATE_H
#define MAIL_SHEET_PRIVATE_H

#include <glib.h>

#include "css_private.h"

struct sheet;

struct sheet *sheet_new(void);
void sheet_free(struct sheet *sheet);

/* Reads a <style> block; the text is copied. */
void sheet_read(struct sheet *sheet, const char *text, gsize len);

/*
 * Adds what the rules say of an element to `css`; `classes` and `id` may be
 * NULL.
 */
void sheet_apply(const struct sheet *sheet, const char *tag,
		 const char *classes, const char *id, struct css *css);

/* Whether a rule that was not followed gives text or background a colour. */
gboolean sheet_colours_text(const struct sheet *sheet);
gboolean sheet_colours_background(const struct sheet *sheet);

#endif
