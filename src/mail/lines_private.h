/*
 * A text as lines, each of which is going to one of fresh, quoted, signature.
 */
#ifndef MAIL_LINES_PRIVATE_H
#define MAIL_LINES_PRIVATE_H

#include <glib.h>

#define LINE_LOOK_MAX 256 /* bytes of a line that are looked at */
#define LINE_HEAD_MAX 64

enum line_kind {
	LINE_FRESH,
	LINE_QUOTED,
	LINE_MARK, /* QUOTE_MARK: quoted text was taken out here */
	LINE_SIGNATURE
};

struct line {
	const char *at;
	guint32 len;  /* without spacing behind */
	guint8 kind;  /* enum line_kind */
	guint8 colon; /* the line ends in one */
};

struct text {
	struct line *lines;
	guint n;
	guint first;	     /* the first line that is not blank */
	guint rest;	     /* from this line on all is quoted; n: none */
	guint arrows;	     /* lines that begin with ">": quoted so far */
	guint prefixes;	     /* lines asked for a prefix of their own */
	gboolean introduced; /* an attribution was found */
};

static inline gboolean
line_is_blank(const struct line *line)
{
	return line->len == 0;
}

/* Lines that begin with ">" are LINE_QUOTED, marks LINE_MARK. */
void text_read(struct text *text, const char *s, gsize len);
void text_clear(struct text *text);

/* Whether it begins with ">". */
gboolean line_is_arrow(const struct line *line);

/* In lower case (ASCII), without spacing in front, cut at LINE_LOOK_MAX. */
const char *line_lower(const struct line *line, char lower[LINE_LOOK_MAX]);

/* The same, but only the beginning of the line. */
const char *line_head(const struct line *line, char lower[LINE_LOOK_MAX]);

/* Marks stay, and only fresh lines become a signature. */
void text_set(struct text *text, guint from, guint to, enum line_kind kind);

/* The next line from `i` on that is not blank, or n. */
guint text_next(const struct text *text, guint i);

#endif
