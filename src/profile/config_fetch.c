#include <arpa/inet.h>
#include <string.h>

#include "base/clock.h"
#include "config_private.h"
#include "field_private.h"
#include "yaml_private.h"

#define FEEDS_MAX    1000
#define ALLOW_MAX    100
#define URL_MAX	     2000
#define NAME_LEN_MAX 100
#define MB	     ((guint64)1 << 20)

static void
feed_free(gpointer data)
{
	struct config_feed *feed = data;

	g_free(feed->name);
	g_free(feed->url);
	g_free(feed);
}

void
config_fetch_clear(struct config *config)
{
	g_clear_pointer(&config->fetch.feeds, g_ptr_array_unref);
	g_strfreev(config->fetch.allow);
}

/* It stands in lines, in keys of the store and after --only; a slash is what
 * names of metrics have. */
static gboolean
name_valid(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_";

	return *name && *name != '-' && strlen(name) <= NAME_LEN_MAX &&
	       name[strspn(name, letters)] == '\0';
}

/* The fetcher's own parser has the last word; this is what a person gets
 * wrong. */
static gboolean
url_valid(const char *url)
{
	const char *host = strstr(url, "://");
	gsize len;

	if ((g_ascii_strncasecmp(url, "http://", 7) != 0 &&
	     g_ascii_strncasecmp(url, "https://", 8) != 0) ||
	    strlen(url) > URL_MAX)
		return FALSE;
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return FALSE;
	host += strlen("://");
	len = strcspn(host, "/?#");
	return len > 0 && !memchr(host, '@', len);
}

static struct config_feed *
read_feed(struct yaml_node *map)
{
	struct config_feed *feed = g_new0(struct config_feed, 1);
	const char *name = yaml_get_text(map, "name", "");
	const char *url = yaml_get_text(map, "url", "");
	struct yaml_node *at = yaml_value(map, "name");

	if (!name_valid(name))
		yaml_refuse(at ? at : map, "name",
			    "letters, digits, '.', '-' and '_', at most 100");
	at = yaml_value(map, "url");
	if (!url_valid(url))
		yaml_refuse(at ? at : map, "url",
			    "https://HOST/PATH or http://HOST/PATH, without "
			    "user and password");
	feed->name = g_strdup(name);
	feed->url = g_strdup(url);
	feed->every_us =
		yaml_get_duration(map, "every", 60 * CLOCK_SECOND_US,
				  30 * CLOCK_DAY_US, 3600 * CLOCK_SECOND_US);
	return feed;
}

static gboolean
is_known(const GPtrArray *feeds, const char *name)
{
	for (guint i = 0; i < feeds->len; i++) {
		const struct config_feed *feed = feeds->pdata[i];

		if (*name && strcmp(feed->name, name) == 0)
			return TRUE;
	}
	return FALSE;
}

static GPtrArray *
read_feeds(struct yaml_node *map)
{
	GPtrArray *feeds = g_ptr_array_new_with_free_func(feed_free);
	const GPtrArray *list = yaml_get_list(map, "feeds");

	if (list && list->len > FEEDS_MAX) {
		yaml_fault(yaml_value(map, "feeds"),
			   "feeds has more than %d entries", FEEDS_MAX);
		return feeds;
	}
	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = list->pdata[i];
		struct config_feed *feed;

		if (!yaml_is_map(node)) {
			yaml_refuse(node, "feeds",
				    "a list of mappings of name and url");
			continue;
		}
		feed = read_feed(node);
		if (is_known(feeds, feed->name))
			yaml_fault(yaml_value(node, "name"),
				   "the feed %s is there twice", feed->name);
		g_ptr_array_add(feeds, feed);
	}
	return feeds;
}

static gboolean
address_valid(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;
	gsize len = strlen(host);
	g_autofree char *inner = NULL;

	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		inner = g_strndup(host + 1, len - 2);
		return inet_pton(AF_INET6, inner, &v6) == 1;
	}
	return inet_pton(AF_INET, host, &v4) == 1;
}

/* No names: what they lead to may change. */
static char *
parse_allowed(const struct yaml_node *node)
{
	const char *text = yaml_text(node);
	const char *colon = strrchr(text, ':');
	g_autofree char *host =
		colon ? g_strndup(text, (gsize)(colon - text)) : NULL;
	g_autofree char *shown = NULL;

	if (host && address_valid(host) && config_port_valid(colon + 1))
		return g_strdup(text);
	shown = yaml_shown(text);
	yaml_fault(node,
		   "%s is not ADDRESS:PORT, as in 10.0.0.5:8080 or "
		   "[fd00::5]:8080",
		   shown);
	return NULL;
}

void
config_fetch_read(struct yaml_node *root, struct config *config)
{
	struct yaml_node *map = yaml_get_map(root, "fetch");
	struct config_fetch *fetch = &config->fetch;

	fetch->feeds = read_feeds(map);
	fetch->timeout_us =
		yaml_get_duration(map, "timeout", CLOCK_SECOND_US,
				  600 * CLOCK_SECOND_US, 30 * CLOCK_SECOND_US);
	fetch->interval_us = yaml_get_duration(
		map, "interval", 0, 3600 * CLOCK_SECOND_US, CLOCK_SECOND_US);
	fetch->size_max = yaml_get_size(map, "size_max", 4096, 64 * MB, 4 * MB);
	fetch->keep_us =
		yaml_get_duration(map, "keep", CLOCK_DAY_US,
				  36500 * CLOCK_DAY_US, 730 * CLOCK_DAY_US);
	fetch->allow = field_list(map, "allow", ALLOW_MAX, parse_allowed);
	fetch->front_pages = yaml_get_bool(map, "front_pages", TRUE);
	fetch->front_every_us =
		yaml_get_duration(map, "front_every", CLOCK_DAY_US,
				  365 * CLOCK_DAY_US, 7 * CLOCK_DAY_US);
}
