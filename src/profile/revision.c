#include "profile/revision.h"

#include <math.h>
#include <string.h>

#include "revision_private.h"

#define WORDS_JOINED ", "

/* The same weight, as far as anybody would write it. */
#define WEIGHT_SAME 1e-6

static gboolean
refuse(GError **error, const struct revision *revision, const char *what)
{
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS,
		    "%s: %s is written in a way that only a person can change",
		    revision->name, what);
	return FALSE;
}

static gboolean
revision_open(struct revision *revision, const char *name, const char *text,
	      GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile =
		profile_parse(name, text, strlen(text), faults);

	*revision = (struct revision){
		.name = name,
		.text = text,
		.eol = strstr(text, "\r\n") ? "\r\n" : "\n",
	};
	if (!profile) {
		faults_report(faults, error);
		return FALSE;
	}
	revision->faults = faults_new();
	revision->yaml = yaml_parse(name, text, strlen(text), revision->faults);
	return TRUE;
}

static void
revision_close(struct revision *revision)
{
	g_clear_pointer(&revision->yaml, yaml_close);
	g_clear_pointer(&revision->faults, faults_free);
}

/* NULL and an error when there is none. */
static struct yaml_node *
find_priority(const struct revision *revision, const char *id, GError **error)
{
	const GPtrArray *list =
		yaml_get_list(yaml_root(revision->yaml), "priorities");

	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = list->pdata[i];
		const char *own = yaml_get_text(node, "id", "");

		if (strcmp(own, id) == 0)
			return node;
	}
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS,
		    "%s: there is no priority '%s'", revision->name, id);
	return NULL;
}

static char *
spaces(guint n)
{
	return g_strnfill(n, ' ');
}

/* How far the entries of a list without brackets are in. */
static guint
indent_of(const struct yaml_node *node)
{
	return node->column - 1;
}

/* Takes `new` over. */
static char *
put(const struct revision *revision, const struct revision_spot *spot,
    char *new)
{
	GString *text = g_string_new_len(revision->text, (gssize)spot->at);

	g_string_append_printf(text, "%s%s%s", spot->before, new, spot->after);
	g_string_append(text, revision->text + spot->at + spot->cut);
	g_free(new);
	return g_string_free(text, FALSE);
}

static gboolean
same_token(const struct yaml_node *a, const struct yaml_node *b)
{
	return a->kind == b->kind && g_strcmp0(a->text, b->text) == 0;
}

/*
 * Whether the new tree is the old one with a piece put in, and at most `gone`
 * nodes less: nodes stand in the order of the text.
 */
static gboolean
is_insertion(const struct yaml *old, const struct yaml *new, guint gone)
{
	const GPtrArray *a = old->nodes;
	const GPtrArray *b = new->nodes;
	guint head = 0;
	guint tail = 0;

	while (head < MIN(a->len, b->len) &&
	       same_token(a->pdata[head], b->pdata[head]))
		head++;
	while (tail < MIN(a->len, b->len) - head &&
	       same_token(a->pdata[a->len - tail - 1],
			  b->pdata[b->len - tail - 1]))
		tail++;
	return a->len - head - tail <= gone;
}

/* NULL when the new text is no profile, or changes more than was meant. */
static struct profile *
read_again(const struct revision *revision, const char *text, guint gone)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Yaml) yaml =
		yaml_parse(revision->name, text, strlen(text), faults);

	if (!yaml || !is_insertion(revision->yaml, yaml, gone))
		return NULL;
	return profile_parse(revision->name, text, strlen(text), faults);
}

static const struct profile_priority *
priority_of(const struct profile *profile, const char *id)
{
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (strcmp(priority->id, id) == 0)
			return priority;
	}
	return NULL;
}

/* A key more in a mapping: behind its id, or first within braces. */
static gboolean
find_key_spot(const struct revision *revision, struct yaml_node *map,
	      struct revision_spot *spot, char **indent)
{
	const struct yaml_node *id = yaml_value(map, "id");

	if (revision_is_flow(revision, map)) {
		*spot = (struct revision_spot){
			.at = revision_offset(revision, map) + 1,
			.before = "",
			.after = ", ",
		};
		*indent = g_strdup("");
		return TRUE;
	}
	if (!id)
		return FALSE;
	/* Whatever is further in than the keys belongs to the id. */
	revision_block_end(revision, id->line, indent_of(map), spot);
	*indent = spaces(indent_of(map));
	return TRUE;
}

