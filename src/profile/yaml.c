/*
 * Builds the tree from libyaml's events with a stack of its own, so that no
 * input decides how deep the program's stack goes.
 */
#include "profile/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "yaml_private.h"

/* How much of a value a message shows, in characters. */
#define SHOWN_MAX 40

/* An open list or mapping; `key` waits for its value. */
struct frame {
	struct yaml_node *node;
	struct yaml_node *key;
	gboolean dropped; /* the key is a duplicate: its value goes nowhere */
};

struct build {
	struct yaml *tree;
	struct frame stack[YAML_DEPTH_MAX];
	guint depth;
	guint documents;
};

void
yaml_fault_at(struct yaml *tree, guint line, guint column, const char *what)
{
	tree->fault_count++;
	if (tree->fault_count <= YAML_FAULTS_MAX)
		faults_add(tree->faults, tree->name, line, column, "%s", what);
	else if (tree->fault_count == YAML_FAULTS_MAX + 1)
		faults_add(tree->faults, tree->name, 0, 0,
			   "more than %d faults, only %d are listed",
			   YAML_FAULTS_MAX, YAML_FAULTS_MAX);
}

char *
yaml_shown(const char *text)
{
	g_autoptr(GString) shown = g_string_new("'");
	const char *p = text;

	for (guint n = 0; *p && n < SHOWN_MAX; n++, p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == '\n')
			g_string_append(shown, "\\n");
		else if (g_unichar_isprint(c))
			g_string_append_unichar(shown, c);
		else
			g_string_append_c(shown, '?');
	}
	g_string_append(shown, *p ? "...'" : "'");
	return g_string_free(g_steal_pointer(&shown), FALSE);
}

static void
node_free(gpointer data)
{
	struct yaml_node *node = data;

	g_free(node->text);
	g_clear_pointer(&node->keys, g_ptr_array_unref);
	g_clear_pointer(&node->items, g_ptr_array_unref);
	g_clear_pointer(&node->index, g_hash_table_unref);
	g_clear_pointer(&node->asked, g_ptr_array_unref);
	g_free(node);
}

static struct yaml_node *
node_new(struct yaml *tree, enum yaml_kind kind, const yaml_mark_t *mark)
{
	struct yaml_node *node = g_new0(struct yaml_node, 1);

	node->tree = tree;
	node->kind = kind;
	node->line = (guint)mark->line + 1;
	node->column = (guint)mark->column + 1;
	if (kind != YAML_TEXT)
		node->items = g_ptr_array_new();
	if (kind == YAML_MAP) {
		node->keys = g_ptr_array_new();
		node->index = g_hash_table_new(g_str_hash, g_str_equal);
		node->asked = g_ptr_array_new_with_free_func(g_free);
	}
	g_ptr_array_add(tree->nodes, node);
	return node;
}

/* Remembers the key; FALSE when there are too many of them. */
static gboolean
take_key(struct frame *frame, struct yaml_node *key)
{
	struct yaml_node *map = frame->node;

	guint place =
		GPOINTER_TO_UINT(g_hash_table_lookup(map->index, key->text));

	frame->key = key;
	frame->dropped = place > 0;
	if (frame->dropped) {
		const struct yaml_node *first =
			g_ptr_array_index(map->keys, place - 1);
		g_autofree char *shown = yaml_shown(key->text);

		yaml_fault(key, "duplicate key %s, first at line %u, column %u",
			   shown, first->line, first->column);
	}
	if (map->keys->len < YAML_KEYS_MAX)
		return TRUE;
	yaml_fault(key, "more than %d keys in one mapping", YAML_KEYS_MAX);
	return FALSE;
}

/* Puts a node where the stack says; FALSE when reading cannot go on. */
static gboolean
attach(struct build *b, struct yaml_node *node)
{
	struct frame *frame;
	struct yaml_node *parent;

	if (b->depth == 0) {
		b->tree->root = node;
		return TRUE;
	}
	frame = &b->stack[b->depth - 1];
	parent = frame->node;
	g_assert(parent);
	if (parent->kind == YAML_LIST) {
		g_ptr_array_add(parent->items, node);
		return TRUE;
	}
	if (!frame->key && node->kind != YAML_TEXT) {
		yaml_fault(node, "a key must be plain text, not a %s",
			   node->kind == YAML_LIST ? "list" : "mapping");
		return FALSE;
	}
	if (!frame->key)
		return take_key(frame, node);
	if (!frame->dropped) {
		g_ptr_array_add(parent->keys, frame->key);
		g_ptr_array_add(parent->items, node);
		g_hash_table_insert(parent->index, frame->key->text,
				    GUINT_TO_POINTER(parent->keys->len));
	}
	frame->key = NULL;
	return TRUE;
}

