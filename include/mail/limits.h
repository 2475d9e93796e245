/*
 * What one message may cost, and what was odd about it.
 *
 * Everything a sender can choose the size of is capped before it is looked
 * at (RELIABILITY 7.4). Reaching a cap is never an error: the rest is left
 * unread, the cap's bit is set, and the bit is a feature and a log word.
 */
#ifndef MAIL_LIMITS_H
#define MAIL_LIMITS_H

#include <glib.h>

struct mail_limits {
	gsize message;	     /* bytes looked at; the rest is only stored */
	guint headers;	     /* header fields of one block */
	gsize header_block;  /* bytes of one header block */
	gsize header;	     /* bytes of one field, folding included */
	guint depth;	     /* multipart and message/rfc822 nesting */
	guint parts;	     /* leaves and containers together */
	gsize text;	     /* decoded bytes of all text leaves */
	guint urls;	     /* links kept */
	guint addresses;     /* addresses read from one message */
	guint encoded_words; /* RFC 2047 words of one field */
	guint tags;	     /* HTML elements of one leaf */
	guint tag_depth;     /* HTML nesting of one leaf */
};

extern const struct mail_limits mail_limits_default;

/* Bits of mail_odd(): first the caps, then what contradicts itself. */
enum mail_odd {
	MAIL_CAP_MESSAGE = 1 << 0,
	MAIL_CAP_HEADERS = 1 << 1,
	MAIL_CAP_DEPTH = 1 << 2,
	MAIL_CAP_PARTS = 1 << 3,
	MAIL_CAP_TEXT = 1 << 4,
	MAIL_CAP_URLS = 1 << 5,
	MAIL_CAP_ADDRESSES = 1 << 6,
	MAIL_CAP_WORDS = 1 << 7,
	MAIL_CAP_HTML = 1 << 8,
	MAIL_ODD_NUL = 1 << 9,
	MAIL_ODD_BARE_CR = 1 << 10,
	MAIL_ODD_TWO_FROM = 1 << 11,   /* two From fields or two authors */
	MAIL_ODD_TWO_FIELDS = 1 << 12, /* another field that must be one */
	MAIL_ODD_CHARSET = 1 << 13,    /* unknown, or bytes that belie it */
	MAIL_ODD_ENCODING = 1 << 14,   /* unknown or broken transfer encoding */
	MAIL_ODD_BOUNDARY = 1 << 15,   /* missing, open, prefix of another */
	MAIL_ODD_8BIT_HEADER = 1 << 16,
	MAIL_ODD_INVISIBLE = 1 << 17 /* zero-width or bidi characters */
};

#define MAIL_CAPS ((1 << 9) - 1)

/* The word for one bit, as logged and printed: "cap-depth", "two-from". */
const char *mail_odd_name(enum mail_odd bit);

#endif
