#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/clock.h"
#include "config_private.h"
#include "field_private.h"
#include "mail/address.h"
#include "network_private.h"
#include "yaml_private.h"

#define STATE	"/var/lib/pitchward"
#define SOCKET	"unix:/run/pitchward/milter.sock"
#define STORE	"sqlite:" STATE "/pitchward.db"
#define RELEASE "smtp://127.0.0.1:10026"

#define KB	     ((guint64)1 << 10)
#define MB	     ((guint64)1 << 20)
#define GB	     ((guint64)1 << 30)
#define NETWORKS_MAX 1000
#define DOMAINS_MAX  1000

static const char *const fallback_words[] = { "deliver", "tempfail", NULL };
static const char *const log_words[] = { "stderr", "syslog", "journal", NULL };

gboolean
config_port_valid(const char *text)
{
	return g_ascii_string_to_unsigned(text, 10, 1, 65535, NULL, NULL);
}

gboolean
config_host_valid(const char *host)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-:[]";

	return *host && strlen(host) < 256 &&
	       host[strspn(host, letters)] == '\0';
}

/* "PORT@HOST": without a host libmilter would listen to everyone. */
static gboolean
inet_valid(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "@", 2);

	return g_strv_length(parts) == 2 && config_port_valid(parts[0]) &&
	       config_host_valid(parts[1]);
}

static char *
read_unix_socket(struct yaml_node *node, const char *text, const char *folder)
{
	g_autofree char *path = g_canonicalize_filename(text, folder);
	struct sockaddr_un address;

	if (*text && strlen(path) < sizeof(address.sun_path))
		return g_strconcat("unix:", path, NULL);
	yaml_fault(node, "the path of a socket must have 1 to %zu bytes",
		   sizeof(address.sun_path) - 1);
	return NULL;
}

static char *
read_socket(struct yaml_node *map, const char *folder)
{
	const char *text = yaml_get_text(map, "socket", SOCKET);
	struct yaml_node *node = yaml_value(map, "socket");

	if (g_str_has_prefix(text, "unix:"))
		return read_unix_socket(node, text + strlen("unix:"), folder);
	if (g_str_has_prefix(text, "local:"))
		return read_unix_socket(node, text + strlen("local:"), folder);
	if (g_str_has_prefix(text, "inet:") &&
	    inet_valid(text + strlen("inet:")))
		return g_strdup(text);
	if (g_str_has_prefix(text, "inet6:") &&
	    inet_valid(text + strlen("inet6:")))
		return g_strdup(text);
	yaml_refuse(node, "socket",
		    "unix:PATH, inet:PORT@HOST or inet6:PORT@HOST");
	return NULL;
}

/* Octal, as chmod(1) has it; others must not write: they are not the MTA. */
static guint
read_socket_mode(struct yaml_node *map)
{
	const char *text = yaml_get_text(map, "socket_mode", "0660");
	char *end;
	guint64 mode = g_ascii_strtoull(text, &end, 8);

	if (g_ascii_isdigit(*text) && *end == '\0' && strlen(text) <= 4 &&
	    mode <= 0777 && (mode & 0600) == 0600 && (mode & 002) == 0)
		return (guint)mode;
	yaml_refuse(yaml_value(map, "socket_mode"), "socket_mode",
		    "octal, 0600 to 0775, without writing for others");
	return 0660;
}

static void
read_milter(struct yaml_node *map, struct config *config, const char *folder)
{
	config->socket = read_socket(map, folder);
	config->socket_mode = read_socket_mode(map);
	config->socket_group = field_line(map, "socket_group", NULL);
	config->deadline_us =
		yaml_get_duration(map, "deadline", CLOCK_SECOND_US / 100,
				  30 * CLOCK_SECOND_US, 8 * CLOCK_SECOND_US);
	config->sessions_max =
		(guint)yaml_get_integer(map, "sessions_max", 1, 65535, 500);
	config->backlog =
		(guint)yaml_get_integer(map, "backlog", 1, 65535, 1024);
}

/* RFC 8601 section 2.2 takes a token or quoted text; nobody quotes it. */
static char *
parse_authserv_id(const struct yaml_node *node)
{
	const char *text = yaml_text(node);
	g_autofree char *shown = NULL;

	if (*text && strlen(text) < 256 &&
	    text[strcspn(text, " \t\n()<>@,;:\\\"/[]?=")] == '\0')
		return g_strdup(text);
	shown = yaml_shown(text);
	yaml_fault(node, "%s is not an authserv-id: a host name is usual",
		   shown);
	return NULL;
}

static char *
parse_network(const struct yaml_node *node)
{
	g_autoptr(GError) error = NULL;
	struct network network;

	if (network_parse(yaml_text(node), &network, &error))
		return g_strdup(yaml_text(node));
	yaml_fault(node, "%s", error->message);
	return NULL;
}

