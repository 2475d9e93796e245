#include <string.h>

#include "base/clock.h"
#include "config_private.h"
#include "field_private.h"
#include "yaml_private.h"

#define URL_MAX	  2000
#define MODEL_MAX 200

/* "never" comes last. */
static const char *const days[] = { "mon", "tue", "wed",   "thu", "fri",
				    "sat", "sun", "never", NULL };
#define DAY_NEVER 7

void
config_insight_clear(struct config *config)
{
	g_free(config->insight.wording_url);
	g_free(config->insight.wording_model);
	g_free(config->insight.wording_key);
}

/* The host as it stands in the address, brackets and port included. */
static gboolean
is_loopback(const char *host, gsize len)
{
	static const char *const names[] = { "localhost", "127.0.0.1",
					     "[::1]" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const gsize n = strlen(names[i]);

		if (len >= n && g_ascii_strncasecmp(host, names[i], n) == 0 &&
		    (len == n || host[n] == ':'))
			return TRUE;
	}
	return FALSE;
}

/* A query or fragment would swallow the path that is added. */
static gboolean
url_valid(const char *url)
{
	const gboolean safe = g_str_has_prefix(url, "https://");
	const char *host = strstr(url, "://");
	gsize len;

	if ((!safe && !g_str_has_prefix(url, "http://")) ||
	    strlen(url) > URL_MAX || strpbrk(url, "?#"))
		return FALSE;
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return FALSE;
	host += strlen("://");
	len = strcspn(host, "/");
	return len > 0 && !memchr(host, '@', len) &&
	       (safe || is_loopback(host, len));
}

static char *
read_url(struct yaml_node *map)
{
	const char *url = yaml_get_text(map, "url", NULL);
	gsize len;

	if (!url)
		return NULL;
	if (!url_valid(url))
		yaml_refuse(yaml_value(map, "url"), "url",
			    "https://HOST[:PORT][/PATH], or http:// to "
			    "localhost, 127.0.0.1 or [::1]; without user, "
			    "password and query");
	len = strlen(url);
	while (len > 0 && url[len - 1] == '/')
		len--;
	return g_strndup(url, len);
}

static void
read_wording(struct yaml_node *map, struct config_insight *insight,
	     const char *folder)
{
	const char *model = yaml_get_text(map, "model", NULL);

	insight->wording_url = read_url(map);
	if (model &&
	    (!*model || strlen(model) > MODEL_MAX || strpbrk(model, "\r\n")))
		yaml_refuse(yaml_value(map, "model"), "model",
			    "the name of a model, at most 200 bytes");
	insight->wording_model = g_strdup(model);
	insight->wording_key = field_path(map, "key", folder, NULL);
	insight->wording_timeout_us =
		yaml_get_duration(map, "timeout", CLOCK_SECOND_US,
				  600 * CLOCK_SECOND_US, 30 * CLOCK_SECOND_US);
	if (insight->wording_url && !model)
		yaml_fault(map, "wording needs a model beside its url");
	if (!insight->wording_url && model)
		yaml_fault(map, "wording needs a url beside its model");
}

void
config_insight_read(struct yaml_node *root, struct config *config,
		    const char *folder)
{
	struct yaml_node *map = yaml_get_map(root, "insight");
	const int day = yaml_get_word(map, "day", days, 0);

	config->insight.day = day == DAY_NEVER ? -1 : day;
	read_wording(yaml_get_map(map, "wording"), &config->insight, folder);
}
