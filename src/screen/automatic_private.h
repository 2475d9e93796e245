/* Mail that no person wrote (RFC 3834, RFC 6522), by what it says of itself. */
#ifndef SCREEN_AUTOMATIC_PRIVATE_H
#define SCREEN_AUTOMATIC_PRIVATE_H

#include <glib.h>

#include "mail/message.h"

/* A delivery report. */
gboolean automatic_bounce(const struct mail *mail);

/*
 * An answer by a machine. What merely calls itself generated or bulk is none:
 * that is how mass mailings announce themselves.
 */
gboolean automatic_reply(const struct mail *mail);

/* Any of these, generated and bulk mail too. */
gboolean automatic_mail(const struct mail *mail);

#endif
