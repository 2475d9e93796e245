/*
 * A message's text as new words, quoted earlier mail and signature, told apart
 * by what mail programs write around them in English, German, French, Spanish,
 * Italian, Polish, Portuguese and Dutch. Each line goes to exactly one of the
 * three, in order; lines that only mark a quote (html_private.h's QUOTE_MARK)
 * go nowhere.
 */
#ifndef MAIL_QUOTE_PRIVATE_H
#define MAIL_QUOTE_PRIVATE_H

#include <glib.h>

struct quote_split {
	GString *fresh;
	GString *quoted;
	GString *signature;
};

/*
 * Appends the lines of `text` (LF between them) to the three strings. Returns
 * where in `text` the part begins of which all is quoted; `len` if none is.
 * `reply` tells whether the message says that it answers or forwards another:
 * in others ">" alone makes no quote.
 */
gsize quote_split(const char *text, gsize len, gboolean reply,
		  struct quote_split *split);

#endif
