/* Values of CSS declarations: words, lengths; colours are in css_private.h. */
#ifndef MAIL_CSS_VALUE_PRIVATE_H
#define MAIL_CSS_VALUE_PRIVATE_H

#include <glib.h>

#define CSS_OPACITY_SEEN 5 /* hundredths: up to here nobody sees it */

enum unit { UNIT_NONE, UNIT_PX, UNIT_PERCENT, UNIT_OTHER };

struct length {
	gint hundredths; /* of pixels or per cent */
	enum unit unit;
};

struct value {
	const char *text;
	gsize len;
};

/* Whether it begins with the word, in any case, and the word ends there. */
gboolean value_is(struct value value, const char *word);

/* Whether the text is anywhere in it, in any case. */
gboolean value_has(struct value value, const char *text);

struct value value_trim(struct value value);

/* The next of the words that spacing separates; FALSE after the last. */
gboolean value_word(struct value *rest, struct value *word);

/* A number with or without a unit; em counts as per cent. */
gboolean length_parse(struct value value, struct length *length);

#endif
