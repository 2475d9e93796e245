/*
 * Lines of text as what a browser or a proxy in front of us sends: Cookie,
 * Host, Origin, X-Forwarded-For, and a path to go back to. Only what is ours
 * passes for ours.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "../../src/web/dispatch_private.h"
#include "../../src/web/form_private.h"
#include "../../src/web/origin_private.h"
#include "../../src/web/session_private.h"

#define LINES 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char config_text[] =
	"version: 1\n"
	"web: {url: \"https://mail.buyer.example:8443\", listen: "
	"\"127.0.0.1:8099\"}\n";

/* Twice the same name is believed of nobody. */
static void
check_cookie(const char *header)
{
	g_autofree char *value = session_cookie(header, "pitchward");
	g_autofree char *twice =
		g_strconcat("pitchward=x; pitchward=y; ", header, NULL);
	g_autofree char *after = g_strconcat(
		"other=1; pitchward=mine; x=", value ? "" : header, NULL);

	g_assert(!value || strstr(header, value));
	g_assert(!value || !strchr(value, ';'));
	g_assert(!session_cookie(twice, "pitchward"));
	if (!value && !strchr(header, ';')) {
		g_autofree char *mine = session_cookie(after, "pitchward");

		g_assert(g_strcmp0(mine, "mine") == 0);
	}
}

/* Whatever is let through is one of the few ways to write our own name. */
static void
check_host(const struct config_web *web, const char *host)
{
	static const char *const ours[] = { "mail.buyer.example:8443",
					    "127.0.0.1:8099", "[::1]:8099",
					    "localhost:8099", NULL };
	g_autofree char *lower = g_ascii_strdown(host, -1);

	g_assert(origin_host(web, host) == g_strv_contains(ours, lower));
}

static void
check_origin(const struct config_web *web, const char *origin)
{
	g_autofree char *lower = g_ascii_strdown(origin, -1);

	g_assert(origin_same(web, origin, NULL) ==
		 (strcmp(lower, web->url) == 0));
	g_assert(!origin_same(web, origin, "cross-site"));
	g_assert(origin_same(web, NULL, origin) ==
		 (strcmp(origin, "same-origin") == 0 ||
		  strcmp(origin, "none") == 0));
}

/* Somebody who is no proxy of ours has their own address, whatever they say;
 * behind one it is an address, or the proxy's. */
static void
check_client(const struct config *config, const char *forwarded)
{
	g_autofree char *stranger =
		dispatch_client(config, "192.0.2.7", forwarded);
	g_autofree char *client =
		dispatch_client(config, "127.0.0.1", forwarded);
	g_autofree char *last = g_strconcat(forwarded, ", 198.51.100.9", NULL);
	g_autofree char *told = dispatch_client(config, "127.0.0.1", last);

	g_assert(strcmp(stranger, "192.0.2.7") == 0);
	g_assert(*client &&
		 client[strspn(client, "0123456789abcdefABCDEF.:")] == '\0');
	if (config_trusted_proxy(config, "127.0.0.1"))
		g_assert(strcmp(told, "198.51.100.9") == 0);
	else
		g_assert(strcmp(told, "127.0.0.1") == 0);
}

static void
check_back(const char *path)
{
	g_autofree char *decoded = form_path(path);

	if (form_inside(path))
		g_assert(path[0] == '/' && path[1] != '/' && path[1] != '\\');
	if (!decoded)
		return;
	g_assert(decoded[0] == '/' && g_utf8_validate(decoded, -1, NULL));
	g_assert(!strstr(decoded, "/../") && !g_str_has_suffix(decoded, "/.."));
	g_assert(!strpbrk(decoded, "\\\r\n"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config *config;
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", LINES);

	if (!config) {
		g_autoptr(Faults) faults = faults_new();

		config = config_parse("c.yaml", config_text,
				      strlen(config_text), faults);
		g_assert(config);
	}
	for (guint i = 0; lines[i]; i++) {
		check_cookie(lines[i]);
		check_host(&config->web, lines[i]);
		check_origin(&config->web, lines[i]);
		check_client(config, lines[i]);
		check_back(lines[i]);
	}
	return 0;
}
