/*
 * The socket the MTA connects to. It belongs to the supervisor (or to systemd)
 * so that connections wait, and are not refused, while a worker is replaced.
 */
#ifndef MILTER_LISTENER_H
#define MILTER_LISTENER_H

#include <glib.h>

#include "profile/config.h"

struct listener {
	int fd;
	gboolean passed; /* by systemd */
	char *path;	 /* of a unix socket that we made; else NULL */
	guint64 device;	 /* what `path` was then, so that another */
	guint64 inode;	 /* instance's socket is never removed */
};
typedef struct listener Listener; /* for g_auto(Listener) */

/*
 * Takes systemd's socket when there is one, else opens config->socket:
 * "unix:PATH" (also "local:PATH" or a bare path) with its mode and group, and
 * nobody else can connect in between; or "inet:PORT@HOST", "inet6:PORT@HOST",
 * HOST loopback when absent. A socket left behind by a dead process is
 * replaced. Errors: BASE_ERROR_BUSY when somebody answers there already,
 * BASE_ERROR_INVALID, _DENIED, _NOT_FOUND, _IO.
 */
gboolean listener_open(const struct config *config, struct listener *listener,
		       GError **error);

/* Closes it; the path goes too when it is still ours. */
void listener_close(struct listener *listener);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listener, listener_close)

#endif