static char *
put_key(const struct revision *revision, struct yaml_node *map,
	const char *line)
{
	struct revision_spot spot = { 0 };
	g_autofree char *indent = NULL;

	if (!find_key_spot(revision, map, &spot, &indent))
		return NULL;
	return put(revision, &spot, g_strconcat(indent, line, NULL));
}

/* Takes `flow` over (within brackets) or `block` (on lines of its own). */
static char *
put_entry(const struct revision *revision, const struct yaml_node *list,
	  char *flow, char *block)
{
	struct revision_spot spot = { 0 };
	const struct yaml_node *last;

	if (revision_is_flow(revision, list)) {
		g_free(block);
		if (revision_flow_end(revision, list, &spot))
			return put(revision, &spot, flow);
		g_free(flow);
		return NULL;
	}
	g_free(flow);
	if (list->kind != YAML_LIST || list->items->len == 0) {
		g_free(block);
		return NULL;
	}
	last = list->items->pdata[list->items->len - 1];
	revision_block_end(revision, last->line, indent_of(list), &spot);
	return put(revision, &spot, block);
}

/* One keyword may stand without brackets. */
static char *
put_beside(const struct revision *revision, const struct yaml_node *node,
	   const char *quoted)
{
	struct revision_spot spot;

	if (!revision_scalar(revision, node, &spot))
		return NULL;
	return put(revision, &spot,
		   g_strdup_printf("[%s, %s]", node->text, quoted));
}

static char *
put_keyword(const struct revision *revision, struct yaml_node *map,
	    const char *word)
{
	struct yaml_node *list = yaml_value(map, "keywords");
	g_autofree char *quoted = yaml_quote(word);
	g_autofree char *line = g_strdup_printf("keywords: [%s]", quoted);
	g_autofree char *indent = NULL;

	if (!list)
		return put_key(revision, map, line);
	if (list->kind == YAML_TEXT)
		return put_beside(revision, list, quoted);
	indent = spaces(indent_of(list));
	return put_entry(revision, list, g_strdup(quoted),
			 g_strdup_printf("%s- %s", indent, quoted));
}

/* Whether it is the last of one more keywords than there were. */
static gboolean
has_keyword(const struct profile *new, struct yaml_node *map, const char *word)
{
	const GPtrArray *old = yaml_get_list(map, "keywords");
	const guint n = old ? old->len : 0;
	const struct profile_priority *priority =
		new ? priority_of(new, yaml_get_text(map, "id", "")) : NULL;

	return priority && g_strv_length(priority->keywords) == n + 1 &&
	       strcmp(priority->keywords[n], word) == 0;
}

char *
revision_keyword(const char *name, const char *text, const char *priority,
		 const char *word, GError **error)
{
	struct revision revision;
	g_autoptr(Profile) new = NULL;
	g_autofree char *result = NULL;
	struct yaml_node *map;

	if (!revision_open(&revision, name, text, error))
		return NULL;
	map = find_priority(&revision, priority, error);
	if (map) {
		result = put_keyword(&revision, map, word);
		/* One without brackets gets a list around it. */
		new = result ? read_again(&revision, result, 1) : NULL;
		if (!has_keyword(new, map, word)) {
			refuse(error, &revision, "the list of keywords");
			g_clear_pointer(&result, g_free);
		}
	}
	revision_close(&revision);
	return g_steal_pointer(&result);
}

static char *
put_weight(const struct revision *revision, struct yaml_node *map,
	   double weight)
{
	const struct yaml_node *node = yaml_value(map, "weight");
	g_autofree char *number = yaml_number_format(weight);
	g_autofree char *line = g_strdup_printf("weight: %s", number);
	struct revision_spot spot;

	if (!node)
		return put_key(revision, map, line);
	if (!revision_scalar(revision, node, &spot))
		return NULL;
	return put(revision, &spot, g_steal_pointer(&number));
}

static gboolean
has_weight(const struct profile *new, const char *id, double weight)
{
	const struct profile_priority *priority =
		new ? priority_of(new, id) : NULL;

	return priority && fabs(priority->weight - weight) <= WEIGHT_SAME;
}

char *
revision_weight(const char *name, const char *text, const char *priority,
		double weight, GError **error)
{
	struct revision revision;
	g_autoptr(Profile) new = NULL;
	g_autofree char *result = NULL;
	struct yaml_node *map;

	if (!revision_open(&revision, name, text, error))
		return NULL;
	map = find_priority(&revision, priority, error);
	if (map) {
		result = put_weight(&revision, map, weight);
		new = result ? read_again(&revision, result, 1) : NULL;
		if (!has_weight(new, priority, weight)) {
			refuse(error, &revision, "the weight");
			g_clear_pointer(&result, g_free);
		}
	}
	revision_close(&revision);
	return g_steal_pointer(&result);
}

