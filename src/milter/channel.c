#include "channel_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"

gboolean
channel_open(int ends[2], GError **error)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0)
		return TRUE;
	return error_set_errno(error, errno, "control sockets");
}

gboolean
channel_send(int fd, const char *text)
{
	gsize size = MIN(strlen(text), CHANNEL_MAX);

	return send(fd, text, size, MSG_DONTWAIT | MSG_NOSIGNAL) ==
	       (gssize)size;
}

char *
channel_receive(int fd)
{
	g_autofree char *text = g_malloc(CHANNEL_MAX + 1);
	gssize size;

	do
		size = recv(fd, text, CHANNEL_MAX, 0);
	while (size < 0 && errno == EINTR);
	if (size <= 0)
		return NULL;
	text[size] = '\0';
	return g_steal_pointer(&text);
}

const char *
channel_match(const char *text, const char *word)
{
	gsize len = strlen(word);

	if (strncmp(text, word, len) != 0 ||
	    (text[len] != '\0' && text[len] != ' '))
		return NULL;
	return text[len] ? text + len + 1 : text + len;
}
