#include "milter/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/error.h"

static gboolean
from_systemd(struct listener *listener, GError **error)
{
	int n = sd_listen_fds(1);
	int fd = SD_LISTEN_FDS_START;

	if (n < 1)
		return FALSE;
	if (n > 1 || sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "systemd passed %d sockets: one listening stream "
			    "socket is wanted",
			    n);
		return FALSE;
	}
	listener->fd = fd;
	listener->passed = TRUE;
	return TRUE;
}

static gboolean
unix_address(const char *path, struct sockaddr_un *address, GError **error)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (*path != '\0' &&
	    g_strlcpy(address->sun_path, path, sizeof(address->sun_path)) <
		    sizeof(address->sun_path))
		return TRUE;
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "socket path '%s': 1 to %zu bytes are allowed", path,
		    sizeof(address->sun_path) - 1);
	return FALSE;
}

/* Whether a process accepts there. A full queue is an answer too. */
static gboolean
answers(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	gboolean alive;

	if (fd < 0)
		return TRUE;
	alive = connect(fd, (const struct sockaddr *)address,
			sizeof(*address)) == 0 ||
		errno == EAGAIN;
	close(fd);
	return alive;
}

/* Removes what a dead process left; never anything but a socket. */
static gboolean
clear_path(const struct sockaddr_un *address, GError **error)
{
	const char *path = address->sun_path;
	struct stat info;

	if (lstat(path, &info) != 0)
		return errno == ENOENT ||
		       error_set_errno(error, errno, "%s", path);
	if (!S_ISSOCK(info.st_mode)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_BUSY,
			    "%s is there and is not a socket", path);
		return FALSE;
	}
	if (answers(address)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_BUSY,
			    "another process listens on %s already", path);
		return FALSE;
	}
	return unlink(path) == 0 ||
	       error_set_errno(error, errno, "removing the old %s", path);
}

static gboolean
group_id(const char *name, gid_t *gid, GError **error)
{
	char space[4096];
	struct group group;
	struct group *found = NULL;

	if (getgrnam_r(name, &group, space, sizeof(space), &found) != 0 ||
	    !found) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "socket group '%s' does not exist", name);
		return FALSE;
	}
	*gid = found->gr_gid;
	return TRUE;
}

/* Only the owner can connect until group and mode are right. */
static gboolean
bind_unix(int fd, const struct sockaddr_un *address,
	  const struct config *config, GError **error)
{
	const char *path = address->sun_path;
	gid_t gid = (gid_t)-1;
	mode_t mask;
	int bound;

	if (config->socket_group &&
	    !group_id(config->socket_group, &gid, error))
		return FALSE;
	mask = umask(0177);
	bound = bind(fd, (const struct sockaddr *)address, sizeof(*address));
	umask(mask);
	if (bound != 0)
		return error_set_errno(error, errno, "%s", path);
	if ((gid != (gid_t)-1 && lchown(path, (uid_t)-1, gid) != 0) ||
	    chmod(path, config->socket_mode) != 0) {
		error_set_errno(error, errno, "group and mode of %s", path);
		unlink(path);
		return FALSE;
	}
	return TRUE;
}

static gboolean
listen_unix(struct listener *listener, const struct sockaddr_un *address,
	    const struct config *config, GError **error)
{
	struct stat info;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return error_set_errno(error, errno, "socket");
	if (!clear_path(address, error) ||
	    !bind_unix(fd, address, config, error)) {
		close(fd);
		return FALSE;
	}
	if (listen(fd, (int)config->backlog) != 0 ||
	    lstat(address->sun_path, &info) != 0) {
		error_set_errno(error, errno, "%s", address->sun_path);
		close(fd);
		return FALSE;
	}
	listener->fd = fd;
	listener->path = g_strdup(address->sun_path);
	listener->device = info.st_dev;
	listener->inode = info.st_ino;
	return TRUE;
}

/*
 * Of two that start at once one must see the other's socket: between looking
 * and binding the folder is locked.
 */
static gboolean
open_unix(struct listener *listener, const char *path,
	  const struct config *config, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct sockaddr_un address;
	gboolean ok;
	int lock;

	if (!unix_address(path, &address, error))
		return FALSE;
	lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0)
		return error_set_errno(error, errno, "socket folder %s",
				       folder);
	(void)flock(lock, LOCK_EX);
	ok = listen_unix(listener, &address, config, error);
	close(lock);
	return ok;
}

static int
listen_at(const struct addrinfo *at, int backlog)
{
	int one = 1;
	int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC,
			at->ai_protocol);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    bind(fd, at->ai_addr, at->ai_addrlen) == 0 &&
	    listen(fd, backlog) == 0)
		return fd;
	close(fd);
	return -1;
}

static gboolean
open_inet(struct listener *listener, const char *place, int family,
	  const struct config *config, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(place, "@", 2);
	const char *loopback = family == AF_INET6 ? "::1" : "127.0.0.1";
	const char *host = parts[0] && parts[1] ? parts[1] : loopback;
	struct addrinfo hints = { .ai_family = family,
				  .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	int problem = getaddrinfo(host, parts[0], &hints, &found);
	int saved;

	if (problem != 0) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "socket %s: %s", config->socket,
			    gai_strerror(problem));
		return FALSE;
	}
	listener->fd = listen_at(found, (int)config->backlog);
	saved = errno;
	freeaddrinfo(found);
	if (listener->fd >= 0)
		return TRUE;
	if (saved == EADDRINUSE) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_BUSY,
			    "another process listens on %s already",
			    config->socket);
		return FALSE;
	}
	return error_set_errno(error, saved, "socket %s", config->socket);
}

gboolean
listener_open(const struct config *config, struct listener *listener,
	      GError **error)
{
	const char *place = strchr(config->socket, ':');
	g_autoptr(GError) problem = NULL;

	*listener = (struct listener){ .fd = -1 };
	if (from_systemd(listener, &problem))
		return TRUE;
	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (g_str_has_prefix(config->socket, "inet:"))
		return open_inet(listener, place + 1, AF_INET, config, error);
	if (g_str_has_prefix(config->socket, "inet6:"))
		return open_inet(listener, place + 1, AF_INET6, config, error);
	if (g_str_has_prefix(config->socket, "unix:") ||
	    g_str_has_prefix(config->socket, "local:"))
		return open_unix(listener, place + 1, config, error);
	return open_unix(listener, config->socket, config, error);
}

void
listener_close(struct listener *listener)
{
	struct stat info;

	if (listener->fd >= 0)
		close(listener->fd);
	if (listener->path && lstat(listener->path, &info) == 0 &&
	    info.st_dev == listener->device && info.st_ino == listener->inode)
		unlink(listener->path);
	g_clear_pointer(&listener->path, g_free);
	listener->fd = -1;
}