/* "[\"a\", \"b\"]" */
static char *
quote_words(char *const *words)
{
	GString *text = g_string_new("[");

	for (guint i = 0; words && words[i]; i++) {
		g_autofree char *quoted = yaml_quote(words[i]);

		g_string_append_printf(text, "%s%s", i > 0 ? WORDS_JOINED : "",
				       quoted);
	}
	g_string_append_c(text, ']');
	return g_string_free(text, FALSE);
}

char *
revision_priority_text(const struct profile_priority *priority, guint indent,
		       gboolean inner)
{
	g_autofree char *name = yaml_quote(priority->name);
	g_autofree char *words = quote_words(priority->keywords);
	g_autofree char *weight = yaml_number_format(priority->weight);
	g_autofree char *in = spaces(indent);

	if (inner)
		return g_strdup_printf("{id: %s, name: %s, keywords: %s, "
				       "weight: %s}",
				       priority->id, name, words, weight);
	return g_strdup_printf("%s- id: %s\n"
			       "%s  name: %s\n"
			       "%s  keywords: %s\n"
			       "%s  weight: %s",
			       in, priority->id, in, name, in, words, in,
			       weight);
}

char *
revision_refusal_text(const struct profile_refusal *refusal)
{
	g_autofree char *name = yaml_quote(refusal->name);
	g_autofree char *words = quote_words(refusal->keywords);

	if (!refusal->keywords || !refusal->keywords[0])
		return g_steal_pointer(&name);
	return g_strdup_printf("{name: %s, keywords: %s}", name, words);
}

static char *
with_line_ends(const struct revision *revision, char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	g_free(text);
	return g_strjoinv(revision->eol, lines);
}

char *
revision_priority(const char *name, const char *text,
		  const struct profile_priority *priority, GError **error)
{
	struct revision revision;
	g_autoptr(Profile) new = NULL;
	g_autofree char *result = NULL;
	const struct yaml_node *list;

	if (!revision_open(&revision, name, text, error))
		return NULL;
	list = yaml_value(yaml_root(revision.yaml), "priorities");
	result = put_entry(
		&revision, list, revision_priority_text(priority, 0, TRUE),
		with_line_ends(&revision,
			       revision_priority_text(priority, indent_of(list),
						      FALSE)));
	new = result ? read_again(&revision, result, 0) : NULL;
	if (!new || !priority_of(new, priority->id)) {
		refuse(error, &revision, "the list of priorities");
		g_clear_pointer(&result, g_free);
	}
	revision_close(&revision);
	return g_steal_pointer(&result);
}

/* Without a list yet: at the end of the file. */
static char *
put_refusal(const struct revision *revision,
	    const struct profile_refusal *refusal)
{
	struct yaml_node *root = yaml_root(revision->yaml);
	const struct yaml_node *list = yaml_value(root, "not_interested");
	g_autofree char *entry = revision_refusal_text(refusal);
	g_autofree char *indent = NULL;
	struct revision_spot spot = { .at = strlen(revision->text),
				      .after = revision->eol };

	if (list) {
		indent = spaces(indent_of(list));
		return put_entry(revision, list, g_strdup(entry),
				 g_strdup_printf("%s- %s", indent, entry));
	}
	spot.before = spot.at > 0 && revision->text[spot.at - 1] != '\n'
			      ? revision->eol
			      : "";
	return put(revision, &spot,
		   g_strdup_printf("not_interested:%s  - %s", revision->eol,
				   entry));
}

char *
revision_refusal(const char *name, const char *text,
		 const struct profile_refusal *refusal, GError **error)
{
	struct revision revision;
	g_autoptr(Profile) new = NULL;
	g_autofree char *result = NULL;
	const struct profile_refusal *last = NULL;

	if (!revision_open(&revision, name, text, error))
		return NULL;
	result = put_refusal(&revision, refusal);
	new = result ? read_again(&revision, result, 0) : NULL;
	if (new &&new->refusals->len > 0)
		last = new->refusals->pdata[new->refusals->len - 1];
	if (!last || strcmp(last->name, refusal->name) != 0) {
		refuse(error, &revision, "not_interested");
		g_clear_pointer(&result, g_free);
	}
	revision_close(&revision);
	return g_steal_pointer(&result);
}
