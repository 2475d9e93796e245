/* Where the fetcher goes, and where it does not (RELIABILITY T13). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "market/http.h"

#define NOW (G_GINT64_CONSTANT(1795336367) * CLOCK_SECOND_US)

static gboolean
is_public(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return http_address_public((struct sockaddr *)&in);
	g_assert_cmpint(inet_pton(AF_INET6, text, &in6.sin6_addr), ==, 1);
	return http_address_public((struct sockaddr *)&in6);
}

static const char *const inside[] = {
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1",
	"100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
	"172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
	"192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
	"203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
	"255.255.255.255",
	/* unspecified, loopback, mapped, compatible, NAT64 */
	"::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8",
	"64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
	/* Teredo, ORCHID, benchmarks, documentation, 6to4 */
	"2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1", "2001:20::1",
	"2001:db8::1", "2002:7f00:1::1", "3ffe::1", "3fff::1", "3fff:fff::1",
	"4000::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
	"ff02::1"
};
static const char *const outside[] = { "1.1.1.1",
				       "8.8.8.8",
				       "9.255.255.255",
				       "11.0.0.0",
				       "100.63.255.255",
				       "100.128.0.0",
				       "126.255.255.255",
				       "128.0.0.1",
				       "169.253.255.255",
				       "172.15.255.255",
				       "172.32.0.0",
				       "192.0.1.1",
				       "192.167.255.255",
				       "192.169.0.0",
				       "198.17.255.255",
				       "198.20.0.0",
				       "223.255.255.255",
				       "2001:200::1",
				       "2001:4860:4860::8888",
				       "2606:4700::1111",
				       "2a00::1",
				       "3fff:1000::1" };

static void
test_addresses(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(inside); i++)
		if (is_public(inside[i]))
			g_test_fail_printf("%s is taken for public", inside[i]);
	for (guint i = 0; i < G_N_ELEMENTS(outside); i++)
		if (!is_public(outside[i]))
			g_test_fail_printf("%s is not taken for public",
					   outside[i]);
}

static void
test_other_families(void)
{
	const struct sockaddr address = { .sa_family = AF_UNIX };

	g_assert_false(http_address_public(&address));
}

/* A listener that notes whether anybody came. */
static int
listen_here(guint *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&in, sizeof(in)), ==, 0);
	g_assert_cmpint(listen(fd, 5), ==, 0);
	g_assert_cmpint(getsockname(fd, (struct sockaddr *)&in, &len), ==, 0);
	*port = ntohs(in.sin_port);
	return fd;
}

static const struct denied {
	const char *url; /* with %u for the port of a listener */
	enum http_error code;
} denied[] = {
	{ "http://127.0.0.1:%u/", HTTP_ERROR_DENIED },
	{ "http://2130706433:%u/", HTTP_ERROR_DENIED },
	{ "http://0x7f000001:%u/", HTTP_ERROR_DENIED },
	{ "http://0177.0.0.1:%u/", HTTP_ERROR_DENIED },
	{ "http://127.1:%u/", HTTP_ERROR_DENIED },
	{ "http://0:%u/", HTTP_ERROR_DENIED },
	{ "http://localhost:%u/", HTTP_ERROR_DENIED },
	{ "http://[::1]:%u/", HTTP_ERROR_DENIED },
	{ "http://[::ffff:127.0.0.1]:%u/", HTTP_ERROR_DENIED },
	{ "http://[64:ff9b::7f00:1]:%u/", HTTP_ERROR_DENIED },
	{ "http://[2002:7f00:1::]:%u/", HTTP_ERROR_DENIED },
	{ "http://inside.example:%u/", HTTP_ERROR_DENIED },
	{ "https://inside.example:%u/", HTTP_ERROR_DENIED },
	{ "http://169.254.169.254/latest/", HTTP_ERROR_DENIED },
	/* Public, but no web server's port. */
	{ "http://outside.example:25/", HTTP_ERROR_DENIED },
	{ "http://user:secret@127.0.0.1:%u/", HTTP_ERROR_URL },
	{ "http://user@127.0.0.1:%u/", HTTP_ERROR_URL },
	{ "file:///etc/passwd", HTTP_ERROR_URL },
	{ "gopher://127.0.0.1:%u/", HTTP_ERROR_URL },
	{ "dict://127.0.0.1:%u/", HTTP_ERROR_URL },
	{ "ftp://127.0.0.1:%u/", HTTP_ERROR_URL },
	{ "", HTTP_ERROR_URL },
	{ "http://", HTTP_ERROR_URL },
};

