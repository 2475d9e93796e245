#include "selector_private.h"

#include <string.h>

#define CLASSES_MAX 16 /* of one element */
#define SPACES	    " \t\r\n\f"

#define WEIGHT_TAG   1
#define WEIGHT_CLASS 100
#define WEIGHT_ID    10000

static guint64
name_bit(char sign, const char *name, gsize len)
{
	guint32 hash = 2166136261U ^ (guchar)sign;

	for (gsize i = 0; i < len; i++)
		hash = (hash ^ (guchar)name[i]) * 16777619U;
	return G_GUINT64_CONSTANT(1) << (hash >> 26);
}

void
element_init(struct element *element, const char *tag, const char *classes,
	     const char *id)
{
	*element = (struct element){ tag, classes, id, 0 };
	element->mask = name_bit('<', tag, strlen(tag));
	if (id != NULL)
		element->mask |= name_bit('#', id, strlen(id));
	for (guint n = 0; classes != NULL && n < CLASSES_MAX; n++) {
		classes += strspn(classes, SPACES);
		const gsize len = strcspn(classes, SPACES);

		if (len == 0)
			break;
		element->mask |= name_bit('.', classes, len);
		classes += len;
	}
}

static gboolean
is_name(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || (guchar)c >= 0x80;
}

/* Appends a name, whose signs may be escaped; the place behind it. */
static const char *
name_read(const char *p, const char *end, GString *name)
{
	while (p < end) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (!is_name(*p))
			break;
		g_string_append_c(name, *p++);
	}
	return p;
}

/* Behind "[...]" or "(...)", at whose beginning `p` is. */
static const char *
bracket_skip(const char *p, const char *end)
{
	const char close = *p == '[' ? ']' : ')';
	const char *stop = memchr(p, close, (gsize)(end - p));

	return stop == NULL ? end : stop + 1;
}

static enum selector_doubt
pseudo_doubt(const char *name)
{
	static const char *const never[] = {
		"active",      "after",	 "before",	 "first-letter",
		"first-line",  "focus",	 "focus-within", "hover",
		"placeholder", "marker", "selection",	 "visited"
	};

	if (g_ascii_strcasecmp(name, "link") == 0 ||
	    g_ascii_strcasecmp(name, "any-link") == 0)
		return SELECTOR_SURE;
	for (guint i = 0; i < G_N_ELEMENTS(never); i++)
		if (g_ascii_strcasecmp(name, never[i]) == 0)
			return SELECTOR_NEVER;
	return SELECTOR_MAYBE;
}

/* At ":": ":hover", "::before", ":not(.name)". */
static const char *
pseudo_read(const char *p, const char *end, struct selector *selector)
{
	g_autoptr(GString) name = g_string_new(NULL);

	p += p + 1 < end && p[1] == ':' ? 2 : 1;
	p = name_read(p, end, name);
	selector->doubt = MAX(selector->doubt, pseudo_doubt(name->str));
	return p < end && *p == '(' ? bracket_skip(p, end) : p;
}

/* One part of it; NULL at what can be none. */
static const char *
part_read(const char *p, const char *end, struct selector *selector,
	  GString *names)
{
	const gsize at = names->len;
	const char sign = *p;

	selector->weight += sign == '#' ? WEIGHT_ID : WEIGHT_CLASS;
	if (sign == ':')
		return pseudo_read(p, end, selector);
	if (sign == '[') {
		selector->doubt = MAX(selector->doubt, SELECTOR_MAYBE);
		return bracket_skip(p, end);
	}
	if (sign != '.' && sign != '#')
		return NULL;
	g_string_append_c(names, sign);
	p = name_read(p + 1, end, names);
	if (names->len == at + 1)
		return NULL;
	selector->need |=
		name_bit(sign, names->str + at + 1, names->len - at - 1);
	g_string_append_c(names, '\0');
	return p;
}

static gboolean
is_part_end(char c)
{
	return g_ascii_isspace(c) || c == '>' || c == '+' || c == '~';
}

const char *
selector_parse(const char *p, const char *end, struct selector *selector)
{
	g_autoptr(GString) tag = g_string_new(NULL);
	g_autoptr(GString) names = g_string_new(NULL);
	const char *begin = p;

	*selector = (struct selector){ .doubt = SELECTOR_SURE };
	if (p < end && *p == '*')
		p++;
	else
		p = name_read(p, end, tag);
	g_string_ascii_down(tag);
	if (tag->len > 0) {
		selector->need = name_bit('<', tag->str, tag->len);
		selector->weight = WEIGHT_TAG;
	}
	while (p != NULL && p < end && !is_part_end(*p))
		p = part_read(p, end, selector, names);
	if (p == NULL || p == begin)
		return NULL;
	/* The second NUL ends the list. */
	g_string_append_c(names, '\0');
	selector->names = g_memdup2(names->str, names->len);
	selector->tag = g_strdup(tag->str);
	return p;
}

void
selector_clear(struct selector *selector)
{
	g_clear_pointer(&selector->tag, g_free);
	g_clear_pointer(&selector->names, g_free);
}

static gsize
names_size(const char *names)
{
	const char *p = names;

	while (*p != '\0')
		p += strlen(p) + 1;
	return (gsize)(p - names);
}

gboolean
selector_equal(const struct selector *a, const struct selector *b)
{
	const gsize size = names_size(a->names);

	return a->need == b->need && a->doubt == b->doubt &&
	       strcmp(a->tag, b->tag) == 0 && size == names_size(b->names) &&
	       memcmp(a->names, b->names, size) == 0;
}

static gboolean
has_class(const char *classes, const char *name)
{
	const gsize len = strlen(name);

	for (guint n = 0; *classes != '\0' && n < CLASSES_MAX; n++) {
		classes += strspn(classes, SPACES);
		const gsize size = strcspn(classes, SPACES);
		if (size == len && memcmp(classes, name, len) == 0)
			return TRUE;
		classes += size;
	}
	return FALSE;
}

gboolean
selector_fits(const struct selector *selector, const struct element *element)
{
	if ((selector->need & ~element->mask) != 0 ||
	    (selector->tag[0] != '\0' &&
	     strcmp(selector->tag, element->tag) != 0))
		return FALSE;
	for (const char *p = selector->names; *p != '\0'; p += strlen(p) + 1) {
		if (*p == '.' ? element->classes == NULL ||
					!has_class(element->classes, p + 1)
			      : element->id == NULL ||
					strcmp(element->id, p + 1) != 0)
			return FALSE;
	}
	return TRUE;
}