/* Anchors and tags: what they would mean is not what a person here writes. */
static void
refuse_properties(const struct yaml_node *node, const yaml_char_t *anchor,
		  const yaml_char_t *tag)
{
	if (anchor)
		yaml_fault(node,
			   "an anchor (&%s) is not allowed: write the "
			   "value itself",
			   (const char *)anchor);
	if (tag)
		yaml_fault(node, "a tag (%s) is not allowed: leave it out",
			   (const char *)tag);
}

/* Escapes in double quotes can put any control character into a text. */
static void
refuse_controls(const struct yaml_node *node, const char *text, gsize size)
{
	for (gsize i = 0; i < size; i++) {
		guchar c = (guchar)text[i];

		if ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t')
			continue;
		yaml_fault(node, "the control character \\x%02x is not allowed",
			   c);
		return;
	}
}

static gboolean
take_scalar(struct build *b, const yaml_event_t *event)
{
	struct yaml_node *node =
		node_new(b->tree, YAML_TEXT, &event->start_mark);
	const char *text = (const char *)event->data.scalar.value;

	node->text = g_strdup(text);
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	refuse_properties(node, event->data.scalar.anchor,
			  event->data.scalar.tag);
	refuse_controls(node, text, event->data.scalar.length);
	return attach(b, node);
}

static gboolean
take_alias(struct build *b, const yaml_event_t *event)
{
	struct yaml_node *node =
		node_new(b->tree, YAML_TEXT, &event->start_mark);

	node->text = g_strdup("");
	node->judged = TRUE;
	yaml_fault(node,
		   "an alias (*%s) is not allowed: write the value itself",
		   (const char *)event->data.alias.anchor);
	return attach(b, node);
}

static gboolean
take_start(struct build *b, const yaml_event_t *event, enum yaml_kind kind)
{
	struct yaml_node *node = node_new(b->tree, kind, &event->start_mark);

	if (kind == YAML_LIST)
		refuse_properties(node, event->data.sequence_start.anchor,
				  event->data.sequence_start.tag);
	else
		refuse_properties(node, event->data.mapping_start.anchor,
				  event->data.mapping_start.tag);
	if (b->depth == YAML_DEPTH_MAX) {
		yaml_fault(node, "nested more than %d deep", YAML_DEPTH_MAX);
		return FALSE;
	}
	if (!attach(b, node))
		return FALSE;
	b->stack[b->depth++] = (struct frame){ .node = node };
	return TRUE;
}

static gboolean
take_document(struct build *b, const yaml_event_t *event)
{
	b->documents++;
	if (b->documents == 1)
		return TRUE;
	yaml_fault_at(b->tree, (guint)event->start_mark.line + 1,
		      (guint)event->start_mark.column + 1,
		      "a second document: a file holds only one");
	return FALSE;
}