static void
test_denied(void)
{
	guint port;
	int fd = listen_here(&port);
	g_autofree char *resolve =
		g_strdup_printf("inside.example:%u:127.0.0.1", port);
	const char *const resolves[] = { resolve, "outside.example:25:8.8.8.8",
					 NULL };
	const struct http_rules rules = { .timeout_us = 2 * CLOCK_SECOND_US,
					  .size_max = 1000,
					  .resolve = resolves };
	g_autoptr(Http) http = http_new(&rules);

	for (guint i = 0; i < G_N_ELEMENTS(denied); i++) {
		g_autofree char *number = g_strdup_printf("%u", port);
		g_auto(GStrv) parts = g_strsplit(denied[i].url, "%u", -1);
		g_autofree char *url = g_strjoinv(number, parts);
		const struct http_request request = { .url = url };
		g_autoptr(GError) error = NULL;
		g_autoptr(HttpAnswer) answer = http_get(http, &request, &error);

		g_test_message("%s: %s", url, error ? error->message : "taken");
		g_assert_null(answer);
		g_assert_error(error, HTTP_ERROR, (gint)denied[i].code);
		if (accept(fd, NULL, NULL) >= 0)
			g_test_fail_printf("%s was connected to", url);
	}
	close(fd);
}

/* The allowance is of one address and port. */
static void
test_allowed(void)
{
	guint port;
	int fd = listen_here(&port);
	g_autofree char *here = g_strdup_printf("127.0.0.1:%u", port);
	g_autofree char *url = g_strdup_printf("http://localhost:%u/", port);
	const char *const allow[] = { here, NULL };
	const struct http_rules rules = { .timeout_us = CLOCK_SECOND_US / 5,
					  .size_max = 1000,
					  .allow = allow };
	g_autoptr(Http) http = http_new(&rules);
	const struct http_request request = { .url = url };
	g_autoptr(GError) error = NULL;

	g_assert_null(http_get(http, &request, &error));
	g_assert_error(error, HTTP_ERROR, HTTP_ERROR_TIME);
	g_assert_cmpint(accept(fd, NULL, NULL), >=, 0);
	close(fd);
}

static const struct retry {
	const char *text;
	gint64 seconds;
} retries[] = {
	{ "0", 0 },
	{ "120", 120 },
	{ "99999999", 7 * 86400 },
	{ "-5", 0 },
	{ "soon", 0 },
	{ "", 0 },
	{ "Sun, 22 Nov 2026 08:33:47 GMT", 60 },
	{ "Sun, 22 Nov 2026 08:31:47 GMT", 0 },
	{ "Fri, 22 Nov 2030 08:31:47 GMT", 7 * 86400 },
};

static void
test_retry(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(retries); i++) {
		g_test_message("'%s'", retries[i].text);
		g_assert_cmpint(http_retry_parse(retries[i].text, NOW) /
					CLOCK_SECOND_US,
				==, retries[i].seconds);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/http/addresses", test_addresses);
	g_test_add_func("/http/other-families", test_other_families);
	g_test_add_func("/http/denied", test_denied);
	g_test_add_func("/http/allowed", test_allowed);
	g_test_add_func("/http/retry-after", test_retry);
	return g_test_run();
}
