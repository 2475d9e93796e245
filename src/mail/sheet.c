#include "sheet_private.h"

#include <string.h>

#define RULES_MAX   128
#define CLASSES_MAX 16 /* of one element */

struct rule {
	char kind; /* '.' or '#' */
	char *tag; /* "" for any */
	char *name;
	struct css css;
};

struct sheet {
	GArray *rules; /* of struct rule */
	guint unknown; /* enum css_bit that rules not followed set */
};

struct slice {
	const char *at;
	const char *end;
};

static void
rule_clear(gpointer data)
{
	struct rule *rule = data;

	g_free(rule->tag);
	g_free(rule->name);
}

struct sheet *
sheet_new(void)
{
	struct sheet *sheet = g_new0(struct sheet, 1);

	sheet->rules = g_array_new(FALSE, FALSE, sizeof(struct rule));
	g_array_set_clear_func(sheet->rules, rule_clear);
	return sheet;
}

void
sheet_free(struct sheet *sheet)
{
	if (sheet == NULL)
		return;
	g_array_unref(sheet->rules);
	g_free(sheet);
}

static gboolean
is_name(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || (guchar)c >= 0x80;
}

static struct slice
slice_trim(struct slice s)
{
	while (s.at < s.end && g_ascii_isspace(*s.at))
		s.at++;
	while (s.at < s.end && g_ascii_isspace(s.end[-1]))
		s.end--;
	return s;
}

/* "tag.name" cut at the sign; FALSE for any other selector. */
static gboolean
selector_parse(struct slice selector, struct rule *rule)
{
	const char *sign = selector.at;

	while (sign < selector.end && is_name(*sign))
		sign++;
	if (sign + 1 >= selector.end || (*sign != '.' && *sign != '#'))
		return FALSE;
	for (const char *p = sign + 1; p < selector.end; p++)
		if (!is_name(*p))
			return FALSE;
	rule->kind = *sign;
	rule->tag = g_ascii_strdown(selector.at, sign - selector.at);
	rule->name = g_strndup(sign + 1, (gsize)(selector.end - sign - 1));
	return TRUE;
}

static void
selector_add(struct sheet *sheet, struct slice selector, const struct css *css)
{
	struct rule rule = { .css = *css };

	if (sheet->rules->len == RULES_MAX ||
	    !selector_parse(slice_trim(selector), &rule)) {
		sheet->unknown |= css->said & (CSS_COLOUR | CSS_BACKGROUND);
		return;
	}
	g_array_append_val(sheet->rules, rule);
}

static void
rule_read(struct sheet *sheet, struct slice selectors,
	  struct slice declarations)
{
	struct css css = CSS_INIT;

	css_declare(&css, declarations.at,
		    (gsize)(declarations.end - declarations.at));
	if (css.said == 0)
		return;
	while (selectors.at < selectors.end) {
		const char *comma =
			memchr(selectors.at, ',',
			       (gsize)(selectors.end - selectors.at));
		const char *end = comma == NULL ? selectors.end : comma;
		selector_add(sheet, (struct slice){ selectors.at, end }, &css);
		selectors.at = end + 1;
	}
}

/* The text without comments and the marks that hid it from old browsers. */
static char *
text_clean(const char *text, gsize len)
{
	GString *clean = g_string_sized_new(len + 1);
	const char *end = text + len;

	while (text < end) {
		const char *slash = memchr(text, '/', (gsize)(end - text));
		if (slash == NULL || slash + 1 >= end) {
			g_string_append_len(clean, text, end - text);
			break;
		}
		const gboolean comment = slash[1] == '*';
		g_string_append_len(clean, text,
				    slash - text + (comment ? 0 : 1));
		text = slash + 1;
		if (!comment)
			continue;
		const char *stop = g_strstr_len(text, end - text, "*/");
		text = stop == NULL ? end : stop + 2;
	}
	return g_string_free(clean, FALSE);
}

/* Behind the brace that closes the one before `p`. */
static const char *
block_skip(const char *p)
{
	guint depth = 1;

	for (; *p != '\0' && depth > 0; p++) {
		if (*p == '{')
			depth++;
		else if (*p == '}')
			depth--;
	}
	return p;
}

/* Over spacing, stray braces, and what hides the block from old browsers. */
static const char *
rule_find(const char *p)
{
	while (*p != '\0') {
		if (g_ascii_isspace(*p) || *p == '}')
			p++;
		else if (strncmp(p, "<!--", 4) == 0)
			p += 4;
		else if (strncmp(p, "-->", 3) == 0)
			p += 3;
		else
			break;
	}
	return p;
}

/* Behind "@import ...;" or "@media ... { ... }". */
static const char *
at_rule_skip(const char *p)
{
	p += strcspn(p, "{;");
	if (*p == '{')
		return block_skip(p + 1);
	return *p == ';' ? p + 1 : p;
}

void
sheet_read(struct sheet *sheet, const char *text, gsize len)
{
	g_autofree char *clean = text_clean(text, len);
	const char *p = rule_find(clean);

	while (*p != '\0') {
		if (*p == '@') {
			p = rule_find(at_rule_skip(p));
			continue;
		}
		const char *open = p + strcspn(p, "{");
		if (*open == '\0')
			return;
		const char *close = open + 1 + strcspn(open + 1, "}");
		rule_read(sheet, (struct slice){ p, open },
			  (struct slice){ open + 1, close });
		p = rule_find(close);
	}
}

static gboolean
has_class(const char *classes, const char *name)
{
	const gsize len = strlen(name);

	for (guint n = 0; *classes != '\0' && n < CLASSES_MAX; n++) {
		classes += strspn(classes, " \t\r\n\f");
		const gsize size = strcspn(classes, " \t\r\n\f");
		if (size == len && memcmp(classes, name, len) == 0)
			return TRUE;
		classes += size;
	}
	return FALSE;
}

static gboolean
rule_fits(const struct rule *rule, const char *tag, const char *classes,
	  const char *id)
{
	if (rule->tag[0] != '\0' && strcmp(rule->tag, tag) != 0)
		return FALSE;
	if (rule->kind == '.')
		return classes != NULL && has_class(classes, rule->name);
	return id != NULL && strcmp(id, rule->name) == 0;
}

void
sheet_apply(const struct sheet *sheet, const char *tag, const char *classes,
	    const char *id, struct css *css)
{
	for (guint i = 0; i < sheet->rules->len; i++) {
		const struct rule *rule =
			&g_array_index(sheet->rules, struct rule, i);
		if (rule_fits(rule, tag, classes, id))
			css_merge(css, &rule->css);
	}
}

gboolean
sheet_colours_text(const struct sheet *sheet)
{
	return (sheet->unknown & CSS_COLOUR) != 0;
}

gboolean
sheet_colours_background(const struct sheet *sheet)
{
	return (sheet->unknown & CSS_BACKGROUND) != 0;
}
