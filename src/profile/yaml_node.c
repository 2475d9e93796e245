/* The tree as its reader sees it: what was asked for is known. */
#include <string.h>

#include "base/error.h"
#include "profile/yaml.h"
#include "yaml_private.h"

void
yaml_fault(const struct yaml_node *node, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list ap;

	va_start(ap, format);
	what = g_strdup_vprintf(format, ap);
	va_end(ap);
	yaml_fault_at(node->tree, node->line, node->column, what);
}

struct yaml_node *
yaml_root(struct yaml *yaml)
{
	return yaml->root;
}

gboolean
yaml_failed(const struct yaml *yaml)
{
	return yaml->fault_count > 0;
}

gboolean
yaml_node_null(const struct yaml_node *node)
{
	static const char *const nulls[] = { "",     "~",    "null",
					     "Null", "NULL", NULL };

	return node->kind == YAML_TEXT && !node->quoted &&
	       g_strv_contains(nulls, node->text);
}

static gboolean
asked(const struct yaml_node *map, const char *key)
{
	for (guint i = 0; i < map->asked->len; i++)
		if (strcmp(g_ptr_array_index(map->asked, i), key) == 0)
			return TRUE;
	return FALSE;
}

struct yaml_node *
yaml_find(struct yaml_node *map, const char *key)
{
	struct yaml_node *node;
	guint place;

	if (!map)
		return NULL;
	g_assert(map->kind == YAML_MAP);
	if (!map->open && !asked(map, key))
		g_ptr_array_add(map->asked, g_strdup(key));
	place = GPOINTER_TO_UINT(g_hash_table_lookup(map->index, key));
	if (place == 0)
		return NULL;
	node = g_ptr_array_index(map->items, place - 1);
	return yaml_node_null(node) ? NULL : node;
}

char *
yaml_node_shown(const struct yaml_node *node)
{
	g_autofree char *shown = NULL;

	if (node->kind == YAML_LIST)
		return g_strdup("a list");
	if (node->kind == YAML_MAP)
		return g_strdup("a mapping");
	shown = yaml_shown(node->text);
	return node->quoted ? g_strdup_printf("the text %s", shown)
			    : g_steal_pointer(&shown);
}

void
yaml_refuse(struct yaml_node *node, const char *key, const char *what)
{
	g_autofree char *shown = yaml_node_shown(node);

	if (node->judged)
		return;
	node->judged = TRUE;
	yaml_fault(node, "%s must be %s, not %s", key, what, shown);
}

gboolean
yaml_has(struct yaml_node *map, const char *key)
{
	return yaml_find(map, key) != NULL;
}

struct yaml_node *
yaml_value(struct yaml_node *map, const char *key)
{
	return yaml_find(map, key);
}

struct yaml_node *
yaml_get_map(struct yaml_node *map, const char *key)
{
	struct yaml_node *node = yaml_find(map, key);

	if (!node || node->kind == YAML_MAP)
		return node;
	yaml_refuse(node, key, "a mapping (key: value)");
	return NULL;
}

GPtrArray *
yaml_get_list(struct yaml_node *map, const char *key)
{
	struct yaml_node *node = yaml_find(map, key);

	if (!node)
		return NULL;
	if (node->kind == YAML_MAP) {
		yaml_refuse(node, key, "a list");
		return NULL;
	}
	if (node->kind == YAML_TEXT && !node->items) {
		node->items = g_ptr_array_new();
		g_ptr_array_add(node->items, node);
	}
	return node->items;
}

char **
yaml_get_texts(struct yaml_node *map, const char *key)
{
	const GPtrArray *list = yaml_get_list(map, key);
	g_autoptr(GStrvBuilder) texts = g_strv_builder_new();

	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = g_ptr_array_index(list, i);

		if (node->kind != YAML_TEXT)
			yaml_refuse(node, key, "a list of texts");
		else if (node->judged)
			continue;
		else if (yaml_node_null(node) || *node->text == '\0')
			yaml_fault(node, "%s has an empty entry", key);
		else
			g_strv_builder_add(texts, node->text);
	}
	return g_strv_builder_end(texts);
}

gboolean
yaml_is_map(const struct yaml_node *node)
{
	return node->kind == YAML_MAP;
}

const char *
yaml_text(const struct yaml_node *node)
{
	return node->text;
}

const char **
yaml_keys(struct yaml_node *map)
{
	const char **keys = g_new0(const char *, map->keys->len + 1);

	map->open = TRUE;
	for (guint i = 0; i < map->keys->len; i++) {
		const struct yaml_node *key = g_ptr_array_index(map->keys, i);

		keys[i] = key->text;
	}
	return keys;
}

void
yaml_position(const struct yaml_node *node, const char **file, guint *line,
	      guint *column)
{
	*file = node->tree->name;
	*line = node->line;
	*column = node->column;
}

/* Everything that may stand in the mapping, sorted. */
static const char **
allowed_keys(const struct yaml_node *map)
{
	const char **keys = g_new0(const char *, map->asked->len + 1);

	for (guint i = 0; i < map->asked->len; i++) {
		const char *key = g_ptr_array_index(map->asked, i);
		guint at = i;

		for (; at > 0 && strcmp(keys[at - 1], key) > 0; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
	return keys;
}

static void
refuse_key(const struct yaml_node *map, const struct yaml_node *key)
{
	g_autofree const char **keys = allowed_keys(map);
	g_autofree char *list = yaml_words_join(keys);
	g_autofree char *shown = yaml_shown(key->text);
	const char *nearest = nearest_word(key->text, keys);

	if (!keys[0])
		yaml_fault(key, "unknown key %s (none is allowed here)", shown);
	else if (nearest)
		yaml_fault(key,
			   "unknown key %s, did you mean '%s'? (allowed: %s)",
			   shown, nearest, list);
	else
		yaml_fault(key, "unknown key %s (allowed: %s)", shown, list);
}

static void
finish_map(const struct yaml_node *map, GPtrArray *todo)
{
	for (guint i = 0; i < map->keys->len; i++) {
		const struct yaml_node *key = g_ptr_array_index(map->keys, i);

		if (map->open || asked(map, key->text))
			g_ptr_array_add(todo, g_ptr_array_index(map->items, i));
		else
			refuse_key(map, key);
	}
}

void
yaml_finish(struct yaml_node *node)
{
	g_autoptr(GPtrArray) todo = g_ptr_array_new();

	g_ptr_array_add(todo, node);
	for (guint i = 0; i < todo->len; i++) {
		const struct yaml_node *next = g_ptr_array_index(todo, i);

		if (next->judged)
			continue;
		if (next->kind == YAML_MAP)
			finish_map(next, todo);
		else if (next->kind == YAML_LIST)
			g_ptr_array_extend(todo, next->items, NULL, NULL);
	}
}
