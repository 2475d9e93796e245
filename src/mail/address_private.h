#ifndef MAIL_ADDRESS_PRIVATE_H
#define MAIL_ADDRESS_PRIVATE_H

#include <glib.h>

#include "mail/address.h"

/* How many mailboxes, or what tries to be one, a raw value holds. */
guint address_count(const char *value, gsize len);

/* What address_of_author() says, read from the fields; the caller's. */
struct address *address_read_author(const struct mail *mail);

#endif
