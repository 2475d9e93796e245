#include <arpa/inet.h>
#include <string.h>

#include "base/clock.h"
#include "config_private.h"
#include "field_private.h"
#include "mail/address.h"
#include "network_private.h"
#include "yaml_private.h"

#define LISTEN	   "127.0.0.1:8480"
#define USERS_MAX  1000
#define BUYERS_MAX 1000

const char *const config_roles[] = { "buyer", "delegate", "approver",
				     "admin", "auditor",  NULL };

static void
user_free(gpointer data)
{
	struct config_user *user = data;

	g_free(user->address);
	g_strfreev(user->buyers);
	g_free(user);
}

void
config_web_clear(struct config *config)
{
	g_free(config->web.listen);
	g_free(config->web.url);
	g_free(config->web.sign_in_header);
	g_strfreev(config->web.proxies);
	if (config->web.users)
		g_ptr_array_unref(config->web.users);
	g_free(config->digest.from);
	g_free(config->digest.redirect);
}

/* "127.0.0.1:8480", "[::1]:8480", "localhost:8480". No other names: what they
 * lead to may change, and with it who can reach us. */
static gboolean
listen_valid(const char *text)
{
	const char *colon = strrchr(text, ':');
	g_autofree char *host = NULL;
	struct in6_addr address;
	gsize len;

	if (!colon || !config_port_valid(colon + 1))
		return FALSE;
	host = g_strndup(text, (gsize)(colon - text));
	len = strlen(host);
	if (len > 2 && *host == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		return inet_pton(AF_INET6, host + 1, &address) == 1;
	}
	return strcmp(host, "localhost") == 0 ||
	       inet_pton(AF_INET, host, &address) == 1;
}

static char *
read_listen(struct yaml_node *map)
{
	const char *text = yaml_get_text(map, "listen", LISTEN);

	if (listen_valid(text))
		return g_strdup(text);
	yaml_refuse(yaml_value(map, "listen"), "listen",
		    "ADDRESS:PORT, as in 127.0.0.1:8480 or [::1]:8480");
	return NULL;
}

/* Scheme, host and maybe a port; a browser's Origin says the same words. */
static gboolean
url_valid(const char *url)
{
	const char *host = strstr(url, "://");
	const char *port;
	g_autofree char *name = NULL;

	if (!g_str_has_prefix(url, "http://") &&
	    !g_str_has_prefix(url, "https://"))
		return FALSE;
	host += strlen("://");
	port = strrchr(host, ':');
	if (port && strchr(port, ']'))
		port = NULL;
	name = port ? g_strndup(host, (gsize)(port - host)) : g_strdup(host);
	return config_host_valid(name) &&
	       (!port || config_port_valid(port + 1));
}

static char *
read_url(struct yaml_node *map, const char *listen)
{
	const char *text = yaml_get_text(map, "url", NULL);
	g_autofree char *url = NULL;

	if (!text)
		return g_strconcat("http://", listen ? listen : LISTEN, NULL);
	url = g_ascii_strdown(text, -1);
	if (g_str_has_suffix(url, "/"))
		url[strlen(url) - 1] = '\0';
	if (url_valid(url))
		return g_steal_pointer(&url);
	yaml_refuse(yaml_value(map, "url"), "url",
		    "https://HOST or http://HOST:PORT, without a path");
	return NULL;
}

/* RFC 9110 section 5.6.2; those that browsers set or we read otherwise would
 * make anybody anyone. */
static gboolean
header_valid(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";
	static const char *const taken[] = { "cookie",	     "host",
					     "origin",	     "user-agent",
					     "referer",	     "authorization",
					     "content-type", NULL };
	g_autofree char *lower = g_ascii_strdown(name, -1);

	return *name && strlen(name) <= 100 &&
	       name[strspn(name, letters)] == '\0' &&
	       !g_strv_contains(taken, lower);
}

static void
read_sign_in(struct yaml_node *map, struct config_web *web)
{
	const char *header = yaml_get_text(map, "header", NULL);

	web->sign_in_mail = yaml_get_bool(map, "mail", TRUE);
	if (header && header_valid(header))
		web->sign_in_header = g_strdup(header);
	else if (header)
		yaml_refuse(yaml_value(map, "header"), "header",
			    "a header's name, as in X-Auth-Request-Email");
}

