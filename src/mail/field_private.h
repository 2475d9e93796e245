/* Fields within a block: finding them, and their raw values made readable. */
#ifndef MAIL_FIELD_PRIVATE_H
#define MAIL_FIELD_PRIVATE_H

#include <glib.h>

#include "mail/message.h"

/* `name` in any case. */
gboolean mail_field_named(const struct mail_field *field, const char *name);

/* The nth field (from 0) of that name, or NULL. */
const struct mail_field *mail_field_find(const struct mail_field *fields,
					 guint n, const char *name, guint nth);

/* Unfolded, trimmed, NUL as U+FFFD, valid UTF-8; the caller's. */
char *mail_field_unfold(const struct mail_field *field);

#endif
