/* Asking a tree: what is asked for is known, and what it must be is checked. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "profile/yaml.h"
#include "yaml_private.h"

/* Quotes make a text of what looks like a number or a word. */
static gboolean
plain(const struct yaml_node *node)
{
	return node->kind == YAML_TEXT && !node->quoted;
}

const char *
yaml_get_text(struct yaml_node *map, const char *key, const char *fallback)
{
	struct yaml_node *node = yaml_find(map, key);

	if (!node)
		return fallback;
	if (node->kind == YAML_TEXT)
		return node->text;
	yaml_refuse(node, key, "text");
	return fallback;
}

double
yaml_get_number(struct yaml_node *map, const char *key, double min, double max,
		double fallback)
{
	struct yaml_node *node = yaml_find(map, key);
	g_autofree char *range = NULL;
	double value;

	if (!node)
		return fallback;
	if (plain(node) && yaml_number_parse(node->text, &value) &&
	    value >= min && value <= max)
		return value;
	range = yaml_range_text(
		"", min == -G_MAXDOUBLE ? NULL : yaml_number_format(min),
		max == G_MAXDOUBLE ? NULL : yaml_number_format(max));
	yaml_refuse(node, key, range);
	return fallback;
}

gint64
yaml_get_integer(struct yaml_node *map, const char *key, gint64 min, gint64 max,
		 gint64 fallback)
{
	struct yaml_node *node = yaml_find(map, key);
	g_autofree char *range = NULL;
	gint64 value;

	if (!node)
		return fallback;
	if (plain(node) && yaml_integer_parse(node->text, &value) &&
	    value >= min && value <= max)
		return value;
	range = yaml_range_text(
		"a whole number ", g_strdup_printf("%" G_GINT64_FORMAT, min),
		max == G_MAXINT64 ? NULL
				  : g_strdup_printf("%" G_GINT64_FORMAT, max));
	yaml_refuse(node, key, range);
	return fallback;
}

gboolean
yaml_get_bool(struct yaml_node *map, const char *key, gboolean fallback)
{
	static const char *const yes[] = { "yes", "true", "on", NULL };
	static const char *const no[] = { "no", "false", "off", NULL };
	struct yaml_node *node = yaml_find(map, key);
	g_autofree char *word = NULL;

	if (!node)
		return fallback;
	word = g_ascii_strdown(plain(node) ? node->text : "", -1);
	if (g_strv_contains(yes, word))
		return TRUE;
	if (g_strv_contains(no, word))
		return FALSE;
	yaml_refuse(node, key, "yes or no");
	return fallback;
}

gint64
yaml_get_duration(struct yaml_node *map, const char *key, gint64 min_us,
		  gint64 max_us, gint64 fallback_us)
{
	struct yaml_node *node = yaml_find(map, key);
	g_autofree char *range = NULL;
	gint64 value;

	if (!node)
		return fallback_us;
	if (node->kind == YAML_TEXT &&
	    duration_parse(node->text, &value, NULL) && value >= min_us &&
	    value <= max_us)
		return value;
	range = yaml_range_text("a length of time such as 90s, 8h or 30d ",
				yaml_duration_format(min_us),
				yaml_duration_format(max_us));
	yaml_refuse(node, key, range);
	return fallback_us;
}

guint64
yaml_get_size(struct yaml_node *map, const char *key, guint64 min, guint64 max,
	      guint64 fallback)
{
	struct yaml_node *node = yaml_find(map, key);
	g_autofree char *range = NULL;
	guint64 value;

	if (!node)
		return fallback;
	if (node->kind == YAML_TEXT && size_parse(node->text, &value, NULL) &&
	    value >= min && value <= max)
		return value;
	range = yaml_range_text("a size such as 64kB or 2MB ",
				yaml_size_format(min), yaml_size_format(max));
	yaml_refuse(node, key, range);
	return fallback;
}

static int
word_index(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static int
read_word(struct yaml_node *node, const char *key, const char *const *words,
	  int fallback)
{
	g_autofree char *shown = yaml_node_shown(node);
	g_autofree char *list = NULL;
	const char *nearest;
	int word = node->text ? word_index(words, node->text) : -1;

	if (word >= 0)
		return word;
	if (node->judged)
		return fallback;
	node->judged = TRUE;
	list = yaml_words_join(words);
	nearest = node->text ? nearest_word(node->text, words) : NULL;
	if (nearest)
		yaml_fault(node,
			   "%s must be one of %s, not %s; did you mean '%s'?",
			   key, list, shown, nearest);
	else
		yaml_fault(node, "%s must be one of %s, not %s", key, list,
			   shown);
	return fallback;
}

int
yaml_get_word(struct yaml_node *map, const char *key, const char *const *words,
	      int fallback)
{
	struct yaml_node *node = yaml_find(map, key);

	return node ? read_word(node, key, words, fallback) : fallback;
}

guint
yaml_get_words(struct yaml_node *map, const char *key, const char *const *words,
	       guint fallback)
{
	const GPtrArray *list = yaml_get_list(map, key);
	guint bits = 0;

	for (guint i = 0; list && i < list->len; i++) {
		int word =
			read_word(g_ptr_array_index(list, i), key, words, -1);

		if (word >= 0)
			bits |= 1u << word;
	}
	return list ? bits : fallback;
}

gint64
yaml_get_date(struct yaml_node *map, const char *key)
{
	struct yaml_node *node = yaml_find(map, key);
	gint64 value;

	if (!node)
		return 0;
	if (node->kind == YAML_TEXT && yaml_date_parse(node->text, &value))
		return value;
	yaml_refuse(node, key, "a day of the calendar as YYYY-MM-DD");
	return 0;
}
