#include "origin_private.h"

#include <string.h>

/* The host and port of "http://host:port". */
static const char *
url_host(const char *url)
{
	const char *colon = strstr(url, "://");

	return colon ? colon + strlen("://") : url;
}

/* Names of this machine for itself, by which a listener on loopback is found.
 */
static gboolean
loopback_name(const char *host, const char *listen)
{
	static const char *const names[] = { "localhost", "127.0.0.1",
					     "[::1]" };
	const char *port = strrchr(listen, ':');

	if (!g_str_has_prefix(listen, "127.") &&
	    !g_str_has_prefix(listen, "localhost:") &&
	    !g_str_has_prefix(listen, "[::1]:"))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const gsize len = strlen(names[i]);

		if (g_ascii_strncasecmp(host, names[i], len) == 0 &&
		    strcmp(host + len, port) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Its length without the scheme's own port. */
static gsize
bare_len(const char *host, const char *port)
{
	const gsize len = strlen(host);

	return g_str_has_suffix(host, port) ? len - strlen(port) : len;
}

/* With the scheme's own port or without it. */
static gboolean
host_equal(const char *host, const char *own, const char *port)
{
	const gsize len = bare_len(own, port);

	return bare_len(host, port) == len &&
	       g_ascii_strncasecmp(host, own, len) == 0;
}

gboolean
origin_host(const struct config_web *web, const char *host)
{
	const char *port =
		g_str_has_prefix(web->url, "https:") ? ":443" : ":80";

	return host && *host &&
	       (host_equal(host, url_host(web->url), port) ||
		host_equal(host, web->listen, ":80") ||
		loopback_name(host, web->listen));
}

static gboolean
origin_own(const struct config_web *web, const char *origin)
{
	if (g_ascii_strcasecmp(origin, web->url) == 0)
		return TRUE;
	return g_ascii_strncasecmp(origin, "http://", 7) == 0 &&
	       g_str_has_prefix(web->url, "http:") &&
	       origin_host(web, origin + 7);
}

gboolean
origin_same(const struct config_web *web, const char *origin, const char *site)
{
	if (site && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		return FALSE;
	return !origin || origin_own(web, origin);
}
