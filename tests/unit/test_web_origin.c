#include <glib.h>
#include <string.h>

#include "../../src/web/connections_private.h"
#include "../../src/web/dispatch_private.h"
#include "../../src/web/origin_private.h"
#include "../../src/web/rate_private.h"
#include "../../src/web/route_private.h"
#include "../../src/web/session_private.h"

static char listen_local[] = "127.0.0.1:8480";
static char listen_open[] = "192.0.2.1:80";
static char url_local[] = "http://127.0.0.1:8480";
static char url_site[] = "https://mail.corp.example";
static char url_port[] = "https://mail.corp.example:8443";

static const struct config_web local = { .listen = listen_local,
					 .url = url_local };
static const struct config_web site = { .listen = listen_local,
					.url = url_site };
static const struct config_web port = { .listen = listen_local,
					.url = url_port };
static const struct config_web open_web = { .listen = listen_open,
					    .url = url_site };

static const struct {
	const char *name;
	const struct config_web *web;
	const char *host;
	gboolean ours;
} hosts[] = {
	{ "the site", &site, "mail.corp.example", TRUE },
	{ "in capitals", &site, "MAIL.corp.EXAMPLE", TRUE },
	{ "with its own port", &site, "mail.corp.example:443", TRUE },
	{ "with another port", &site, "mail.corp.example:80", FALSE },
	{ "without the port it needs", &port, "mail.corp.example", FALSE },
	{ "with it", &port, "mail.corp.example:8443", TRUE },
	{ "with it and the scheme's", &port, "mail.corp.example:8443:443",
	  FALSE },
	{ "what is listened to and more", &site, "127.0.0.1:8480:80", FALSE },
	{ "what is listened to", &site, "127.0.0.1:8480", TRUE },
	{ "localhost", &site, "localhost:8480", TRUE },
	{ "IPv6", &site, "[::1]:8480", TRUE },
	{ "localhost, another port", &site, "localhost:80", FALSE },
	{ "localhost of a listener to all", &open_web, "localhost:80", FALSE },
	{ "that listener", &open_web, "192.0.2.1", TRUE },
	{ "a longer name", &site, "mail.corp.example.evil.example", FALSE },
	{ "a shorter name", &site, "mail.corp", FALSE },
	{ "another below", &site, "x.mail.corp.example", FALSE },
	{ "a dot at the end", &site, "mail.corp.example.", FALSE },
	{ "a name and more", &site, "mail.corp.example, evil", FALSE },
	{ "none", &site, NULL, FALSE },
	{ "an empty one", &site, "", FALSE },
};

static void
test_hosts(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_test_message("%s", hosts[i].name);
		g_assert_cmpint(origin_host(hosts[i].web, hosts[i].host), ==,
				hosts[i].ours);
	}
}

static const struct {
	const char *name;
	const struct config_web *web;
	const char *origin;
	const char *site;
	gboolean same;
} origins[] = {
	{ "ours", &site, "https://mail.corp.example", "same-origin", TRUE },
	{ "ours, nothing else said", &site, "https://mail.corp.example", NULL,
	  TRUE },
	{ "nothing said", &site, NULL, NULL, TRUE },
	{ "typed by the user", &site, NULL, "none", TRUE },
	{ "another site", &site, "https://evil.example", NULL, FALSE },
	{ "without TLS", &site, "http://mail.corp.example", NULL, FALSE },
	{ "null", &site, "null", NULL, FALSE },
	{ "empty", &site, "", NULL, FALSE },
	{ "a longer name", &site, "https://mail.corp.example.evil", NULL,
	  FALSE },
	{ "another port", &site, "https://mail.corp.example:81", NULL, FALSE },
	{ "ours, but fetched from elsewhere", &site,
	  "https://mail.corp.example", "cross-site", FALSE },
	{ "from a neighbour", &site, NULL, "same-site", FALSE },
	{ "localhost of a local site", &local, "http://localhost:8480", NULL,
	  TRUE },
	{ "localhost of another site", &site, "http://localhost:8480", NULL,
	  FALSE },
};

static void
test_origins(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(origins); i++) {
		g_test_message("%s", origins[i].name);
		g_assert_cmpint(origin_same(origins[i].web, origins[i].origin,
					    origins[i].site),
				==, origins[i].same);
	}
}

static const struct {
	const char *name;
	const char *peer;
	const char *forwarded;
	const char *client;
} clients[] = {
	{ "no proxy", "192.0.2.9", NULL, "192.0.2.9" },
	{ "not from a proxy", "192.0.2.9", "10.1.1.1", "192.0.2.9" },
	{ "one proxy", "127.0.0.1", "192.0.2.9", "192.0.2.9" },
	{ "two proxies", "127.0.0.1", "192.0.2.9, 127.0.0.2", "192.0.2.9" },
	{ "what the client forged", "127.0.0.1", "6.6.6.6, 192.0.2.9",
	  "192.0.2.9" },
	{ "no address", "127.0.0.1", "unknown", "127.0.0.1" },
	{ "empty", "127.0.0.1", "", "127.0.0.1" },
	{ "IPv6", "::1", "2001:db8::1", "2001:db8::1" },
};

