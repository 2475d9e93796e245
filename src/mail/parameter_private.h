/*
 * Parameters of Content-Type and Content-Disposition: RFC 2045 section 5.1,
 * continuations and charsets of RFC 2231, and the RFC 2047 words that mail
 * programs put there instead. Works on the raw value of a field.
 */
#ifndef MAIL_PARAMETER_PRIVATE_H
#define MAIL_PARAMETER_PRIVATE_H

#include <glib.h>

#include "mail/message.h"

#define PARAMETER_LEN_MAX 2048

/*
 * The bytes of a parameter, at most PARAMETER_LEN_MAX, the first of its name;
 * what RFC 2231 writes is preferred and comes in UTF-8. NULL when there is
 * none. The caller's.
 */
GString *parameter_get(const struct mail_field *field, const char *name);

/* The same for people: one line of valid UTF-8; NULL when it is empty. */
char *parameter_text(const struct mail_field *field, const char *name);

#endif
