/* The socket that browsers, or the site's proxy, connect to. */
#ifndef WEB_LISTEN_PRIVATE_H
#define WEB_LISTEN_PRIVATE_H

#include <glib.h>

#include "profile/config.h"

/*
 * That passed in by systemd (sd_listen_fds(3)), else a new one at web.listen.
 * -1 and BASE_ERROR_*. `passed` says which.
 */
int listen_open(const struct config *config, gboolean *passed, GError **error);

/* Whether only this machine can connect to it. */
gboolean listen_is_loopback(const struct config *config);

#endif