static void
test_clients(void)
{
	g_autoptr(Config) config = config_default();

	for (gsize i = 0; i < G_N_ELEMENTS(clients); i++) {
		g_autofree char *client = dispatch_client(
			config, clients[i].peer, clients[i].forwarded);

		g_test_message("%s", clients[i].name);
		g_assert_cmpstr(client, ==, clients[i].client);
	}
}

static const struct {
	const char *name;
	const char *header;
	const char *value;
} cookies[] = {
	{ "alone", "pitchward=abc", "abc" },
	{ "among others", "a=b; pitchward=abc; c=d", "abc" },
	{ "without a space", "a=b;pitchward=abc", "abc" },
	{ "a longer name", "pitchwardx=abc", NULL },
	{ "a name that ends so", "xpitchward=abc", NULL },
	{ "in another's value", "a=pitchward=abc", NULL },
	{ "twice", "pitchward=abc; pitchward=def", NULL },
	{ "none", NULL, NULL },
	{ "empty", "pitchward=", "" },
};

static void
test_cookies(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cookies); i++) {
		g_autofree char *value =
			session_cookie(cookies[i].header, "pitchward");

		g_test_message("%s", cookies[i].name);
		g_assert_cmpstr(value, ==, cookies[i].value);
	}
}

static void
test_cookie_made(void)
{
	g_autofree char *https =
		session_set_cookie(&site, session_name(&site), "t", 60);
	g_autofree char *http =
		session_set_cookie(&local, session_name(&local), "t", 0);

	g_assert_cmpstr(https, ==,
			"__Host-pitchward=t; Path=/; Max-Age=60; HttpOnly; "
			"SameSite=Strict; Secure");
	g_assert_cmpstr(http, ==,
			"pitchward=t; Path=/; Max-Age=0; HttpOnly; "
			"SameSite=Strict");
}

static void
test_rate(void)
{
	struct rate *rate = rate_new(2, 100, 3);

	g_assert_true(rate_take(rate, "a", 0));
	g_assert_true(rate_take(rate, "a", 10));
	g_assert_false(rate_take(rate, "a", 99));
	g_assert_true(rate_take(rate, "b", 99));
	g_assert_true(rate_take(rate, "a", 100));
	rate_free(rate);
}

static void
test_rate_bounded(void)
{
	struct rate *rate = rate_new(1, 1000, 3);

	for (int i = 0; i < 1000; i++) {
		g_autofree char *key = g_strdup_printf("%d", i);

		g_assert_true(rate_take(rate, key, i / 10));
	}
	g_assert_false(rate_take(rate, "999", 100));
	rate_free(rate);
}

static const struct {
	enum web_method method;
	const char *path;
	const char *route; /* NULL: none */
	gboolean other;
	const char *part;
} routes[] = {
	{ WEB_GET, "/sign-in", "/sign-in", FALSE, NULL },
	{ WEB_GET, "/sign-in/abc", "/sign-in/*", FALSE, "abc" },
	{ WEB_POST, "/sign-in/abc", "/sign-in/*", FALSE, "abc" },
	{ WEB_GET, "/sign-in/", NULL, FALSE, NULL },
	{ WEB_GET, "/sign-in/a/b", NULL, FALSE, NULL },
	{ WEB_GET, "/sign-inx", NULL, FALSE, NULL },
	{ WEB_GET, "/SIGN-IN", NULL, FALSE, NULL },
	{ WEB_GET, "/sign-out", NULL, TRUE, NULL },
	{ WEB_POST, "/healthz", NULL, TRUE, NULL },
	{ WEB_GET, "//healthz", NULL, FALSE, NULL },
	{ WEB_GET, "/healthz", "/healthz", FALSE, NULL },
};

static void
test_routes(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		g_auto(GStrv) parts = NULL;
		gboolean other = FALSE;
		const struct web_route *route = route_find(
			routes[i].method, routes[i].path, &parts, &other);

		g_test_message("%s", routes[i].path);
		g_assert_cmpstr(route ? route->path : NULL, ==,
				routes[i].route);
		if (!route)
			g_assert_cmpint(other, ==, routes[i].other);
		if (routes[i].part)
			g_assert_cmpstr(parts[0], ==, routes[i].part);
	}
}

static const struct {
	const char *ip;
	const char *key;
} keys[] = {
	{ "192.0.2.9", "192.0.2.9" },
	{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
	{ "::ffff:192.0.2.9", "::ffff:192.0.2.9" },
};

static void
test_keys(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *key = connections_key(keys[i].ip);

		g_assert_cmpstr(key, ==, keys[i].key);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/web/whose name Host is", test_hosts);
	g_test_add_func("/web/where a POST comes from", test_origins);
	g_test_add_func("/web/who is behind a proxy", test_clients);
	g_test_add_func("/web/cookies read", test_cookies);
	g_test_add_func("/web/cookies made", test_cookie_made);
	g_test_add_func("/web/so often and no more", test_rate);
	g_test_add_func("/web/so many keys and no more", test_rate_bounded);
	g_test_add_func("/web/routes", test_routes);
	g_test_add_func("/web/one client of many addresses", test_keys);
	return g_test_run();
}