/* FALSE when reading cannot go on; the fault is then there. */
static gboolean
take(struct build *b, const yaml_event_t *event)
{
	if (b->tree->nodes->len >= YAML_NODES_MAX) {
		yaml_fault_at(b->tree, (guint)event->start_mark.line + 1,
			      (guint)event->start_mark.column + 1,
			      "too many values in one file");
		return FALSE;
	}
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return take_document(b, event);
	case YAML_SCALAR_EVENT:
		return take_scalar(b, event);
	case YAML_ALIAS_EVENT:
		return take_alias(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return take_start(b, event, YAML_LIST);
	case YAML_MAPPING_START_EVENT:
		return take_start(b, event, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		g_assert(b->depth > 0);
		b->depth--;
		return TRUE;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	default:
		return TRUE;
	}
}

/* libyaml tells bytes it cannot read by their offset alone. */
static void
refuse_bytes(struct yaml *tree, const yaml_parser_t *parser, const char *text,
	     gsize size)
{
	gsize end = MIN(parser->problem_offset, size);
	g_autofree char *what = NULL;
	guint line = 1;
	gsize start = 0;

	for (gsize i = 0; i < end; i++) {
		if (text[i] != '\n')
			continue;
		line++;
		start = i + 1;
	}
	what = g_strdup_printf("not readable as UTF-8: %s", parser->problem);
	yaml_fault_at(tree, line, (guint)(end - start) + 1, what);
}

/* The byte at a mark, or NUL; columns count characters. */
static char
byte_at(const char *text, gsize size, const yaml_mark_t *mark)
{
	const char *end = text + size;
	gsize line = mark->line;
	gsize column = mark->column;

	for (; text < end && line > 0; text++)
		line -= *text == '\n' ? 1 : 0;
	for (; text < end && column > 0; column--)
		text = g_utf8_next_char(text);
	if (text < end)
		return *text;
	return '\0';
}

/* The mistakes that nearly everyone makes once. */
static const char *
syntax_hint(const yaml_parser_t *parser, const char *text, gsize size)
{
	char c = byte_at(text, size, &parser->problem_mark);

	if (c == '\t')
		return "; indent with spaces, not tabs";
	if (c == '@' || c == '`' || c == '%')
		return "; a text that begins like this needs quotes";
	if (c == ':' && g_strcmp0(parser->problem,
				  "did not find expected node content") == 0)
		return "; an address that begins with a colon needs quotes, "
		       "as in \"::1/128\"";
	if (g_strcmp0(parser->problem,
		      "mapping values are not allowed in this context") == 0)
		return "; a text with a colon in it needs quotes";
	return "";
}

static void
refuse_syntax(struct yaml *tree, const yaml_parser_t *parser, const char *text,
	      gsize size)
{
	const yaml_mark_t *mark = &parser->problem_mark;
	g_autoptr(GString) what = g_string_new("not valid YAML: ");

	if (parser->error == YAML_READER_ERROR) {
		refuse_bytes(tree, parser, text, size);
		return;
	}
	g_string_append(what,
			parser->problem ? parser->problem : "it stops here");
	if (parser->context)
		g_string_append_printf(what, " %s", parser->context);
	if (parser->context && parser->context_mark.line != mark->line)
		g_string_append_printf(what, " that starts at line %zu",
				       parser->context_mark.line + 1);
	g_string_append(what, syntax_hint(parser, text, size));
	yaml_fault_at(tree, (guint)mark->line + 1, (guint)mark->column + 1,
		      what->str);
}

static gboolean
read_events(struct build *b, const char *text, gsize size)
{
	yaml_parser_t parser;
	gboolean ok = TRUE;
	gboolean ended = FALSE;

	if (!yaml_parser_initialize(&parser))
		g_error("libyaml cannot be initialised");
	yaml_parser_set_input_string(&parser, (const guchar *)text, size);
	while (ok && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			refuse_syntax(b->tree, &parser, text, size);
			ok = FALSE;
			break;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		ok = take(b, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return ok;
}

static struct yaml *
tree_new(const char *name, struct faults *faults)
{
	struct yaml *tree = g_new0(struct yaml, 1);

	tree->name = g_strdup(name);
	tree->faults = faults;
	tree->nodes = g_ptr_array_new_with_free_func(node_free);
	return tree;
}

/* FALSE when there is no mapping to ask; the fault is then there. */
static gboolean
read_tree(struct yaml *tree, const char *text, gsize size)
{
	struct build b = { .tree = tree };

	if (!read_events(&b, text, size))
		return FALSE;
	if (!tree->root || yaml_node_null(tree->root)) {
		yaml_fault_at(tree, 0, 0, "the file is empty");
		return FALSE;
	}
	if (tree->root->kind == YAML_MAP)
		return TRUE;
	yaml_fault(tree->root,
		   "the file must be a mapping (key: value), not %s",
		   tree->root->kind == YAML_LIST ? "a list" : "text");
	return FALSE;
}

struct yaml *
yaml_parse(const char *name, const char *text, gsize size,
	   struct faults *faults)
{
	struct yaml *tree;

	if (size > YAML_SIZE_MAX) {
		faults_add(faults, name, 0, 0, "larger than 1 MB");
		return NULL;
	}
	tree = tree_new(name, faults);
	if (read_tree(tree, text, size))
		return tree;
	yaml_close(tree);
	return NULL;
}

GBytes *
yaml_read(const char *path, struct faults *faults)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = file_read(path, YAML_SIZE_MAX, &error);
	const char *what;

	if (bytes)
		return bytes;
	/* The message names the file already, as the fault will. */
	what = error->message;
	if (g_str_has_prefix(what, path) &&
	    g_str_has_prefix(what + strlen(path), ": "))
		what += strlen(path) + 2;
	faults_add(faults, path, 0, 0, "%s", what);
	return NULL;
}

struct yaml *
yaml_load(const char *path, struct faults *faults)
{
	g_autoptr(GBytes) bytes = yaml_read(path, faults);
	gsize size;
	const char *text;

	if (!bytes)
		return NULL;
	text = g_bytes_get_data(bytes, &size);
	return yaml_parse(path, text ? text : "", size, faults);
}

void
yaml_close(struct yaml *yaml)
{
	if (!yaml)
		return;
	g_ptr_array_unref(yaml->nodes);
	g_free(yaml->name);
	g_free(yaml);
}
