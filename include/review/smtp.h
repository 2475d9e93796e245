/*
 * One message to one recipient by SMTP, through libcurl. Opportunistic
 * STARTTLS is not asked for: the release listener is on loopback.
 */
#ifndef REVIEW_SMTP_H
#define REVIEW_SMTP_H

#include <glib.h>

enum smtp_outcome {
	SMTP_TAKEN,   /* 250 after the final dot */
	SMTP_REFUSED, /* 4xx or 5xx before or at the dot, or no connection */
	SMTP_UNKNOWN  /* lost between the dot and the answer */
};

/*
 * `url` is smtp://host:port; `sender` may be "" (null sender). Both addresses
 * are checked (address_from_envelope) and line ends are made CRLF here, so
 * that no caller can smuggle or inject. `timeout_ms` bounds the whole.
 * `reply` (the caller's, may be NULL) gets the last reply or what failed.
 */
enum smtp_outcome smtp_send(const char *url, const char *sender,
			    const char *rcpt, GBytes *bytes, guint timeout_ms,
			    char **reply);

#endif
