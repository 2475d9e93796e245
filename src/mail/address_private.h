#ifndef MAIL_ADDRESS_PRIVATE_H
#define MAIL_ADDRESS_PRIVATE_H

#include <glib.h>

/* How many mailboxes, or what tries to be one, a raw value holds. */
guint address_count(const char *value, gsize len);

#endif
