/* What mail programs write around quoted mail and people under theirs. Data. */
#ifndef MAIL_QUOTE_WORDS_PRIVATE_H
#define MAIL_QUOTE_WORDS_PRIVATE_H

#include <glib.h>

/*
 * All take a line in lower case (ASCII letters only) without spacing around
 * it.
 */

/* "wrote:", "schrieb ...:": the end of the line that introduces a quote. */
gboolean quote_ends_attribution(const char *line);

/* "on ", "am ", "le ": how such a line begins when it has a date. */
gboolean quote_begins_attribution(const char *line);

/* "-----original message-----", "begin forwarded message:". */
gboolean quote_is_separator(const char *line);

enum quote_label {
	QUOTE_NO_LABEL,
	QUOTE_FROM,
	QUOTE_TO, /* and Cc, Date */
	QUOTE_SUBJECT
};

/* The kind of "from: ...", with or without asterisks around the label. */
enum quote_label quote_label_of(const char *line);

/* "best regards,", "mit freundlichen grüßen": nothing else on the line. */
gboolean quote_is_closing(const char *line);

/* "sent from my iphone" and its kin. */
gboolean quote_is_device(const char *line);

#endif
