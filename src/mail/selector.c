#include "selector_private.h"

#include <string.h>

#define SPACES " \t\r\n\f"

#define WEIGHT_TAG   1
#define WEIGHT_CLASS 100
#define WEIGHT_ID    10000

static struct name
name_make(char sign, const char *at, gsize len)
{
	guint32 hash = 2166136261U ^ (guchar)sign;

	for (gsize i = 0; i < len; i++)
		hash = (hash ^ (guchar)at[i]) * 16777619U;
	return (struct name){ at, (guint32)len, hash, sign };
}

static guint64
name_bit(const struct name *name)
{
	return G_GUINT64_CONSTANT(1) << (name->hash >> 26);
}

static guint64
tag_bit(const char *tag, gsize len)
{
	const struct name name = name_make('<', tag, len);

	return name_bit(&name);
}

/* Hashes can be made to collide, so the order is whole without them. */
static int
name_compare(const struct name *a, const struct name *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->sign != b->sign)
		return a->sign < b->sign ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->at, b->at, a->len);
}

/* Puts it in its place among `n`, unless it is there; how many there are. */
static guint
name_insert(struct name *names, guint n, const struct name *name)
{
	guint i = n;

	while (i > 0) {
		const int order = name_compare(name, &names[i - 1]);

		if (order == 0)
			return n;
		if (order > 0)
			break;
		i--;
	}
	memmove(names + i + 1, names + i, (n - i) * sizeof(*names));
	names[i] = *name;
	return n + 1;
}

static void
element_add(struct element *element, char sign, const char *at, gsize len)
{
	const struct name name = name_make(sign, at, len);

	element->mask |= name_bit(&name);
	element->n_names = name_insert(element->names, element->n_names, &name);
}

void
element_init(struct element *element, const char *tag, const char *classes,
	     const char *id)
{
	element->tag = tag;
	element->mask = tag_bit(tag, strlen(tag));
	element->n_names = 0;
	if (id != NULL)
		element_add(element, '#', id, strlen(id));
	for (guint n = 0; classes != NULL && n < ELEMENT_CLASSES_MAX; n++) {
		classes += strspn(classes, SPACES);
		const gsize len = strcspn(classes, SPACES);

		if (len == 0)
			break;
		element_add(element, '.', classes, len);
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

/* At ".name" or "#name"; NULL without a name. */
static const char *
name_part_read(const char *p, const char *end, struct selector *selector,
	       GString *text)
{
	const gsize at = text->len;
	const char sign = *p;

	p = name_read(p + 1, end, text);
	if (text->len == at)
		return NULL;
	const struct name name =
		name_make(sign, text->str + at, text->len - at);
	if (selector->names == NULL)
		selector->names = g_new(struct name, SELECTOR_PARTS_MAX);
	selector->need |= name_bit(&name);
	selector->n_names =
		name_insert(selector->names, selector->n_names, &name);
	return p;
}

/* One part of it; NULL at what can be none. */
static const char *
part_read(const char *p, const char *end, struct selector *selector,
	  GString *text)
{
	const char sign = *p;

	selector->weight += sign == '#' ? WEIGHT_ID : WEIGHT_CLASS;
	if (sign == ':')
		return pseudo_read(p, end, selector);
	if (sign == '[') {
		selector->doubt = MAX(selector->doubt, SELECTOR_MAYBE);
		return bracket_skip(p, end);
	}
	return sign == '.' || sign == '#'
		       ? name_part_read(p, end, selector, text)
		       : NULL;
}

static gboolean
is_part_end(char c)
{
	return g_ascii_isspace(c) || c == '>' || c == '+' || c == '~';
}

/* "*" or "td" or nothing, with which it begins. */
static const char *
tag_read(const char *p, const char *end, struct selector *selector)
{
	GString *tag = g_string_new(NULL);

	if (p < end && *p == '*')
		p++;
	else
		p = name_read(p, end, tag);
	g_string_ascii_down(tag);
	if (tag->len > 0) {
		selector->need = tag_bit(tag->str, tag->len);
		selector->weight = WEIGHT_TAG;
	}
	selector->tag = g_string_free(tag, FALSE);
	return p;
}

/* Moves the names out of `text`, which is as long as the whole sheet may be. */
static void
names_keep(struct selector *selector, const GString *text)
{
	if (selector->n_names == 0)
		return;
	selector->text = g_memdup2(text->str, text->len);
	for (guint i = 0; i < selector->n_names; i++) {
		struct name *name = &selector->names[i];

		name->at = selector->text + (name->at - text->str);
	}
}

const char *
selector_parse(const char *p, const char *end, struct selector *selector)
{
	const char *begin = p;
	guint parts = 0;

	*selector = (struct selector){ .doubt = SELECTOR_SURE };
	p = tag_read(p, end, selector);
	/* Names point into it: it has room for all, and never moves. */
	g_autoptr(GString) text = g_string_sized_new((gsize)(end - p));
	while (p != NULL && p < end && !is_part_end(*p))
		p = parts++ < SELECTOR_PARTS_MAX
			    ? part_read(p, end, selector, text)
			    : NULL;
	if (p == NULL || p == begin) {
		selector_clear(selector);
		return NULL;
	}
	names_keep(selector, text);
	return p;
}

void
selector_clear(struct selector *selector)
{
	g_free(selector->tag);
	g_free(selector->names);
	g_free(selector->text);
	*selector = (struct selector){ .doubt = SELECTOR_SURE };
}

gboolean
selector_equal(const struct selector *a, const struct selector *b)
{
	if (a->need != b->need || a->doubt != b->doubt ||
	    a->n_names != b->n_names || strcmp(a->tag, b->tag) != 0)
		return FALSE;
	for (guint i = 0; i < a->n_names; i++)
		if (name_compare(&a->names[i], &b->names[i]) != 0)
			return FALSE;
	return TRUE;
}

/* Both are in order: what was passed for one name is behind no later one. */
static gboolean
names_fit(const struct selector *selector, const struct element *element)
{
	guint at = 0;

	for (guint i = 0; i < selector->n_names; i++) {
		int order = 1;

		while (at < element->n_names && order > 0)
			order = name_compare(&selector->names[i],
					     &element->names[at++]);
		if (order != 0)
			return FALSE;
	}
	return TRUE;
}

gboolean
selector_fits(const struct selector *selector, const struct element *element)
{
	return (selector->need & ~element->mask) == 0 &&
	       (selector->tag[0] == '\0' ||
		strcmp(selector->tag, element->tag) == 0) &&
	       names_fit(selector, element);
}