static char *
parse_buyer(const struct yaml_node *node)
{
	const char *text = yaml_text(node);

	if (*text && strlen(text) < 256 && !strpbrk(text, "/ \t\n"))
		return g_strdup(text);
	yaml_fault(node, "a buyer is the name of a profile's file without "
			 "\".yaml\", or \"*\" for all");
	return NULL;
}

static struct config_user *
read_user(struct yaml_node *map)
{
	const guint named = ROLE_DELEGATE | ROLE_APPROVER;
	struct config_user *user = g_new0(struct config_user, 1);
	struct yaml_node *address = yaml_value(map, "address");

	if (address && yaml_text(address))
		user->address = field_address(address);
	else
		yaml_refuse(address ? address : map, "address",
			    "a mail address");
	user->roles = yaml_get_words(map, "roles", config_roles, ROLE_BUYER);
	user->buyers = field_list(map, "buyers", BUYERS_MAX, parse_buyer);
	if (user->roles & named && !*user->buyers)
		yaml_fault(map, "buyers is missing: for whom they are "
				"delegate or approver, or \"*\" for all");
	if (!(user->roles & named) && *user->buyers)
		yaml_fault(yaml_value(map, "buyers"),
			   "buyers are for a delegate or an approver");
	return user;
}

static gboolean
user_known(const GPtrArray *users, const char *address)
{
	for (guint i = 0; address && i < users->len; i++) {
		const struct config_user *user = users->pdata[i];

		if (g_strcmp0(user->address, address) == 0)
			return TRUE;
	}
	return FALSE;
}

static GPtrArray *
read_users(struct yaml_node *map)
{
	GPtrArray *users = g_ptr_array_new_with_free_func(user_free);
	const GPtrArray *list = yaml_get_list(map, "users");

	if (list && list->len > USERS_MAX) {
		yaml_fault(yaml_value(map, "users"),
			   "users has more than %d entries", USERS_MAX);
		return users;
	}
	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = list->pdata[i];
		struct config_user *user;

		if (!yaml_is_map(node)) {
			yaml_refuse(node, "users",
				    "a list of mappings of address and roles");
			continue;
		}
		user = read_user(node);
		if (user_known(users, user->address))
			yaml_fault(node, "the address %s is there twice",
				   user->address);
		g_ptr_array_add(users, user);
	}
	return users;
}

static void
read_web(struct yaml_node *map, struct config_web *web)
{
	static const char *const loopback[] = { "127.0.0.0/8", "::1/128",
						NULL };

	web->listen = read_listen(map);
	web->url = read_url(map, web->listen);
	read_sign_in(yaml_get_map(map, "sign_in"), web);
	web->proxies = config_networks(map, "proxies", loopback);
	web->session_us =
		yaml_get_duration(map, "session", 300 * CLOCK_SECOND_US,
				  90 * CLOCK_DAY_US, CLOCK_DAY_US / 2);
	web->request_release = yaml_get_bool(map, "request_release", FALSE);
	web->users = read_users(map);
}

static char *
read_address(struct yaml_node *map, const char *key)
{
	struct yaml_node *node = yaml_value(map, key);

	if (!node)
		return NULL;
	if (yaml_text(node))
		return field_address(node);
	yaml_refuse(node, key, "a mail address");
	return NULL;
}

static void
read_digest(struct yaml_node *map, struct config_digest *digest)
{
	digest->from = read_address(map, "from");
	if (!digest->from)
		digest->from =
			g_strconcat("pitchward@", g_get_host_name(), NULL);
	digest->redirect = read_address(map, "redirect");
	digest->max = (guint)yaml_get_integer(map, "max", 1, 500, 50);
	digest->links_us =
		yaml_get_duration(map, "links", CLOCK_DAY_US / 24,
				  365 * CLOCK_DAY_US, 14 * CLOCK_DAY_US);
	digest->notice_from = yaml_get_number(map, "notice_from", 0, 1, 0);
}

void
config_web_read(struct yaml_node *root, struct config *config)
{
	config->web.given = yaml_value(root, "web") != NULL;
	read_web(yaml_get_map(root, "web"), &config->web);
	read_digest(yaml_get_map(root, "digest"), &config->digest);
}

gboolean
config_trusted_proxy(const struct config *config, const char *ip)
{
	return network_listed(config->web.proxies, ip);
}