static char **
read_list(struct yaml_node *map, const char *key, guint max,
	  char *(*parse)(const struct yaml_node *node),
	  const char *const *fallback)
{
	g_autoptr(GStrvBuilder) texts = g_strv_builder_new();

	if (yaml_has(map, key))
		return field_list(map, key, max, parse);
	for (; *fallback; fallback++)
		g_strv_builder_add(texts, *fallback);
	return g_strv_builder_end(texts);
}

char **
config_networks(struct yaml_node *map, const char *key,
		const char *const *fallback)
{
	return read_list(map, key, NETWORKS_MAX, parse_network, fallback);
}

static void
read_internal(struct yaml_node *map, struct config *config)
{
	static const char *const loopback[] = { "127.0.0.0/8", "::1/128",
						NULL };
	static const char *const none[] = { NULL };

	config->internal_networks = config_networks(map, "networks", loopback);
	config->internal_domains =
		read_list(map, "domains", DOMAINS_MAX, field_domain, none);
}

static char *
read_store(struct yaml_node *root, const char *folder)
{
	const char *text = yaml_get_text(root, "store", STORE);
	g_autofree char *path = NULL;

	if (g_str_has_prefix(text, "postgresql://") && !strchr(text, '\n'))
		return g_strdup(text);
	if (g_str_has_prefix(text, "sqlite:") && text[strlen("sqlite:")] &&
	    !strpbrk(text, "\n?")) {
		path = g_canonicalize_filename(text + strlen("sqlite:"),
					       folder);
		return g_strconcat("sqlite:", path, NULL);
	}
	yaml_refuse(yaml_value(root, "store"), "store",
		    "sqlite:PATH or postgresql://...");
	return NULL;
}

static void
read_places(struct yaml_node *root, struct config *config, const char *folder)
{
	struct yaml_node *spool = yaml_get_map(root, "spool");

	config->profiles = field_path(root, "profiles", folder, "profiles.d");
	config->groups = field_path(root, "groups", folder, "groups.d");
	config->signals = field_path(root, "signals", folder, NULL);
	config->models = field_path(root, "models", folder, STATE "/models");
	config->store = read_store(root, folder);
	config->key = field_path(root, "key", folder, STATE "/key");
	config->spool = field_path(spool, "path", folder, STATE "/spool");
	config->spool_max = yaml_get_size(spool, "max", MB, 1024 * GB, 1 * GB);
}

static void
read_quarantine(struct yaml_node *map, struct config *config)
{
	struct yaml_node *redirect = yaml_value(map, "redirect");

	config->method = (enum config_method)yaml_get_word(
		map, "method", config_methods, METHOD_STORE);
	config->keep_us =
		yaml_get_duration(map, "keep", CONFIG_KEEP_MIN_US,
				  CONFIG_KEEP_MAX_US, 30 * CLOCK_DAY_US);
	if (redirect && yaml_text(redirect))
		config->redirect = field_address(redirect);
	else if (redirect)
		yaml_refuse(redirect, "redirect", "a mail address");
	else if (config->method == METHOD_REDIRECT)
		yaml_fault(map, "redirect is missing: the address that "
				"method redirect sends to");
}

static char *
read_release(struct yaml_node *map)
{
	const char *text = yaml_get_text(map, "smtp", RELEASE);
	const char *host = text + strlen("smtp://");
	const char *port = strrchr(text, ':');
	g_autofree char *name = NULL;

	if (g_str_has_prefix(text, "smtp://") && port > host &&
	    config_port_valid(port + 1))
		name = g_strndup(host, (gsize)(port - host));
	if (name && config_host_valid(name))
		return g_strdup(text);
	yaml_refuse(yaml_value(map, "smtp"), "smtp", "smtp://HOST:PORT");
	return NULL;
}

static void
read_headers(struct yaml_node *root, struct config *config)
{
	struct yaml_node *tag = yaml_get_map(root, "tag");
	struct yaml_node *headers = yaml_get_map(root, "headers");
	/* Not field_line(): the space at the end of "[pitch] " matters. */
	const char *prefix = yaml_get_text(tag, "subject_prefix", "");

	for (const char *p = prefix; *p; p++) {
		if (*p >= ' ' && *p <= '~' && strlen(prefix) <= 40)
			continue;
		yaml_refuse(yaml_value(tag, "subject_prefix"), "subject_prefix",
			    "at most 40 ASCII characters on one line");
		break;
	}
	config->subject_prefix = g_strdup(prefix);
	config->header_reasons = yaml_get_bool(headers, "reasons", FALSE);
}

