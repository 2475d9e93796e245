/*
 * A mail of our own, made from text: headers of RFC 5322, and one body in two
 * forms, text/plain and text/html (multipart/alternative, RFC 2046 5.1.4),
 * both in UTF-8 as quoted-printable. Whatever the texts hold, no field ends
 * early and no line is longer than 78 characters but where one word is.
 */
#ifndef MAIL_COMPOSE_H
#define MAIL_COMPOSE_H

#include <glib.h>

struct compose {
	const char *from;      /* an address, as address_from_envelope() gives
				  it, like the next */
	const char *from_name; /* any text, or "" */
	const char *to;
	const char *to_name;
	const char *subject;	/* any text */
	const char *message_id; /* with angle brackets, ASCII */
	gint64 date_us;
	const char *zone; /* IANA name for Date; unknown: UTC */
	/* name, value, ..., NULL; ours: ASCII, one line each. Or NULL. */
	const char *const *fields;
	const char *text; /* lines end in LF */
	const char *html;
};

/*
 * The message, lines ended by CRLF. The same values give the same bytes. A
 * "Message-ID", "Date" and "MIME-Version" are there; "Auto-Submitted:
 * auto-generated" (RFC 3834) and "X-Auto-Response-Suppress: All", too.
 */
GBytes *compose_mail(const struct compose *compose);

/* The value of one unstructured field after `column` characters of the line:
 * RFC 2047 encoded words where it is not plain ASCII; folded. The caller's. */
char *compose_text(const char *text, gsize column);

#endif
