/*
 * A message taken apart: any bytes are a message, parsing never fails.
 *
 * The structure (header blocks, multipart tree, message/rfc822) is found by a
 * bounded splitter of our own that does not recurse; GMime only ever sees one
 * leaf or one field value (transfer decoding, charsets, RFC 2047 and 2231).
 * The `struct mail` keeps a reference to the bytes and points into them.
 * Immutable once made (but for bits of mail_odd() that decoding adds, which
 * are atomic); may be read by many threads.
 *
 * Lines may end in CRLF, LF or bare CR. A line without a colon ends the header
 * block and belongs to the body, as in both MTAs. Fields keep their order.
 */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include <glib.h>

#include "mail/limits.h"

struct mail;
typedef struct mail Mail; /* for g_autoptr(Mail) */

/* One header field; the pointers lie in the message's bytes. */
struct mail_field {
	const char *name;
	gsize name_len;
	const char *value; /* raw: after the colon, folding and spaces kept */
	gsize value_len;
};

enum mail_part_kind {
	MAIL_PART_TEXT,	      /* text/plain, or undeclared */
	MAIL_PART_HTML,	      /* text/html */
	MAIL_PART_ATTACHMENT, /* anything else, or disposed as attachment */
	MAIL_PART_MULTIPART,
	MAIL_PART_MESSAGE /* message/rfc822: its headers and body follow */
};

/* One part, in document order; index 0 is the message's own body. */
struct mail_part {
	enum mail_part_kind kind;
	guint parent; /* index of the container; 0 for the root itself */
	guint depth;
	const char *type; /* "text/html", lower case, owned by the mail */
	const char *name; /* file name in UTF-8, or NULL */
	const char *body; /* raw, still encoded */
	gsize body_len;
	guint first_field; /* the part's own fields: see mail_part_fields() */
	guint n_fields;
};

/*
 * Takes the message apart. `bytes` is referenced; `limits` copied (NULL: the
 * defaults). mbox "From " lines before the header are stepped over.
 */
struct mail *mail_new(GBytes *bytes, const struct mail_limits *limits);
void mail_free(struct mail *mail);

GBytes *mail_bytes(const struct mail *mail); /* borrowed */
const struct mail_limits *mail_limits(const struct mail *mail);

/* Bits of enum mail_odd seen so far while splitting and decoding fields. */
guint mail_odd(const struct mail *mail);

/* The top-level fields, borrowed until mail_free(). */
const struct mail_field *mail_fields(const struct mail *mail, guint *n);

/*
 * The nth (from 0) field of that name (any case) in the top-level header
 * block: its raw value cut loose (unfolded, trimmed, NUL as U+FFFD, valid
 * UTF-8); the caller's, or NULL when there is none.
 */
char *mail_field_text(const struct mail *mail, const char *name, guint nth);

/* The same with RFC 2047 words decoded, for people: Subject, display names. */
char *mail_field_decoded(const struct mail *mail, const char *name, guint nth);

/* How many fields of that name the top-level block has. */
guint mail_field_count(const struct mail *mail, const char *name);

/* All parts in document order, borrowed until mail_free(). */
const struct mail_part *mail_parts(const struct mail *mail, guint *n);

/*
 * The part's own fields, borrowed until mail_free(): those of part 0 are the
 * top-level ones, those of a MESSAGE part's child are the enclosed message's.
 */
const struct mail_field *mail_part_fields(const struct mail *mail, guint part,
					  guint *n);

/*
 * The part's text in valid UTF-8, at most `size_max` bytes, transfer encoding
 * and charset (allow-list; wrong bytes become U+FFFD) undone, line ends LF.
 * Text of an undeclared or unknown charset, or that belies US-ASCII, is read
 * as UTF-8 where it is that and as Windows-1252 otherwise.
 * `odd` collects bits of enum mail_odd. Only for TEXT and HTML; the caller's.
 */
char *mail_part_text(const struct mail *mail, guint part, gsize size_max,
		     guint *odd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mail, mail_free)

#endif