static void
read_on_error(struct yaml_node *map, struct config *config)
{
	for (guint i = 0; i < FAILURES; i++)
		config->on_error[i] = (enum config_fallback)yaml_get_word(
			map, config_failures[i], fallback_words,
			FALLBACK_DELIVER);
}

static void
read_profile_limits(struct yaml_node *map, struct config *config)
{
	struct yaml_node *accept = yaml_get_map(map, "accept");
	struct yaml_node *hold = yaml_get_map(map, "hold");

	config->accept_min = yaml_get_number(accept, "min", 0, 1, 0);
	config->accept_max = yaml_get_number(accept, "max", 0, 1, 1);
	config->hold_min = yaml_get_number(hold, "min", 0, 1, 0.5);
	if (config->accept_min > config->accept_max)
		yaml_fault(accept, "min must not be above max");
}

static void
read_log(struct yaml_node *map, struct config *config)
{
	int word = yaml_get_word(map, "to", log_words, LOG_TO_STDERR);

	config->log_to = word == LOG_TO_JOURNAL	 ? LOG_TO_JOURNAL
			 : word == LOG_TO_SYSLOG ? LOG_TO_SYSLOG
						 : LOG_TO_STDERR;
	config->log_addresses = yaml_get_bool(map, "addresses", FALSE);
	config->log_subjects = yaml_get_bool(map, "subjects", FALSE);
}

static guint
read_count(struct yaml_node *map, const char *key, gint64 min, gint64 max,
	   guint fallback)
{
	return (guint)yaml_get_integer(map, key, min, max, fallback);
}

static void
read_limits(struct yaml_node *map, struct mail_limits *limits)
{
	const struct mail_limits *usual = &mail_limits_default;

	limits->message =
		yaml_get_size(map, "message", 64 * KB, 1 * GB, usual->message);
	limits->headers = read_count(map, "headers", 16, 10000, usual->headers);
	limits->header_block = yaml_get_size(map, "header_block", 4 * KB,
					     16 * MB, usual->header_block);
	limits->header =
		yaml_get_size(map, "header", 1 * KB, 1 * MB, usual->header);
	limits->depth = read_count(map, "depth", 1, 200, usual->depth);
	limits->parts = read_count(map, "parts", 1, 10000, usual->parts);
	limits->text =
		yaml_get_size(map, "text", 16 * KB, 64 * MB, usual->text);
	limits->urls = read_count(map, "urls", 1, 100000, usual->urls);
	limits->addresses =
		read_count(map, "addresses", 1, 100000, usual->addresses);
	limits->encoded_words = read_count(map, "encoded_words", 1, 10000,
					   usual->encoded_words);
	limits->tags = read_count(map, "tags", 100, 1000000, usual->tags);
	limits->tag_depth =
		read_count(map, "tag_depth", 8, 1000, usual->tag_depth);
}

void
config_read(struct yaml *yaml, struct config *config, const char *folder)
{
	struct yaml_node *root = yaml_root(yaml);
	struct yaml_node *release = yaml_get_map(root, "release");
	const char *const host[] = { g_get_host_name(), NULL };

	field_version(root);
	config->mode = (enum config_mode)yaml_get_word(
		root, "mode", config_modes, MODE_OBSERVE);
	read_milter(yaml_get_map(root, "milter"), config, folder);
	config->authserv_ids =
		read_list(root, "authserv_id", 100, parse_authserv_id, host);
	read_internal(yaml_get_map(root, "internal"), config);
	read_places(root, config, folder);
	read_quarantine(yaml_get_map(root, "quarantine"), config);
	config->ledger_keep_us = yaml_get_duration(
		yaml_get_map(root, "ledger"), "keep", CLOCK_DAY_US,
		36500 * CLOCK_DAY_US, 730 * CLOCK_DAY_US);
	/* What judging asks about is less than that old. */
	config->history_keep_us = yaml_get_duration(
		yaml_get_map(root, "history"), "keep", 90 * CLOCK_DAY_US,
		36500 * CLOCK_DAY_US, 400 * CLOCK_DAY_US);
	config->release = read_release(release);
	config->release_timeout_us =
		yaml_get_duration(release, "timeout", CLOCK_SECOND_US,
				  600 * CLOCK_SECOND_US, 60 * CLOCK_SECOND_US);
	read_headers(root, config);
	read_on_error(yaml_get_map(root, "on_error"), config);
	read_profile_limits(yaml_get_map(root, "limits_for_profiles"), config);
	read_log(yaml_get_map(root, "log"), config);
	read_limits(yaml_get_map(root, "limits"), &config->limits);
	config_web_read(root, config);
	config_fetch_read(root, config);
	config_insight_read(root, config, folder);
	yaml_finish(root);
}
