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
 * Asked once, when the server has all of the text and only the dot that makes
 * it a message is to be sent: the place to write down that it may be taken. On
 * FALSE the connection is closed instead, and the server has nothing
 * (SMTP_REFUSED).
 */
typedef gboolean (*SmtpCommit)(gpointer data);

struct smtp_letter {
	const char *url;
	const char *sender;
	const char *rcpt;
	GBytes *bytes;
	guint timeout_ms;
	SmtpCommit commit; /* or NULL */
	gpointer data;	   /* for it */
};

/*
 * `url` is smtp://host:port; `sender` may be "" (null sender). Both addresses
 * are checked (address_from_envelope) and line ends are made CRLF here, so
 * that no caller can smuggle or inject. `timeout_ms` bounds the whole.
 * `reply` (the caller's, may be NULL) gets the last reply or what failed.
 */
enum smtp_outcome smtp_deliver(const struct smtp_letter *letter, char **reply);

/* The same without a commit. */
enum smtp_outcome smtp_send(const char *url, const char *sender,
			    const char *rcpt, GBytes *bytes, guint timeout_ms,
			    char **reply);

#endif
