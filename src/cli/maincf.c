#include "maincf_private.h"

#include <string.h>

#define EXPAND_DEPTH_MAX 8
#define VALUE_MAX	 65536

/*
 * Logical lines: comments and empty lines dropped, a line that begins with a
 * space continues the one before.
 */
static char **
logical_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GPtrArray *logical = g_ptr_array_new();

	for (char **p = lines; *p; p++) {
		const char *body = *p + strspn(*p, " \t\r");
		char *last;

		if (*body == '\0' || *body == '#')
			continue;
		if (body == *p || logical->len == 0) {
			g_ptr_array_add(logical, g_strchomp(g_strdup(body)));
			continue;
		}
		last = logical->pdata[logical->len - 1];
		logical->pdata[logical->len - 1] =
			g_strchomp(g_strconcat(last, " ", body, NULL));
		g_free(last);
	}
	g_ptr_array_add(logical, NULL);
	return (char **)g_ptr_array_free(logical, FALSE);
}

static void
add_assignment(GHashTable *table, const char *line)
{
	const char *equals = strchr(line, '=');
	char *name;

	if (!equals)
		return;
	name = g_strndup(line, (gsize)(equals - line));
	g_hash_table_insert(table, g_strstrip(name),
			    g_strstrip(g_strdup(equals + 1)));
}

GHashTable *
maincf_parse(const char *text)
{
	g_auto(GStrv) lines = logical_lines(text);
	GHashTable *table =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (char **line = lines; *line; line++)
		add_assignment(table, *line);
	return table;
}

/* The name after a '$' and how many bytes it took, brackets included. */
static char *
reference(const char *text, gsize *taken)
{
	gboolean bracket = *text == '{' || *text == '(';
	const char *name = text + (bracket ? 1 : 0);
	gsize len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	*taken = (gsize)(name - text) + len;
	if (bracket && (name[len] == '}' || name[len] == ')'))
		(*taken)++;
	return g_strndup(name, len);
}

/* One level of references replaced; TRUE when there were any. */
static gboolean
expand(GHashTable *parameters, const char *value, GString *out)
{
	gboolean any = FALSE;

	while (*value && out->len < VALUE_MAX) {
		g_autofree char *name = NULL;
		const char *known;
		gsize taken;

		if (*value != '$') {
			g_string_append_c(out, *value++);
			continue;
		}
		value++;
		name = reference(value, &taken);
		value += taken;
		known = g_hash_table_lookup(parameters, name);
		g_string_append(out, known ? known : "");
		any = TRUE;
	}
	return any;
}

char *
maincf_get(GHashTable *parameters, const char *name, const char *fallback)
{
	const char *found = g_hash_table_lookup(parameters, name);
	char *value = g_strdup(found ? found : fallback);

	for (int depth = 0; value && depth < EXPAND_DEPTH_MAX; depth++) {
		GString *out = g_string_new(NULL);
		gboolean any = expand(parameters, value, out);

		g_free(value);
		value = g_string_free(out, FALSE);
		if (!any)
			break;
	}
	return value;
}

static void
milter_free(gpointer data)
{
	struct maincf_milter *milter = data;

	g_free(milter->address);
	g_free(milter->default_action);
	g_free(milter);
}

/* "unix:x, default_action = accept" from between the braces. */
static struct maincf_milter *
milter_parse(const char *text, gsize len)
{
	struct maincf_milter *milter = g_new0(struct maincf_milter, 1);
	g_autofree char *copy = g_strndup(text, len);
	g_auto(GStrv) words = NULL;
	g_autoptr(GString) joined = g_string_new(NULL);

	/* "name = value" and "name=value" are the same setting. */
	for (const char *p = copy; *p; p++) {
		if (*p == '=')
			g_string_truncate(joined,
					  strlen(g_strchomp(joined->str)));
		g_string_append_c(joined, *p == ',' ? ' ' : *p);
		if (*p == '=')
			p += strspn(p + 1, " \t");
	}
	words = g_strsplit_set(joined->str, " \t", -1);
	for (char **word = words; *word; word++) {
		if (**word == '\0')
			continue;
		if (!milter->address)
			milter->address = g_strdup(*word);
		else if (g_str_has_prefix(*word, "default_action=") &&
			 !milter->default_action)
			milter->default_action =
				g_strdup(strchr(*word, '=') + 1);
	}
	return milter;
}

GPtrArray *
maincf_milters(const char *value)
{
	GPtrArray *milters = g_ptr_array_new_with_free_func(milter_free);

	for (;;) {
		struct maincf_milter *milter;
		gsize len;

		value += strspn(value, ", \t\n");
		if (*value == '\0')
			return milters;
		if (*value == '{')
			len = strcspn(++value, "}");
		else
			len = strcspn(value, ", \t\n");
		milter = milter_parse(value, len);
		value += len;
		if (*value == '}')
			value++;
		if (milter->address)
			g_ptr_array_add(milters, milter);
		else
			milter_free(milter);
	}
}

static void
service_free(gpointer data)
{
	struct mastercf_service *service = data;

	g_free(service->name);
	g_free(service->type);
	g_free(service->command);
	g_hash_table_unref(service->overrides);
	g_free(service);
}

/* Words at spaces; what stands in braces is one word, without them. */
static GPtrArray *
words_of(const char *line)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	for (;;) {
		gsize len;

		line += strspn(line, " \t");
		if (*line == '\0')
			return words;
		if (*line == '{')
			len = strcspn(++line, "}");
		else
			len = strcspn(line, " \t");
		g_ptr_array_add(words, g_strstrip(g_strndup(line, len)));
		line += len;
		if (*line == '}')
			line++;
	}
}

static struct mastercf_service *
service_parse(const char *line)
{
	g_autoptr(GPtrArray) words = words_of(line);
	struct mastercf_service *service;

	if (words->len < 8)
		return NULL;
	service = g_new0(struct mastercf_service, 1);
	service->name = g_strdup(words->pdata[0]);
	service->type = g_strdup(words->pdata[1]);
	service->chroot = *(const char *)words->pdata[4];
	service->command = g_strdup(words->pdata[7]);
	service->overrides =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 8; i + 1 < words->len; i++) {
		if (strcmp(words->pdata[i], "-o") == 0)
			add_assignment(service->overrides, words->pdata[i + 1]);
	}
	return service;
}

GPtrArray *
mastercf_parse(const char *text)
{
	g_auto(GStrv) lines = logical_lines(text);
	GPtrArray *services = g_ptr_array_new_with_free_func(service_free);

	for (char **line = lines; *line; line++) {
		struct mastercf_service *service = service_parse(*line);

		if (service)
			g_ptr_array_add(services, service);
	}
	return services;
}

char *
maincf_socket_path(const char *address, const char *queue_directory,
		   gboolean chrooted)
{
	const char *path;

	if (!g_str_has_prefix(address, "unix:"))
		return NULL;
	path = address + strlen("unix:");
	if (*path == '/' && !chrooted)
		return g_strdup(path);
	return g_build_filename(queue_directory, path, NULL);
}
