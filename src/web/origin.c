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

/* The scheme's own port stands for none. */
static char *
with_port(const char *host, const char *port)
{
	const char *bracket = strchr(host, ']');

	return strchr(bracket ? bracket : host, ':')
		       ? g_strdup(host)
		       : g_strconcat(host, port, NULL);
}

static gboolean
host_equal(const char *host, const char *own, const char *port)
{
	g_autofree char *theirs = with_port(host, port);
	g_autofree char *ours = with_port(own, port);

	return g_ascii_strcasecmp(theirs, ours) == 0;
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
