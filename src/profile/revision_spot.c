#include "revision_private.h"

#include <string.h>

static gsize
line_start(const char *text, guint line)
{
	const char *p = text;

	for (; line > 1 && *p; line--) {
		p += strcspn(p, "\n");
		p += *p ? 1 : 0;
	}
	return (gsize)(p - text);
}

/* Columns count characters. */
gsize
revision_offset(const struct revision *revision, const struct yaml_node *node)
{
	const char *p = revision->text + line_start(revision->text, node->line);

	for (guint column = node->column; column > 1 && *p; column--)
		p = g_utf8_next_char(p);
	return (gsize)(p - revision->text);
}

gboolean
revision_is_flow(const struct revision *revision, const struct yaml_node *node)
{
	const char first = revision->text[revision_offset(revision, node)];

	return first == '[' || first == '{';
}

/* Behind a quoted scalar that begins at `p`. */
static const char *
skip_quoted(const char *p)
{
	const char quote = *p++;

	for (; *p; p++) {
		const gboolean escaped = quote == '"'
						 ? *p == '\\' && p[1]
						 : *p == quote && p[1] == quote;

		if (escaped)
			p++;
		else if (*p == quote)
			return p + 1;
	}
	return p;
}

/* Where a walk through brackets is. */
struct walk {
	const char *p;
	const char *last; /* behind the last character that says something */
	guint depth;
	gboolean fresh; /* a scalar may begin here */
};

static gboolean
is_comment(const struct walk *walk)
{
	return *walk->p == '#' && g_ascii_isspace(walk->p[-1]);
}

/* Over one character, scalar in quotes or comment. */
static void
walk_step(struct walk *walk)
{
	const char c = *walk->p;

	if (g_ascii_isspace(c)) {
		walk->p++;
		return;
	}
	if (is_comment(walk)) {
		walk->p += strcspn(walk->p, "\n");
		return;
	}
	if (walk->fresh && (c == '"' || c == '\'')) {
		walk->p = skip_quoted(walk->p);
		walk->fresh = FALSE;
	} else {
		if (c == '[' || c == '{')
			walk->depth++;
		else if (c == ']' || c == '}')
			walk->depth--;
		walk->fresh = strchr("[{,", c) ||
			      (c == ':' && g_ascii_isspace(walk->p[1]));
		walk->p++;
	}
	walk->last = walk->p;
}

gboolean
revision_flow_end(const struct revision *revision, const struct yaml_node *list,
		  struct revision_spot *spot)
{
	const char *text = revision->text;
	struct walk walk = { .p = text + revision_offset(revision, list),
			     .fresh = TRUE };

	if (*walk.p != '[')
		return FALSE;
	walk_step(&walk);
	while (*walk.p && !(walk.depth == 1 && *walk.p == ']'))
		walk_step(&walk);
	if (!*walk.p)
		return FALSE;
	spot->at = (gsize)(walk.last - text);
	spot->cut = 0;
	spot->before = walk.last[-1] == '[' && list->items->len == 0 ? ""
		       : walk.last[-1] == ','			     ? " "
								     : ", ";
	spot->after = "";
	return TRUE;
}

void
revision_block_end(const struct revision *revision, guint line, guint indent,
		   struct revision_spot *spot)
{
	const char *p = revision->text + line_start(revision->text, line + 1);
	const char *end = p;

	while (*p) {
		const gsize blank = strspn(p, " ");
		const char *word = p + blank;
		const gboolean says = *word != '\n' && *word != '\r' && *word;
		const char *next = p + strcspn(p, "\n");

		next += *next ? 1 : 0;
		if (says && *word != '#' && blank <= indent)
			break;
		if (says && blank > indent)
			end = next;
		p = next;
	}
	spot->at = (gsize)(end - revision->text);
	spot->cut = 0;
	spot->before = spot->at > 0 && end[-1] != '\n' ? revision->eol : "";
	spot->after = revision->eol;
}

gboolean
revision_scalar(const struct revision *revision, const struct yaml_node *node,
		struct revision_spot *spot)
{
	const gsize at = revision_offset(revision, node);

	if (node->kind != YAML_TEXT || node->quoted || !*node->text ||
	    !g_str_has_prefix(revision->text + at, node->text))
		return FALSE;
	*spot = (struct revision_spot){ at, strlen(node->text), "", "" };
	return TRUE;
}
