#include "listen_private.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/error.h"

#define BACKLOG 512

static struct addrinfo *
resolve(const char *text, GError **error)
{
	const char *colon = strrchr(text, ':');
	g_autofree char *host = g_strndup(text, (gsize)(colon - text));
	const gboolean v6 = *host == '[';
	const struct addrinfo hints = {
		.ai_family = v6 ? AF_INET6 : AF_INET,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *found = NULL;
	const char *name = host;
	int code;

	if (v6) {
		host[strlen(host) - 1] = '\0';
		name = host + 1;
	} else if (strcmp(host, "localhost") == 0)
		name = "127.0.0.1";
	code = getaddrinfo(name, colon + 1, &hints, &found);
	if (code == 0)
		return found;
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: %s", text,
		    gai_strerror(code));
	return NULL;
}

static int
bind_to(const struct addrinfo *where)
{
	const int yes = 1;
	int fd = socket(where->ai_family,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (where->ai_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes,
				 sizeof(yes));
	if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

int
listen_open(const struct config *config, gboolean *passed, GError **error)
{
	struct addrinfo *where;
	int fd;

	*passed = sd_listen_fds(1) > 0;
	if (*passed)
		return SD_LISTEN_FDS_START;
	where = resolve(config->web.listen, error);
	if (!where)
		return -1;
	fd = bind_to(where);
	if (fd < 0)
		error_set_errno(error, errno, "%s", config->web.listen);
	freeaddrinfo(where);
	return fd;
}

gboolean
listen_is_loopback(const struct config *config)
{
	const char *text = config->web.listen;

	return g_str_has_prefix(text, "127.") ||
	       g_str_has_prefix(text, "[::1]:") ||
	       g_str_has_prefix(text, "localhost:");
}
