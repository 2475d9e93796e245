/*
 * Loaded before the C library, so that vendors' domains lead to a server of the
 * test's: names below .example are FRONT_HOSTS's (NAME=ADDRESS,...) or else
 * 127.0.0.1, and there port 80 is FRONT_HTTP and port 443 is FRONT_HTTPS. What
 * the program takes for the address and the port it goes to stays as it is.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*Connect)(int, const struct sockaddr *, socklen_t);
typedef int (*Getaddrinfo)(const char *, const char *, const struct addrinfo *,
			   struct addrinfo **);

static uint16_t
port_of(const char *name)
{
	const char *text = getenv(name);

	return (uint16_t)(text ? strtoul(text, NULL, 10) : 1);
}

__attribute__((visibility("default"))) int
connect(int fd, const struct sockaddr *address, socklen_t len)
{
	const Connect next = (Connect)dlsym(RTLD_NEXT, "connect");
	struct sockaddr_in in;

	if (address->sa_family != AF_INET || len != sizeof(in))
		return next(fd, address, len);
	memcpy(&in, address, sizeof(in));
	if (in.sin_port == htons(80))
		in.sin_port = htons(port_of("FRONT_HTTP"));
	else if (in.sin_port == htons(443))
		in.sin_port = htons(port_of("FRONT_HTTPS"));
	return next(fd, (const struct sockaddr *)&in, len);
}

static int
is_example(const char *node)
{
	const size_t len = node ? strlen(node) : 0;

	return len > 8 && strcmp(node + len - 8, ".example") == 0;
}

/* The address behind "NAME=" in FRONT_HOSTS. */
static void
address_of(const char *node, char address[64])
{
	const char *hosts = getenv("FRONT_HOSTS");
	const char *at = hosts ? strstr(hosts, node) : NULL;
	size_t len;

	memcpy(address, "127.0.0.1", sizeof("127.0.0.1"));
	if (!at || at[strlen(node)] != '=')
		return;
	at += strlen(node) + 1;
	len = strcspn(at, ",");
	if (len >= 64)
		return;
	memcpy(address, at, len);
	address[len] = '\0';
}

__attribute__((visibility("default"))) int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	    struct addrinfo **found)
{
	const Getaddrinfo next = (Getaddrinfo)dlsym(RTLD_NEXT, "getaddrinfo");
	char address[64];

	if (!is_example(node))
		return next(node, service, hints, found);
	address_of(node, address);
	return next(address, service, hints, found);
}
