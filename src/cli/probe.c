#include "probe_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"

void
probe_address_clear(struct probe_address *address)
{
	g_clear_pointer(&address->path, g_free);
	g_clear_pointer(&address->host, g_free);
	g_clear_pointer(&address->port, g_free);
}

/* Behind the scheme, or NULL when it is another one. */
static const char *
behind(const char *text, const char *scheme)
{
	return g_str_has_prefix(text, scheme) ? text + strlen(scheme) : NULL;
}

/* "HOST:PORT", "[::1]:PORT"; without a port it is `port_default`. */
static void
host_port(const char *text, const char *port_default,
	  struct probe_address *address)
{
	const char *bracket = *text == '[' ? strchr(text, ']') : NULL;
	const char *colon = bracket ? strchr(bracket, ':') : strrchr(text, ':');
	const char *end = colon ? colon : text + strlen(text);

	if (bracket)
		address->host =
			g_strndup(text + 1, (gsize)(bracket - text) - 1);
	else
		address->host = g_strndup(text, (gsize)(end - text));
	address->port = g_strdup(colon ? colon + 1 : port_default);
}

static void
inet_parse(const char *text, struct probe_address *address)
{
	const char *at = strchr(text, '@');

	if (!at && !strchr(text, ':')) {
		/* libmilter's "inet:PORT" listens everywhere. */
		address->host = g_strdup("localhost");
		address->port = g_strdup(text);
	} else if (!at) {
		host_port(text, "", address);
	} else {
		address->port = g_strndup(text, (gsize)(at - text));
		address->host = g_strdup(at + 1);
	}
}

gboolean
probe_address_parse(const char *text, struct probe_address *address,
		    GError **error)
{
	g_auto(ProbeAddress) found = { 0 };
	const char *rest;

	if ((rest = *text == '/' ? text : behind(text, "unix:")) != NULL ||
	    (rest = behind(text, "local:")) != NULL)
		found.path = g_canonicalize_filename(rest, NULL);
	else if ((rest = behind(text, "inet:")) != NULL ||
		 (rest = behind(text, "inet6:")) != NULL)
		inet_parse(rest, &found);
	else if ((rest = behind(text, "smtp://")) != NULL)
		host_port(rest, "25", &found);
	if (!found.path && (!found.port || !*found.port || !*found.host)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' is no address of a socket", text);
		return FALSE;
	}
	*address = found;
	found = (struct probe_address){ 0 };
	return TRUE;
}

static gboolean
is_loopback(const char *host)
{
	return g_str_has_prefix(host, "127.") || strcmp(host, "::1") == 0 ||
	       g_ascii_strcasecmp(host, "localhost") == 0;
}

gboolean
probe_address_equal(const struct probe_address *a,
		    const struct probe_address *b)
{
	if (a->path || b->path)
		return g_strcmp0(a->path, b->path) == 0;
	if (strcmp(a->port, b->port) != 0)
		return FALSE;
	return g_ascii_strcasecmp(a->host, b->host) == 0 ||
	       (is_loopback(a->host) && is_loopback(b->host));
}

/* Linux bounds connect() by the send timeout as well. */
static gboolean
connect_within(int fd, const struct sockaddr *addr, socklen_t len)
{
	const struct timeval limit = { .tv_sec = PROBE_TIMEOUT_S };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return connect(fd, addr, len) == 0;
}

static int
connect_path(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;
	int saved;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    connect_within(fd, (const struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int
connect_first(const struct addrinfo *list)
{
	int saved = ECONNREFUSED;

	for (; list; list = list->ai_next) {
		int fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd >= 0 &&
		    connect_within(fd, list->ai_addr, list->ai_addrlen))
			return fd;
		saved = errno;
		if (fd >= 0)
			close(fd);
	}
	errno = saved;
	return -1;
}

static int
connect_inet(const struct probe_address *address, GError **error)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	int rc = getaddrinfo(address->host, address->port, &hints, &list);
	int fd;

	if (rc != 0) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "%s:%s: %s", address->host, address->port,
			    gai_strerror(rc));
		return -1;
	}
	fd = connect_first(list);
	if (fd < 0)
		error_set_errno(error, errno, "%s:%s", address->host,
				address->port);
	freeaddrinfo(list);
	return fd;
}

static int
probe_connect(const struct probe_address *address, GError **error)
{
	int fd;

	if (!address->path)
		return connect_inet(address, error);
	fd = connect_path(address->path);
	if (fd < 0)
		error_set_errno(error, errno, "%s", address->path);
	return fd;
}

