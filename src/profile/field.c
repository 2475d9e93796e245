#include "field_private.h"

#include <string.h>

#include "base/clock.h"
#include "mail/address.h"
#include "yaml_private.h"

void
field_version(struct yaml_node *map)
{
	struct yaml_node *node = yaml_value(map, "version");

	if (!node)
		yaml_fault(map, "version is missing: write 'version: 1'");
	else if (g_strcmp0(yaml_text(node), "1") != 0)
		yaml_refuse(node, "version", "1");
}

/* Whether a text is at most `max` characters; adds the fault. */
static gboolean
short_enough(const struct yaml_node *node, const char *key, glong max)
{
	if (g_utf8_strlen(yaml_text(node), -1) <= max)
		return TRUE;
	yaml_fault(node, "%s is longer than %ld characters", key, max);
	return FALSE;
}

static gboolean
line_valid(const struct yaml_node *node, const char *key)
{
	if (!strchr(yaml_text(node), '\n'))
		return short_enough(node, key, FIELD_LINE_MAX);
	yaml_fault(node, "%s must be one line", key);
	return FALSE;
}

char *
field_line(struct yaml_node *map, const char *key, const char *fallback)
{
	const char *text = yaml_get_text(map, key, NULL);
	g_autofree char *line = NULL;

	if (!text || !line_valid(yaml_value(map, key), key))
		return g_strdup(fallback);
	line = g_strstrip(g_strdup(text));
	return *line ? g_steal_pointer(&line) : g_strdup(fallback);
}

char *
field_prose(struct yaml_node *map, const char *key)
{
	const char *text = yaml_get_text(map, key, NULL);

	if (!text || !short_enough(yaml_value(map, key), key, FIELD_PROSE_MAX))
		return g_strdup("");
	return g_strstrip(g_strdup(text));
}

/* The nodes, or NULL; adds a fault when there are too many. */
static const GPtrArray *
bounded_list(struct yaml_node *map, const char *key, guint max)
{
	const GPtrArray *list = yaml_get_list(map, key);

	if (!list || list->len <= max)
		return list;
	yaml_fault(yaml_value(map, key), "%s has more than %u entries", key,
		   max);
	return NULL;
}

char **
field_lines(struct yaml_node *map, const char *key, guint max)
{
	g_auto(GStrv) texts = NULL;
	const GPtrArray *list = bounded_list(map, key, max);

	if (!list)
		return g_new0(char *, 1);
	texts = yaml_get_texts(map, key);
	for (guint i = 0; i < list->len; i++) {
		struct yaml_node *node = g_ptr_array_index(list, i);

		if (yaml_text(node))
			line_valid(node, key);
	}
	return g_steal_pointer(&texts);
}

char **
field_list(struct yaml_node *map, const char *key, guint max,
	   char *(*parse)(const struct yaml_node *node))
{
	g_autoptr(GStrvBuilder) values = g_strv_builder_new();
	const GPtrArray *list = bounded_list(map, key, max);

	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = g_ptr_array_index(list, i);
		g_autofree char *value = NULL;

		if (!yaml_text(node))
			yaml_refuse(node, key, "a list of texts");
		else
			value = parse(node);
		if (value)
			g_strv_builder_add(values, value);
	}
	return g_strv_builder_end(values);
}

char *
field_lower(const char *text)
{
	g_autoptr(GString) lower = g_string_new(NULL);

	for (; *text; text = g_utf8_next_char(text))
		g_string_append_unichar(
			lower, g_unichar_tolower(g_utf8_get_char(text)));
	return g_string_free(g_steal_pointer(&lower), FALSE);
}

/* address_from_envelope() knows the grammar, domain_valid() the domain's. */
char *
field_address_of(const char *text)
{
	g_autofree char *key = NULL;
	const char *at = text ? strrchr(text, '@') : NULL;

	if (!at || at == text || *text == '<' || !domain_valid(at + 1))
		return NULL;
	key = address_key(text);
	return key && *key ? g_steal_pointer(&key) : NULL;
}

char *
field_address(const struct yaml_node *node)
{
	char *address = field_address_of(yaml_text(node));
	g_autofree char *shown = NULL;

	if (address)
		return address;
	shown = yaml_shown(yaml_text(node));
	yaml_fault(node, "%s is not a mail address: local@domain is needed",
		   shown);
	return NULL;
}

/* "@host" for what people write instead of it ("host", "*@host"), or NULL. */
static const char *
host_meant(const char *text)
{
	const char *host = text;

	if (g_str_has_prefix(text, "*@"))
		host += 2;
	return strchr(host, '.') && domain_valid(host) ? host : NULL;
}

char *
field_sender(const struct yaml_node *node)
{
	const char *text = yaml_text(node);
	const char *host = host_meant(text);
	g_autofree char *shown = NULL;
	char *address = NULL;

	if (*text == '@' && domain_valid(text + 1))
		return field_lower(text);
	if (!strchr(text, '*'))
		address = field_address_of(text);
	if (address)
		return address;
	shown = yaml_shown(text);
	if (host)
		yaml_fault(node,
			   "%s is not a sender: user@host or @host is needed; "
			   "did you mean '@%s'?",
			   shown, host);
	else
		yaml_fault(node,
			   "%s is not a sender: user@host or @host is needed",
			   shown);
	return NULL;
}

char *
field_domain(const struct yaml_node *node)
{
	const char *text = yaml_text(node);
	g_autofree char *shown = NULL;

	if (domain_valid(text))
		return field_lower(text);
	shown = yaml_shown(text);
	yaml_fault(node, "%s is not a domain", shown);
	return NULL;
}

gint64
field_day_end(struct yaml_node *map, const char *key)
{
	gint64 date_us = yaml_get_date(map, key);

	return date_us ? date_us + CLOCK_DAY_US - 1 : 0;
}

char *
field_path(struct yaml_node *map, const char *key, const char *folder,
	   const char *fallback)
{
	const char *text = yaml_get_text(map, key, fallback);

	if (!text)
		return NULL;
	if (*text == '\0' || strchr(text, '\n')) {
		yaml_fault(yaml_value(map, key), "%s must be a path", key);
		return NULL;
	}
	return g_canonicalize_filename(text, folder);
}