static gboolean
put(int fd, const void *data, gsize size)
{
	return send(fd, data, size, MSG_NOSIGNAL) == (gssize)size;
}

/* SMFIC_OPTNEG of protocol version 6, as Postfix 3.7 sends it. */
static gboolean
negotiate(int fd)
{
	static const guint8 offer[] = { 0, 0, 0, 13,   'O', 0,	  0,	0,   6,
					0, 0, 1, 0xFF, 0,   0x1F, 0xFF, 0xFF };
	static const guint8 quit[] = { 0, 0, 0, 1, 'Q' };
	guint8 answer[5];
	gboolean ok = put(fd, offer, sizeof(offer)) &&
		      recv(fd, answer, sizeof(answer), MSG_WAITALL) ==
			      (gssize)sizeof(answer) &&
		      answer[4] == 'O';

	return ok && put(fd, quit, sizeof(quit));
}

gboolean
probe_milter(const struct probe_address *address, GError **error)
{
	int fd = probe_connect(address, error);
	gboolean ok;

	if (fd < 0)
		return FALSE;
	ok = negotiate(fd);
	close(fd);
	if (!ok)
		g_set_error(error, BASE_ERROR, BASE_ERROR_IO,
			    "what listens there does not answer as a milter "
			    "within %d s",
			    PROBE_TIMEOUT_S);
	return ok;
}

/* The last line of a reply, which has a space behind its code. */
static gboolean
expect(int fd, const char *code, char *line, gsize size)
{
	gsize len = 0;
	gsize total = 0;
	char c;

	while (total++ < 65536 && recv(fd, &c, 1, 0) == 1) {
		if (c != '\n') {
			if (len + 1 < size)
				line[len++] = c;
			continue;
		}
		if (len > 0 && line[len - 1] == '\r')
			len--;
		line[len] = '\0';
		if (len < 4 || line[3] != '-')
			return g_str_has_prefix(line, code);
		len = 0;
	}
	line[len] = '\0';
	return FALSE;
}

/* A dialogue, and the last line of the last answer. */
struct smtp {
	int fd;
	char line[256];
};

static gboolean
say(struct smtp *smtp, const char *command, const char *code)
{
	g_autofree char *text = g_strconcat(command, "\r\n", NULL);

	*smtp->line = '\0';
	return put(smtp->fd, text, strlen(text)) &&
	       expect(smtp->fd, code, smtp->line, sizeof(smtp->line));
}

/* By the name that released mail comes from, too. */
static gboolean
greet(struct smtp *smtp, GError **error)
{
	g_autofree char *hello = g_strconcat("EHLO ", g_get_host_name(), NULL);

	if (expect(smtp->fd, "220", smtp->line, sizeof(smtp->line)) &&
	    say(smtp, hello, "250"))
		return TRUE;
	g_set_error(error, BASE_ERROR, BASE_ERROR_IO,
		    "what listens there does not answer as a mail server: %s",
		    *smtp->line ? smtp->line : "no answer");
	return FALSE;
}

static gboolean
offer(struct smtp *smtp, const char *rcpt, GError **error)
{
	static const char from[] = "MAIL FROM:<>";
	g_autofree char *to = g_strdup_printf("RCPT TO:<%s>", rcpt);
	const char *said = from;

	if (say(smtp, said, "250") && say(smtp, said = to, "25") &&
	    say(smtp, said = "RSET", "250"))
		return TRUE;
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "refuses mail: %s: %s", said,
		    *smtp->line ? smtp->line : "no answer");
	return FALSE;
}

gboolean
probe_smtp(const struct probe_address *address, const char *rcpt,
	   GError **error)
{
	struct smtp smtp = { .fd = probe_connect(address, error) };
	gboolean ok;

	if (smtp.fd < 0)
		return FALSE;
	ok = greet(&smtp, error) && (!rcpt || offer(&smtp, rcpt, error));
	put(smtp.fd, "QUIT\r\n", strlen("QUIT\r\n"));
	close(smtp.fd);
	return ok;
}

gboolean
probe_web(const struct probe_address *address, const char *host, GError **error)
{
	g_autofree char *ask = g_strdup_printf("GET /healthz HTTP/1.1\r\n"
					       "Host: %s\r\n"
					       "Connection: close\r\n\r\n",
					       host);
	char line[256] = "";
	int fd = probe_connect(address, error);
	gboolean ok;

	if (fd < 0)
		return FALSE;
	ok = put(fd, ask, strlen(ask)) &&
	     expect(fd, "HTTP/1.1 200", line, sizeof(line));
	close(fd);
	if (!ok)
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "what listens there is not well: %s",
			    *line ? line : "no answer");
	return ok;
}
